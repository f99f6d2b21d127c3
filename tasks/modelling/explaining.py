"""SHAP values where they are cheap: exact for boosted trees (TreeSHAP, Lundberg et al. 2020), from LightGBM and CatBoost themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tasks.evidence.scores.facts import Candidate
from tasks.modelling.plots.view import Explanation
from tasks.modelling.runtime.boosted import CatBoostModel, LightGBMModel, catboost_pool
from tasks.modelling.training.data import TrainingData
from tasks.modelling.training.store import Store

BOOSTED = ("lightgbm", "catboost")


def explain_member(store: Store, candidates: Sequence[Candidate], data: TrainingData, rows: int) -> Explanation | None:
    """The first boosted candidate's SHAP values on rows of a fold it was not fitted on; None when there is none, or more than two classes."""
    candidate = next((c for c in candidates if c.family in BOOSTED), None)
    if candidate is None or data.n_classes > 2:
        return None
    fold = data.fold_numbers[-1]
    view = store.transformer(store.recipe_of(candidate.id), candidate.view, fold)
    X = view.transform(data.frame.iloc[data.held_rows(fold)[:rows]].reset_index(drop=True))
    values = _contributions(_innermost(store.estimator(candidate.id, fold)), X)
    return None if values is None else Explanation(names=view.feature_names_, values=values, data=X)


def _innermost(estimator: Any) -> Any:
    while hasattr(estimator, "estimator"):
        estimator = estimator.estimator
    return estimator


def _contributions(model: Any, X: np.ndarray) -> np.ndarray | None:
    """`(n, d)`, in the unit of the trees: log-odds, or the target as it was transformed for them."""
    if isinstance(model, LightGBMModel):
        return np.asarray(model.booster_.predict(X, pred_contrib=True, num_threads=1))[:, :-1]
    if isinstance(model, CatBoostModel):
        pool = catboost_pool(X, model.categorical_)
        return np.asarray(model.model_.get_feature_importance(type="ShapValues", data=pool, thread_count=1))[:, :-1]
    return None
