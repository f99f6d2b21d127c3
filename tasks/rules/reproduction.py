"""Readiness rules that only a run can answer: do the claimed numbers come out, and does training run from a clean checkout."""

from __future__ import annotations

from tasks.evidence.place import Place
from tasks.rules.applicability import nothing_trained
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

NOT_THE_CODES_FAULT = frozenset({"engine", "infrastructure", "cancelled", "policy", "model"})


def _nothing_ran(evidence: Evidence) -> NotApplicable | None:
    if missing := nothing_trained(evidence):
        return missing
    if evidence.execution is None:
        return NotApplicable(reason="an analysis runs nothing; `axiom execute` does")
    return None if evidence.execution.attempts else NotApplicable(reason="nothing was run here")


def check_claims_reproduced(evidence: Evidence) -> Outcome:
    """Only claims that this run measured anew count; one that nobody measured is no contradiction."""
    if missing := _nothing_ran(evidence):
        return missing
    execution = evidence.execution
    assert execution is not None
    contradicted = [c for c in execution.claims if c.verdict == "not_reproduced"]
    if contradicted:
        told = "; ".join(
            f"{c.name} claimed {c.claimed:g}{c.unit}, measured {c.measured:g}" for c in contradicted[:5] if c.measured is not None
        )
        return Failed(places=tuple(Place(file=c.file, line=c.line, note=c.name) for c in contradicted), detail=f"{told}.")
    if any(c.verdict in ("reproduced", "better") for c in execution.claims):
        return Passed()
    if execution.claims:
        return Undetermined(reason="no claimed metric was measured by the run")
    return NotApplicable(reason="no metric is claimed")


def check_runs_from_checkout(evidence: Evidence) -> Outcome:
    """Whether training ran as committed, with the dependencies that are declared or can be read off the imports."""
    if missing := _nothing_ran(evidence):
        return missing
    execution = evidence.execution
    assert execution is not None
    if execution.cause in NOT_THE_CODES_FAULT:
        return Undetermined(reason=f"the run ended for a reason that is not the code's: {execution.cause}")
    place = (Place(file=execution.plan.train.file),) if execution.plan else ()
    repairs = [a.repair.change for a in execution.attempts if a.repair]
    if execution.status != "succeeded":
        return Failed(places=place, detail=f"It ended with: {execution.detail}")
    if repairs:
        return Failed(places=place, detail=f"It ran only after {len(repairs)} repairs: {'; '.join(repairs)}.")
    return Passed()


RULES: tuple[Rule, ...] = (
    Rule(
        code="EVL020", name="claim-not-reproduced", title="A claimed metric did not come out when it was run",
        section="evaluation", severity="high", effort="medium", check=check_claims_reproduced,
        detected="`axiom execute` measured the claimed metric anew, and it is worse than claimed by more than the tolerance.",
        why="Decisions rest on the number that is written down; what the code gives today is another one.",
        remedy="Run the evaluation from a clean checkout, find out what changed, and write down that number with its commit.",
    ),
    Rule(
        code="OPS030", name="does-not-run-from-checkout", title="Training does not run from a clean checkout",
        section="mlops", severity="high", effort="medium", check=check_runs_from_checkout,
        detected="`axiom execute` needed repairs of the plan, or the training command failed in the end.",
        why="What only runs on its author's machine cannot be retrained when it matters.",
        remedy="Declare what the repairs had to add, pin it with a lock file, and run training in CI from a clean checkout.",
    ),
)  # fmt: skip
