"""Columns that give the target almost exactly: alone (in step with it, or by one value each), or a few as a sum or product.

Source of the idea: Kaufman et al., Leakage in data mining (2012): what is too good is usually known only with the target.
The sum of few columns is found by orthogonal matching pursuit (Pati et al., 1993) and checked on every row looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.facts import ColumnProfile, SuspiciousPredictor

if TYPE_CHECKING:
    import pandas as pd

ROWS_LEAST = 30
MONOTONE_LEAST = 0.999
"""Absolute Spearman rank correlation."""
AGREEMENT_LEAST = 0.999
"""Proportion of rows in which the value of the column tells the value of the target."""
R_SQUARED_LEAST = 0.999999
SUM_COLUMNS = 3
"""More columns than this can add up by the freedom of the fit."""
NUMERIC_COLUMNS = 200
MAJORITY_MOST = 0.98
"""A target that nearly always has one value is told by anything."""
ROWS_A_VALUE = 5
"""A column with fewer rows per value memorises."""


def find_suspicious(
    frame: pd.DataFrame, columns: tuple[ColumnProfile, ...], target: str, identifiers: tuple[str, ...]
) -> tuple[SuspiciousPredictor, ...]:
    """Single columns first, then one sum or product; empty for too few rows or a nearly constant target."""
    frame = frame.dropna(subset=[target]) if frame.columns.is_unique else frame
    if len(frame) > limits.PREDICTOR_ROWS:
        frame = frame.iloc[:: -(-len(frame) // limits.PREDICTOR_ROWS)]
    if len(frame) < ROWS_LEAST or not frame.columns.is_unique or _majority(frame[target]) > MAJORITY_MOST:
        return ()
    types = {c.name: c for c in columns if c.distinct is not None and c.distinct > 1}
    if target not in types:
        return ()
    others = [n for n in types if n != target and n not in identifiers]
    single = [found for name in others if (found := _single(frame, types[name], types[target]))]
    numeric = [n for n in others if types[n].type in ("integer", "number", "boolean")][:NUMERIC_COLUMNS]
    if types[target].type not in ("integer", "number") or (types[target].distinct or 0) < 3:
        return tuple(single)
    used = {s.columns[0] for s in single}
    together = _together(frame, [n for n in numeric if n not in used], target)
    return (*single, *([together] if together else []))


def _majority(series: pd.Series) -> float:
    counts = series.value_counts()
    return float(counts.iloc[0] / counts.sum()) if len(counts) else 1.0


def _single(frame: pd.DataFrame, column: ColumnProfile, target: ColumnProfile) -> SuspiciousPredictor | None:
    pair = frame[[column.name, target.name]].dropna()
    if len(pair) < max(ROWS_LEAST, 0.5 * len(frame)) or _majority(pair[target.name]) > MAJORITY_MOST:
        return None
    numeric = all(c.type in ("integer", "number") for c in (column, target)) and (target.distinct or 0) > 2
    if (
        numeric
        and (measure := abs(_rank_correlation(*(pair[n].to_numpy(dtype="float64") for n in (column.name, target.name))))) >= MONOTONE_LEAST
    ):
        return SuspiciousPredictor(
            columns=(column.name,),
            kind="monotone",
            measure=round(measure, 6),
            reason=f"`{column.name}` rises and falls with `{target.name}`",
        )
    if (column.distinct or 0) * ROWS_A_VALUE <= len(pair) and (agreement := _agreement(pair, column.name, target.name)) >= AGREEMENT_LEAST:
        return SuspiciousPredictor(
            columns=(column.name,), kind="one_to_one", measure=round(agreement, 6),
            reason=f"each value of `{column.name}` goes with one value of `{target.name}`",
        )  # fmt: skip
    if (
        column.type in ("integer", "number")
        and target.distinct == 2
        and (share := _separation(pair, column.name, target.name)) >= AGREEMENT_LEAST
    ):
        return SuspiciousPredictor(
            columns=(column.name,),
            kind="monotone",
            measure=round(share, 6),
            reason=f"one threshold on `{column.name}` separates the classes",
        )
    return None


def _rank_correlation(left: np.ndarray, right: np.ndarray) -> float:
    from scipy.stats import rankdata

    finite = np.isfinite(left) & np.isfinite(right)
    if finite.sum() < ROWS_LEAST:
        return 0.0
    a, b = rankdata(left[finite]), rankdata(right[finite])
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / scale) if scale else 0.0


def _agreement(pair: pd.DataFrame, name: str, target: str) -> float:
    """Proportion of rows whose target is the most frequent one among rows with the same value."""
    counts = pair.astype(str).value_counts(sort=True).reset_index(name="rows")
    return float(counts.drop_duplicates(name)["rows"].sum() / counts["rows"].sum())


def _separation(pair: pd.DataFrame, name: str, target: str) -> float:
    """Area under the ROC curve of the column for the two classes, taken in the better direction."""
    from scipy.stats import rankdata

    positive = (pair[target] == pair[target].iloc[0]).to_numpy()
    ranks = rankdata(pair[name].to_numpy(dtype="float64"))
    n, m = positive.sum(), (~positive).sum()
    area = (ranks[positive].sum() - n * (n + 1) / 2) / (n * m) if n and m else 0.5
    return float(max(area, 1 - area))


def _together(frame: pd.DataFrame, names: list[str], target: str) -> SuspiciousPredictor | None:
    y, matrix = _finite(frame, names, target)
    if len(y) < ROWS_LEAST:
        return None
    if found := _sparse_fit(matrix, y):
        chosen, coefficients, measure = found
        told = " + ".join(f"{_factor(c)}{names[i]}" for i, c in zip(chosen, coefficients, strict=True))
        return _suspicious(names, chosen, "linear_sum", measure, f"{told} gives `{target}`")
    positive = [i for i in range(len(names)) if (matrix[:, i] > 0).all()]
    if not (y > 0).all() or len(positive) < 2:
        return None
    logs = np.log(matrix[:, positive])
    if (found := _sparse_fit(logs, np.log(y))) and all(abs(abs(c) - 1) < 1e-3 for c in found[1]):
        told = " × ".join(names[positive[i]] if c > 0 else f"1/{names[positive[i]]}" for i, c in zip(found[0], found[1], strict=True))
        return _suspicious(names, [positive[i] for i in found[0]], "product", found[2], f"{told} gives `{target}`")
    return None


def _suspicious(names: list[str], chosen: list[int], kind: str, measure: float, reason: str) -> SuspiciousPredictor:
    return SuspiciousPredictor(columns=tuple(names[i] for i in chosen), kind=kind, measure=round(measure, 8), reason=reason)


def _factor(coefficient: float) -> str:
    return "" if abs(coefficient - 1) < 1e-6 else f"{coefficient:.4g}·"


def _finite(frame: pd.DataFrame, names: list[str], target: str) -> tuple[np.ndarray, np.ndarray]:
    """Target and columns as floats, over the rows where the target is finite; columns with nulls are zeroed out."""
    y = frame[target].to_numpy(dtype="float64", na_value=np.nan)
    rows = np.isfinite(y)
    matrix = np.zeros((int(rows.sum()), len(names)))
    for i, name in enumerate(names):
        values = frame[name].to_numpy(dtype="float64", na_value=np.nan)[rows]
        if np.isfinite(values).all():
            matrix[:, i] = values
    return y[rows], matrix


def _sparse_fit(matrix: np.ndarray, y: np.ndarray) -> tuple[list[int], list[float], float] | None:
    """At least two columns whose weighted sum is `y` on the rows; None when up to `SUM_COLUMNS` do not suffice."""
    centred = matrix - matrix.mean(axis=0)
    norms = np.sqrt((centred**2).sum(axis=0))
    goal = y - y.mean()
    total = float(goal @ goal)
    if not total or not np.isfinite(total) or not np.isfinite(norms).all():
        return None
    chosen: list[int] = []
    residual = goal
    for _ in range(SUM_COLUMNS):
        pull = np.abs(centred.T @ residual) / np.where(norms > 0, norms, np.inf)
        pull[chosen] = 0
        best = int(pull.argmax()) if pull.size else -1
        if best < 0 or pull[best] <= 0:
            return None
        chosen.append(best)
        coefficients = np.linalg.lstsq(centred[:, chosen], goal, rcond=None)[0]
        residual = goal - centred[:, chosen] @ coefficients
        measure = 1 - float(residual @ residual) / total
        if measure >= R_SQUARED_LEAST:
            return (chosen, [float(c) for c in coefficients], measure) if len(chosen) > 1 and len(y) > 10 * len(chosen) else None
    return None
