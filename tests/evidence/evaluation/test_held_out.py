"""On which rows a metric was computed, followed by the names of variables."""

import pytest

from tasks.evidence.evaluation.held_out import find_cross_validation, find_evaluations
from tasks.evidence.snapshot import Snapshot

HEAD = "from sklearn.metrics import accuracy_score, r2_score\nfrom sklearn.svm import SVC\nm = SVC()\n"


def verdicts(folder, code):
    (folder / "train.py").write_text(HEAD + code)
    return [e.on for e in find_evaluations(Snapshot.of_folder(folder))]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("m.fit(X, y)\nm.score(X, y)", ["training"]),
        ("m.fit(X_train, y_train)\nm.score(X_test, y_test)", ["held_out"]),
        ("m.fit(X_train, y_train)\nm.score(X_train, y_train)\nm.score(X_test, y_test)", ["training", "held_out"]),
        ("m.fit(X, y)\np = m.predict(X)\naccuracy_score(y, p)", ["training"]),
        ("m.fit(X_train, y_train)\np = m.predict(X_test)\naccuracy_score(y_test, p)", ["held_out"]),
        ("m.fit(a, b)\np = m.predict(c)\naccuracy_score(d, p)", ["held_out"]),
        ("m.fit(X, y)\nprint(r2_score(y, m.predict(X)))", ["training"]),
        ("m.fit(X, y)\nX = load('other.csv')\nm.score(X, z)", ["held_out"]),
        ("accuracy_score(actual, pred)", ["unknown"]),
        ("m.fit(X_train, y_train, validation_data=(X_val, y_val))", ["held_out"]),
        ("m.fit(x_train, y_train)\nm.evaluate(x_test, y_test)", ["held_out"]),
    ],
)
def test_verdict_of_each_evaluation(tmp_path, code, expected):
    assert verdicts(tmp_path, code) == expected


def test_a_helper_is_judged_by_what_it_is_called_with(tmp_path):
    code = (
        "def measure(actual, pred):\n    return r2_score(actual, pred)\nm.fit(X_train, y_train)\np = m.predict(X_test)\nmeasure(y_test, p)"
    )
    assert verdicts(tmp_path, code) == ["held_out"]


def test_cross_validation_is_listed(tmp_path):
    (tmp_path / "t.py").write_text("from sklearn.model_selection import cross_val_score\ncross_val_score(m, X, y)")
    assert [p.line for p in find_cross_validation(Snapshot.of_folder(tmp_path))] == [2]
