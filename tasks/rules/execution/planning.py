"""The plan of an execution: the command, what the image holds, and what to try when the first entry trains nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tasks.evidence.launch.facts import Program
from tasks.evidence.project.facts import Entrypoint
from tasks.evidence.snapshot import Manifest
from tasks.rules.environment.dating import plausible_date
from tasks.rules.environment.planning import plan_environment
from tasks.rules.evidence import Evidence
from tasks.rules.execution.arguments import missing_options
from tasks.rules.execution.bounding import bound_step
from tasks.rules.execution.candidates import entries_to_try
from tasks.rules.execution.entry import step_of, step_of_user
from tasks.rules.execution.plan import Alternative, CannotRun, EnvironmentPlan, ExecutionPlan, Step
from tasks.rules.execution.reasons import why_not, why_nothing, why_served
from tasks.rules.execution.request import ExecutionRequest
from tasks.rules.execution.steps import program_of
from tasks.rules.execution.tree import Tree

ALTERNATIVES = 2
"""Entries kept to fall back to."""
EVALUATION_CONFIDENCE = 0.6
CONFIDENCE_GAP = 0.2
"""So much less sure than a better one, an entry is not taken in its place."""
NO_COMMAND = CannotRun(
    reason="nothing_to_train",
    detail="No command of the repository trains a model by itself.",
    remedy="Name one with --entrypoint.",
)

DateOf = Callable[[str], tuple[date | None, str]]
"""Day of the last commit that changed a file, and in words which day that is: it may be another one's, for want of it."""


def plan_execution(evidence: Evidence, manifest: Manifest, request: ExecutionRequest, entry_date: DateOf) -> ExecutionPlan | CannotRun:
    """What to build and run, or why there is nothing to run. Raises `SettingError` for a user's entry that is none."""
    tree = Tree(manifest)
    if request.entrypoint is not None:
        step = step_of_user(request.entrypoint, evidence.launch, tree, evidence.project.train_entrypoints)
        environment = _environment(evidence, step, entry_date)
        return environment if isinstance(environment, CannotRun) else ExecutionPlan(train=step, environment=environment)
    nothing = why_nothing(evidence)
    return nothing or _plan(evidence, tree, request, entry_date)


def _plan(evidence: Evidence, tree: Tree, request: ExecutionRequest, entry_date: DateOf) -> ExecutionPlan | CannotRun:
    """The first entry that nothing speaks against; when all have something against them, what speaks against the first."""
    refused: list[tuple[Entrypoint, CannotRun]] = []
    good: list[Alternative] = []
    entries = entries_to_try(evidence, tree)
    for entry in entries:
        step = step_of(entry, evidence.launch, tree)
        better = [e for e, _ in refused] if not good else [entries[0]]
        if step is None or _is_lesser(evidence, entry, better, parts=not good):
            continue
        tried = _try(evidence, tree, step, request, entry_date)
        if isinstance(tried, CannotRun):
            refused.append((entry, tried))
        else:
            good.append(tried)
        if len(good) > ALTERNATIVES:
            break
    if not good:
        return refused[0][1] if refused else why_nothing(evidence, no_step=True) or NO_COMMAND
    return ExecutionPlan(
        train=good[0].step,
        evaluate=_evaluation(evidence, tree, good[0].step, request),
        environment=good[0].environment,
        alternatives=tuple(good[1:]),
        notes=tuple(f"passed over: {c.detail}" for _, c in refused[:3]),
    )


def _try(evidence: Evidence, tree: Tree, step: Step, request: ExecutionRequest, entry_date: DateOf) -> Alternative | CannotRun:
    environment = _environment(evidence, step, entry_date)
    if isinstance(environment, CannotRun):
        return environment
    if obstacle := why_not(evidence, step, request.limits, tree):
        return obstacle
    served = why_served(evidence, environment)
    return served or Alternative(step=bound_step(step, program_of(evidence.launch, step.file)), environment=environment)


def _environment(evidence: Evidence, step: Step, entry_date: DateOf) -> EnvironmentPlan | CannotRun:
    committed, what = entry_date(step.file)
    day = plausible_date(committed, evidence.requirements, step.file)
    reason = what if day == committed else f"its kernel's Python was over by the {what}"
    return plan_environment(evidence.requirements, step, day, reason)


def _is_lesser(evidence: Evidence, entry: Entrypoint, better: list[Entrypoint], parts: bool) -> bool:
    """Whether an entry is much less sure to train than a better one, or a part of it: what ran then would not be the training."""
    if not better:
        return False
    inside = {f for e in better for f in program_of(evidence.launch, e.file).runs} if parts else set()
    return entry.file in inside or entry.confidence < better[0].confidence - CONFIDENCE_GAP


def _evaluation(evidence: Evidence, tree: Tree, train: Step, request: ExecutionRequest) -> Step | None:
    """The evaluation's own program; None where training evaluates itself, or the program asks for what is not here."""
    runs = set(program_of(evidence.launch, train.file).runs) | {train.file}
    for entry in evidence.project.eval_entrypoints[:3]:
        if entry.file in runs or entry.confidence < EVALUATION_CONFIDENCE or not _is_whole(entry):
            return None
        step = step_of(entry, evidence.launch, tree)
        program = program_of(evidence.launch, entry.file)
        described = any(p.file == entry.file for p in evidence.launch.programs)
        if step is None or not described or why_not(evidence, step, request.limits, tree) or _demands(program, step):
            return None
        return step
    return None


def _is_whole(entry: Entrypoint) -> bool:
    return entry.file.endswith(".py") and "$" not in entry.command


def _demands(program: Program, step: Step) -> bool:
    """Whether the program asks for arguments that nobody told."""
    return bool(missing_options(program, list(step.command[2:]))) or program.positions > max(0, len(step.command) - 2)
