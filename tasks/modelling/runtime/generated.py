"""Features that a language model wrote, when a model needs them to predict: run only where somebody said that the code is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

PREFIX = "generated."
"""Of every column that generated code made: no name it thinks of can be another column's."""
NOT_TRUSTED = (
    "This model needs generated feature code (generated_features_*.py in its folder). Read it, then allow it: predict.py "
    "--trust-generated-code, TRUST_GENERATED_CODE=1 for the service, load_model(..., trust_generated_code=True) in Python."
)


@dataclass(frozen=True)
class GeneratedCode:
    """One piece of code with what it learned."""

    code: str
    """Defines `transform(rows, state)`."""
    state: dict[str, Any]
    """What its `fit` gave, on development rows without a target."""
    reads: tuple[str, ...]
    """Columns it is given, canonical."""
    makes: tuple[tuple[str, str], ...]
    """Name with prefix, and kind: numeric or category."""

    def add_to(self, canonical: pd.DataFrame) -> pd.DataFrame:
        """The rows with its columns; ValueError when the code does not do what it did when it was checked. This runs the code."""
        space: dict[str, Any] = {"__name__": "generated_features"}
        try:
            exec(compile(self.code, "generated_features.py", "exec"), space)
            made = space["transform"](canonical[list(self.reads)].reset_index(drop=True), self.state)
            columns = {name: as_column(made[name.removeprefix(PREFIX)], kind) for name, kind in self.makes}
        except Exception as error:  # whatever a stranger's code raises
            raise ValueError(f"The generated feature code failed: {type(error).__name__}: {str(error)[:200]}") from error
        if any(len(values) != len(canonical) for values in columns.values()):
            raise ValueError("The generated feature code gave another number of rows.")
        return canonical.assign(**{name: pd.Series(v, index=canonical.index, dtype=v.dtype) for name, v in columns.items()})


def as_column(values: Any, kind: str) -> np.ndarray:
    """Canonical values `(n,)`: float64 without infinities, or texts with None."""
    series = pd.Series(values)
    if kind == "numeric":
        numbers = series.to_numpy(dtype=float, na_value=np.nan).copy()
        numbers[~np.isfinite(numbers)] = np.nan
        return numbers
    texts = np.empty(len(series), dtype=object)
    texts[:] = [None if v is None or v is pd.NA or v != v else str(v) for v in series.to_numpy(dtype=object)]
    return texts


def source_columns(read: Sequence[str], generated: Sequence[GeneratedCode]) -> set[str]:
    """Columns of the table that a model must be given when it reads these."""
    made = {name for one in generated for name, _ in one.makes}
    return {c for c in read if c not in made} | {c for one in generated for c in one.reads}
