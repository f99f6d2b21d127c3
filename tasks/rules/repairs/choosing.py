"""The closed set of repairs, and which of them to try after a failed attempt.

Each repair is one small function of the situation that gives a changed plan or None. The first that applies and was not
tried is the rules' choice; a model may choose another one of those that apply, never one that does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict

from tasks.evidence.launch.facts import LaunchFacts
from tasks.rules.execution.plan import BuildFailure, BuiltEnvironment, ExecutionPlan, ReasonClass, Repair
from tasks.rules.execution.tree import Tree
from tasks.rules.repairs.command import give_argument, set_variable, shrink_batch, take_other_entry
from tasks.rules.repairs.failure import NETWORK, read_failure, reason_of
from tasks.rules.repairs.packages import add_library, add_module, bound_package, let_pin_go
from tasks.rules.repairs.paths import (
    add_import_folder,
    copy_alike,
    make_folder,
    move_to_folder,
    run_as_module,
    take_windows_path,
)
from tasks.rules.repairs.situation import Candidate, Situation
from tasks.rules.sandbox.job import Cause, JobOutcome

MAX_REPAIRS = 3
REPAIRS: tuple[Callable[[Situation], Candidate | None], ...] = (
    let_pin_go,
    run_as_module,
    add_import_folder,
    bound_package,
    add_library,
    add_module,
    take_windows_path,
    move_to_folder,
    make_folder,
    copy_alike,
    give_argument,
    set_variable,
    shrink_batch,
    take_other_entry,
)
"""In the order of choice: what the message names exactly comes before what has to be guessed."""
KINDS = (
    "release_pin", "module_form", "incompatible_numpy", "removed_api", "system_library", "missing_module", "windows_path", "working_directory",
    "folder", "argument", "variable", "smaller_batch", "other_entry",
)  # fmt: skip
_NO_REPAIR = frozenset({"timeout", "cancelled", "engine", "infrastructure", "policy", "disk", "pids"})
"""Causes that no change of the plan would mend."""
REMEDIES: dict[ReasonClass, str] = {
    "data_missing": "Put the data where the code reads it, or allow the network with --network bridge if the code fetches it.",
    "credentials_or_platform": "Run it where the service and its credentials are; the sandbox has none.",
    "python_version": "Run it with the Python it was written for.",
    "gpu_or_size": "Run it on a machine with a GPU or more memory (--memory).",
    "dependencies": "Name the missing packages in the repository's dependency file.",
    "other_language": "Run it in an environment of its language.",
    "nothing_to_train": "Name a command that trains with --entrypoint.",
}


OUR_REMEDIES: dict[Cause, str] = {
    "disk": "Make room on the container engine's disk (`docker image prune`), then run the same command again.",
    "network": "Reach a package index from here, or name one in pip's or uv's settings, then run the same command again.",
    "timeout": "Run the same command again: what was downloaded is kept.",
    "oom": "Give the container engine more memory, then run the same command again.",
}
"""Builds that failed for a reason of this machine."""


class GiveUp(BaseModel):
    """Nothing in the closed set helps: where it failed, what shows it, what a person should do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: str
    evidence: str
    remedy: str
    reason: ReasonClass | None = None
    """Set when what is missing is of the world, not of the plan."""


def describe_situation(
    plan: ExecutionPlan, outcome: JobOutcome | None, log_tail: Sequence[str], tree: Tree, launch: LaunchFacts, *,
    built: BuiltEnvironment | None = None, build: BuildFailure | None = None, number: int = 1, measured: bool = False,
) -> Situation:  # fmt: skip
    """A failed attempt as repairs look at it. `log_tail`: the last lines of the log, or of the build's tool."""
    failure = read_failure(log_tail, notebook=plan.train.kind == "notebook")
    return Situation(plan, failure, tree, launch, outcome=outcome, built=built, build=build, number=number, measured=measured)


def applicable_repairs(situation: Situation, tried: Sequence[Repair] = ()) -> list[Candidate]:
    """Repairs that apply and were not tried, in the order of choice; none after `MAX_REPAIRS`."""
    if len(tried) >= MAX_REPAIRS or (situation.outcome is not None and situation.outcome.cause in _NO_REPAIR):
        return []
    before = {(r.kind, r.change) for r in tried}
    found = [c for repair in REPAIRS if (c := repair(situation)) and (c.repair.kind, c.repair.change) not in before]
    if _is_of_the_world(situation):
        found = [c for c in found if c.repair.kind in ("other_entry", "smaller_batch")]
    return found


def _is_of_the_world(situation: Situation) -> bool:
    """A failure of network, account or GPU, which no other package or folder mends."""
    if situation.outcome is None:
        return False
    head = " ".join(situation.failure.errors[:3]) or situation.failure.line
    reason = reason_of(situation.failure, situation.outcome)
    return bool(NETWORK.search(head)) or reason in ("credentials_or_platform", "gpu_or_size")


def choose_repair(situation: Situation, tried: Sequence[Repair] = ()) -> Candidate | GiveUp:
    """The repair to try next, or why there is none."""
    found = applicable_repairs(situation, tried)
    return found[0] if found else give_up(situation)


def give_up(situation: Situation) -> GiveUp:
    """The end without a repair, in words for a person."""
    if situation.build is not None:
        return _of_build(situation.build)
    outcome, step = situation.outcome, f"training: {situation.plan.train.display}"
    if outcome is not None and outcome.cause in _NO_REPAIR:
        return GiveUp(step=step, evidence=outcome.detail, remedy=_of_limit(outcome))
    reason = reason_of(situation.failure, outcome) if outcome is not None else None
    if outcome is not None and NETWORK.search(" ".join(situation.failure.errors[:3]) or situation.failure.line):
        remedy = "It needs the network: allow it with --network bridge, if you trust the code with it."
        return GiveUp(step=step, evidence=situation.failure.line, remedy=remedy, reason=reason or "data_missing")
    remedy = REMEDIES[reason] if reason else "Look at the line and the log; name another command with --entrypoint, or mend the code."
    return GiveUp(step=step, evidence=situation.failure.line or (outcome.detail if outcome else ""), remedy=remedy, reason=reason)


def _of_build(build: BuildFailure) -> GiveUp:
    """No environment: the fault of what was asked for, or one of ours that says nothing about the repository."""
    step = f"environment: {build.step}"
    if build.cause in OUR_REMEDIES:
        return GiveUp(step=step, evidence=build.detail, remedy=OUR_REMEDIES[build.cause])
    return GiveUp(step=step, evidence=build.detail, remedy=REMEDIES.get(build.reason, ""), reason=build.reason)


def _of_limit(outcome: JobOutcome) -> str:
    return {
        "timeout": "Allow more time with --timeout, or name a shorter training with --entrypoint.",
        "disk": "Allow more space with --disk.",
        "pids": "The code starts more processes than allowed; give it fewer workers with --entrypoint.",
    }.get(outcome.cause or "", "Try again; if it stays, see `axiom doctor`.")
