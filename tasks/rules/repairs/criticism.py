"""What to do after an attempt: stop, or change one thing and try again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tasks.evidence.launch.facts import LaunchFacts
from tasks.evidence.redaction import redact
from tasks.rules.execution.plan import ExecutionPlan, Repair
from tasks.rules.execution.state import ExecutionState, Trial, Verdict
from tasks.rules.execution.tree import Tree
from tasks.rules.repairs.choosing import applicable_repairs, describe_situation, give_up
from tasks.rules.repairs.situation import Candidate, Situation

Pick = Callable[[Sequence[Repair]], Repair | None]
"""Which of the applicable repairs to try, best first as the rules see it."""


def criticize_trial(
    state: ExecutionState, log_tail: Sequence[str], tree: Tree, launch: LaunchFacts, pick: Pick
) -> tuple[Verdict, ExecutionPlan | None]:
    """The verdict on the last attempt, and the plan of the next one when there is to be one.

    Lines of the log that it quotes show no secret: the report, Prefect and MLflow take them over.
    """
    if state.succeeded:
        return Verdict(finished=True), None
    trial = state.trials[-1]
    situation = _situation(trial, log_tail, tree, launch, len(state.trials))
    found = applicable_repairs(situation, [v.repair for v in state.verdicts if v.repair is not None])
    chosen = _chosen(found, pick)
    if chosen is not None:
        repair = chosen.repair.model_copy(update={"reason": redact(chosen.repair.reason)})
        return Verdict(finished=False, repair=repair, failing_step=trial.plan.train.display), chosen.plan
    if trial.cause is None:
        return Verdict(finished=True), None
    end = give_up(situation)
    verdict = Verdict(finished=True, reason=end.reason or "", failing_step=end.step, evidence=redact(end.evidence), remedy=end.remedy)
    return verdict, None


def _situation(trial: Trial, log_tail: Sequence[str], tree: Tree, launch: LaunchFacts, number: int) -> Situation:
    tail = trial.failure.tail.splitlines() if trial.failure is not None else log_tail
    return describe_situation(
        trial.plan, trial.outcome, tail, tree, launch, built=trial.environment, build=trial.failure, number=number,
        measured=bool(trial.outputs.metrics),
    )  # fmt: skip


def _chosen(found: Sequence[Candidate], pick: Pick) -> Candidate | None:
    wanted = pick([c.repair for c in found]) if found else None
    if wanted is None:
        return None
    chosen = next(c for c in found if (c.repair.kind, c.repair.change) == (wanted.kind, wanted.change))
    return Candidate(wanted, chosen.plan)
