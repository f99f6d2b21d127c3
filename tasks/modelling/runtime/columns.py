"""The rows of one table as a view's steps read them: numbers, levels, moments, each read once however many steps ask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tasks.modelling.runtime.derive import derive
from tasks.modelling.runtime.recipe import Derived

MICROSECONDS_A_DAY = 86_400_000_000
NO_MOMENT = np.iinfo(np.int64).min


class Columns:
    """A canonical frame and what is derived of it; reading is lazy and cached, nothing here outlives the call."""

    def __init__(self, frame: pd.DataFrame, derived: Sequence[Derived]) -> None:
        self.rows = len(frame)
        self._frame = frame
        self._derived = {d.name: d for d in derived}
        self._numbers: dict[str, np.ndarray] = {}
        self._levels: dict[str, tuple[np.ndarray, list[str]]] = {}

    def numbers(self, name: str) -> np.ndarray:
        """Float64 (n_rows,) with NaN for missing; an infinite value is missing."""
        if name not in self._numbers:
            values = derive(self._derived[name], self) if name in self._derived else self._given(name)
            values = np.asarray(values, dtype=np.float64)
            self._numbers[name] = values if np.isfinite(values).all() else np.where(np.isfinite(values), values, np.nan)
        return self._numbers[name]

    def levels(self, name: str) -> tuple[np.ndarray, list[str]]:
        """Codes (n_rows,), -1 for missing, and the distinct levels they point at, in the order they appear."""
        if name not in self._levels:
            if name in self._derived:
                self._levels[name] = derive(self._derived[name], self)
            else:
                codes, levels = pd.factorize(self._given(name), use_na_sentinel=True)
                self._levels[name] = (codes, [v if isinstance(v, str) else str(v) for v in levels.tolist()])
        return self._levels[name]

    def moments(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Microseconds since 1970 as int64, and where there is none."""
        values = self._given(name).astype("datetime64[us]").astype(np.int64)
        return values, values == NO_MOMENT

    def _given(self, name: str) -> np.ndarray:
        series = self._frame[name]
        if isinstance(series.dtype, np.dtype) and series.dtype.kind != "O":
            return series.to_numpy()
        return series.to_numpy(dtype=object)
