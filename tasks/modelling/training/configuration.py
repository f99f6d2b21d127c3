"""One configuration to try, and the problem it is tried on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Origin = Literal["baseline", "portfolio", "tuned", "critic", "generated"]
ViewName = Literal["none", "linear", "tree", "native"]
"""`none`: the model looks at no feature."""


@dataclass(frozen=True)
class Configuration:
    """What is fitted on every fold."""

    family: str
    view: ViewName
    params: dict[str, Any]
    origin: Origin
    recipe: str
    """Digest of the feature recipe."""

    @property
    def id(self) -> str:
        """Stable: the same family, view, parameters and recipe have the same one."""
        content = json.dumps([self.family, self.view, self.params, self.recipe], sort_keys=True)
        return f"{self.family}-{hashlib.sha256(content.encode()).hexdigest()[:10]}"


@dataclass(frozen=True)
class Problem:
    """What a family needs to know besides the rows."""

    task: Literal["binary", "multiclass", "regression"]
    n_classes: int
    """0 for a regression."""
    metric: str
    rows: int
    """Development rows."""
    least: float = 0.0
    greatest: float = 0.0
    """Range of a regression's target."""
    skewed: bool = False
    """A regression's target is never negative and its mean lies far above its median."""
    zeros: float = 0.0
    """Proportion 0-1 of a regression's targets that are exactly 0."""
    rarest: float = 1.0
    """Proportion 0-1 of the rarest class."""
    positive: int = 1
    """Code of a binary task's positive class."""
    shares: tuple[float, ...] = ()
    """Proportion 0-1 of each class by its code, over all development rows."""

    @property
    def absolute(self) -> bool:
        """The metric asks for the middle, not the mean."""
        return self.metric in {"mae", "mape", "median_absolute_error"}


def describe(y: np.ndarray, n_classes: int, task: Literal["binary", "multiclass", "regression"], metric: str, positive: int = 1) -> Problem:
    """The problem of these targets."""
    if task != "regression":
        share = np.bincount(np.asarray(y, dtype=int), minlength=n_classes) / len(y)
        return Problem(
            task, n_classes, metric, len(y), rarest=float(share[share > 0].min()), positive=positive, shares=tuple(map(float, share))
        )
    y = np.asarray(y, dtype=float)
    spread = float(y.std())
    centred = (y - y.mean()) / spread if spread > 0 else y * 0
    zeros = float((y == 0).mean())
    skewed = bool(y.min() >= 0 and float(np.mean(centred**3)) > 1.0)
    return Problem(task, 0, metric, len(y), float(y.min()), float(y.max()), skewed, zeros)
