"""The search of one loop: from configurations to a champion, within its time."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tasks.evidence.scores.facts import Candidate
from tasks.modelling.runtime.recipe import FeatureRecipe
from tasks.modelling.training.champion import choose_champion
from tasks.modelling.training.data import SearchOptions, SearchOutcome, TrainingData
from tasks.modelling.training.ensemble import guess_seconds
from tasks.modelling.training.families.boosting import STOPPING_ROWS
from tasks.modelling.training.families.registry import FAMILIES
from tasks.modelling.training.fitting import BAGS, Bench, FitJob, do
from tasks.modelling.training.judge import Judge
from tasks.modelling.training.portfolio import baselines, choose_haste, portfolio
from tasks.modelling.training.race import Race
from tasks.modelling.training.rounds import Rounds
from tasks.modelling.training.runner import Runner
from tasks.modelling.training.store import Store, write_json
from tasks.modelling.training.trials import Trial, decide
from tasks.modelling.training.tuning import Tuner
from tasks.modelling.training.workers import open_workers

LEAST_ENDING_SECONDS, ENDING_SECONDS = 0.5, 0.3
ENDING_SECONDS_PER_ROW = 2e-5
"""Choosing the ensemble looks at every row of every candidate, beside the selection itself, which is timed."""
CLUSTER_SECONDS = 1.5
"""A cluster of one's own takes to end."""
MOST_ENDING_SHARE = 0.25
"""Of the time there is."""
PATIENCE_SECONDS = 0.2
WINNERS = 6


def search(
    data: TrainingData,
    folder: Path,
    loop: int,
    recipe: FeatureRecipe,
    options: SearchOptions,
    deadline: float,
    on_event: Callable[[dict[str, Any]], None] = lambda event: None,
) -> SearchOutcome:
    """The champion of this loop and those before it, found by `deadline` (Unix seconds); resumes what an earlier process finished.

    Without any time it is the dummy.
    """
    judge = Judge.of(data.contract, data.n_classes)
    bench = Bench(data, Store(folder), {recipe.digest(): recipe})
    bench.store.write_recipe(recipe)
    found = _Finding(bench, judge, loop, on_event, deadline)
    stop = deadline - _ending_seconds(data, judge, options, deadline - time.time())
    workers = open_workers(bench, options)
    try:
        runner = Runner(bench, workers, stop, hurried=options.max_candidates is None)
        strategy = _strategy(runner, recipe.digest(), options, loop)
        _drive(runner, strategy, found)
    finally:
        workers.close()
    _prove_a_dummy(bench, strategy, found)
    found.decide_rest(strategy.trials)
    return found.outcome()


def _ending_seconds(data: TrainingData, judge: Judge, options: SearchOptions, left: float) -> float:
    """Kept back for what follows the last fit: half a second at least, a quarter of the time at most."""
    cluster = CLUSTER_SECONDS if options.executor != "processes" else 0.0
    needed = ENDING_SECONDS + ENDING_SECONDS_PER_ROW * len(data.y) + guess_seconds(data.y, judge) + cluster
    return max(LEAST_ENDING_SECONDS, min(needed, MOST_ENDING_SHARE * left))


def _strategy(runner: Runner, recipe: str, options: SearchOptions, loop: int) -> Race | Rounds:
    problem, data, store = runner.bench.problem, runner.bench.data, runner.bench.store
    winners = _winners(store, loop, runner.bench.data)
    bagged = [(f, {**params, BAGS: options.bags}) for f, params in winners if options.bags > 1 and FAMILIES[f].is_random]
    options = replace(options, first=(*options.first, *winners, *bagged))
    first, rest = baselines(problem, recipe), portfolio(problem, recipe, options, _haste(runner, recipe, options))
    folds = data.fold_numbers

    def tuner() -> Tuner:
        return Tuner(store.folder, loop, recipe, data.seed, options.optuna_storage, fresh=options.max_candidates is not None)

    if options.max_candidates is not None:
        return Rounds(runner, first, rest, folds, tuner, options.max_candidates)
    return Race(runner, first, rest, folds, tuner)


def _winners(store: Store, loop: int, data: TrainingData) -> tuple[tuple[str, dict[str, object]], ...]:
    """The best configurations of earlier loops, at most `WINNERS`, two of a family: new features are tried with them first."""
    judge = Judge.of(data.contract, data.n_classes)
    known = [(judge.merit_of(c.score), c) for c in store.results() if c.loop < loop and c.origin != "baseline" and c.score is not None]
    seen: Counter[str] = Counter()
    chosen = []
    for _, candidate in sorted(known, key=lambda pair: (-pair[0], pair[1].id)):
        seen[candidate.family] += 1
        if seen[candidate.family] <= 2:
            chosen.append((candidate.family, dict(candidate.params)))
    return tuple(chosen[:WINNERS])


def _haste(runner: Runner, recipe: str, options: SearchOptions) -> float:
    """1 without a deadline that presses, so that such a result is the same everywhere; once for a recipe, so that no loop repeats another."""
    if options.max_candidates is not None:
        return 1.0
    kept = runner.bench.store.folder / "views" / recipe / "haste.json"
    if not kept.exists():
        one = FAMILIES["lightgbm"].seconds({"learning_rate": 0.05, "rounds": 2000}, runner.size("native", recipe))
        folds = len(runner.bench.data.fold_numbers)
        write_json(kept, choose_haste(one * folds, runner.seconds_left * runner.workers.slots))
    return float(json.loads(kept.read_bytes()))


def _drive(runner: Runner, strategy: Race | Rounds, found: _Finding) -> None:
    """Keeps the workers busy until nothing is left to do or the time is up."""
    for trial in strategy.trials:
        if trial.is_done(found.folds):
            found.decide(trial)
    while time.time() < runner.stop:
        while runner.free and (chosen := strategy.choose()) is not None:
            runner.start(*chosen)
        if not runner.workers.busy:
            return
        for trial in runner.wait(min(PATIENCE_SECONDS, max(0.0, runner.seconds_left))):
            strategy.told(trial)
            if trial.failure or trial.is_done(found.folds):
                found.decide(trial)
    for trial in runner.wait(0.0):
        strategy.told(trial)


def _prove_a_dummy(bench: Bench, strategy: Race | Rounds, found: _Finding) -> None:
    """Where time allowed nothing at all, the dummy, which takes milliseconds, is fitted here: something to judge there always is."""
    if any(candidate.status == "done" for candidate in bench.store.results()):
        return
    dummy = next(trial for trial in strategy.trials if trial.family == "dummy")
    for fold in found.folds:
        dummy.folds[fold] = do(FitJob(dummy.configuration, fold), bench)
    found.decide(dummy)


class _Finding:
    """Candidates as they are decided, told to whoever watches."""

    def __init__(self, bench: Bench, judge: Judge, loop: int, on_event: Callable[[dict[str, Any]], None], deadline: float) -> None:
        self.bench, self.judge, self.loop, self.on_event, self.deadline = bench, judge, loop, on_event, deadline
        self.folds = bench.data.fold_numbers
        self.decided: dict[str, Candidate] = {}

    def decide(self, trial: Trial) -> None:
        if trial.id in self.decided:
            return
        candidate = decide(trial, self.loop, self.bench.data, self.bench.store, self.judge, self.folds)
        self.decided[trial.id] = candidate
        scores = [one.score for one in self.decided.values() if one.score is not None]
        best = (max(scores) if self.judge.higher else min(scores)) if scores else None
        self.on_event(
            {
                "kind": "candidate",
                "id": candidate.id,
                "family": candidate.family,
                "status": candidate.status,
                "score": candidate.score,
                "best": best,
                "number": len(self.decided),
                "seconds_left": round(self.deadline - time.time(), 1),
            }
        )

    def decide_rest(self, trials: list[Trial]) -> None:
        """What was begun and not finished is said to be so; what never began leaves no trace."""
        for trial in trials:
            if trial.folds or trial.failure or trial.pruned or trial.late:
                self.decide(trial)

    def outcome(self) -> SearchOutcome:
        candidates = self.bench.store.results()
        champion = choose_champion(candidates, self.bench.data, self.bench.store, self.judge)
        order = {"dummy": 0, "logistic": 1, "ridge": 1, "tree": 2}
        simple = [c for c in candidates if c.origin == "baseline" and c.status == "done"]
        return SearchOutcome(
            candidates=tuple(candidates),
            members=champion.members,
            oof=champion.oof,
            score=champion.score,
            baselines=tuple(sorted(simple, key=lambda c: (order.get(c.family, 9), c.id))),
            notes=_notes(candidates, self.bench),
        )


def _notes(candidates: list[Candidate], bench: Bench) -> tuple[str, ...]:
    """What a reader should know of how candidates were treated."""
    notes = []
    for status, told in (
        ("timeout", "were not finished in the time given"),
        ("pruned", "were given up after their first fold"),
        ("failed", "failed; the reason stands with each"),
    ):
        count = sum(c.status == status for c in candidates)
        if count:
            notes.append(f"{count} of {len(candidates)} candidates {told}")
    if all((bench.data.folds == fold).sum() >= STOPPING_ROWS for fold in bench.data.fold_numbers):
        notes.append(
            "boosting stopped on the rows its fold held out, which favours it by less than the noise of a fold; the sealed test does not"
        )
    return tuple(notes)
