"""Whether the model may be shipped, and whether each clause of the contract is met, by what the sealed test says.

Do not ship: nothing was left to learn from, the champion is not better than a model that looks at nothing beyond noise, on the sealed
rows and out of fold alike, or a demand the objective states as a must is not met. Everything else is told and left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import Estimate, LoopFacts, TestFacts
from tasks.evidence.scores.metrics import METRICS, gain
from tasks.evidence.scores.paired import ALPHA
from tasks.rules.building.contract import Clause, ClauseResult, Contract, Value

FEW_ROWS = 100
"""With fewer sealed rows a score says little; it is told. Our policy."""
MUST = re.compile(
    r"\b(must|have to|has to|needs? to|required?|mandatory|never|under no circumstances|only if|do not ship)\b", re.IGNORECASE
)
"""Words that make a demand a must; without one an unmet clause is told, and the model may be shipped."""
_SENTENCE = re.compile(r"[.;!?]\s+|\n")


class Shipping(Value):
    """The verdict of a build."""

    verdict: Literal["ship", "do_not_ship"]
    reasons: tuple[str, ...]
    """The decisive one first."""


def decide_shipping(
    contract: Contract, test: TestFacts | None, clauses: Sequence[ClauseResult] = (), leaks: Sequence[LeakSuspect] = (),
    facts: LoopFacts | None = None,
) -> Shipping:  # fmt: skip
    """`facts`: of the champion's loop, for what was dropped and whether a column was left to learn from."""
    predictors, dropped = (facts.features_in, facts.features_dropped) if facts else (None, ())
    against = [
        *_nothing_left(test, leaks, predictors, dropped),
        *(_not_better(contract, test, facts) if test else []),
        *_musts(contract, clauses),
    ]
    told = _tell(contract, test, clauses, leaks, dropped)
    if against:
        return Shipping(verdict="do_not_ship", reasons=(*against, *told))
    return Shipping(verdict="ship", reasons=told)


def _nothing_left(test: TestFacts | None, leaks: Sequence[LeakSuspect], predictors: int | None, dropped: Sequence[str]) -> list[str]:
    if predictors == 0 and (leaks or dropped):
        return ["every column that could predict gives the target away, so nothing is left to learn from"]
    if predictors == 0:
        return ["no column is left to learn from"]
    return ["the sealed test was not opened, so nothing is known about new data"] if test is None else []


def _not_better(contract: Contract, test: TestFacts, facts: LoopFacts | None) -> list[str]:
    """Two looks must agree, the sealed rows and the out-of-fold rows: chance passes one of them in five builds of a hundred."""
    if not test.beats_baseline:
        if test.p_value is None:
            return ["there is no baseline to compare with"]
        dummy = test.baselines[0].value if test.baselines else None
        return [
            f"{_words(contract.metric)} {test.estimate.value:.4g} is not better beyond noise than {_number(dummy)} of a model that looks "
            f"at nothing: one-sided paired p = {test.p_value:.2g}, and {ALPHA:g} is asked"
        ]
    return _chance(contract, test, facts) if facts is not None else []


def _chance(contract: Contract, test: TestFacts, facts: LoopFacts) -> list[str]:
    """The sealed rows are better than nothing, and the many more out-of-fold rows do not bear it out."""
    higher = contract.direction == "higher"
    worst = facts.estimate.confidence_low if higher else facts.estimate.confidence_high
    if worst is None or not facts.baselines:
        return []
    nothing = max(facts.baselines[0].value, 0.5) if contract.metric == "roc_auc" else facts.baselines[0].value
    if gain(contract.metric, worst, nothing) > 0:
        return []
    return [
        f"out of fold {_words(contract.metric)} {facts.estimate.value:.4g} is not better beyond noise than {nothing:.4g} of a model that "
        f"looks at nothing ({_interval(facts.estimate)}), so {test.estimate.value:.4g} on the sealed rows may be chance"
    ]


def _musts(contract: Contract, clauses: Sequence[ClauseResult]) -> list[str]:
    texts = {c.text for c in contract.clauses if is_must(contract.objective, c)}
    return [f"`{r.text}` is a must and not met: {r.evidence}" for r in clauses if r.met is False and r.text in texts]


def is_must(objective: str, clause: Clause) -> bool:
    """Whether the sentence of the objective that holds the demand says must, or the like."""
    names = {"calibrated": ("calibrat", "probabilit"), "latency": ("ms", "second", "row", "latency")}.get(clause.kind)
    wanted = names or (clause.metric.replace("_", " "), *([] if clause.bound is None else _numbers(clause.bound)))
    return any(MUST.search(s) and any(w in s.lower() for w in wanted) for s in _SENTENCE.split(objective))


def _numbers(bound: float) -> list[str]:
    return [f"{bound:g}", f"{100 * bound:g} %", f"{100 * bound:g}%", f"{100 * bound:g} per"]


def _tell(
    contract: Contract, test: TestFacts | None, clauses: Sequence[ClauseResult], leaks: Sequence[LeakSuspect], dropped: Sequence[str]
) -> tuple[str, ...]:
    told = list(_comparisons(contract, test)) if test else []
    told += [f"`{r.text}` is not met: {r.evidence}" for r in clauses if r.met is False]
    told += [f"`{r.text}` could not be tested: {r.evidence}" for r in clauses if r.met is None]
    kept = [leak for leak in leaks if not leak.certain and not set(leak.columns) <= set(dropped)]
    told += [f"{', '.join(leak.columns)} was kept and may know the target: {leak.evidence}" for leak in kept]
    if test and 0 < test.estimate.rows < FEW_ROWS:
        told.append(f"only {test.estimate.rows} rows were sealed, so the score is uncertain: {_interval(test.estimate)}")
    return tuple(told)


def _comparisons(contract: Contract, test: TestFacts) -> list[str]:
    """The champion against each baseline."""
    found = []
    for name, baseline, p, better in zip(test.baseline_names, test.baselines, test.baseline_p_values, test.baseline_gains):
        # What the champion fails to beat among the dummies is the verdict itself.
        if p is None or better is None or (p == test.p_value and not test.beats_baseline):
            continue
        beaten = better > 0 and p < ALPHA
        word = "better than" if beaten else "not better beyond noise than"
        found.append(
            f"{word} {name}: {_words(contract.metric)} {test.estimate.value:.4g} against {baseline.value:.4g}, one-sided paired p = {p:.2g}"
        )
    return found


def judge_clauses(contract: Contract, test: TestFacts) -> tuple[ClauseResult, ...]:
    """Each clause against the sealed test, by its value; the evidence says how sure that is."""
    judges = {"metric": _judge_metric, "calibrated": _judge_calibration, "latency": _judge_latency}
    return tuple(judges[clause.kind](clause, test) for clause in contract.clauses)


def _judge_metric(clause: Clause, test: TestFacts) -> ClauseResult:
    found = next((e for e in (test.estimate, *test.others) if e.metric == clause.metric), None)
    if found is None or clause.bound is None:
        return ClauseResult(text=clause.text, met=None, evidence=f"{_words(clause.metric)} could not be computed on the sealed rows")
    least = clause.comparison == "at_least"
    met = found.value >= clause.bound if least else found.value <= clause.bound
    end = (found.confidence_low if met else found.confidence_high) if least else (found.confidence_high if met else found.confidence_low)
    sure = end is not None and (end >= clause.bound) == (met == least)
    doubt = "" if sure or end == clause.bound else "; the interval holds the bound, so other rows may say otherwise"
    return ClauseResult(
        text=clause.text,
        met=bool(met),
        evidence=f"{_words(clause.metric)} {found.value:.3g} on {found.rows:,} sealed rows, {_interval(found)}{doubt}",
    )


def _judge_calibration(clause: Clause, test: TestFacts) -> ClauseResult:
    error, noise, bound = test.calibration_error, test.calibration_noise or 0.0, clause.bound or 0.0
    if error is None:
        return ClauseResult(text=clause.text, met=None, evidence="the model gives no probabilities")
    what = f"expected calibration error {error:.3f} on {test.estimate.rows:,} sealed rows"
    if error <= bound:
        return ClauseResult(text=clause.text, met=True, evidence=f"{what}, at most {bound:g} is asked")
    within = f"perfect probabilities stay below {noise:.3f} on so many rows in 95 of 100 samples"
    return ClauseResult(text=clause.text, met=error <= noise, evidence=f"{what}, {bound:g} is asked; {within}")


def _judge_latency(clause: Clause, test: TestFacts) -> ClauseResult:
    if test.milliseconds_per_row is None or clause.bound is None:
        return ClauseResult(text=clause.text, met=None, evidence="the time of a prediction was not measured")
    took = test.milliseconds_per_row
    return ClauseResult(text=clause.text, met=took <= clause.bound, evidence=f"{took:.3g} ms a row, measured in batches on this machine")


def _words(metric: str) -> str:
    return METRICS[metric].title if metric in METRICS else metric


def _interval(estimate: Estimate) -> str:
    return f"95 % confidence interval {_number(estimate.confidence_low)} to {_number(estimate.confidence_high)}"


def _number(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.3g}"
