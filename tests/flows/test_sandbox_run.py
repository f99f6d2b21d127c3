"""What a flow is told of a job on the sandbox pool, from the state of its run and what the worker left."""

import pytest
from prefect.states import Cancelled, Completed, Crashed, Failed

from tasks.rules.sandbox.job import JobOutcome
from tasks.sandbox_run import outcome_of

GOOD = JobOutcome(status="succeeded", exit_code=0)
BAD = JobOutcome(status="failed", cause="oom", detail="It used more than 64 MB.")
STOPPED = JobOutcome(status="failed", cause="cancelled")


@pytest.mark.parametrize(
    ("state", "left", "cause"),
    [
        (Completed(), GOOD, None),
        (Failed(), BAD, "oom"),
        (Cancelled(), STOPPED, "cancelled"),
        (Cancelled(), None, "cancelled"),
        (Crashed(), None, "infrastructure"),
        # The worker was told to stop, or its run was ended for want of a heartbeat: nobody cancelled it.
        (Crashed(), STOPPED, "infrastructure"),
        # It had ended before its worker died.
        (Crashed(), GOOD, None),
        (Crashed(), BAD, "oom"),
        (Failed(name="Refused"), None, "infrastructure"),
        (Completed(), None, "infrastructure"),
        (None, None, "infrastructure"),
    ],
)
def test_a_worker_that_broke_is_never_the_commands_failure(state, left, cause):
    outcome = outcome_of(state, left)
    assert outcome.cause == cause
    assert (outcome.status == "succeeded") == (cause is None)


def test_the_reason_of_a_crash_is_handed_on():
    assert outcome_of(Crashed(message="No heartbeat any more."), None).detail == "No heartbeat any more."


def test_the_end_of_a_flow_run_ends_its_own_jobs_and_no_others(axiom_home, monkeypatch):
    from types import SimpleNamespace

    from tasks import sandbox_run
    from tasks.adapters.container.job_folder import write_note, write_outcome

    ended = []
    monkeypatch.setattr(sandbox_run, "_end", lambda home, job_id, child: ended.append((job_id, child)))
    for job_id, owner in (("job-of-mine-1", "mine"), ("job-of-mine-2", "mine"), ("job-of-another", "another")):
        write_note(axiom_home, job_id, "owner.json", {"flow_run": owner, "child": ""})
    write_outcome(axiom_home, "job-of-mine-2", GOOD)
    sandbox_run.reap_on_end(None, SimpleNamespace(id="mine"), None)
    assert ended == [("job-of-mine-1", "")]
