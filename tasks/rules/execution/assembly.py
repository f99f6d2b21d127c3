"""`execution.json` put together: what was tried, what came out, and the one sentence a lead reads first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from tasks.evidence.outputs.facts import Artifact, MeasuredMetric
from tasks.evidence.project.facts import Claim
from tasks.rules.execution.claims import match_claims
from tasks.rules.execution.contract import Execution, Status
from tasks.rules.execution.plan import Attempt
from tasks.rules.execution.state import ExecutionState, Trial, Verdict


def tell_attempt(trial: Trial, verdict: Verdict | None) -> Attempt:
    """One line of the attempts' table."""
    return Attempt(
        number=trial.number,
        command=trial.plan.train.display,
        exit_code=trial.outcome.exit_code if trial.outcome else None,
        cause=trial.cause,
        seconds=round(trial.outcome.seconds, 1) if trial.outcome else 0.0,
        detail=trial.detail,
        repair=verdict.repair if verdict else None,
    )


def assemble_execution(state: ExecutionState, claims: Sequence[Claim]) -> Execution:
    """The whole result, `execution.json`."""
    if not state.trials:
        return _not_run(state, claims)
    last = state.trials[-1]
    metrics, artifacts = _together(last, state.evaluation)
    status, cause, detail, remedy = _outcome(state)
    environment = last.environment
    return Execution(
        status=status,
        cause=cause,
        detail=detail,
        remedy=remedy,
        attempts=[tell_attempt(t, v) for t, v in zip_longest(state.trials, state.verdicts)],
        plan=last.plan,
        cannot_run=None,
        command=last.plan.train.display,
        image=environment.image if environment else "",
        environment_key=environment.key if environment else "",
        requirements=list(environment.resolved) if environment else [],
        metrics=metrics,
        metrics_dropped=last.outputs.metrics_dropped + (state.evaluation.outputs.metrics_dropped if state.evaluation else 0),
        artifacts=artifacts,
        skipped_outputs=last.outcome.skipped if last.outcome else {},
        claims=match_claims(claims, metrics),
        registered=state.registered,
        registration=state.registration,
        isolation=state.isolation | (last.outcome.isolation if last.outcome else {}),
        notes=_notes(last, state.evaluation),
        timings=_timings(state.trials, state.evaluation),
    )


def _not_run(state: ExecutionState, claims: Sequence[Claim]) -> Execution:
    reason = state.cannot_run
    return Execution(
        status="not_run",
        cause=reason.reason if reason else "nothing_to_train",
        detail=reason.detail if reason else "Nothing was run.",
        remedy=reason.remedy if reason else "",
        attempts=[],
        plan=state.plan,
        cannot_run=reason,
        command="",
        image="",
        requirements=[],
        metrics=[],
        artifacts=[],
        claims=match_claims(claims, []),
        registered=None,
        registration=state.registration,
        isolation=state.isolation,
    )


def _together(trained: Trial, evaluation: Trial | None) -> tuple[list[MeasuredMetric], list[Artifact]]:
    outputs = [trained.outputs] + ([evaluation.outputs] if evaluation else [])
    return [m for o in outputs for m in o.metrics], [a for o in outputs for a in o.artifacts]


def _outcome(state: ExecutionState) -> tuple[Status, str | None, str, str]:
    """Status, typed cause, sentence and remedy. Exit code 0 without a result of its own is no success."""
    last, verdict = state.trials[-1], state.verdicts[-1] if state.verdicts else None
    if last.cause is not None:
        told = (verdict.evidence if verdict else "") or last.detail
        return "failed", (verdict.reason if verdict else "") or last.cause, told, verdict.remedy if verdict else ""
    if not state.succeeded:
        return "failed", "code", "The command ended without an error and left no metric and no model of its own.", "Look at its log."
    metrics, files = len({m.name for m in last.outputs.metrics if m.is_final}), len(last.outputs.artifacts)
    told = f"{_count(metrics, 'metric')} measured, {_count(files, 'file')} written"
    return "succeeded", None, f"Training ended well: {told}.", ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _notes(last: Trial, evaluation: Trial | None) -> list[str]:
    notes = [*last.plan.notes, *(last.environment.notes if last.environment else ())]
    if last.plan.train.bound:
        notes.append(f"Training was bounded: {last.plan.train.bound}")
    notes += [f"Not believed: {where}: {why}" for where, why in last.outputs.flagged.items()]
    if evaluation is not None and evaluation.cause is not None:
        notes.append(f"The evaluation failed ({evaluation.cause}): {evaluation.detail}")
    return notes


def _timings(trials: Sequence[Trial], evaluation: Trial | None) -> dict[str, float]:
    timings = {f"build #{t.number}": t.environment.seconds for t in trials if t.environment}
    timings |= {f"training #{t.number}": t.outcome.seconds for t in trials if t.outcome}
    if evaluation is not None and evaluation.outcome is not None:
        timings["evaluation"] = evaluation.outcome.seconds
    return timings
