"""The critic of a build: after each loop, finalize, or go back with one concrete change, by rules over all evidence.

First what ends the loops whatever else is true: nothing trained, the last loop allowed, no time. Then a leak. Then no gain. Then the
symptoms in the order of `SYMPTOMS`, each with the changes that treat it. A change is never made twice. A model may choose among
`options` with `CriticVerdict.choosing`; what a rule forces leaves it no choice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import LoopFacts
from tasks.evidence.scores.metrics import METRICS, gain
from tasks.rules.building import critic_thresholds as limit
from tasks.rules.building.change import CHANGES, Change, ChangeKind, Route
from tasks.rules.building.contract import Contract, Value
from tasks.rules.building.result import Loop
from tasks.rules.building.schedule import LEAST_LOOP_SECONDS

Symptom = Callable[[Contract, LoopFacts], tuple[str, tuple[Change, ...]] | None]


class CriticVerdict(Value):
    """Where the work goes next, and why."""

    route: Route
    reasons: tuple[str, ...]
    """With the numbers, the decisive one first."""
    change: Change | None
    """None when the route is finalize."""
    allowed: tuple[Route, ...]
    """Routes the rules leave open, the rules' own first."""
    options: tuple[Change, ...] = ()
    """Changes a model may choose among, the rules' own first."""
    best_loop: int = 0
    """The loop whose champion is kept: the best since the last leak was dropped."""

    def choosing(self, route: Route, kind: ChangeKind | None = None) -> CriticVerdict | None:
        """The verdict with another allowed route or change; None when the rules do not allow it."""
        if route not in self.allowed:
            return None
        if route == "finalize":
            return self.model_copy(update={"route": route, "change": None})
        fitting = [c for c in self.options if c.route == route and kind in (None, c.kind)]
        return self.model_copy(update={"route": route, "change": fitting[0]}) if fitting else None


def criticize(
    contract: Contract, loops: Sequence[LoopFacts], leaks: Sequence[LeakSuspect], changes_tried: Sequence[Change], max_loops: int,
    seconds_left: float, budget: float, *, dropped: Collection[str] = (), possible: Collection[ChangeKind] = tuple(CHANGES),
) -> CriticVerdict:  # fmt: skip
    """The verdict on the last of `loops`. `seconds_left`: for more loops, the ending not among them; `dropped`: columns already gone."""
    if not loops:
        return _finalize("nothing was trained, so there is nothing to improve", 0)
    best, last = best_loop(contract, loops, changes_tried), loops[-1]
    ended = _end(len(loops), max_loops, seconds_left, budget)
    gone = {*dropped, *(c for change in changes_tried for c in change.columns)}
    leak = _leak(last, leaks, gone)
    if ended:
        unheard = (f"not acted upon: {leak[0]}",) if leak else ()
        return _finalize(ended, best, *_compare_drop(contract, loops, changes_tried), *unheard)
    if leak and "drop_columns" in possible:
        return _go(leak[0], (), [leak[1]], best, forced=True)
    stalled = _stalled(contract, last)
    if stalled:
        return _finalize(stalled, best, *_compare_drop(contract, loops, changes_tried))
    return _treat(contract, loops, changes_tried, possible, best)


def best_loop(contract: Contract, loops: Sequence[LoopFacts], changes_tried: Sequence[Change]) -> int:
    """Number of the best loop; those before a column was dropped as a leak do not count, however well they scored."""
    fresh = max((i + 1 for i, change in enumerate(changes_tried) if change.kind == "drop_columns"), default=0)
    counted = list(loops[fresh:]) or list(loops[-1:])
    return max(counted, key=lambda facts: (gain(contract.metric, facts.estimate.value, 0.0), -facts.loop)).loop


def choose_loop(contract: Contract, loops: Sequence[Loop]) -> Loop:
    """The loop whose champion leaves; ValueError when none was evaluated."""
    done = [loop for loop in loops if loop.facts is not None]
    if not done:
        raise ValueError("no loop was evaluated, so there is no champion")
    facts = [loop.facts for loop in done if loop.facts is not None]
    number = best_loop(contract, facts, [loop.change for loop in done[:-1] if loop.change is not None])
    return next(loop for loop in done if loop.facts is not None and loop.facts.loop == number)


def _finalize(reason: str, best: int, *more: str) -> CriticVerdict:
    return CriticVerdict(route="finalize", reasons=(reason, *more), change=None, allowed=("finalize",), best_loop=best)


def _go(reason: str, more: Sequence[str], options: Sequence[Change], best: int, *, forced: bool = False) -> CriticVerdict:
    routes = tuple(dict.fromkeys(c.route for c in options))
    allowed: tuple[Route, ...] = routes if forced else (*routes, "finalize")
    return CriticVerdict(
        route=options[0].route, reasons=(reason, *more), change=options[0], allowed=allowed, options=tuple(options), best_loop=best
    )


def _end(done: int, max_loops: int, seconds_left: float, budget: float) -> str:
    if done >= max_loops:
        return f"loop {done} was the last of {max_loops} allowed"
    if seconds_left < LEAST_LOOP_SECONDS:
        return f"{max(seconds_left, 0.0):.1f} s of {budget:g} s are left for training, and a loop needs {LEAST_LOOP_SECONDS:g} s"
    return ""


def _leak(last: LoopFacts, leaks: Sequence[LeakSuspect], gone: Collection[str]) -> tuple[str, Change] | None:
    """The suspect with most importance, when it dominates."""
    weight = dict(last.importances)
    shares = [
        (sum(weight.get(c, 0.0) for c in leak.columns), leak) for leak in leaks if not leak.certain and not set(leak.columns) <= set(gone)
    ]
    share, leak = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    if leak is None or share < limit.LEAST_SUSPECT_IMPORTANCE:
        return None
    names = ", ".join(leak.columns)
    reason = f"{names} may know the target ({leak.evidence}) and holds {share:.0%} of the importance"
    return reason, Change(kind="drop_columns", columns=leak.columns, sentence=f"Drop {names} and train again, to compare: {leak.evidence}.")


def _compare_drop(contract: Contract, loops: Sequence[LoopFacts], changes_tried: Sequence[Change]) -> tuple[str, ...]:
    """What each dropped suspect had been worth."""
    found = []
    for i, change in enumerate(changes_tried):
        if change.kind == "drop_columns" and i + 1 < len(loops):
            before, after = loops[i].estimate.value, loops[i + 1].estimate.value
            found.append(
                f"without {', '.join(change.columns)} {contract.metric} is {after:.4g}, with it {before:.4g}: "
                "what a column that may know the target adds is not counted"
            )
    return tuple(found)


def _stalled(contract: Contract, last: LoopFacts) -> str:
    if last.gain is None:
        return ""
    noise = last.noise if last.gain_noise is None else last.gain_noise
    if last.gain > limit.GAIN_ERRORS * noise:
        return ""
    return f"loop {last.loop} changed {contract.metric} by {last.gain:+.4g}, within its noise of {noise:.2g}"


def _treat(
    contract: Contract, loops: Sequence[LoopFacts], changes_tried: Sequence[Change], possible: Collection[ChangeKind], best: int
) -> CriticVerdict:
    """The first untried change for the first symptom; without a symptom a larger search."""
    tried, reasons, options = {c.key for c in changes_tried}, [], []
    for reason, changes in _find(contract, loops[-1]):
        untried = [c for c in changes if c.key not in tried and c.kind in possible]
        reasons.append(reason if untried else f"{reason}; nothing is left to try against it")
        options += untried
    searched = sum(c.kind == "larger_search" for c in changes_tried)
    if "larger_search" in possible:
        last = loops[-1]
        went = f"it gained {last.gain:+.4g}" if last.gain is not None else "the first loop's score may still improve"
        reasons.append(f"there is time for another loop, and {went}")
        options.append(
            Change(
                kind="larger_search",
                amount=searched + 1.0,
                sentence="Search on with new candidates around the best ones, in the time that is left.",
            )
        )
    options = list({c.key: c for c in options}.values())
    if not options:
        return _finalize("; ".join(reasons) or "no change is left to try", best)
    ordered = [r for r in reasons if not r.endswith("against it")] + [r for r in reasons if r.endswith("against it")]
    return _go(ordered[0], ordered[1:], options, best)


def _find(contract: Contract, facts: LoopFacts) -> Iterator[tuple[str, tuple[Change, ...]]]:
    for symptom in SYMPTOMS:
        found = symptom(contract, facts)
        if found is not None:
            yield found


def skill(contract: Contract, facts: LoopFacts) -> float:
    """What the champion gains on the best dummy, in units of the metric; the dummy stands first among the baselines."""
    return gain(contract.metric, facts.estimate.value, facts.baselines[0].value) if facts.baselines else 0.0


def unmet_clause(contract: Contract, facts: LoopFacts) -> tuple[str, tuple[Change, ...]] | None:
    """A demand the out-of-fold rows do not meet, although the threshold was chosen for it."""
    missed = [(text, value) for text, value, _, met in facts.clauses_expected if not met and value is not None]
    if not missed:
        return None
    text, value = missed[0]
    reason = f"`{text}` is not met: {value:.3g} on out-of-fold rows"
    ratio = contract.cost_ratio or 5.0
    weight = Change(
        kind="weight_classes", amount=min(ratio, limit.MOST_WEIGHT), sentence=f"Weigh the positive class {ratio:g} times, since {reason}."
    )
    richer = Change(kind="richer_features", sentence=f"Build richer features, since {reason}.")
    return reason, ((weight, richer) if contract.task == "binary" else (richer,))


def overfit(contract: Contract, facts: LoopFacts) -> tuple[str, tuple[Change, ...]] | None:
    """Training looks far better than new rows, and a candidate that fits half as closely is as good: trees alone may fit perfectly unharmed."""
    gained = skill(contract, facts)
    if facts.overfit_gap is None or facts.overfit_gap <= max(limit.OVERFIT_SHARE * gained, limit.UNDERFIT_ERRORS * facts.noise):
        return None
    if facts.calmer_lead is None or facts.calmer_lead < -limit.CALM_ERRORS * facts.noise:
        return None
    reason = (
        f"the best candidate scores {facts.overfit_gap:.3g} better on rows it was fitted on, more than {limit.OVERFIT_SHARE:.0%} of the "
        f"{gained:.3g} it gains on the dummy, and one that fits half as closely is {facts.calmer_lead:+.3g} from it: it overfits"
    )
    return reason, (
        Change(kind="regularise", sentence=f"Restrict the search to stronger regularisation: {reason}."),
        Change(kind="simplify", sentence=f"Leave out the most flexible candidates: {reason}."),
    )


def underfit(contract: Contract, facts: LoopFacts) -> tuple[str, tuple[Change, ...]] | None:
    """No better than a simple model, and training looks no better than new rows: what the features cannot say, no model finds."""
    simple = facts.baselines[1:]
    gained = skill(contract, facts)
    if not simple or _nearly_perfect(contract, facts):
        return None
    lead = min(gain(contract.metric, facts.estimate.value, b.value) for b in simple)
    gap = facts.overfit_gap or 0.0
    if lead > limit.UNDERFIT_ERRORS * facts.noise or gap > limit.UNDERFIT_GAP_SHARE * max(gained, 0.0) + facts.noise:
        return None
    reason = f"the champion is {lead:+.3g} from the best simple baseline, within {limit.UNDERFIT_ERRORS:g} x noise {facts.noise:.2g}, with a training gap of {gap:.3g}: it underfits"
    return reason, (Change(kind="richer_features", sentence=f"Build richer features: {reason}."),)


def _nearly_perfect(contract: Contract, facts: LoopFacts) -> bool:
    perfect = 0.0 if METRICS[contract.metric].direction == "lower" else 1.0
    span = gain(contract.metric, perfect, facts.baselines[0].value) if facts.baselines else 0.0
    return span <= 0 or skill(contract, facts) >= limit.NEARLY_PERFECT * span


def high_variance(contract: Contract, facts: LoopFacts) -> tuple[str, tuple[Change, ...]] | None:
    """The folds disagree more than chance explains, or there are so few rows that one cut decides too much."""
    bag = Change(kind="bag", amount=float(limit.BAGS), sentence=f"Bag the candidates over {limit.BAGS} seeds.")
    rows, error = facts.estimate.rows, facts.estimate.standard_error
    folds = max(2, facts.folds)
    if facts.fold_spread is not None and error and facts.fold_spread > limit.FOLD_RATIO * error * folds**0.5:
        explained = error * folds**0.5
        return f"scores spread by {facts.fold_spread:.3g} over folds, where {explained:.3g} is chance: high variance", (bag,)
    if 0 < rows < limit.TINY_ROWS:
        return f"{rows} rows are few: one cut into folds decides too much", (bag,)
    return None


def unstable_threshold(contract: Contract, facts: LoopFacts) -> tuple[str, tuple[Change, ...]] | None:
    """The best threshold moves from fold to fold, where labels matter."""
    matters = METRICS[contract.metric].needs == "label" or contract.cost_ratio is not None or bool(contract.clauses)
    if not matters or facts.threshold_spread is None or facts.threshold_spread <= limit.THRESHOLD_SPREAD:
        return None
    reason = f"the best threshold moves by {facts.threshold_spread:.2f} over folds, more than {limit.THRESHOLD_SPREAD:g}: it is unstable"
    return reason, (
        Change(kind="bag", amount=float(limit.BAGS), sentence=f"Bag the candidates over {limit.BAGS} seeds: {reason}."),
        Change(kind="regularise", sentence=f"Restrict the search to stronger regularisation: {reason}."),
    )


SYMPTOMS: tuple[Symptom, ...] = (unmet_clause, overfit, underfit, high_variance, unstable_threshold)
"""In the order in which they are treated."""
