"""The view of a model that looks at no column: a dummy."""

from __future__ import annotations

import numpy as np
import pandas as pd


class BlankView:
    """One feature that is always 0."""

    def __init__(self) -> None:
        self.feature_names_: list[str] = []
        self.source_of_: list[str] = []
        self.categorical_: list[int] = []

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """`(n, 1)` zeros."""
        return np.zeros((len(frame), 1), np.float32)
