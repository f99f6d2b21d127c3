"""The champion's members fitted once more, the opened sealed rows added, on the same folds and with the rounds the search found.

Each member stays a bag: its model of fold k sees all rows but fold k's, and the rows that were sealed. After a split by time there is
one model instead, of all rows. A member that cannot be finished in time keeps its models of the search.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tasks.evidence.scores.facts import Candidate, Member
from tasks.modelling.runtime.predictor import Part
from tasks.modelling.training.configuration import Configuration
from tasks.modelling.training.data import OPENED, SearchOptions, TrainingData
from tasks.modelling.training.families.registry import FAMILIES
from tasks.modelling.training.fitting import Bench, FitJob, Job, ViewJob
from tasks.modelling.training.store import Store
from tasks.modelling.training.workers import open_workers

ROOM = 1.15
"""Of the seconds a member's fits took in the search, times the share of rows added."""

Fitted = tuple[dict[str, Any], tuple[Part, ...]]


def refit(
    data: TrainingData,
    sealed: pd.DataFrame,
    y_sealed: np.ndarray,
    members: Sequence[Member],
    folder: Path,
    deadline: float,
    groups_sealed: np.ndarray | None = None,
    jobs: int = 2,
) -> Fitted | None:
    """Fitted views by key and the estimators on them, or None when no member could be fitted again by `deadline` (Unix seconds)."""
    from tasks.modelling.assembling import parts_of

    store = Store(folder)
    together, folds = _together(data, sealed, y_sealed)
    chosen = _affordable(members, store, len(together.y) / len(data.y), (deadline - time.time()) * jobs)
    if not chosen:
        return None
    again = _fit_again([_configure(store, member) for member in chosen], together, folds, store, deadline, jobs)
    if not again:
        return None
    views: dict[str, Any] = {}
    parts: list[Part] = []
    for member in members:
        known = again.get(member.id)
        more_views, more_parts = _parts(known, member, folds) if known else parts_of(store, [member], data.model_folds)
        views |= more_views
        parts += more_parts
    return views, tuple(parts)


def _together(data: TrainingData, sealed: pd.DataFrame, y_sealed: np.ndarray) -> tuple[TrainingData, tuple[int, ...]]:
    """Development and opened rows, and the folds to fit: one that holds nothing out after a split by time."""
    frame = pd.concat([data.frame, sealed[list(data.frame.columns)]], ignore_index=True)
    marked = np.concatenate([data.folds.astype(int), np.full(len(sealed), OPENED)])
    both = TrainingData(frame, np.concatenate([data.y, y_sealed]), marked, data.contract, None, data.seed)
    return both, (data.fold_numbers[-1] + 1,) if data.in_time else data.fold_numbers


def _affordable(members: Sequence[Member], store: Store, growth: float, seconds: float) -> list[Member]:
    """By weight, as many as the processor seconds allow."""
    chosen = []
    for member in sorted(members, key=lambda one: -one.weight):
        needed = _candidate(store, member.id).seconds * growth * ROOM
        if needed <= seconds:
            seconds -= needed
            chosen.append(member)
    return chosen


def _candidate(store: Store, id: str) -> Candidate:
    found = store.result(id)
    assert found is not None
    return found


def _configure(store: Store, member: Member) -> tuple[str, Configuration]:
    """The member's configuration with the median of the rounds its folds stopped at."""
    known = _candidate(store, member.id)
    folds = [store.fold(member.id, number) for number in range(len(known.fold_scores) + 1)]
    rounds = np.array([facts["rounds"] for facts in folds if facts and facts["rounds"]])
    params = dict(known.params)
    if FAMILIES[known.family].uses_rounds and len(rounds):
        medians = [max(1, int(value)) for value in np.median(rounds, axis=0)]
        params["rounds"] = medians if known.family == "hurdle" else medians[0]
    return member.id, Configuration(known.family, known.view, params, known.origin, store.recipe_of(member.id))  # type: ignore[arg-type]


def _fit_again(
    members: list[tuple[str, Configuration]], data: TrainingData, folds: tuple[int, ...], store: Store, deadline: float, jobs: int
) -> dict[str, tuple[Store, Configuration]]:
    """Of each member whose folds all ended well, where its models lie."""
    recipes = {c.recipe: store.read_recipe(c.recipe) for _, c in members}
    bench = Bench(data, Store(store.folder / "refit"), recipes)
    views = sorted({(c.view, c.recipe) for _, c in members if c.view != "none"})
    workers = open_workers(bench, SearchOptions(jobs=jobs))
    try:
        view_jobs: list[Job] = [ViewJob(view, recipe, fold) for view, recipe in views for fold in folds]
        if _run_all(workers, view_jobs, deadline) != len(view_jobs):
            return {}
        for _, configuration in members:
            _run_all(workers, [FitJob(configuration, fold, fixed=True) for fold in folds], deadline)
    finally:
        workers.close()
    done = [(id, c) for id, c in members if all(bench.store.fold(c.id, fold) for fold in folds)]
    return {id: (bench.store, configuration) for id, configuration in done}


def _run_all(workers: Any, jobs: Sequence[Job], deadline: float) -> int:
    """How many ended well by then."""
    waiting, well = list(jobs), 0
    while (waiting or workers.busy) and time.time() < deadline:
        while waiting and workers.busy < workers.slots:
            workers.start(waiting.pop(0), deadline)
        well += sum(done.facts is not None for done in workers.wait(0.2))
    return well


def _parts(source: Any, member: Member, folds: tuple[int, ...]) -> Fitted:
    store, configuration = source
    views: dict[str, Any] = {}
    parts = []
    for fold in folds:
        key = f"refit/{configuration.recipe}/{configuration.view}-{fold}"
        views[key] = store.transformer(configuration.recipe, configuration.view, fold)
        estimator = store.estimator(configuration.id, fold)
        parts.append(Part(key, estimator, member.weight / len(folds), f"{member.family} fold {fold}, refitted"))
    return views, tuple(parts)
