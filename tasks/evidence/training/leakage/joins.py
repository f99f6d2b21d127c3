"""Two possible values of one variable as one, and what a value holds inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tasks.evidence.training.leakage.values import Bundle, Const, Data, Estimator, Instance, Prediction, Score, Unknown

_WIDTH = 40
"""Members of a container that are looked at."""


def join(one: Any, other: Any) -> Any:
    """What holds after either of two branches: the more telling value, data with the taints of both."""
    if one is other or other is None:
        return one
    if one is None:
        return other
    if isinstance(one, Data) and isinstance(other, Data):
        return _join_data(one, other)
    if isinstance(one, Bundle) and isinstance(other, Bundle) and len(one.items) == len(other.items):
        keys = {k: join(one.keys.get(k), other.keys.get(k)) for k in {**one.keys, **other.keys}}
        return Bundle([join(a, b) for a, b in zip(one.items, other.items)], keys, [*one.scores, *other.scores])
    return max((one, other), key=_weight)


def _join_data(one: Data, other: Data) -> Data:
    only = one.only | other.only if one.only is not None and other.only is not None else None
    return one.derive(
        rows=one.rows if one.rows == other.rows else one.rows | other.rows,
        taints=one.taints | other.taints,
        dropped=one.dropped | other.dropped,
        only=only,
        opaque=one.opaque or other.opaque or one.table != other.table,
        derived={**one.derived, **other.derived},
        temporal=one.temporal or other.temporal,
        fresh=one.fresh and other.fresh,
        subset=one.subset or other.subset,
        parent=one.parent or other.parent,
    )


def _weight(value: Any) -> int:
    if isinstance(value, Unknown):
        return 0
    if isinstance(value, Const):
        return 1
    return 3 if isinstance(value, (Data, Estimator, Prediction, Score)) else 2


def members(value: Any, depth: int = 3) -> Iterator[Any]:
    """The value and, for containers, what is in them."""
    yield value
    if isinstance(value, Bundle) and depth:
        for inner in [*value.items[:_WIDTH], *list(value.keys.values())[:_WIDTH]]:
            yield from members(inner, depth - 1)
    elif isinstance(value, Instance) and (held := rows_held(value)) is not None:
        yield held


def rows_held(value: Instance) -> Data | None:
    """The rows that an object of the repository's own data set class gives out."""
    if not value.kind.gives_rows:
        return None
    return next((a for a in value.attributes.values() if isinstance(a, Data)), None)


def data_in(value: Any) -> list[Data]:
    return [v for v in members(value) if isinstance(v, Data)]


def scores_in(value: Any) -> list[Score]:
    """Scores a value is or has gathered."""
    found = []
    for inner in members(value):
        if isinstance(inner, Score):
            found.append(inner)
        elif isinstance(inner, Bundle):
            found.extend(inner.scores)
        elif isinstance(inner, Instance):
            found.extend(s for v in list(inner.attributes.values())[:_WIDTH] if isinstance(v, Bundle) for s in v.scores)
    return found


def text_in(value: Any) -> str | None:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def texts_in(value: Any) -> frozenset[str] | None:
    """The texts of a literal text or list of texts; None when some are not known."""
    if (text := text_in(value)) is not None:
        return frozenset([text])
    if isinstance(value, Bundle) and value.items and all(text_in(i) is not None for i in value.items):
        return frozenset(i.value for i in value.items)
    return None
