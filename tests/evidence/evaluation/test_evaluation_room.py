"""Notebook states, baselines, slices and uncertainty, and the flat keys made of them."""

import json

from tasks.evidence.evaluation import collect
from tasks.evidence.evaluation.canonical import canonical_facts
from tasks.evidence.snapshot import Snapshot


def notebook(folder, name, counts, errors=(), version="3.10"):
    cells = [
        {
            "cell_type": "code",
            "execution_count": count,
            "source": [f"x = {n}\n", "print(x)"],
            "outputs": [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]
            if n in errors
            else [{"output_type": "stream", "text": ["1\n"]}]
            if count
            else [],
        }
        for n, count in enumerate(counts)
    ]
    text = json.dumps({"cells": cells, "metadata": {"language_info": {"name": "python", "version": version}}, "nbformat": 4}, indent=1)
    (folder / name).write_text(text)


def test_notebooks_are_counted_by_state(tmp_path):
    notebook(tmp_path, "good.ipynb", [1, 2, 5])
    notebook(tmp_path, "falls.ipynb", [3, 1])
    notebook(tmp_path, "repeats.ipynb", [2, 2], errors=(1,))
    notebook(tmp_path, "never.ipynb", [None, None])
    notebook(tmp_path, "old.ipynb", [1], version="2.7.12")
    notebook(tmp_path, "empty.ipynb", [])
    counts = canonical_facts(collect(Snapshot.of_folder(tmp_path)))["notebooks"]
    assert counts == {"count": 6, "with_outputs": 4, "out_of_order": 2, "never_run": 1, "with_errors": 1, "python2": 1}


def test_disorder_is_placed_at_its_cell(tmp_path):
    notebook(tmp_path, "falls.ipynb", [3, 1])
    (state,) = collect(Snapshot.of_folder(tmp_path)).notebooks
    place = state.first_disorder
    assert place.cell == 1 and json.dumps("x = 1\n") in (tmp_path / "falls.ipynb").read_text().split("\n")[place.line - 1]


def test_a_broken_notebook_is_counted_and_does_not_raise(tmp_path):
    (tmp_path / "a.ipynb").write_text('{"cells": [')
    assert canonical_facts(collect(Snapshot.of_folder(tmp_path)))["notebooks"]["count"] == 1


def test_baselines_slices_and_spread_are_placed(tmp_path):
    (tmp_path / "t.py").write_text(
        "from sklearn.dummy import DummyClassifier\n"
        "from sklearn.metrics import classification_report\n"
        "d = DummyClassifier()\n"
        "print(classification_report(y, p))\n"
        "print(scores.mean(), scores.std())\n"
        "errors_by = errors.groupby('region').mean()\n"
    )
    facts = collect(Snapshot.of_folder(tmp_path))
    assert [p.line for p in facts.baselines] == [3]
    assert [p.line for p in facts.slices] == [4, 6]
    assert [p.line for p in facts.uncertainty] == [5]


def test_different_estimators_in_one_file_are_counted(tmp_path):
    (tmp_path / "t.py").write_text(
        "from sklearn.svm import SVC\nfrom sklearn.ensemble import RandomForestClassifier, VotingClassifier\n"
        "a = [SVC(), SVC(C=2), RandomForestClassifier()]\nv = VotingClassifier(a)"
    )
    assert collect(Snapshot.of_folder(tmp_path)).compared_models == 2


def test_an_empty_repository_has_no_evaluation(tmp_path):
    assert canonical_facts(collect(Snapshot.of_folder(tmp_path)))["metrics"] == []
