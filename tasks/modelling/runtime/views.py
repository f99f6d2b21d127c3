"""The three views of a table: `linear` for linear models, neighbours, kernels and networks; `tree` for forests; `native` for boosting.

linear  dense, scaled, nothing missing; long tails squeezed, categories one-hot.
tree    nothing missing either (median, and an indicator where missing tells something): any scikit-learn estimator takes it.
native  missing is NaN; categories are integer codes for LightGBM and CatBoost, listed in `categorical_`.
Everything is learned in `fit_transform`, on training rows only, and applied row by row: a row gives the same features alone as in a batch.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.copies import copied_texts, without_columns
from tasks.modelling.runtime.recipe import FeatureRecipe
from tasks.modelling.runtime.selection import useful_features
from tasks.modelling.runtime.step import Step, training_rows
from tasks.modelling.runtime.steps_of_view import ViewName, steps_of_view

MOST_FEATURES = {"linear": 300, "tree": 150, "native": 150}
"""Beside the columns as they are: a table of 1,000 numbers keeps them up to MOST_COLUMNS."""
MOST_COLUMNS = 1000
CLIP = 8.0
"""Standard deviations at which a scaled feature is cut: an outlier must not decide a linear model."""


class View:
    """A fitted or unfitted view; scikit-learn style, safe to pickle and to save with skops."""

    def __init__(self, recipe_json: str, view: ViewName, seed: int) -> None:
        self.recipe_json = recipe_json
        self.view = view
        self.seed = seed
        self.steps_: list[Step] = []

    @property
    def recipe(self) -> FeatureRecipe:
        return FeatureRecipe.model_validate_json(self.recipe_json)

    def fit(self, frame: pd.DataFrame, y: np.ndarray) -> View:
        self.fit_transform(frame, y)
        return self

    def fit_transform(self, frame: pd.DataFrame, y: np.ndarray) -> np.ndarray:
        """Features (n_rows, n_features) of the training rows, float32, C-contiguous; target encodings are out of fold."""
        if len(frame) != len(y):
            raise ValueError(f"a view is fitted on as many targets as rows, got {len(y)} targets for {len(frame)} rows")
        recipe = self.recipe
        columns, training = Columns(frame, recipe.derived), training_rows(y, recipe.task, self.seed)
        self.steps_ = steps_of_view(without_columns(recipe, copied_texts(recipe, columns)), self.view)
        made = _together([step.fit_transform(columns, training) for step in self.steps_], len(frame))
        doubtful = np.array([step.doubtful for step in self.steps_ for _ in step.names], dtype=bool)
        self._keep(useful_features(made, doubtful, training.targets, _budget(recipe, self.view)))
        made = made[:, self.kept_]
        self.center_, self.scale_ = self._scaling(made)
        return self._finish(made)

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Features (n_rows, n_features) of other rows, float32, C-contiguous."""
        if not self.steps_:
            raise ValueError("this view is not fitted: call fit_transform on training rows first")
        columns = Columns(frame, self.recipe.derived)
        made = _together([step.transform(columns) for step in self.steps_], len(frame))
        return self._finish(made[:, self.kept_])

    def _keep(self, kept: np.ndarray) -> None:
        names = [name for step in self.steps_ for name in step.names]
        origin = {d.name: d.columns[0] for d in self.recipe.derived}
        sources = [origin.get(source, source) for step in self.steps_ for source in step.sources]
        starts = np.cumsum([0, *(len(step.names) for step in self.steps_)])
        codes = {int(start) + place for start, step in zip(starts, self.steps_) for place in step.categorical}
        unscaled = {int(s) + i for s, step in zip(starts, self.steps_) if step.keep_scale for i in range(len(step.names))}
        self.kept_ = kept
        self.feature_names_: list[str] = [names[i] for i in kept]
        self.source_of_: list[str] = [sources[i] for i in kept]
        self.categorical_: list[int] = [position for position, i in enumerate(kept) if int(i) in codes]
        self.unscaled_: list[int] = [position for position, i in enumerate(kept) if int(i) in unscaled]

    def _scaling(self, made: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        width = made.shape[1]
        if self.view != "linear" or not made.size:
            return np.zeros(width), np.ones(width)
        center, scale = made.mean(axis=0), made.std(axis=0)
        center[self.unscaled_], scale[self.unscaled_] = 0.0, 1.0
        return center, np.where(scale > 0, scale, 1.0)

    def _finish(self, made: np.ndarray) -> np.ndarray:
        if self.view == "linear":
            # In place: of a wide table every copy counts.
            made -= self.center_
            made /= self.scale_
            np.clip(made, -CLIP, CLIP, out=made)
        return np.ascontiguousarray(made, dtype=np.float32)


def make_view(recipe: FeatureRecipe, view: ViewName, seed: int) -> View:
    """An unfitted view of the recipe."""
    return View(recipe.model_dump_json(), view, int(seed))


def _together(parts: list[np.ndarray], rows: int) -> np.ndarray:
    return np.hstack(parts) if parts else np.zeros((rows, 0))


def _budget(recipe: FeatureRecipe, view: ViewName) -> int:
    given = sum("number" in c.steps or "boolean" in c.steps for c in recipe.columns)
    return max(MOST_FEATURES[view], min(given, MOST_COLUMNS))
