"""Configurations under way: which folds are finished, what they said, what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tasks.evidence.scores.facts import Candidate
from tasks.modelling.training.configuration import Configuration
from tasks.modelling.training.data import TrainingData
from tasks.modelling.training.judge import Judge
from tasks.modelling.training.store import Store


@dataclass
class Trial:
    """A configuration and what is known of it."""

    configuration: Configuration
    number: int
    """In the order of creation."""
    folds: dict[int, dict[str, Any]] = field(default_factory=dict)
    running: set[int] = field(default_factory=set)
    failure: str = ""
    pruned: str = ""
    late: bool = False
    allowance: float | None = None
    """Seconds a fold's boosting may take, less than it would want; None: what it wants."""
    optuna: Any = None
    """The trial to be told, when it came from Optuna."""
    told: bool = False

    @property
    def id(self) -> str:
        return self.configuration.id

    @property
    def family(self) -> str:
        return self.configuration.family

    @property
    def is_open(self) -> bool:
        return not (self.failure or self.pruned or self.late)

    def missing(self, folds: tuple[int, ...]) -> list[int]:
        """Folds neither finished nor running."""
        return [fold for fold in folds if fold not in self.folds and fold not in self.running]

    def is_done(self, folds: tuple[int, ...]) -> bool:
        return not self.failure and all(fold in self.folds for fold in folds)

    @property
    def seconds(self) -> float:
        return float(sum(facts["seconds"] for facts in self.folds.values()))

    def mean_merit(self) -> float:
        return float(np.mean([self.folds[fold]["merit"] for fold in sorted(self.folds)]))

    def merit_on(self, fold: int) -> float:
        return float(self.folds[fold]["merit"]) if fold in self.folds else float("-inf")


def recall(configuration: Configuration, number: int, store: Store, folds: tuple[int, ...]) -> Trial:
    """A trial with the folds an earlier process finished."""
    trial = Trial(configuration, number)
    for fold in folds:
        facts = store.fold(configuration.id, fold)
        if facts is not None:
            trial.folds[fold] = facts
    known = store.result(configuration.id)
    if known is not None and known.status == "failed":
        trial.failure = known.detail
    return trial


def decide(trial: Trial, loop: int, data: TrainingData, store: Store, judge: Judge, folds: tuple[int, ...]) -> Candidate:
    """The candidate as the record keeps it, with its out-of-fold predictions when all folds are done."""
    oof = None
    facts = [trial.folds[fold] for fold in folds if fold in trial.folds]
    status, detail, score = _status(trial, folds), trial.failure or trial.pruned, None
    if status == "done":
        oof = _out_of_fold(trial, data, store, folds)
        rows = np.isin(data.folds, folds)
        score = judge.score(data.y[rows], oof[rows])
    elif status == "timeout":
        detail = f"{len(facts)} of {len(folds)} folds were finished when the time was up"
    candidate = Candidate(
        id=trial.id,
        loop=loop,
        family=trial.family,
        view=trial.configuration.view,
        params=trial.configuration.params,
        origin=trial.configuration.origin,
        status=status,  # type: ignore[arg-type]
        detail=detail,
        fold_scores=tuple(one["score"] for one in facts),
        score=score,
        train_score=float(np.mean([one["train_score"] for one in facts])) if facts else None,
        seconds=round(trial.seconds, 3),
    )
    known = store.result(trial.id)
    if known is not None and (known.status == "done" or (status != "done" and len(facts) <= len(known.fold_scores))):
        return known
    store.keep(trial.configuration, candidate, oof)
    return candidate


def _status(trial: Trial, folds: tuple[int, ...]) -> str:
    if trial.failure:
        return "failed"
    if trial.is_done(folds):
        return "done"
    return "pruned" if trial.pruned else "timeout"


def _out_of_fold(trial: Trial, data: TrainingData, store: Store, folds: tuple[int, ...]) -> np.ndarray:
    shape = (len(data.y), data.n_classes) if data.n_classes else (len(data.y),)
    oof = np.full(shape, np.nan)
    for fold in folds:
        oof[data.held_rows(fold)] = store.held(trial.id, fold)
    return oof
