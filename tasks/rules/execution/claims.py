"""What the repository claims against what this run measured."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from tasks.evidence.outputs.direction import base_name, direction_of
from tasks.evidence.outputs.facts import MeasuredMetric
from tasks.evidence.outputs.naming import split_of
from tasks.evidence.outputs.plausible import range_of
from tasks.evidence.project.facts import Claim
from tasks.rules.execution.contract import ClaimResult

RELATIVE_TOLERANCE = 0.02
"""Of the claimed value, for errors and losses: retraining with another seed or library version moves them by a percent or two."""
PROPORTION_TOLERANCE = 0.01
"""For metrics between 0 and 1: one point of a hundred is within a binomial standard error of a test set of 2,500 rows at 0.5,
and below the seed-to-seed spread commonly published for small models."""


def match_claims(claims: Sequence[Claim], metrics: Sequence[MeasuredMetric]) -> list[ClaimResult]:
    """One result for each claim, in their order, against the nearest value this run measured for that metric.

    Candidates are final values and values that are no point of a training curve. A claim that names no split is met by a
    value of any split but training, unless training is all there is.
    """
    return [_match(claim, metrics) for claim in claims]


def _match(claim: Claim, metrics: Sequence[MeasuredMetric]) -> ClaimResult:
    named = [m for m in metrics if base_name(m.name) == base_name(claim.name)]
    ended = [m for m in named if m.is_final or m.step is None]
    candidates = _of_split(claim, ended)
    if not candidates:
        return _not_measured(claim, _why(claim, metrics, bool(ended)))
    tolerance = tolerance_of(claim)
    best = min(candidates, key=lambda m: _distance(m, claim, tolerance))
    difference = _in_unit(best, claim) - claim.value
    verdict, reason = _verdict(claim, best, difference, tolerance)
    return ClaimResult(
        name=claim.name,
        claimed=claim.value,
        unit=claim.unit,
        file=claim.file,
        line=claim.line,
        measured=_in_unit(best, claim),
        measured_at=f"{best.name} at {best.place}",
        difference=difference,
        tolerance=tolerance,
        verdict=verdict,
        reason=reason,
    )


def _distance(metric: MeasuredMetric, claim: Claim, tolerance: float) -> tuple[bool, bool, float, bool]:
    """The nearest value decides whether a claim holds; of those that hold it, a final one is told before a nearer other."""
    away = abs(_in_unit(metric, claim) - claim.value)
    holds = away <= tolerance * (1 + 1e-9)
    return not holds, holds and not metric.is_final, away, not metric.is_final


def tolerance_of(claim: Claim) -> float:
    """How far a measured value may be away, in the claim's unit: half a unit of the last place written, or what training
    varies by, whichever is more.
    """
    if range_of(claim.name)[1] == 1.0:
        varies = PROPORTION_TOLERANCE * (100.0 if _in_percent(claim) else 1.0)
    else:
        varies = RELATIVE_TOLERANCE * abs(claim.value)
    return max(0.5 * 10.0 ** -_decimals(claim), varies)


def _decimals(claim: Claim) -> int:
    """Places after the point as written in the snippet, trailing zeros included; of the value where it does not stand there."""
    for text in re.findall(r"\d{1,20}(?:,\d{3}){0,5}(?:\.\d{1,20})?", claim.snippet):
        if float(text.replace(",", "")) == abs(claim.value):
            return len(text.partition(".")[2])
    plain = f"{claim.value:.12f}".rstrip("0")
    return len(plain.partition(".")[2])


def _in_percent(claim: Claim) -> bool:
    return range_of(claim.name)[1] == 1.0 and (claim.unit == "%" or claim.value > 1)


def _in_unit(metric: MeasuredMetric, claim: Claim) -> float:
    """The measured value in the claim's unit."""
    if range_of(claim.name)[1] != 1.0:
        return metric.value
    value = metric.value / 100 if metric.unit == "%" else metric.value
    return value * 100 if _in_percent(claim) else value


def _of_split(claim: Claim, metrics: Sequence[MeasuredMetric]) -> list[MeasuredMetric]:
    """Values of the split the claim is about: the one its sentence names, else any but training."""
    told = {s for word in re.findall(r"[A-Za-z]{2,12}", claim.snippet[:400]) if (s := split_of(word))}
    wanted = told.pop() if len(told) == 1 else ""
    if wanted == "train":
        return [m for m in metrics if _split(m) == "train"]
    if wanted and (exact := [m for m in metrics if _split(m) == wanted]):
        return exact
    return [m for m in metrics if _split(m) != "train"] or list(metrics)


def _split(metric: MeasuredMetric) -> str:
    return metric.name.removesuffix(base_name(metric.name)).rstrip("_")


def _verdict(
    claim: Claim, best: MeasuredMetric, difference: float, tolerance: float
) -> tuple[Literal["reproduced", "not_reproduced", "better"], str]:
    unit = " points" if _in_percent(claim) else ""
    # A value exactly at the edge is within; binary fractions must not decide that.
    if abs(difference) <= tolerance * (1 + 1e-9):
        return "reproduced", f"within {tolerance:.3g}{unit} of the claim"
    better = {"higher": difference > 0, "lower": difference < 0, "unknown": False}[direction_of(best.name)]
    how = f"{abs(difference):.3g}{unit} {'above' if difference > 0 else 'below'} the claim, more than {tolerance:.3g}{unit}"
    return ("better" if better else "not_reproduced"), how


def _why(claim: Claim, metrics: Sequence[MeasuredMetric], other_split: bool) -> str:
    if not metrics:
        return "this run reported no metric"
    if other_split:
        return f"this run reported {claim.name} only on another split than the claim's"
    names = sorted({base_name(m.name) for m in metrics if m.is_final})[:5]
    return f"this run reported no {claim.name}" + (f", only {', '.join(names)}" if names else "")


def _not_measured(claim: Claim, reason: str) -> ClaimResult:
    return ClaimResult(
        name=claim.name,
        claimed=claim.value,
        unit=claim.unit,
        file=claim.file,
        line=claim.line,
        measured=None,
        difference=None,
        tolerance=tolerance_of(claim),
        verdict="not_measured",
        reason=reason,
    )
