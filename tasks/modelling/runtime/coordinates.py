"""Latitude and longitude turned, as distances to centres of the training rows, and as the target of the neighbourhood."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.step import INNER_FOLDS, Step, TrainingRows

CENTRES = 8
NEIGHBOURS = 12
STORED_POINTS = 20_000
ANGLES = (30.0, 45.0, 60.0)


class Coordinates(Step):
    """Kilometres on a flat map around the middle of the training rows: right within a country, rough across a continent.

    The mean target of the nearest training rows is cross-fitted: a training row's neighbours are of other inner folds.
    """

    def __init__(self, latitude: str, longitude: str, neighbourhood: bool) -> None:
        self.latitude = latitude
        self.longitude = longitude
        self.neighbourhood = neighbourhood

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        latitude, longitude = columns.numbers(self.latitude), columns.numbers(self.longitude)
        present = ~(np.isnan(latitude) | np.isnan(longitude))
        self.middle = np.array([np.median(v[present]) if present.any() else 0.0 for v in (latitude, longitude)])
        points = self._points(columns)
        self.centres = _centres(points[present], training.seed)
        names = [f"{self.latitude} and {self.longitude} turned {a:.0f}°" for a in ANGLES]
        names += [f"distance to centre {i}" for i in range(len(self.centres))]
        made = self._shape(points)
        if self.neighbourhood:
            names += [f"target of the neighbourhood {n}".rstrip() for n in training.target_names]
            made = np.hstack([made, self._learn_neighbourhood(points, present, training)])
        self._tell(names, self.latitude)
        return made

    def transform(self, columns: Columns) -> np.ndarray:
        points = self._points(columns)
        made = self._shape(points)
        return np.hstack([made, self._neighbourhood(points)]) if self.neighbourhood else made

    def _points(self, columns: Columns) -> np.ndarray:
        """(n_rows, 2) kilometres north and east of the middle, where the middle stands in for a missing coordinate."""
        north = columns.numbers(self.latitude) - self.middle[0]
        east = (columns.numbers(self.longitude) - self.middle[1]) * np.cos(np.radians(self.middle[0]))
        return np.nan_to_num(np.column_stack([north, east]) * 111.2)

    def _shape(self, points: np.ndarray) -> np.ndarray:
        turned = [points[:, 0] * np.cos(a) + points[:, 1] * np.sin(a) for a in np.radians(ANGLES)]
        away = [np.hypot(points[:, 0] - c[0], points[:, 1] - c[1]) for c in self.centres]
        return np.column_stack([*turned, *away])

    def _learn_neighbourhood(self, points: np.ndarray, present: np.ndarray, training: TrainingRows) -> np.ndarray:
        from scipy.spatial import cKDTree

        kept = np.flatnonzero(present)
        if kept.size > STORED_POINTS:
            kept = np.sort(np.random.default_rng(training.seed).choice(kept, STORED_POINTS, replace=False))
        self.points, self.values = points[kept], training.targets[kept]
        self.overall = training.targets.mean(axis=0)
        made = np.tile(self.overall, (len(points), 1))
        for fold in range(INNER_FOLDS):
            rows = np.flatnonzero(training.folds == fold)
            outside = training.folds[kept] != fold
            if rows.size and outside.any():
                made[rows] = _mean_of_nearest(cKDTree(self.points[outside]), self.values[outside], points[rows])
        return made

    def _neighbourhood(self, points: np.ndarray) -> np.ndarray:
        from scipy.spatial import cKDTree

        if not len(self.points) or not len(points):
            return np.tile(self.overall, (len(points), 1))
        tree = self.__dict__.get("_tree")
        if tree is None:
            tree = self.__dict__["_tree"] = cKDTree(self.points)
        return _mean_of_nearest(tree, self.values, points)

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k != "_tree"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _mean_of_nearest(tree: Any, values: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Mean of the nearest values, nearer ones weighing more: 1 / (1 km + distance)."""
    nearest = min(NEIGHBOURS, len(values))
    distances, which = tree.query(points, k=[*range(1, nearest + 1)])
    weights = 1.0 / (1.0 + distances)
    return (values[which] * weights[:, :, None]).sum(axis=1) / weights.sum(axis=1)[:, None]


def _centres(points: np.ndarray, seed: int) -> np.ndarray:
    """Centres by a few rounds of k-means on at most 2,000 points, in a fixed order."""
    if len(points) < 10 * CENTRES:
        return np.zeros((0, 2))
    random = np.random.default_rng(seed)
    sample = points[random.choice(len(points), min(2000, len(points)), replace=False)]
    centres = sample[:1]
    for _ in range(CENTRES - 1):
        away = ((sample[:, None] - centres[None]) ** 2).sum(axis=2).min(axis=1)
        centres = np.vstack([centres, sample[random.choice(len(sample), p=away / away.sum()) if away.sum() > 0 else 0]])
    for _ in range(10):
        nearest = ((sample[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array([sample[nearest == i].mean(axis=0) if (nearest == i).any() else centres[i] for i in range(CENTRES)])
    return np.unique(centres, axis=0)
