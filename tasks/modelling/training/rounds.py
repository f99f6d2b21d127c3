"""A search of so many candidates: no deadline presses, nothing depends on what ends first, so the result is exactly reproducible."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tasks.modelling.training.configuration import Configuration
from tasks.modelling.training.families.registry import FAMILIES
from tasks.modelling.training.portfolio import configure
from tasks.modelling.training.runner import Runner
from tasks.modelling.training.trials import Trial, recall
from tasks.modelling.training.tuning import Tuner

ROUND = 4
"""Candidates tuned side by side, whatever the number of workers, so that it does not change the result."""
TUNED_FAMILIES = 3


class Rounds:
    """The portfolio in its order, then rounds of tuned candidates; each is fitted on all folds."""

    def __init__(
        self,
        runner: Runner,
        first: Sequence[Configuration],
        rest: Sequence[Configuration],
        folds: tuple[int, ...],
        tuner: Callable[[], Tuner],
        at_most: int,
    ) -> None:
        self.runner, self.folds, self._at_most = runner, folds, at_most
        self._make_tuner = tuner
        self._tuner: Tuner | None = None
        self._recipe = first[0].recipe
        self.trials: list[Trial] = []
        for configuration in [*first, *rest][:at_most]:
            self._add(configuration)
        self._round: list[Trial] = []

    def choose(self) -> tuple[Trial, int] | None:
        """The next fold in order; None while a round is not complete."""
        if picked := self._pick():
            return picked
        if any(trial.running for trial in self.trials) or self.runner.workers.busy:
            return None
        self._end_round()
        if len(self.trials) >= self._at_most or not self._begin_round():
            return None
        return self._pick() or self.choose()

    def told(self, trial: Trial) -> None:
        """Nothing is decided before the round is complete."""

    def _add(self, configuration: Configuration) -> Trial:
        trial = recall(configuration, len(self.trials), self.runner.bench.store, self.folds)
        self.trials.append(trial)
        return trial

    def _pick(self) -> tuple[Trial, int] | None:
        for trial in self.trials:
            for fold in trial.missing(self.folds) if trial.is_open else ():
                if self.runner.can_start(trial, fold):
                    return trial, fold
        return None

    def _begin_round(self) -> bool:
        done = sorted((t for t in self.trials if t.is_done(self.folds) and FAMILIES[t.family].space), key=lambda t: (-t.mean_merit(), t.id))
        families = list(dict.fromkeys(trial.family for trial in done))[:TUNED_FAMILIES]
        known = {trial.id for trial in self.trials}
        for number in range(min(ROUND, self._at_most - len(self.trials)) if families else 0):
            family = families[number % len(families)]
            self._tuner = self._tuner or self._make_tuner()
            size = self.runner.size(FAMILIES[family].view, self._recipe)
            asked, params = self._tuner.ask(family, size, self.runner.bench.problem)
            configuration = configure((family, params), self._recipe, "tuned")
            if configuration.id in known:
                self._tuner.tell(family, asked, None, None, failed=True)
                continue
            trial = self._add(configuration)
            trial.optuna = asked
            self._round.append(trial)
        return bool(self._round)

    def _end_round(self) -> None:
        for trial in self._round:
            assert self._tuner is not None
            if trial.is_done(self.folds):
                self._tuner.tell(trial.family, trial.optuna, trial.mean_merit(), None)
            else:
                self._tuner.tell(trial.family, trial.optuna, None, None, failed=True)
        self._round = []
