"""Against a real SQLite MLflow."""

import pytest

from tasks.adapters.tracking import earlier_metrics, record_run


@pytest.fixture
def record(axiom_home, tmp_path):
    file = tmp_path / "report.json"
    file.write_text("{}")

    def run(key="k", metrics=None, **tags):
        return record_run(axiom_home, "axiom/analysis", key, "name", metrics or {"score": 5.0}, {"repository": "r", **tags}, (file,))

    return run


def test_the_same_key_is_the_same_run(record):
    assert record().run_id == record().run_id
    assert record("other").run_id != record().run_id


def test_metrics_that_are_not_numbers_are_refused(record):
    with pytest.raises(ValueError, match="finite"):
        record(metrics={"score": float("nan")})


def test_earlier_metrics_come_oldest_first_with_their_commit(record, axiom_home):
    record("a", {"score": 1.0}, commit="c1")
    record("b", {"score": 2.0}, commit="c2")
    found = earlier_metrics(axiom_home, "axiom/analysis", {"repository": "r"})
    assert [(m.name, m.value, m.commit) for m in found] == [("score", 1.0, "c1"), ("score", 2.0, "c2")]


def test_another_repository_is_not_asked(record, axiom_home):
    record()
    assert earlier_metrics(axiom_home, "axiom/analysis", {"repository": "other"}) == []


def test_an_experiment_that_does_not_exist_has_no_runs(axiom_home):
    assert earlier_metrics(axiom_home, "axiom/execution", {}) == []
