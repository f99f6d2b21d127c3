"""The finished model: raw rows in, values or class probabilities out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tasks.evidence.table.parsing import apply_schema
from tasks.evidence.table.schema import TableSchema
from tasks.modelling.runtime.generated import NOT_TRUSTED, GeneratedCode

CELLS_AT_ONCE = 16_000_000
"""Features held at a time, over all rows of a chunk: 64 MB in single precision."""
LARGEST_CHUNK = 200_000
NOT_PREDICTORS = ("identifier", "constant", "empty")


@dataclass(frozen=True)
class Part:
    """One fitted estimator of the ensemble."""

    view: str
    """Key of the view it was fitted on."""
    estimator: Any
    """Gives `predict(X)` (n,) for a regression, `predict_proba(X)` (n, n_classes) otherwise."""
    weight: float
    name: str = ""
    """Family and fold, for people."""


@dataclass(frozen=True)
class Predictor:
    """A weighted mean of estimators, each on its view of the table; then the calibrator, then the threshold."""

    schema: TableSchema
    """Of the whole table the model was made from."""
    task: str
    """binary, multiclass or regression."""
    target: str
    columns: tuple[str, ...]
    """What the model reads; a table without one of them is refused, others are ignored."""
    views: dict[str, Any]
    parts: tuple[Part, ...]
    classes: tuple[str, ...] = ()
    """Labels, in the order of the columns of `predict_proba`; empty for a regression."""
    positive: str | None = None
    calibrator: Any = None
    """Gives `transform(prediction)`: of the same shape."""
    threshold: float | None = None
    """Binary: least probability of the positive class that is called positive; None: the likelier class."""
    generated: tuple[GeneratedCode, ...] = ()
    """Code of a language model that makes some of the columns the views read."""
    trusts_generated: bool = False
    """Whether that code may run here; without it raw rows are refused, and rows that hold its columns already are predicted."""
    about: dict[str, Any] = field(default_factory=dict)
    """Small JSON that travels along: objective, metric, score on the sealed test."""

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Values (n,) of a regression; otherwise labels (n,) as text. Raises ValueError for a missing column."""
        return self.predict_canonical(self.canonical(frame))

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        """Probabilities (n, n_classes) that sum to one. Raises ValueError for a missing column and for a regression."""
        return self.predict_proba_canonical(self.canonical(frame))

    def canonical(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The columns the model reads, parsed as they were in training."""
        named = frame if all(isinstance(c, str) for c in frame.columns) else frame.rename(columns=str)
        missing = [c for c in self.columns if c not in named.columns]
        if missing:
            told = ", ".join(f"`{c}`" for c in missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
            raise ValueError(
                f"The rows lack {told}. The model reads {len(self.columns)} columns; a value may be empty, its column may not be missing."
            )
        canonical = apply_schema(named[list(self.columns)], self.read_schema)
        if self.generated and not self.trusts_generated:
            raise ValueError(NOT_TRUSTED)
        for code in self.generated:
            canonical = code.add_to(canonical)
        return canonical

    @property
    def read_schema(self) -> TableSchema:
        """Of `columns` only, in their order."""
        kept = {c.name: c for c in self.schema.columns}
        return TableSchema(columns=tuple(kept[name] for name in self.columns))

    def predict_canonical(self, canonical: pd.DataFrame) -> np.ndarray:
        """Like `predict`, of rows that are parsed already."""
        return self.decide(self.predict_proba_canonical(canonical)) if self.classes else self._scores(canonical)

    def predict_proba_canonical(self, canonical: pd.DataFrame) -> np.ndarray:
        """Like `predict_proba`, of rows that are parsed already."""
        if not self.classes:
            raise ValueError("a regression has no probabilities; use predict")
        return self._scores(canonical)

    def decide(self, probabilities: np.ndarray) -> np.ndarray:
        """Labels (n,) for probabilities (n, n_classes)."""
        labels = np.array(self.classes, dtype=object)
        if self.threshold is None or self.positive is None or len(self.classes) != 2:
            return labels[probabilities.argmax(axis=1)]
        positive = self.classes.index(self.positive)
        return np.where(probabilities[:, positive] >= self.threshold, labels[positive], labels[1 - positive])

    def _scores(self, canonical: pd.DataFrame) -> np.ndarray:
        chunks = [self._chunk(chunk) for chunk in _chunks(canonical, self._width)]
        return np.concatenate(chunks) if len(chunks) > 1 else chunks[0]

    @property
    def _width(self) -> int:
        """Features of all views that are held together."""
        return max([1, *(len(getattr(view, "feature_names_", ())) for view in self.views.values())])

    def _chunk(self, canonical: pd.DataFrame) -> np.ndarray:
        shape = (len(canonical), len(self.classes)) if self.classes else (len(canonical),)
        total = np.zeros(shape)
        if not len(canonical):
            return total
        for key, parts in _by_view(self.parts).items():
            features = self.views[key].transform(canonical)
            for part in parts:
                total += part.weight * self._of(part.estimator, features)
        total /= sum(part.weight for part in self.parts)
        return self._calibrated(total)

    def _of(self, estimator: Any, features: np.ndarray) -> np.ndarray:
        return np.asarray(estimator.predict_proba(features) if self.classes else estimator.predict(features), dtype=float)

    def _calibrated(self, prediction: np.ndarray) -> np.ndarray:
        return prediction if self.calibrator is None else np.asarray(self.calibrator.transform(prediction), dtype=float)


def predictor_columns(schema: TableSchema, target: str, unused: Sequence[str] = ()) -> tuple[str, ...]:
    """Columns a model may read: all but the target, the unused ones and those that are never predictors."""
    return tuple(c.name for c in schema.columns if c.name != target and c.name not in unused and c.kind not in NOT_PREDICTORS)


def _by_view(parts: Sequence[Part]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.view, []).append(part)
    return found


def _chunks(canonical: pd.DataFrame, width: int) -> Iterator[pd.DataFrame]:
    size = max(1, min(LARGEST_CHUNK, CELLS_AT_ONCE // width))
    if len(canonical) <= size:
        yield canonical
        return
    for start in range(0, len(canonical), size):
        yield canonical.iloc[start : start + size]
