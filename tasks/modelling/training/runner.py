"""Gives trials' folds to the workers, the view of a fold first, and keeps account of what comes back."""

from __future__ import annotations

import json
import time
from collections import defaultdict

import numpy as np

from tasks.modelling.training.families.family import Size
from tasks.modelling.training.families.registry import FAMILIES
from tasks.modelling.training.fitting import BAGS, Bench, FitJob, ViewJob
from tasks.modelling.training.trials import Trial
from tasks.modelling.training.workers import Done, Workers

PATIENCE = 5.0
"""Times the guessed seconds of a fit."""
PATIENCE_SHARE = 0.15
"""Of the search's time."""
LEAST_PATIENCE_SECONDS = 2.0
END_EARLY_SECONDS = 0.4
"""Before the kill a boosting is asked to end with the trees it has."""


class Runner:
    """One search's use of its workers. `stop` is when the last fit must have ended, Unix seconds."""

    def __init__(self, bench: Bench, workers: Workers, stop: float, hurried: bool = True) -> None:
        """Not `hurried`: a fit has all the time there is, whatever it was guessed to take."""
        self.bench, self.workers, self.stop, self._hurried = bench, workers, stop, hurried
        self._began = time.time()
        self._views: dict[str, str] = {}
        self._columns: dict[tuple[str, str], int] = {}
        self._waiting: dict[str, Trial] = {}
        self._ratios: dict[str, list[float]] = defaultdict(list)

    @property
    def free(self) -> bool:
        return self.workers.busy < self.workers.slots

    @property
    def seconds_left(self) -> float:
        return self.stop - time.time()

    def can_start(self, trial: Trial, fold: int) -> bool:
        """Whether nothing it needs is still being made."""
        return self._view_state(trial, fold) in {"done", "missing"}

    def start(self, trial: Trial, fold: int) -> None:
        """Start the fold, or first the view it needs."""
        if self._view_state(trial, fold) == "missing":
            job = ViewJob(trial.configuration.view, trial.configuration.recipe, fold)
            self._views[job.key] = "running"
            self.workers.start(job, self.stop)
            return
        trial.running.add(fold)
        end = self._last_moment(trial)
        fit = FitJob(trial.configuration, fold, self._end_of_boosting(trial, end))
        self._waiting[fit.key] = trial
        self.workers.start(fit, end)

    def wait(self, seconds: float) -> list[Trial]:
        """Trials of which a fold ended, well or not."""
        return [trial for done in self.workers.wait(seconds) for trial in self._account(done)]

    def guess_seconds(self, trial: Trial) -> float:
        """Of one fold: the mean of the folds it has, else by its family, corrected by what was measured."""
        if trial.folds:
            return trial.seconds / len(trial.folds)
        return self._static_seconds(trial) * self._ratio(trial.family)

    def size(self, view: str, recipe: str) -> Size:
        """Of a fold's training matrix; the number of columns is a guess until the view is fitted."""
        problem = self.bench.problem
        columns = self._columns.get((view, recipe), 2 * self.bench.data.frame.shape[1])
        outputs = problem.n_classes if problem.n_classes > 2 else 1
        return Size(int(len(self.bench.data.y) * 0.8), max(1, columns), outputs)

    def _last_moment(self, trial: Trial) -> float:
        """No fit may hold a worker for much longer than guessed, nor for most of the search."""
        if not self._hurried or trial.allowance is not None:
            return self.stop
        patience = max(LEAST_PATIENCE_SECONDS, PATIENCE * self.guess_seconds(trial), PATIENCE_SHARE * (self.stop - self._began))
        return min(self.stop, time.time() + patience)

    def _end_of_boosting(self, trial: Trial, end: float) -> float:
        if not self._hurried:
            return float("inf")
        return end - END_EARLY_SECONDS if trial.allowance is None else min(end - END_EARLY_SECONDS, time.time() + trial.allowance)

    def _account(self, done: Done) -> list[Trial]:
        if isinstance(done.job, ViewJob):
            self._views[done.job.key] = "done" if done.facts else f"failed: {done.error}"
            if done.facts:
                self._columns[done.job.view, done.job.recipe] = done.facts["columns"]
            return []
        trial, fold = self._waiting.pop(done.job.key), done.job.fold
        trial.running.discard(fold)
        if done.facts:
            if not trial.folds:
                self._ratios[trial.family].append(done.facts["seconds"] / max(self._static_seconds(trial), 1e-3))
            trial.folds[fold] = done.facts
        elif done.timeout:
            trial.late = True
        else:
            trial.failure = trial.failure or done.error
        return [trial]

    def _view_state(self, trial: Trial, fold: int) -> str:
        """`done`, `missing`, `running` or `failed: why`; a failed view fails the trial."""
        if trial.configuration.view == "none":
            return "done"
        job = ViewJob(trial.configuration.view, trial.configuration.recipe, fold)
        if job.key not in self._views:
            path = self.bench.store.view(job.recipe, job.view, fold).with_suffix(".json")
            self._views[job.key] = "done" if path.exists() else "missing"
            if path.exists():
                self._columns[job.view, job.recipe] = json.loads(path.read_bytes())["columns"]
        state = self._views[job.key]
        if state.startswith("failed"):
            trial.failure = trial.failure or f"its features could not be made: {state[8:]}"
        return state

    def _static_seconds(self, trial: Trial) -> float:
        family = FAMILIES[trial.family]
        params = trial.configuration.params
        return params.get(BAGS, 1) * family.seconds(params, self.size(trial.configuration.view, trial.configuration.recipe))

    def _ratio(self, family: str) -> float:
        """Measured over guessed seconds: of the family, else of all."""
        known = self._ratios[family] or [ratio for ratios in self._ratios.values() for ratio in ratios]
        return float(np.median(known)) if known else 1.0
