"""Which columns are worth drawing, and how strongly each goes with the target; on a sample, without a model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tasks.evidence.table.facts import TableProfile
from tasks.modelling.plots.sampling import sample_rows
from tasks.rules.building.contract import Contract

ROWS_RANKED = 4_000
COLUMNS_RANKED = 300
LEVELS_SHOWN = 8


@dataclass(frozen=True)
class TableView:
    """The development rows as the plots see them: sampled, the target apart, columns strongest first."""

    frame: pd.DataFrame
    y: NDArray[np.float64]
    profile: TableProfile
    contract: Contract
    rows: int
    """Development rows before sampling."""
    numeric: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    strengths: dict[str, float] = field(default_factory=dict)

    @property
    def is_regression(self) -> bool:
        return self.contract.task == "regression"

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the codes in `y`."""
        known = self.contract.classes
        highest = int(self.y.max()) + 1 if self.y.size and not self.is_regression else 0
        return known + tuple(str(i) for i in range(len(known), highest))


def view_table(frame: pd.DataFrame, y: NDArray[np.generic], profile: TableProfile, contract: Contract, most: int) -> TableView:
    """A view of at most `most` rows. Rows without a target or of length other than `y` are not expected here."""
    rows = sample_rows(len(frame), most)
    part, target = frame.iloc[rows], np.asarray(y, dtype=np.float64).ravel()[rows]
    kinds = {c.name: c.kind for c in profile.columns}
    names = [str(c) for c in part.columns if c != contract.target and part.columns.get_loc(c).__class__ is int]
    numeric = [c for c in names if kinds.get(c) in ("numeric", "boolean") and _is_number(part[c])][:COLUMNS_RANKED]
    categories = [c for c in names if kinds.get(c) in ("category", "boolean") or (kinds.get(c) is None and not _is_number(part[c]))]
    ranked = sample_rows(len(part), ROWS_RANKED)
    strengths = {c: numeric_strength(part[c].to_numpy(dtype=np.float64)[ranked], target[ranked], contract.task) for c in numeric}
    levels = {c: level_strength(part[c].iloc[ranked], target[ranked], contract.task) for c in categories[:COLUMNS_RANKED]}
    return TableView(
        frame=part, y=target, profile=profile, contract=contract, rows=len(frame),
        numeric=tuple(sorted((c for c in numeric if kinds.get(c) != "boolean"), key=lambda c: -strengths[c])),
        categories=tuple(sorted(levels, key=lambda c: -levels[c])), strengths=strengths | levels,
    )  # fmt: skip


def numeric_strength(x: NDArray[np.float64], y: NDArray[np.float64], task: str) -> float:
    """Share 0-1 of the variance of ranks of `x` that the target explains: Spearman's rho squared, or the correlation ratio."""
    seen = np.isfinite(x) & np.isfinite(y)
    if seen.sum() < 3:
        return 0.0
    ranks = pd.Series(x[seen]).rank().to_numpy()
    if task == "regression":
        other = pd.Series(y[seen]).rank().to_numpy()
        spread = ranks.std() * other.std()
        return float((np.mean((ranks - ranks.mean()) * (other - other.mean())) / spread) ** 2) if spread > 0 else 0.0
    return _correlation_ratio(y[seen].astype(np.int64), ranks)


def level_strength(levels: pd.Series, y: NDArray[np.float64], task: str) -> float:
    """Share 0-1 of the target's variance between levels, corrected for their number (adjusted R squared, not below 0).

    Of several classes the largest share among the indicators of each.
    """
    codes, found = pd.factorize(levels, use_na_sentinel=False)
    n, k = len(codes), len(found)
    if n <= k or k < 2:
        return 0.0
    targets = [pd.Series(y).rank().to_numpy()] if task == "regression" else [(y == c).astype(float) for c in np.unique(y)[:20]]
    shares = [_correlation_ratio(codes, t) for t in targets]
    return max(0.0, 1.0 - (1.0 - max(shares, default=0.0)) * (n - 1) / (n - k))


def _correlation_ratio(codes: NDArray[np.int64], values: NDArray[np.float64]) -> float:
    counts = np.bincount(codes)
    present = counts > 0
    means = np.bincount(codes, weights=values)[present] / counts[present]
    total = float(values.var())
    between = float(np.average((means - values.mean()) ** 2, weights=counts[present]))
    return min(between / total, 1.0) if total > 0 else 0.0


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)
