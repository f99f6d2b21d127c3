"""Executions made by hand: one that went well after a repair, and one whose every text is an attack."""

from datetime import date

from tasks.evidence.outputs.facts import Artifact, MeasuredMetric
from tasks.rules.execution.contract import ClaimResult, Execution, Registered
from tasks.rules.execution.plan import Attempt, EnvironmentPlan, ExecutionPlan, Repair, Requirement, Step


def claim(name="r2", claimed=0.88, measured=0.8804, verdict="reproduced", **changes):
    values = {
        "name": name, "claimed": claimed, "unit": "", "file": "README.md", "line": 12, "measured": measured, "measured_at": "log:40",
        "difference": None if measured is None else round(measured - claimed, 4), "tolerance": 0.005, "verdict": verdict, "reason": "",
    }  # fmt: skip
    return ClaimResult(**(values | changes))


def metric(name="r2", value=0.8804, **changes):
    values = {
        "name": name, "original": name.upper(), "value": value, "source": "stdout", "place": "log:40", "is_final": True, "direction": "higher",
    }  # fmt: skip
    return MeasuredMetric(**(values | changes))


def execution(text="", **changes):
    """A run that needed one repair; `text`, when given, stands wherever a repository can choose the words."""
    command = text or "python -m src.train"
    plan = ExecutionPlan(
        train=Step(kind="module", file=text or "src/train.py", command=("python", "-m", "src.train"), display=command),
        environment=EnvironmentPlan(
            python="3.11", as_of=date(2022, 11, 15), requirements=(Requirement(name="dill", source="import in src/utils.py:3"),)
        ),
    )
    repair = Repair(kind="missing_module", reason=text or "No module named 'dill'", change=text or "dill is installed too")
    values = {
        "status": "succeeded", "cause": None, "detail": text or "Training ended well: 1 final metric, 1 new files.",
        "attempts": [
            Attempt(number=1, command=command, exit_code=1, cause="code", seconds=2.0, detail=text or "it ended with code 1", repair=repair),
            Attempt(number=2, command=command, exit_code=0, cause=None, seconds=9.5),
        ],
        "plan": plan, "cannot_run": None, "command": command, "image": "sha256:0", "requirements": [text or "dill==0.3.6"],
        "metrics": [metric(original=text or "R2", place=text or "log:40"), metric("loss", 0.3, is_final=False)],
        "artifacts": [Artifact(path=text or "artifacts/model.pkl", type="model", format="pickle", size=1_500_000, sha256="ab" * 32, check=text)],
        "claims": [claim(), claim("accuracy", 0.99, 0.81, "not_reproduced", file=text or "README.md", reason=text)],
        "registered": Registered(model="mlproject", version="1", state="candidate"), "registration": text or "scores reach the thresholds",
        "isolation": {"level": "container", "means": "the code shares the host's kernel"}, "notes": [text or "Pins were dropped: dill==0.2"],
    }  # fmt: skip
    return Execution(**(values | changes))
