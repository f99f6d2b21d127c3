"""The target as a sum, difference, product or ratio of a few columns, exactly in most rows.

A least absolute deviation fit (iteratively reweighted least squares, Schlossmacher 1973) finds the identity that most rows obey though
some do not. A column with a plus sign beside others with a minus contains the target, as a total contains a tip: it alone is the leak.
Where all signs are plus, the target is the total and every part leaks. Products are sums of logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.evidence.leaks.columns import Column, Floats, Table
from tasks.evidence.leaks.facts import LeakSuspect

MOST_FITTED, MOST_PARTS, ROWS_FITTED = 60, 10, 2500
FEWEST_ROWS, FEWEST_VALUES = 40, 15
KNOWN_SHARE = 0.5
PROMISING = 0.5
"""R2 of the plain fit below which no identity is sought."""
ROUNDS = 12
EXACT_SHARE = 0.95
"""Share of rows that obey a certain identity."""
NEAR_ONE = (0.12, 0.65)
"""How far a coefficient may lie from its simple value before it is set to it, the closer first: what is left over then decides."""
MATTERS = 0.02
"""Share of the target's spread below which a coefficient is left out."""
OFFSETS, OFFSET_SHARE, OFFSET_ROOM = 12, 0.9, 4.0
"""An identity up to a few fixed amounts, as fees: so many leave over so large a share, in so much wider a range than they fill."""
ANY_WEIGHTS = 4
"""More columns with weights that are no simple numbers are taken for a model of the target, not its definition."""


@dataclass(frozen=True)
class Identity:
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    weights: tuple[float, ...]
    share: float
    """Share of rows that obey it, 0-1."""
    offsets: int
    """0: a constant; otherwise so many fixed amounts are left over."""
    rows: int


def find_sum(table: Table) -> Identity | None:
    """Of a regression, by all its numbers."""
    columns = _screen([c for c in table.numeric if c.name not in table.moments], table.y)
    if not columns or len(np.unique(table.y)) < FEWEST_VALUES:
        return None
    x, rows = _matrix(columns)
    y = table.y[rows]
    if len(y) < FEWEST_ROWS or y.std() == 0:
        return None
    fit = _Fit([c.name for c in columns], x, y)
    return fit.simple() or fit.weighted()


def find_product(table: Table) -> Identity | None:
    """Of a target that is never zero, by columns that are never zero, in most rows."""
    if (table.y > 0).mean() < 0.9:
        return None
    usable = [c for c in table.numeric if c.name not in table.moments and c.values is not None and (c.values > 0).mean() >= 0.9]
    positive = table.y > 0
    for column in usable:
        assert column.values is not None
        positive &= ~(column.values <= 0)
    if positive.sum() < max(FEWEST_ROWS, 0.5 * table.rows):
        return None
    kept = np.flatnonzero(positive)
    y = table.y[kept]
    logs = [Column(c.name, np.log(c.values[kept]), None) for c in usable if c.values is not None]
    columns = _screen(logs, np.log(y))
    if len(columns) < 2 or len(np.unique(y)) < FEWEST_VALUES:
        return None
    x, rows = _matrix(columns)
    fit = _Fit([c.name for c in columns], x, np.log(y[rows]), rounding=_resolution(y) / np.abs(y[rows]))
    return fit.powers()


def _screen(columns: list[Column], y: Floats) -> list[Column]:
    """Those most correlated with the target, known in most rows."""
    scored = []
    centred = y - y.mean()
    for column in columns:
        assert column.values is not None
        known = ~column.missing
        if known.mean() < KNOWN_SHARE:
            continue
        x = np.where(known, column.values, 0.0)
        if x.std() > 0:
            scored.append((abs(float(np.mean((x - x.mean()) * centred))) / float(x.std()), column))
    scored.sort(key=lambda s: -s[0])
    return [c for _, c in scored[:MOST_FITTED]]


def _matrix(columns: list[Column]) -> tuple[Floats, np.ndarray]:
    """Rows where nothing is missing; where too few are left, missing parts count as zero."""
    x = np.column_stack([c.values for c in columns])  # type: ignore[misc]
    whole = ~np.isnan(x).any(axis=1)
    rows = np.flatnonzero(whole) if whole.sum() >= max(FEWEST_ROWS, 0.5 * len(x)) else np.arange(len(x))
    return np.nan_to_num(x[rows]), rows


def _resolution(values: Floats) -> float:
    """The last decimal in use: 0.01 for prices; 0 when there is none up to six."""
    some = values[:2000]
    for decimals in range(7):
        if np.mean(np.abs(some - np.round(some, decimals)) < 1e-9 * np.maximum(1, np.abs(some))) > 0.999:
            return float(10.0**-decimals)
    return 0.0


class _Fit:
    """One least absolute deviation fit and what can be read from its coefficients."""

    def __init__(self, names: list[str], x: Floats, y: Floats, rounding: Floats | None = None) -> None:
        step = max(1, len(y) // ROWS_FITTED)
        self.names, self.x, self.y = names, x, y
        self.rounding = rounding
        self.spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
        self.unit = float(y.std()) or 1.0
        self.coefficients, self.r2 = self._fit(x[::step], y[::step])

    def _fit(self, x: Floats, y: Floats) -> tuple[Floats, float]:
        """Coefficients in raw units, and R2 of the plain fit."""
        z = np.column_stack([(x - x.mean(axis=0)) / self.spread, np.ones(len(y))])
        target = (y - y.mean()) / self.unit
        beta = np.linalg.lstsq(z, target, rcond=1e-10)[0]
        residual = target - z @ beta
        r2 = 1 - float((residual**2).mean()) / (float((target**2).mean()) or 1.0)
        if r2 < PROMISING:
            return beta[:-1] * self.unit / self.spread, r2
        for _ in range(ROUNDS):
            weight = 1 / np.sqrt(np.maximum(np.abs(residual), 1e-7))
            beta = np.linalg.lstsq(z * weight[:, None], target * weight, rcond=1e-10)[0]
            residual = target - z @ beta
        return beta[:-1] * self.unit / self.spread, r2

    def _support(self) -> list[int]:
        strength = np.abs(self.coefficients) * self.spread / self.unit
        return [int(i) for i in np.argsort(-strength) if strength[i] > MATTERS]

    def simple(self) -> Identity | None:
        """All weights plus or minus one, or all the same, as of a mean."""
        if self.r2 < PROMISING:
            return None
        support = self._support()
        options = []
        for near in NEAR_ONE:
            ones = [i for i in support if abs(abs(self.coefficients[i]) - 1) <= near]
            options.append((ones, np.sign(self.coefficients[ones])))
        if support:
            size = float(np.median(np.abs(self.coefficients[support])))
            alike = [i for i in support if abs(abs(self.coefficients[i]) - size) <= 1e-3 * size]
            options.append((alike, np.sign(self.coefficients[alike]) * size))
        for chosen, weights in options:
            if 1 <= len(chosen) <= MOST_PARTS and (found := self._judge(chosen, np.asarray(weights), with_offsets=True)):
                return found
        return None

    def weighted(self) -> Identity | None:
        """Few columns with any weights, without a remainder."""
        support = self._support()
        if self.r2 < 0.99 or not 1 <= len(support) <= ANY_WEIGHTS:
            return None
        return self._judge(support, self.coefficients[support], with_offsets=False)

    def powers(self) -> Identity | None:
        """Whole or half powers of logarithms, without a remainder."""
        if self.r2 < 0.97:
            return None
        chosen = [i for i in self._support() if abs(self.coefficients[i]) > 0.2]
        powers = np.round(self.coefficients[chosen] * 2) / 2
        if not 2 <= len(chosen) <= MOST_PARTS or np.any(np.abs(powers - self.coefficients[chosen]) > NEAR_ONE[0]) or np.any(powers == 0):
            return None
        return self._judge(chosen, powers, with_offsets=False)

    def _judge(self, chosen: list[int], weights: Floats, *, with_offsets: bool) -> Identity | None:
        left = self.y - self.x[:, chosen] @ weights
        share = self._share_constant(left)
        offsets = 0
        if share < EXACT_SHARE:
            if not with_offsets:
                return None
            share, offsets = self._share_of_few(left)
            if not offsets:
                return None
        plus = tuple(self.names[i] for i, w in zip(chosen, weights) if w > 0)
        minus = tuple(self.names[i] for i, w in zip(chosen, weights) if w < 0)
        return Identity(plus, minus, tuple(float(w) for w in weights), share, offsets, len(left))

    def _share_constant(self, left: Floats) -> float:
        """Share of rows whose remainder is the same, within the rounding of the target."""
        middle = float(np.median(left))
        exact = np.abs(left - middle) <= 1e-6 * self.unit + 1e-9 * np.abs(self.y)
        if self.rounding is not None:
            return float(np.mean(np.abs(left - middle) <= 1e-6 + 0.75 * self.rounding))
        resolution = _resolution(self.y)
        if 0 < resolution <= self.unit / 25:
            exact = exact | (np.abs(left - middle) <= 0.505 * resolution)
        return float(np.mean(exact))

    def _share_of_few(self, left: Floats) -> tuple[float, int]:
        """Share of rows whose remainder is one of a few fixed amounts that lie far apart, and how many; (0, 0) when they are not."""
        resolution = _resolution(left)
        if resolution == 0:
            return 0.0, 0
        values, counts = np.unique(np.round(left / resolution).astype(np.int64), return_counts=True)
        common = np.argsort(-counts)[:OFFSETS]
        share = float(counts[common].sum() / len(left))
        room = float(np.ptp(values[common]) + 1) / len(common)
        many = len(np.unique(self.y)) >= 5 * len(common)
        return (share, len(common)) if share >= OFFSET_SHARE and room >= OFFSET_ROOM and many else (0.0, 0)


def tell_identity(identity: Identity, kind: str) -> str:
    """`casual + registered equals the target in 731 of 731 rows`."""
    sign = (" + ", " - ") if kind == "identity_sum" else (" x ", " / ")
    sizes = {round(abs(w), 6) for w in identity.weights}
    if len(sizes) > 1 and kind == "identity_sum":
        formula = " and ".join((*identity.plus, *identity.minus)) + ", weighed,"
    else:
        formula = sign[0].join(identity.plus) + "".join(f"{sign[1]}{name}" for name in identity.minus)
    held = round(identity.share * identity.rows)
    if identity.offsets:
        return f"{formula} is the target up to {identity.offsets} fixed amounts in {held:,} of {identity.rows:,} rows"
    constant = "equals the target" if sizes == {1.0} else "gives the target, up to a constant,"
    return f"{formula} {constant} in {held:,} of {identity.rows:,} rows"


def blame(identity: Identity, kind: str, earlier: frozenset[str]) -> LeakSuspect | None:
    """The columns to drop; earlier values of the target are never among them."""
    contains = identity.plus if identity.minus and identity.plus else (*identity.plus, *identity.minus)
    guilty = tuple(c for c in contains if c not in earlier)
    if not guilty:
        return None
    return LeakSuspect(
        columns=guilty, kind="identity_sum" if kind == "identity_sum" else "identity_product", score=identity.share,
        evidence=tell_identity(identity, kind), certain=True,
    )  # fmt: skip
