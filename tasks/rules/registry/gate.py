"""The gate before a promotion: hard requirements, then challenger against champion.

With predictions on the same held-out rows a paired test decides, and "no difference" keeps the champion. Without them only
single numbers are compared: a difference that is clear by policy decides, and anything less wants a person (`investigate`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.outputs.direction import SPLITS, base_name
from tasks.rules.registry.facts import ModelFacts, ModelMetric
from tasks.rules.registry.lifecycle import State
from tasks.rules.registry.paired import ACCURACY_MARGIN, ALPHA, ERROR_MARGIN, MIN_ROWS, Difference, PairedTest

PRIMARY_ORDER = (
    "f1", "roc_auc", "pr_auc", "balanced_accuracy", "accuracy", "rmse", "mse", "mae", "r2", "mape", "log_loss", "average_precision",
    "map", "iou", "bleu", "wer", "perplexity", "loss",
)  # fmt: skip
"""Which metric decides when none is named: the first of these that both models have. Metrics of held-out data come first."""
CLEAR_PROPORTION = 0.05
"""Metrics between 0 and 1: five points apart are clear without a test. With 400 held-out rows the standard error of an
accuracy is at most 2.5 points, so this is two of them. Our policy."""
CLEAR_RELATIVE = 0.10
"""Other metrics: a tenth of the champion's value apart is clear without a test. Our policy."""
VERSUS = "better than the champion"
Verdict = Literal["promote_b", "reject_b", "investigate"]
Result = Literal["met", "not_met", "open"]
TEST_VERDICTS: dict[Difference, Verdict] = {
    "b_better": "promote_b",
    "a_better": "reject_b",
    "no_difference": "reject_b",
    "too_few_rows": "investigate",
}
RESULTS: dict[Verdict, Result] = {"promote_b": "met", "reject_b": "not_met", "investigate": "open"}


class GateCheck(BaseModel):
    """One requirement and how it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requirement: str
    result: Result
    """`open`: nobody can say from the evidence there is."""
    evidence: str


class GateResult(BaseModel):
    """What the gate says of challenger B."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    reasons: tuple[str, ...]
    checks: tuple[GateCheck, ...]
    primary: str | None
    """Name of the metric that decides."""
    paired: PairedTest | None = None

    def allows(self, to: State) -> bool:
        """Approval needs the requirements; production needs the champion beaten as well. Other moves need no gate."""
        if to == "production":
            return self.verdict == "promote_b"
        return to != "approved" or not any(c.result == "not_met" and c.requirement != VERSUS for c in self.checks)

    def evidence(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        paired = {"test": self.paired.test, "p_value": self.paired.p_value, "n": self.paired.n} if self.paired else {}
        return {"verdict": self.verdict, "reasons": list(self.reasons), "primary": self.primary, **paired}


def thresholds() -> dict[str, float]:
    """The policy in force, for the decision record."""
    return {
        "alpha": ALPHA, "min_rows": MIN_ROWS, "accuracy_margin": ACCURACY_MARGIN, "error_margin": ERROR_MARGIN,
        "clear_proportion": CLEAR_PROPORTION, "clear_relative": CLEAR_RELATIVE,
    }  # fmt: skip


def judge_challenger(
    challenger: ModelFacts,
    state: State,
    champion: ModelFacts | None,
    paired: PairedTest | str = "",
    primary: str | None = None,
    intact: str = "",
) -> GateResult:
    """Whether challenger B may replace champion A; `champion` None: there is none, and the requirements alone decide.

    `paired` is the paired test, or why there was none; `intact` says what is wrong with B's files, empty when nothing is.
    """
    checks = list(_requirements(challenger, state, intact))
    metric = primary or choose_primary(challenger, champion)
    test = paired if isinstance(paired, PairedTest) else None
    verdict: Verdict = "promote_b"
    reasons: list[str] = []
    if champion is not None:
        verdict, check = _versus(challenger, champion, paired, metric)
        checks.append(check)
        reasons.append(check.evidence)
    else:
        reasons.append("there is no champion to compare with, so the requirements decide")
    failed = [c for c in checks if c.result == "not_met" and c.requirement != VERSUS]
    if failed:
        return GateResult(
            verdict="reject_b",
            reasons=tuple(c.evidence for c in failed) + tuple(reasons),
            checks=tuple(checks),
            primary=metric,
            paired=test,
        )
    return GateResult(verdict=verdict, reasons=tuple(reasons), checks=tuple(checks), primary=metric, paired=test)


def _requirements(facts: ModelFacts, state: State, intact: str) -> list[GateCheck]:
    contradicted = sorted({c.name for c in facts.claims if c.verdict == "not_reproduced"})
    critical = sorted(set(facts.critical_findings))
    ended = state in ("rejected", "archived")
    return [
        _check("lifecycle", not ended, f"B is {state}", f"B is {state}, which is terminal"),
        _check("files unchanged", not intact, "B's files are those that were registered", intact),
        _check("metrics present", bool(facts.metrics), f"metrics measured: {len(facts.metrics)}", "no metric of B was measured"),
        _check("no impossible metric", not facts.flagged, "none", f"impossible values: {', '.join(sorted(facts.flagged)[:5])}"),
        _check("no critical finding", not critical, "none is open", f"critical findings are open: {', '.join(critical[:5])}"),
        _check("claims hold", not contradicted, "no claim is contradicted", f"claims were not reproduced: {', '.join(contradicted[:5])}"),
    ]


def _check(requirement: str, met: bool, good: str, bad: str) -> GateCheck:
    return GateCheck(requirement=requirement, result="met" if met else "not_met", evidence=good if met else bad)


def choose_primary(challenger: ModelFacts, champion: ModelFacts | None) -> str | None:
    """The metric that decides: of known direction, in both, of held-out data before training's, then by `PRIMARY_ORDER`."""
    names = {m.name for m in challenger.metrics if m.direction != "unknown"}
    if champion is not None:
        names &= {m.name for m in champion.metrics}
    return min(names, key=_rank, default=None)


def _rank(name: str) -> tuple[int, int, str]:
    base = base_name(name)
    split = name.split("_", 1)[0]
    held_out = {"test": 0, "validation": 1, "train": 3}.get(split if split in SPLITS else "", 2)
    return held_out, PRIMARY_ORDER.index(base) if base in PRIMARY_ORDER else len(PRIMARY_ORDER), name


def _versus(b: ModelFacts, a: ModelFacts, paired: PairedTest | str, metric: str | None) -> tuple[Verdict, GateCheck]:
    if not isinstance(paired, PairedTest):
        return _by_points(b, a, metric, paired)
    verdict = TEST_VERDICTS[paired.answer]
    ours, theirs = _value(b.metrics, metric), _value(a.metrics, metric)
    if verdict == "promote_b" and ours and theirs and _gain(ours, theirs) < 0:
        told = f"{paired.sentence}, but its {ours.name} is worse: {ours.value:.6g}, of A {theirs.value:.6g}"
        return "investigate", GateCheck(requirement=VERSUS, result="open", evidence=told)
    stays = "; the champion stays" if paired.answer == "no_difference" else ""
    return verdict, GateCheck(requirement=VERSUS, result=RESULTS[verdict], evidence=paired.sentence + stays)


def _by_points(b: ModelFacts, a: ModelFacts, metric: str | None, why: str) -> tuple[Verdict, GateCheck]:
    ours, theirs = _value(b.metrics, metric), _value(a.metrics, metric)
    point = f"only point metrics were compared ({why or 'no predictions on the same held-out rows were kept'})"
    if ours is None or theirs is None:
        return "investigate", GateCheck(requirement=VERSUS, result="open", evidence=f"{point}; no metric of known direction is in both")
    gain = _gain(ours, theirs)
    told = f"{point}: {ours.name} of B {ours.value:.6g}, of A {theirs.value:.6g}"
    if a.held_out and b.held_out and a.held_out != b.held_out:
        return "investigate", GateCheck(requirement=VERSUS, result="open", evidence=f"{told}, but measured on different held-out data")
    if base_name(ours.name) == "loss" or ours.name.startswith("train_"):
        return "investigate", GateCheck(
            requirement=VERSUS,
            result="open",
            evidence=f"{told}, but a loss or a metric of training data decides nothing between two models",
        )
    if not _is_clear(theirs, ours):
        how = "equal" if gain == 0 else f"{'better' if gain > 0 else 'worse'}, but not clearly"
        return "investigate", GateCheck(requirement=VERSUS, result="open", evidence=f"{told}, {how}")
    better = gain > 0
    check = _check(VERSUS, better, f"{told}, clearly better", f"{told}, clearly worse")
    return ("promote_b" if better else "reject_b"), check


def _is_clear(a: ModelMetric, b: ModelMetric) -> bool:
    """An error between 0 and 1 is no proportion, so only what is better the higher it is counts in points."""
    apart = round(abs(a.value - b.value), 12)
    if b.direction == "higher" and 0 <= a.value <= 1 and 0 <= b.value <= 1:
        return apart >= CLEAR_PROPORTION
    return apart > 0 and apart >= CLEAR_RELATIVE * abs(a.value)


def _gain(b: ModelMetric, a: ModelMetric) -> float:
    """Above 0: B is better."""
    return (b.value - a.value) * (1 if b.direction == "higher" else -1)


def _value(metrics: Sequence[ModelMetric], name: str | None) -> ModelMetric | None:
    return next((m for m in metrics if m.name == name and m.direction != "unknown"), None)
