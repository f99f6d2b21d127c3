from __future__ import annotations

import pandas as pd
import pytest

from tasks.evidence.dataset import collect
from tasks.evidence.dataset.canonical import canonical_facts
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.dataset.pairs import overlap_of, part_of
from tasks.evidence.snapshot import Entry, Snapshot

ROWS = "".join(f"{i},{i % 7},{i % 2}\n" for i in range(60))
TABLE = "age,city,y\n" + ROWS


@pytest.fixture
def room(tmp_path):
    def build(files: dict[str, str], links=()):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        snapshot = Snapshot.of_folder(tmp_path)
        if links:
            entries = (*snapshot.manifest.entries, *(Entry(path=p, size=0, kind="symlink") for p in links))
            snapshot = Snapshot(tmp_path, snapshot.manifest.model_copy(update={"entries": entries}))
        return collect(snapshot)

    return build


def paths(facts):
    return [d.path for d in facts.datasets]


def test_an_empty_repository_has_no_facts(room):
    facts = room({})
    assert (facts.datasets, facts.pairs, facts.references, facts.missing_files) == ((), (), (), ())
    assert facts.limits["sample_rows"] == 200_000


def test_logs_outputs_and_fixtures_are_not_datasets(room):
    names = [
        "data/a.csv",
        "catboost_info/learn_error.tsv",
        "submission.csv",
        "predictions.csv",
        "tests/data/a.csv",
        "metrics.csv",
        "mlruns/0/x.csv",
    ]
    assert paths(room(dict.fromkeys(names, TABLE))) == ["data/a.csv"]


def test_outputs_are_data_only_when_named_as_input_or_read(room):
    files = dict.fromkeys(
        ["results/scores_b.csv", "results/cities.csv", "outputs/train.csv", "results/used.csv", "docs/a.csv", "docs/data/b.csv"], TABLE
    )
    assert paths(room(files | {"a.py": 'pd.read_csv("results/used.csv")'})) == ["docs/data/b.csv", "outputs/train.csv", "results/used.csv"]


def test_intents_that_code_reads_are_records(room):
    intents = '{"intents": [' + ", ".join(f'{{"tag": "t{i}", "patterns": ["a", "b"]}}' for i in range(6)) + "]}"
    assert [(d.path, d.rows) for d in room({"intents.json": intents, "bot.py": 'json.loads(open("intents.json").read())'}).datasets] == [
        ("intents.json", 6)
    ]


def test_a_text_is_data_when_code_reads_it_and_not_when_code_writes_it(room):
    facts = room({"names.txt": "ada\nbob\n" * 60, "metrics.txt": "acc 1\n", "requirements.txt": "numpy\n",
                  "a.py": 'open("names.txt").read()\nopen("metrics.txt", "w").write("x")\nopen("requirements.txt")'})  # fmt: skip
    assert [(d.path, d.rows) for d in facts.datasets] == [("names.txt", 120)]


def test_a_table_of_bad_schema_is_data_and_a_schema_is_not(room):
    assert paths(room({"data/schema.csv": TABLE, "data/a_bad_schema.csv": TABLE, "data/codebook.csv": TABLE})) == ["data/a_bad_schema.csv"]


def test_canonical_facts_hold_path_rows_columns_and_target(room):
    facts = room({"data/a.csv": TABLE, "train.py": 'df = pd.read_csv("data/a.csv")\ny = df["y"]\n'})
    assert canonical_facts(facts) == {"datasets": [{"path": "data/a.csv", "format": "csv", "rows": 60, "columns": 3, "target": "y"}]}


def test_only_so_many_files_are_profiled_and_all_are_listed_with_rows(room, monkeypatch):
    monkeypatch.setattr("tasks.evidence.dataset.limits.FILES_PROFILED", 2)
    facts = room({f"d{i}.csv": TABLE for i in range(5)} | {"a.py": 'pd.read_csv("d4.csv")'})
    assert [d.rows for d in facts.datasets] == [60] * 5
    assert [d.path for d in facts.datasets if not d.sampled] == ["d0.csv", "d4.csv"]
    assert all("listed with its rows only" in d.why_sampled for d in facts.datasets if d.sampled)


def test_keys_that_code_leaves_out_are_told_from_those_it_keeps(room):
    table = "Id,a,b,c,target\n" + "".join(f"{i},1,2,{i % 5},{i % 2}\n" for i in range(50))
    kept = room({"a.csv": table, "t.py": 'df = pd.read_csv("a.csv")\ny = df["target"]\nX = df.drop("target", axis=1)'})
    assert kept.datasets[0].ids_left_in == ("Id",)
    left_out = room({"t.py": 'df = pd.read_csv("a.csv")\ny = df["target"]\nX = df.drop(["target", "Id"], axis=1)'})
    assert left_out.datasets[0].ids_left_in == ()


def test_inputs_in_a_file_of_their_own_are_joined_with_their_targets(room):
    rows = [(i * 31 % 17, i * 7 % 50, i * 13 % 40) for i in range(200)]
    inputs = "temp,a,b\n" + "".join(f"{t},{a},{b}\n" for t, a, b in rows)
    targets = "total\n" + "".join(f"{a + b}\n" for _, a, b in rows)
    facts = room({"data/inputs_train.csv": inputs, "data/targets_train.csv": targets, "data/inputs_test.csv": inputs})
    found = {d.path: d.suspicious_predictors for d in facts.datasets}["data/targets_train.csv"]
    assert [(set(s.columns), s.kind) for s in found] == [({"a", "b"}, "linear_sum")]
    assert "(inputs in data/inputs_train.csv)" in found[0].reason


def test_what_no_list_of_inputs_holds_is_left_out(room):
    table = "fruit_name,mass,width,fruit_label\n" + "".join(f"{'abc'[i % 3]},{i * 7 % 50},{i * 13 % 40},{i % 3}\n" for i in range(120))
    code = 'df = pd.read_csv("x.csv")\ny = df["fruit_label"]\n'
    (found,) = room({"x.csv": table, "t.py": code}).datasets[0].suspicious_predictors
    assert (found.columns, found.dropped) == (("fruit_name",), False)
    (found,) = room({"t.py": code + 'X = df[["mass", "width"]]'}).datasets[0].suspicious_predictors
    assert found.dropped


def test_a_sum_that_gives_the_target_is_marked_when_code_drops_a_part(room):
    table = "temp,a,b,total\n" + "".join(f"{i * 31 % 17},{i * 7 % 50},{i * 13 % 40},{i * 7 % 50 + i * 13 % 40}\n" for i in range(200))
    code = 'df = pd.read_csv("x.csv")\ny = df["total"]\n'
    (found,) = room({"x.csv": table, "t.py": code}).datasets[0].suspicious_predictors
    assert (set(found.columns), found.dropped) == ({"a", "b"}, False)
    (found,) = room({"t.py": code + 'X = df.drop(columns=[\n    "a",\n    "total"])'}).datasets[0].suspicious_predictors
    assert found.dropped


def test_a_test_file_with_training_rows_and_a_moved_feature(room):
    train, test = ("x,city,y\n" + "".join(f"{i * 1.5},{i % 7},{i % 2}\n" for i in range(first, first + 60)) for first in (0, 30))
    (pair,) = room({"data/train.csv": train, "data/test.csv": test}).pairs
    assert (pair.roles, pair.n_reference, pair.n_current) == (("train", "test"), 60, 60)
    assert (pair.overlap_rows, pair.overlap_share) == (30, 0.5)
    assert {f.name: f.ks for f in pair.features}["x"] == 0.5


def test_overlap_counts_equal_rows_without_keys():
    left = pd.DataFrame({"id": range(40), "a": [i * 1.5 for i in range(40)], "b": list("wxyz") * 10})
    right = left.iloc[:10].assign(id=range(100, 110))
    right = pd.concat([right, right.assign(a=right["a"] + 1000)])
    assert overlap_of(left, right, {"id"}) == (10, 0.0)
    assert overlap_of(left, right, set()) == (0, 0.0)


def test_numbers_compare_as_numbers_and_missing_cells_are_equal():
    left = pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"]})
    right = pd.DataFrame({"a": [2.0, 3.0], "b": [None, "q"]})
    assert overlap_of(left, right, set()) == (1, 0.0)


def test_overlap_of_mostly_equal_rows_proves_nothing():
    frame = pd.DataFrame({"a": [0, 1] * 20, "b": [0, 1] * 20})
    assert overlap_of(frame, frame, set()) == (None, 0.0)


@pytest.mark.parametrize(("path", "role"), [
    ("data/train.csv", "train"), ("data/X_test.csv", "test"), ("trainData.csv", "train"), ("data/holdout.csv", "test"), ("data/validation/a.csv", "valid"),
    ("reference.parquet", "reference"), ("drift/current_batch.csv", "current"), ("data/train/a.csv", "train"), ("latest.csv", None), ("greatest.csv", None),
])  # fmt: skip
def test_the_role_is_a_word_of_the_name(path, role):
    part = part_of(DataFile(path=path, format="csv"))
    assert (part.role if part else None) == role


def test_a_whole_file_beside_train_and_test_is_no_pair(room):
    other = TABLE.replace(",0\n", ",2\n")
    pairs = room({"a/data.csv": TABLE + other[11:], "a/train.csv": TABLE, "a/test.csv": other}).pairs
    assert [(p.reference, p.current) for p in pairs] == [("a/train.csv", "a/test.csv")]


CODE = """
import seaborn as sns
import tensorflow_datasets as tfds
from datasets import load_dataset
from sklearn.datasets import fetch_california_housing, make_classification
from torchvision.datasets import MNIST
import pandas as pd
a = load_dataset("glue", "cola")
b = load_dataset("csv", data_files="x.csv")
c = fetch_california_housing()
d = MNIST("data")
e = tfds.load("mnist")
f = sns.load_dataset("tips")
g = pd.read_csv("https://example.org/files/wine.csv?raw=1")
h = pd.read_parquet("s3://bucket/train/x.parquet")
i, j = make_classification()
# k = pd.read_csv("https://example.org/old.csv")
"""


def test_references_by_loader_and_by_address(room):
    facts = room(
        {"a.py": CODE, "README.md": "Get it from https://www.kaggle.com/c/titanic/data", "tests/test_a.py": CODE.replace("tips", "iris")}
    )
    assert [(r.kind, r.ref) for r in facts.references] == [
        ("hf_dataset", "glue/cola"), ("kaggle", "titanic"), ("s3", "bucket/train/x.parquet"), ("seaborn", "tips"),
        ("sklearn_builtin", "fetch_california_housing"), ("sklearn_generated", "make_classification"), ("tfds", "mnist"), ("torchvision", "MNIST"),
        ("url", "https://example.org/files/wine.csv?raw=1"),
    ]  # fmt: skip
    assert {r.kind: r.place.line for r in facts.references}["tfds"] == 12


def test_a_pointer_in_place_of_a_file_is_versioning(room):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1234567\n"
    facts = room({"data/big.csv": pointer, ".gitattributes": "*.csv filter=lfs diff=lfs", "t.py": 'pd.read_csv("data/big.csv")'})
    assert (facts.datasets, facts.missing_files) == ((), ())
    assert [(v.tool, v.path, v.detail) for v in facts.versioning] == [
        ("git-lfs", ".gitattributes", "*.csv"), ("git-lfs", "data/big.csv", "pointer to 1,234,567 bytes"),
    ]  # fmt: skip


def test_dvc_and_git_annex_are_understood(room):
    facts = room({"data/raw.csv.dvc": "outs:\n- md5: 00\n  path: raw.csv\n", ".dvc/config": "['remote \"x\"']\n    url = s3://b/c\n",
                  "model.dvc": "outs:\n- path: model.pkl\n", ".gitattributes": "* annex.backend=SHA256E",
                  "dvc.yaml": "- a list\n", "t.py": 'pd.read_csv("data/raw.csv")'}, links=("data/scan.csv",))  # fmt: skip
    assert {(v.tool, v.path): v.detail for v in facts.versioning} == {
        ("dvc", ".dvc/config"): "remote s3", ("dvc", "data/raw.csv.dvc"): "points to raw.csv", ("dvc", "model.dvc"): "a model",
        ("dvc", "dvc.yaml"): "a pipeline with 0 outputs", ("git-annex", ".gitattributes"): "", ("git-annex", "data/scan.csv"): "link to content kept elsewhere",
    }  # fmt: skip
    assert facts.missing_files == ()


def test_data_that_code_reads_and_nobody_made_is_missing(room):
    facts = room({"t.py": 'a = pd.read_csv("data/gone.csv")\nb = pd.read_csv("made.csv")\nb.to_csv("made.csv")\nc = pd.read_csv("here.csv")\n'
                          'PATH = "raw\\\\far.csv"\nd = pd.read_csv(PATH)\ndef run(filename: str = "late.csv"): pass\n'
                          'e = pd.read_csv("outputs/e.csv")\nf = open("config.json")\n', "data/here.csv": TABLE})  # fmt: skip
    assert [(m.kind, m.ref, m.place.line) for m in facts.missing_files] == [
        ("repo_file_absent", "data/gone.csv", 1), ("repo_file_absent", "late.csv", 7), ("repo_file_absent", "raw/far.csv", 5),
    ]  # fmt: skip


def test_a_file_of_the_same_name_in_another_folder_is_missing_too(room):
    facts = room({"t.py": 'pd.read_csv("../data/b/train.csv")', "data/a/train.csv": TABLE})
    assert [m.ref for m in facts.missing_files] == ["../data/b/train.csv"]


def test_remedies_for_rare_classes_and_empty_cells(room):
    assert room({"t.py": 'RandomForestClassifier(class_weight="balanced")'}).imbalance_mentioned
    plain = room({"t.py": "df.fillna(0)"})
    assert (plain.imbalance_mentioned, plain.nulls_handled) == (False, True)


def test_hostile_files_never_raise(room, tmp_path):
    (tmp_path / "nb.ipynb").write_text('{"cells": [1, {"cell_type": 3}]}')
    (tmp_path / "p.yaml").write_bytes(b"target: \xff\xfe\n- [")
    (tmp_path / "dvc.yaml").write_text("stages:\n  a: 3\n  b:\n    outs: [1, {}, null]\n")
    (tmp_path / "x.dvc").write_text("outs: {a: b}")
    (tmp_path / "deep.json").write_text("[" * 50_000)
    (tmp_path / "bad.py").write_text("print 'python 2' {{ jinja }}")
    (tmp_path / "w.csv").write_bytes(b"a,\xff\xfe,b\n\x00,1\n")
    assert room({}).missing_files == ()
