"""A first attempt that begins before the flow does: taken over when it is the flow's own, ended when it is not."""

import pytest

from tasks import early_training
from tasks.adapters.checkout import check_out
from tasks.rules.execution.request import read_request
from tests.flows.test_execution import MEAN, execute

pytestmark = pytest.mark.usefixtures("engine", "prefect_api", "tracked")
SLOW = MEAN | {
    "train.py": "import time\nprint('loss: 0.5', flush=True)\ntime.sleep(4)\nprint('loss: 0.25')\nopen('model.pt', 'wb').write(b'w' * 99)\n"
}


@pytest.fixture
def begin(axiom_home, monkeypatch):
    monkeypatch.setattr(early_training, "_begun", [])

    def start(repository, **request):
        asked = {"entrypoint": "python train.py", "timeout_seconds": 120, "memory": "4g", "cpus": 2.0, "disk": "256m", "network": "none"}
        return early_training.begin(
            axiom_home, check_out(axiom_home, str(repository)), read_request(**asked | request, processors=2), "container"
        )

    return start


def starts_told(monkeypatch):
    """When each job began, as the reader of its outputs is told."""
    from tasks import execution

    asked, real = [], execution.read_outputs

    def spy(*arguments, **named):
        asked.append(named["started"])
        return real(*arguments, **named)

    monkeypatch.setattr(execution, "read_outputs", spy)
    return asked


def test_the_flow_takes_over_what_was_begun_with_every_line_and_the_same_record(make_repository, begin, axiom_home, monkeypatch):
    repository = make_repository(SLOW)
    execute(repository)
    early = begin(repository)
    early.prepared()
    asked = starts_told(monkeypatch)
    outcome, executed = execute(repository)
    # What the code's own MLflow store holds since then is this job's.
    assert asked == [early.started]
    assert (outcome.status, outcome.key) == ("succeeded", early.key)
    assert [m.value for m in executed.metrics] == [0.5, 0.25]
    assert [p.name for p in (axiom_home / "jobs").iterdir() if p.name.startswith(early.key)] == [f"{early.key}-train-1"]


def test_a_job_that_is_not_the_flows_is_ended_and_counts_for_nothing(make_repository, begin):
    repository = make_repository(SLOW)
    execute(repository)
    early = begin(repository, timeout_seconds=60)
    assert early.prepared() is not None
    outcome, executed = execute(repository)
    assert outcome.status == "succeeded"
    assert early.outcome.cause == "cancelled"
    assert executed.attempts[0].cause is None


def test_what_would_have_to_be_built_first_does_not_begin_early(make_repository, begin):
    """A Python that no image of this engine has: never built, never pulled here."""
    pinned = {"pyproject.toml": '[project]\nname = "mean"\nversion = "1"\nrequires-python = "==3.98.*"\n'}
    early = begin(make_repository(MEAN | pinned))
    assert early.prepared() is None
