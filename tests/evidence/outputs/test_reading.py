"""What a job left, read by a real child."""

import pytest

from tasks.evidence.outputs.reading import OutputLimits, read_outputs


@pytest.fixture
def job(tmp_path):
    """A job's folder: `job(log, {"metrics.json": "…"})`."""

    def make(log="", outputs=None):
        (tmp_path / "outputs").mkdir()
        (tmp_path / "log.txt").write_bytes(log if isinstance(log, bytes) else log.encode())
        for name, data in (outputs or {}).items():
            path = tmp_path / "outputs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return tmp_path

    return make


def test_a_log_gives_metrics_with_their_line(job):
    facts = read_outputs(job("loading\nRMSE: 0.79\nRMSE: 0.5\n"))
    assert [(m.name, m.value, m.place, m.is_final) for m in facts.metrics] == [("rmse", 0.79, "log:2", False), ("rmse", 0.5, "log:3", True)]


def test_a_lone_number_is_the_one_metric_that_the_entry_computes(job):
    (metric,) = read_outputs(job("0.8804332983749565\n"), "training", (), [("model_trainer.py", "r2")]).metrics
    assert (metric.name, metric.value) == ("r2", 0.8804332983749565)
    assert "model_trainer.py" in metric.place


def test_a_reader_without_time_is_a_problem_not_an_exception(job):
    facts = read_outputs(job("RMSE: 0.79\n"), limits=OutputLimits(seconds=0.001))
    assert facts.metrics == ()
    assert "no end after" in " ".join(facts.problems.values())
