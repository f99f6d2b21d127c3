"""The verdict on an attempt, as the report and the stores take it over."""

import pytest

from tasks.evidence.launch.facts import LaunchFacts
from tasks.evidence.snapshot import Entry, Manifest
from tasks.rules.execution.plan import EnvironmentPlan, ExecutionPlan, Step
from tasks.rules.execution.request import ExecutionRequest
from tasks.rules.execution.state import ExecutionState, Trial
from tasks.rules.execution.tree import Tree
from tasks.rules.repairs.criticism import criticize_trial
from tasks.rules.sandbox.job import JobOutcome

TOKEN = "ghp_" + "x7Kq2LmZ9vRt4NpW8sYc1BdF6hJg3QeU5aTi"
PLAN = ExecutionPlan(
    train=Step(kind="script", file="train.py", command=("python", "train.py"), display="python train.py"),
    environment=EnvironmentPlan(python="3.11"),
)
FAILED = Trial(number=1, plan=PLAN, outcome=JobOutcome(status="failed", cause="code", exit_code=1))


@pytest.mark.parametrize(
    "line", [f"ValueError: {TOKEN} was refused", f"FileNotFoundError: [Errno 2] No such file or directory: '{TOKEN}/x.txt'"]
)
def test_a_line_that_a_verdict_quotes_shows_no_secret(line):
    tree = Tree(Manifest(url="", name="", commit=None, commit_date=None, entries=(Entry(path="train.py", size=1),)))
    state = ExecutionState(key="k", repository="r", request=ExecutionRequest(), plan=PLAN, trials=(FAILED,))
    log = ["Traceback (most recent call last):", '  File "train.py", line 1, in <module>', line]
    verdict, _ = criticize_trial(state, log, tree, LaunchFacts(), lambda found: found[0])
    told = verdict.model_dump_json()
    assert "[redacted: github_token]" in told and TOKEN not in told
