"""The race under a deadline: every family shows its first fold, the promising are finished, what time is left goes to tuning."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

from tasks.modelling.training.configuration import Configuration
from tasks.modelling.training.families.registry import FAMILIES
from tasks.modelling.training.portfolio import configure
from tasks.modelling.training.runner import Runner
from tasks.modelling.training.trials import Trial, recall
from tasks.modelling.training.tuning import Tuner

PROBING_SHARE = 0.3
"""Of the time goes first to first folds."""
HOPELESS = 0.5
"""A first fold that reaches less of the way from the dummy to the best is not followed by others."""
REPEATED_FAMILY = 0.02
"""Of that way: what a further candidate of a family must be ahead to go before a first one of another."""
TUNED_FAMILIES = 3
TUNED_PATTERN = (0, 1, 0, 2)
"""Which of the best families is tuned in turn."""
LEAST_SQUEEZED_SECONDS = 0.4
"""For a fold: less gives no trees worth having."""
SQUEEZED_SHARE = 0.6
"""Of a fold's part of the time goes to growing trees, the rest to what comes before and after."""
SUGGESTIONS = 10
"""In a row that are known or do not fit into the time left, and tuning is over."""
LEAST_TUNING_SECONDS = 2.0
"""Loading Optuna takes one of them."""
STAGNATION = 40
"""Tuned candidates without a better best before tuning ends."""


class Race:
    """Chooses what runs next."""

    def __init__(
        self,
        runner: Runner,
        first: Sequence[Configuration],
        rest: Sequence[Configuration],
        folds: tuple[int, ...],
        tuner: Callable[[], Tuner],
    ) -> None:
        self.runner, self.folds = runner, folds
        self.trials: list[Trial] = []
        self.baselines = [self._add(configuration) for configuration in first]
        self._queue = [self._add(configuration) for configuration in rest]
        self._make_tuner = tuner
        self._tuner: Tuner | None = None
        self._tuned = 0
        self._in_vain = 0
        self._best, self._since_best = float("-inf"), 0
        self._began = time.time()
        self._recipe = first[0].recipe

    def choose(self) -> tuple[Trial, int] | None:
        """The next fold to fit; None when nothing that can start now is worth it."""
        picked = self._pick(self.baselines)
        if picked or self.runner.seconds_left <= 0:
            return picked
        probing = time.time() - self._began < PROBING_SHARE * (self.runner.stop - self._began)
        if probing:
            return self._probe() or self._finish() or self._tune()
        return self._finish() or self._probe() or self._tune() or self._squeeze()

    def told(self, trial: Trial) -> None:
        """Account for a finished fold: who is hopeless, what Optuna learns."""
        if trial.optuna is not None and not trial.told:
            self._tell(trial)
        if trial.is_done(self.folds) and trial.mean_merit() > self._best:
            self._best, self._since_best = trial.mean_merit(), 0
        elif trial.optuna is not None and not trial.is_open:
            self._since_best += 1

    def _add(self, configuration: Configuration) -> Trial:
        trial = recall(configuration, len(self.trials), self.runner.bench.store, self.folds)
        self.trials.append(trial)
        return trial

    def _pick(self, trials: Sequence[Trial]) -> tuple[Trial, int] | None:
        for trial in trials:
            for fold in trial.missing(self.folds) if trial.is_open else ():
                if self.runner.can_start(trial, fold):
                    return trial, fold
        return None

    def _probe(self) -> tuple[Trial, int] | None:
        first = self.folds[0]
        for trial in self._queue:
            if trial.is_open and not trial.folds and not trial.running and self._fits(trial) and self.runner.can_start(trial, first):
                return trial, first
        return None

    def _finish(self) -> tuple[Trial, int] | None:
        """A further fold of the most promising candidate."""
        started = [trial for trial in self.trials if trial.is_open and trial.folds and trial.missing(self.folds)]
        for trial in sorted(started, key=self._rank, reverse=True):
            if self._way(trial) < HOPELESS:
                trial.pruned = f"its first fold reached {max(0.0, self._way(trial)):.0%} of the way from the dummy to the best"
            elif self._fits(trial) and (picked := self._pick([trial])):
                return picked
        return None

    def _squeeze(self) -> tuple[Trial, int] | None:
        """Where no boosting fits into the time left, the first one that is begun, or not, with the trees it gets done."""
        boosted = [trial for trial in self.trials if FAMILIES[trial.family].ends_early]
        if any(trial.is_done(self.folds) for trial in boosted):
            return None
        begun = [trial for trial in boosted if trial.folds or trial.running]
        for trial in [one for one in begun or boosted[:1] if one.is_open]:
            rounds = -(-len(trial.missing(self.folds)) // self.runner.workers.slots)
            if rounds and self.runner.seconds_left > LEAST_SQUEEZED_SECONDS * rounds:
                trial.allowance = SQUEEZED_SHARE * self.runner.seconds_left / rounds
                return self._pick([trial])
        return None

    def _rank(self, trial: Trial) -> float:
        ahead = Counter(other.family for other in self.trials if other.is_done(self.folds) or len(other.folds) + len(other.running) > 1)
        started = 1 if len(trial.folds) + len(trial.running) > 1 else 0
        return self._way(trial) - REPEATED_FAMILY * (ahead[trial.family] - started) + 0.01 * started

    def _way(self, trial: Trial) -> float:
        """How far the first fold got from the dummy (0) to the best (1)."""
        first = self.folds[0]
        dummy = self.baselines[0].merit_on(first)
        best = max(other.merit_on(first) for other in self.trials)
        return (trial.merit_on(first) - dummy) / (best - dummy) if best > dummy else 1.0

    def _fits(self, trial: Trial) -> bool:
        """Whether all its folds can be finished beside what has begun."""
        begun = [other for other in self.trials if other is not trial and other.is_open and other.running]
        seconds = sum(self.runner.guess_seconds(other) * len(other.running) * 0.5 for other in begun)
        missing = len(trial.missing(self.folds))
        rounds = -(-missing // self.runner.workers.slots)
        one = self.runner.guess_seconds(trial)
        return max(rounds * one, (seconds + missing * one) / self.runner.workers.slots) < self.runner.seconds_left * 0.95

    def _tune(self) -> tuple[Trial, int] | None:
        open_trials = [trial for trial in self.trials if trial.optuna is not None and trial.is_open and trial.missing(self.folds)]
        if picked := self._pick([trial for trial in open_trials if self._fits(trial)]):
            return picked
        waiting = [trial for trial in self.trials if trial.optuna is not None and trial.is_open and trial.running]
        if self._since_best >= STAGNATION or len(waiting) >= 2 * self.runner.workers.slots:
            return None
        if "optuna" not in sys.modules and self.runner.seconds_left < LEAST_TUNING_SECONDS:
            return None
        while self._in_vain < SUGGESTIONS:
            trial = self._suggest()
            if trial is not None and self._fits(trial) and (picked := self._pick([trial])):
                self._in_vain = 0
                return picked
            self._in_vain += 1
            if trial is not None:
                self._drop(trial)
        return None

    def _drop(self, trial: Trial) -> None:
        """A suggestion that takes longer than there is time."""
        assert self._tuner is not None
        self.trials.remove(trial)
        self._tuner.tell(trial.family, trial.optuna, None, None, failed=True)

    def _suggest(self) -> Trial | None:
        done = sorted((t for t in self.trials if t.is_done(self.folds) and FAMILIES[t.family].space), key=lambda t: (-t.mean_merit(), t.id))
        families = list(dict.fromkeys(trial.family for trial in done))[:TUNED_FAMILIES]
        if not families:
            return None
        family = families[TUNED_PATTERN[self._tuned % len(TUNED_PATTERN)] % len(families)]
        self._tuned += 1
        self._tuner = self._tuner or self._make_tuner()
        size = self.runner.size(FAMILIES[family].view, self._recipe)
        asked, params = self._tuner.ask(family, size, self.runner.bench.problem)
        configuration = configure((family, params), self._recipe, "tuned")
        if any(trial.id == configuration.id for trial in self.trials):
            self._tuner.tell(family, asked, None, None, failed=True)
            return None
        trial = self._add(configuration)
        trial.optuna = asked
        if trial.is_done(self.folds):  # by an earlier loop or process
            self._tell(trial)
            return None
        return trial

    def _tell(self, trial: Trial) -> None:
        assert self._tuner is not None
        first = self.folds[0]
        if trial.failure or trial.late:
            self._tuner.tell(trial.family, trial.optuna, None, None, failed=True)
        elif trial.is_done(self.folds):
            self._tuner.tell(trial.family, trial.optuna, trial.mean_merit(), trial.merit_on(first))
        elif list(trial.folds) == [first] and self._falls_behind(trial):
            trial.pruned = "its first fold was worse than half of its family's"
            self._tuner.tell(trial.family, trial.optuna, None, trial.merit_on(first))
        else:
            return
        trial.told = True

    def _falls_behind(self, trial: Trial) -> bool:
        """After the first fold, as Optuna's median pruner does after each step."""
        first = self.folds[0]
        others = sorted(
            other.merit_on(first) for other in self.trials if other.family == trial.family and other is not trial and other.folds
        )
        return bool(others) and trial.merit_on(first) < others[len(others) // 2]
