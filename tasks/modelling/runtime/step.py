"""What every step of a view is: learned on training rows, applied row by row to any others.

Attributes are numbers, texts, lists, numpy arrays and objects of this package only, so a fitted step can be saved without pickle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.recipe import RecipeTask

INNER_FOLDS = 5
TARGET_CLASSES = 12
"""Most classes that get an encoding of their own."""


@dataclass(frozen=True)
class TrainingRows:
    """The target of the rows a view is fitted on, as the steps use it; never kept by a step."""

    task: RecipeTask
    targets: np.ndarray
    """(n_rows, n_targets) float64: the value; the positive class as 0 or 1; one column per class."""
    target_names: tuple[str, ...]
    """Empty text where there is one target only."""
    folds: np.ndarray
    """Inner fold of each row, 0 to INNER_FOLDS - 1, for out-of-fold encodings."""
    seed: int


def training_rows(y: np.ndarray, task: RecipeTask, seed: int) -> TrainingRows:
    """Targets and inner folds of `y`: floats of a regression, integer codes of a classification."""
    y = np.asarray(y)
    folds = np.random.default_rng(seed).permutation(y.size) % INNER_FOLDS
    if task == "regression":
        return TrainingRows(task, y.astype(np.float64).reshape(-1, 1), ("",), folds, seed)
    codes = y.astype(np.int64)
    classes, counts = np.unique(codes, return_counts=True)
    if classes.size <= 2:
        return TrainingRows(task, (codes == classes.max(initial=0)).astype(np.float64).reshape(-1, 1), ("",), folds, seed)
    common = np.sort(classes[np.argsort(-counts, kind="stable")[:TARGET_CLASSES]])
    return TrainingRows(task, (codes[:, None] == common[None, :]).astype(np.float64), tuple(str(c) for c in common), folds, seed)


class Step:
    """Gives features by name; `sources` holds the column each is made of, `categorical` the positions of integer codes."""

    names: list[str]
    sources: list[str]
    categorical: list[int]
    keep_scale: bool = False
    """Linear view: features that are 0 to 1, or small on purpose, and are not standardised."""
    doubtful: bool = False
    """Features the view keeps only when they relate to the target on the training rows."""

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        """Features (n_rows, n_features) of the rows learned from; out of fold where the target is used."""
        raise NotImplementedError

    def transform(self, columns: Columns) -> np.ndarray:
        """Features (n_rows, n_features) of other rows."""
        raise NotImplementedError

    def _tell(self, names: list[str], source: str | list[str], categorical: list[int] | None = None) -> None:
        self.names = names
        self.sources = [source] * len(names) if isinstance(source, str) else source
        self.categorical = categorical or []
