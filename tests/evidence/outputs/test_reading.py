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


def test_one_job_with_log_files_and_artifacts(job):
    facts = read_outputs(
        job("accuracy: 50.0\n", {"metrics.json": '{"rmse": 1.5}', "model.onnx": b"x", "out/plot.png": b"\x89PNG\r\n\x1a\n"}),
        "evaluation",
        ("metrics.json",),
    )
    assert [(m.name, m.value, m.unit, m.source, m.place, m.phase) for m in facts.metrics] == [
        ("accuracy", 50.0, "%", "stdout", "log:1", "evaluation"),
        ("rmse", 1.5, "", "file", "metrics.json", "evaluation"),
    ]
    assert [(a.path, a.type, a.replaces_committed) for a in facts.artifacts] == [
        ("model.onnx", "model", False),
        ("metrics.json", "metrics", True),
        ("out/plot.png", "plot", False),
    ]


def test_a_fake_metrics_file_of_a_million_keys_is_bounded(job):
    keys = ",".join(f'"accuracy_{i}":0.5' for i in range(1_000_000))
    facts = read_outputs(job("r2: 0.5\n", {"metrics.json": f"{{{keys}}}"}))
    assert len(facts.metrics) == 2000 and facts.metrics_dropped >= 998_000
    assert facts.metrics[0].name == "r2"


def test_impossible_values_are_flagged(job):
    facts = read_outputs(job("accuracy: 7.5\n", {"metrics.json": '{"rmse": -1, "auc": NaN, "f1": 0.5}'}))
    assert [m.name for m in facts.metrics] == ["f1"]
    assert set(facts.flagged) == {"accuracy at log:1", "rmse at metrics.json", "roc_auc at metrics.json"}


def test_a_file_that_needs_too_much_memory_costs_itself_and_nothing_else(job):
    folder = job("RMSE: 0.79\n", {"metrics.json": "[" + "{}," * 12_000_000 + "{}]", "scores.json": '{"r2": 0.5}'})
    facts = read_outputs(folder, limits=OutputLimits(memory_bytes=250_000_000))
    assert [m.name for m in facts.metrics] == ["rmse", "r2"]
    assert "metrics.json" in facts.problems
    assert {a.path for a in facts.artifacts} == {"metrics.json", "scores.json"}


def test_hostile_lines_of_a_log(job):
    hostile = (
        b"loss: " + b"9" * 20_000 + b"\n" + b"\x00" * 5000 + b"\n" + b"{" * 20_000 + b"\n" + b"(" * 3000 + b"1\n" + b"x" * 3_000_000 + b"\n"
    )
    assert [m.value for m in read_outputs(job(hostile + b"RMSE: 0.79\n")).metrics] == [0.79]


def test_a_job_without_anything_is_empty(tmp_path):
    facts = read_outputs(tmp_path)
    assert (facts.metrics, facts.artifacts, facts.problems) == ((), (), {})


def test_keys_that_cannot_be_shown_are_replaced(job):
    (metric,) = read_outputs(job("", {"metrics.json": '{"\\ud800\\u001b accuracy": 0.5}'})).metrics
    assert (metric.name, metric.value) == ("accuracy", 0.5) and metric.original.isprintable()
