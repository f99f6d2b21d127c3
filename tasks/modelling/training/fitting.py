"""The work a worker does: fit the view of a fold, fit one configuration on a fold. Results go to files, facts come back."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from tasks.modelling.runtime.estimators import Clipped, Mean
from tasks.modelling.runtime.recipe import FeatureRecipe
from tasks.modelling.training.configuration import Configuration, Problem, describe
from tasks.modelling.training.data import TrainingData
from tasks.modelling.training.families.boosting import STOPPING_ROWS
from tasks.modelling.training.families.family import Family, Fit
from tasks.modelling.training.families.registry import FAMILIES
from tasks.modelling.training.judge import Judge
from tasks.modelling.training.store import Store, write_array, write_json, write_object

BAGS = "bags"
"""Parameter of any family: the average over so many seeds."""
SEED_STEP = 1000
TRAIN_SCORE_ROWS = 2000
"""Enough to see an overfit gap."""


@dataclass(frozen=True)
class ViewJob:
    """Fit the transformer of a fold and write its matrices."""

    view: str
    recipe: str
    fold: int

    @property
    def key(self) -> str:
        return f"view/{self.recipe}/{self.view}/{self.fold}"


@dataclass(frozen=True)
class FitJob:
    """Fit a configuration on a fold and predict the rows it holds out."""

    configuration: Configuration
    fold: int
    until: float = float("inf")
    """Unix seconds after which boosting ends with the trees it has."""
    fixed: bool = False
    """All rounds of the parameters, no early stopping."""

    @property
    def key(self) -> str:
        return f"fit/{self.configuration.id}/{self.fold}"


Job = ViewJob | FitJob


@dataclass(frozen=True)
class Bench:
    """All a worker needs: the rows, the folder, the recipes by digest."""

    data: TrainingData
    store: Store
    recipes: dict[str, FeatureRecipe]

    @cached_property
    def problem(self) -> Problem:
        contract, n_classes = self.data.contract, self.data.n_classes
        return describe(self.data.y, n_classes, contract.task, contract.metric, Judge.of(contract, n_classes).positive)


def do(job: Job, bench: Bench) -> dict[str, Any]:
    """Facts of the finished job; raises what the fit raises."""
    return _fit_view(job, bench) if isinstance(job, ViewJob) else _fit_fold(job, bench)


def _fit_view(job: ViewJob, bench: Bench) -> dict[str, Any]:
    from tasks.modelling.runtime.views import make_view

    started = time.perf_counter()
    data = bench.data
    train, held = data.training_rows(job.fold), data.held_rows(job.fold)
    view = make_view(bench.recipes[job.recipe], job.view, data.seed)  # type: ignore[arg-type]
    path = bench.store.view(job.recipe, job.view, job.fold)
    fitted = np.ascontiguousarray(view.fit_transform(data.frame.iloc[train], data.y[train]), dtype=np.float32)
    write_array(path.with_suffix(".train.npy"), fitted)
    write_array(path.with_suffix(".held.npy"), np.ascontiguousarray(view.transform(data.frame.iloc[held]), dtype=np.float32))
    write_object(path.with_suffix(".joblib"), view)
    facts = {
        "columns": int(fitted.shape[1]),
        "categorical": [int(column) for column in getattr(view, "categorical_", None) or []],
        "seconds": time.perf_counter() - started,
    }
    write_json(path.with_suffix(".json"), facts)
    return facts


def _fit_fold(job: FitJob, bench: Bench) -> dict[str, Any]:
    started = time.perf_counter()
    configuration, data, problem = job.configuration, bench.data, bench.problem
    train, held = data.training_rows(job.fold), data.held_rows(job.fold)
    X, X_held, categorical = _matrices(bench, configuration, job.fold, len(train), len(held))
    family = FAMILIES[configuration.family]
    stops = family.uses_rounds and len(held) >= STOPPING_ROWS and not job.fixed
    fit = Fit(
        params={name: value for name, value in configuration.params.items() if name != BAGS},
        problem=problem,
        X=X,
        y=data.y[train],
        categorical=categorical,
        validation=(X_held, data.y[held]) if stops else None,
        seed=data.seed * 10 + job.fold,
        until=job.until,
    )
    estimator = _within_range(_fit_seeds(family, fit, configuration.params.get(BAGS, 1)), problem)
    prediction = predict(estimator, X_held, problem.n_classes) if len(held) else np.zeros((0, max(1, problem.n_classes)))
    judge = Judge.of(data.contract, problem.n_classes)
    some = np.random.default_rng(0).permutation(len(train))[:TRAIN_SCORE_ROWS]
    facts = {
        "score": judge.score(data.y[held], prediction) if len(held) else None,
        "merit": judge.merit(data.y[held], prediction) if len(held) else None,
        "train_score": judge.score(data.y[train][some], predict(estimator, X[some], problem.n_classes)),
        "rounds": find_rounds(estimator),
        "ended_early": bool(time.time() > job.until),
        "seconds": time.perf_counter() - started,
    }
    path = bench.store.candidate(configuration.id)
    write_array(path / f"fold-{job.fold}.npy", prediction)
    write_object(path / f"fold-{job.fold}.joblib", estimator)
    write_json(path / f"fold-{job.fold}.json", facts)
    return facts


def _fit_seeds(family: Family, fit: Fit, bags: int) -> Any:
    """One model, or the average of `bags` that differ by their seed; those the time does not allow are left out."""
    if bags <= 1:
        return family.fit(fit)
    fitted: list[Any] = []
    for number in range(bags):
        if not fitted or time.time() < fit.until:
            fitted.append(family.fit(replace(fit, seed=fit.seed + SEED_STEP * number)))
    return Mean(fitted)


def _within_range(estimator: Any, problem: Problem) -> Any:
    """A regression does not predict beyond the targets seen in training."""
    return estimator if problem.n_classes else Clipped(estimator, problem.least, problem.greatest)


def predict(estimator: Any, X: np.ndarray, n_classes: int) -> np.ndarray:
    """`(n,)` values, or `(n, n_classes)` probabilities; ValueError when any is not finite."""
    found = np.asarray(estimator.predict_proba(X) if n_classes else estimator.predict(X), dtype=float)
    if not np.isfinite(found).all():
        raise ValueError("the model predicts NaN or infinite values")
    return found


def find_rounds(estimator: Any) -> list[int]:
    """Rounds of the boosted trees inside, outermost first; empty for other models."""
    if hasattr(estimator, "rounds_"):
        return [int(estimator.rounds_)]
    if hasattr(estimator, "estimators"):
        several = [rounds for one in estimator.estimators if (rounds := find_rounds(one))]
        return [int(value) for value in np.median(several, axis=0)] if several else []
    inner = [getattr(estimator, name) for name in ("estimator", "occurrence", "amount") if hasattr(estimator, name)]
    found = [rounds for one in inner for rounds in find_rounds(one)]
    return found or ([int(estimator.n_iter_)] if type(estimator).__name__.startswith("HistGradient") else [])


def _matrices(
    bench: Bench, configuration: Configuration, fold: int, train: int, held: int
) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    if configuration.view == "none":
        return np.zeros((train, 1), np.float32), np.zeros((held, 1), np.float32), ()
    return read_view(str(bench.store.view(configuration.recipe, configuration.view, fold)))


@lru_cache(maxsize=6)
def read_view(path: str) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Matrices of the fitted and the held rows, mapped from their files, and the columns of codes."""
    import json

    base = Path(path)
    facts = json.loads(base.with_suffix(".json").read_bytes())
    return np.load(base.with_suffix(".train.npy")), np.load(base.with_suffix(".held.npy")), tuple(facts["categorical"])


def save_bench(bench: Bench) -> str:
    """A file in the build's folder, for workers that do not inherit memory."""
    path = bench.store.folder / "views" / f"bench-{'-'.join(sorted(bench.recipes))}.joblib"
    write_object(path, bench)
    return str(path)


@lru_cache(maxsize=2)
def _load_bench(path: str) -> Bench:
    bench: Bench = joblib.load(path)
    return bench


def do_remotely(job: Job, bench_path: str) -> dict[str, Any]:
    """The same job in a worker of Dask or Ray, which must see the build's folder."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return do(job, _load_bench(bench_path))
