from __future__ import annotations

import re

import pytest

from tasks.evidence.dataset.facts import (
    ColumnProfile,
    DatasetFacts,
    DatasetPair,
    DatasetProfile,
    DatasetReference,
    DataVersioning,
    PersonalData,
    SuspiciousPredictor,
)
from tasks.evidence.drift.profile import FeatureDrift
from tasks.evidence.place import Place
from tasks.evidence.project.facts import ProjectFacts
from tasks.rules.dataset import RULES
from tasks.rules.dataset_keeping import LARGE_FILE_BYTES
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Passed, Undetermined
from tasks.rules.scoring import ask

BY_CODE = {rule.code: rule for rule in RULES}


def table(path="data/a.csv", **values):
    columns = tuple(ColumnProfile(name=n, type="number", distinct=90) for n in ("a", "b", "c", "y"))
    return DatasetProfile(**{"path": path, "rows": 1_000, "rows_profiled": 1_000, "n_columns": 4, "columns": columns, "loaded": True,
                             "duplicates": 0, "target": "y", "target_weight": 5.0, **values})  # fmt: skip


def pair(**values):
    return DatasetPair(**{"reference": "train.csv", "current": "test.csv", "roles": ("train", "test"), "overlap_rows": 0, "overlap_share": 0.0,
                          "n_reference": 1_000, "n_current": 500, **values})  # fmt: skip


def feature(psi, **values):
    return FeatureDrift(**{"name": "x", "n_reference": 1_000, "n_current": 500, "n_bins": 10, "psi": psi, "ks": 0.1, "js": 0.05, **values})


def outcome(code, *tables, project=None, **facts):
    defaults = {"is_ml": True, "has_training": True, "kind": "training_project", "tasks": ("binary_classification",)}
    evidence = Evidence(project_facts=ProjectFacts(**defaults | (project or {})), dataset_facts=DatasetFacts(datasets=tables, **facts))
    return ask(BY_CODE[code], evidence)


def reference(kind, ref="https://example.org/a.csv", **values):
    return DatasetReference(kind=kind, ref=ref, place=Place(file="load.py", line=3), **values)


SUM = SuspiciousPredictor(columns=("a", "b"), kind="linear_sum", measure=1.0, reason="a + b gives `y`")
MISSING = reference("repo_file_absent", "gone.csv")
DVC = DataVersioning(tool="dvc", path="data/raw.dvc", detail="points to raw.csv")


@pytest.mark.parametrize(("code", "tables", "facts"), [
    ("DAT001", (), {"pairs": (pair(overlap_rows=60, overlap_share=0.12),)}),
    ("DAT002", (table(suspicious_predictors=(SUM,)),), {}),
    ("DAT003", (table(pii=(PersonalData(column="mail", kind="email", share=1.0),)),), {}),
    ("DAT004", (table(pii=(PersonalData(column="Name", kind="name", share=0.9),)),), {}),
    ("DAT005", (table(duplicates=10),), {}),
    ("DAT006", (table(constant_columns=("a",)),), {}),
    ("DAT007", (table(columns=(ColumnProfile(name="a", nulls=50), ColumnProfile(name="y"))),), {}),
    ("DAT008", (table(class_balance={"0": 0.901, "1": 0.099}),), {}),
    ("DAT009", (table(id_columns=("id",), ids_left_in=("id",)),), {}),
    ("DAT010", (), {"references": (reference("url"),)}),
    ("DAT010", (), {"missing_files": (MISSING,), "references": (reference("url"),)}),
    ("DAT011", (), {"missing_files": (MISSING,)}),
    ("DAT012", (), {"pairs": (pair(features=(feature(0.3),)),)}),
    ("DAT013", (table(problem="holds a web page or XML, not records"),), {}),
    ("DAT013", (table(problem="not readable as parquet: ArrowInvalid"),), {}),
    ("DAT013", (table(), table("b.csv", rows=0, rows_profiled=0, problem="empty file")), {}),
    ("DAT014", (table(rows=99),), {}),
    ("DAT015", (), {"references": (reference("url"),)}),
    ("DAT016", (table(columns=(ColumnProfile(name="a", nulls=500), ColumnProfile(name="y"))),), {}),
    ("DAT017", (table(bytes=LARGE_FILE_BYTES),), {}),
])  # fmt: skip
def test_what_is_wrong_fails_with_a_place_and_a_detail(code, tables, facts):
    found = outcome(code, *tables, **facts)
    assert isinstance(found, Failed)
    assert found.places and found.detail.endswith(".")


@pytest.mark.parametrize(("code", "tables", "facts"), [
    ("DAT001", (), {"pairs": (pair(),)}),
    ("DAT001", (), {"pairs": (pair(overlap_rows=60, overlap_share=0.12, chance_share=0.12),)}),
    ("DAT001", (), {"pairs": (pair(overlap_rows=4, overlap_share=0.4, n_current=10),)}),
    ("DAT002", (table(),), {}),
    ("DAT002", (table(suspicious_predictors=(SUM.model_copy(update={"dropped": True}),)),), {}),
    ("DAT003", (table(pii=(PersonalData(column="Name", kind="name", share=0.9),)),), {}),
    ("DAT004", (table(pii=(PersonalData(column="mail", kind="email", share=1.0),)),), {}),
    ("DAT005", (table(duplicates=9),), {}),
    ("DAT006", (table(),), {}),
    ("DAT007", (table(columns=(ColumnProfile(name="a", nulls=49), ColumnProfile(name="y"))),), {}),
    ("DAT007", (table(columns=(ColumnProfile(name="a", nulls=50), ColumnProfile(name="y"))),), {"nulls_handled": True}),
    ("DAT008", (table(class_balance={"0": 0.9, "1": 0.1}),), {}),
    ("DAT008", (table(class_balance={"0": 0.95, "1": 0.05}),), {"imbalance_mentioned": True}),
    ("DAT009", (table(id_columns=("id",)),), {}),
    ("DAT010", (table(),), {}),
    ("DAT010", (), {"references": (reference("url"),), "versioning": (DVC,)}),
    ("DAT010", (), {"references": (reference("url", checked=True),)}),
    ("DAT011", (table(),), {}),
    ("DAT011", (), {"missing_files": (MISSING,), "references": (reference("kaggle", "titanic"),)}),
    ("DAT012", (), {"pairs": (pair(features=(feature(0.2),)),)}),
    ("DAT012", (), {"pairs": (pair(features=(feature(0.2), feature(3.0, name="day", type="date"))),)}),
    ("DAT013", (table(),), {}),
    ("DAT013", (table(), table("b.xls", problem="not read: the old binary workbook format")), {}),
    ("DAT014", (table(rows=100), table("b.csv", rows=3)), {}),
    ("DAT015", (), {"references": (reference("url", checked=True),)}),
    ("DAT016", (table(columns=(ColumnProfile(name="a", nulls=499), ColumnProfile(name="y"))),), {}),
    ("DAT017", (table(bytes=LARGE_FILE_BYTES - 1),), {}),
])  # fmt: skip
def test_what_is_right_passes(code, tables, facts):
    assert outcome(code, *tables, **facts) == Passed()


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_without_data_no_rule_judges(rule):
    assert isinstance(outcome(rule.code), NotApplicable | Undetermined)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_facts_that_were_not_read_leave_every_rule_undetermined(rule):
    assert isinstance(ask(rule, Evidence(project_facts=ProjectFacts(has_training=True))), Undetermined)


@pytest.mark.parametrize(("code", "tables", "facts"), [
    ("DAT001", (), {"pairs": (pair(overlap_rows=None, overlap_share=None),)}),
    ("DAT002", (table(target=None),), {}),
    ("DAT002", (table(target_weight=2.5, suspicious_predictors=(SUM,)),), {}),
    ("DAT005", (table(duplicates=None),), {}),
    ("DAT006", (table(rows_profiled=0, problem="not read: it does not fit in memory"),), {}),
    ("DAT010", (), {}),
    ("DAT012", (), {"pairs": (pair(features=(feature(None, js=None, reason="insufficient rows"),)),)}),
    ("DAT013", (table(problem="not read: the old binary workbook format"),), {}),
])  # fmt: skip
def test_what_files_do_not_show_is_undetermined(code, tables, facts):
    assert isinstance(outcome(code, *tables, **facts), Undetermined)


@pytest.mark.parametrize("code", ["DAT002", "DAT006", "DAT007", "DAT008", "DAT009", "DAT010", "DAT011", "DAT014", "DAT015", "DAT016"])
def test_where_nothing_is_trained_training_rules_do_not_apply(code):
    bad = table(suspicious_predictors=(SUM,), constant_columns=("a",), rows=3, class_balance={"0": 1.0, "1": 0.0}, ids_left_in=("id",))
    assert isinstance(outcome(code, bad, project={"has_training": False}, missing_files=(MISSING,)), NotApplicable)


def test_a_regression_has_no_class_imbalance():
    assert isinstance(outcome("DAT008", table(class_balance={"5": 0.99, "9": 0.01}), project={"tasks": ("regression",)}), NotApplicable)


def test_broken_examples_and_files_no_code_names_are_not_judged():
    assert outcome("DAT005", table(), table("data/a_bad_dist.csv", duplicates=500)) == Passed()
    assert outcome("DAT005", table(), table("old.csv", duplicates=500, loaded=False)) == Passed()
    assert isinstance(outcome("DAT005", table("old.csv", duplicates=500, loaded=False)), Failed)


def test_a_tutorial_may_be_small():
    assert isinstance(outcome("DAT014", table(rows=10), project={"kind": "course_monorepo"}), NotApplicable)


def test_a_key_that_differs_between_the_files_is_no_drift():
    train = table("train.csv", id_columns=("x",))
    assert isinstance(outcome("DAT012", train, pairs=(pair(features=(feature(8.0),)),)), Undetermined)


def test_the_leak_is_told_with_its_columns_and_measure():
    found = outcome("DAT002", table(suspicious_predictors=(SUM,)))
    assert found.detail == "In data/a.csv, a + b gives `y` on the 1,000 rows looked at, and no code leaves it out."
    assert found.places[0].note == "a + b gives `y` (linear_sum, 1)"


def test_codes_and_names_are_unique_and_in_order():
    assert [r.code for r in RULES] == [f"DAT{n:03}" for n in range(1, len(RULES) + 1)]
    assert len({r.name for r in RULES}) == len(RULES)
    assert all(r.section == "dataset" and re.fullmatch(r"[a-z-]+", r.name) for r in RULES)


def test_data_that_is_nowhere_is_told_once():
    assert isinstance(outcome("DAT011", missing_files=(MISSING,)), Failed)
    assert isinstance(outcome("DAT010", missing_files=(MISSING,)), NotApplicable)
