"""A fitted view as nodes: the same features, by the same arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tasks.evidence.table.schema import TableSchema
from tasks.modelling.export.onnx.graph import ML, Graph, NotExportable
from tasks.modelling.runtime.bends import Bends
from tasks.modelling.runtime.blank import BlankView
from tasks.modelling.runtime.categories import Counts, NativeCodes, OneHot, OrderedCodes
from tasks.modelling.runtime.groups import GroupStatistics
from tasks.modelling.runtime.interactions import Arithmetic
from tasks.modelling.runtime.levels import Levels
from tasks.modelling.runtime.numbers import MissingIndicators, Numbers
from tasks.modelling.runtime.target_encoding import TargetMean
from tasks.modelling.runtime.views import CLIP, View

REASONS = {
    "Calendar": "dates are taken apart by the calendar",
    "Text": "texts are read word by word",
    "Coordinates": "places are compared with their neighbours",
}


class Columns:
    """The table's columns as values of the graph, each once."""

    def __init__(self, graph: Graph, schema: TableSchema) -> None:
        self.graph = graph
        self._schema = schema
        self._indices: dict[tuple[str, str], str] = {}

    def numbers(self, name: str) -> str:
        """`(n,)` double, NaN for missing."""
        column = self._schema.column(name)
        if column is None:
            raise NotExportable(f"`{name}` is computed from a text, which ONNX cannot do")
        if column.kind not in ("numeric", "boolean"):
            raise NotExportable(f"`{name}` is a {column.kind} read as a number")
        if column.parse != "boolean_text":
            value = self.graph.column(name, "double")
            infinite = self.graph.op("Equal", self.graph.op("Abs", value), self.graph.constant(np.inf))
            return self.graph.op("Where", infinite, self.graph.constant(np.nan), value)
        words = {**dict.fromkeys(spellings(column.true_values), 1.0), **dict.fromkeys(spellings(column.false_values), 0.0)}
        how = {"keys_strings": list(words), "values_floats": list(words.values()), "default_float": float("nan")}
        return self.graph.double(self.graph.op("LabelEncoder", self.graph.column(name, "string"), domain=ML, **how))

    def index(self, name: str, levels: Levels) -> str:
        """`(n,)` int64: number of the level, `size` for missing, `size + 1` for one that training had not seen."""
        key = (name, levels.known)
        if key not in self._indices:
            self._indices[key] = self._look_up(name, levels)
        return self._indices[key]

    def _look_up(self, name: str, levels: Levels) -> str:
        column = self._schema.column(name)
        if column is None:
            raise NotExportable(f"`{name}` is computed from other columns, which ONNX cannot do with texts")
        if column.kind not in ("category", "text"):
            raise NotExportable(f"`{name}` is a {column.kind} read as levels")
        places = {level: place for place, level in enumerate(levels.names())}
        missing = [word for word in ("", *spellings(column.missing)) if word not in places]
        places |= dict.fromkeys(missing, levels.size)
        how = {"keys_strings": list(places), "values_int64s": list(places.values()), "default_int64": levels.size + 1}
        return self.graph.op("LabelEncoder", self.graph.column(name, "string"), domain=ML, **how)


def spellings(words: tuple[str, ...]) -> list[str]:
    """As they are, in capitals, and with the first letter capital: ONNX compares letter by letter."""
    return list(dict.fromkeys(way for word in words for way in (word, word.upper(), word.capitalize())))


def add_view(view: Any, columns: Columns) -> str:
    """Features `(n, n_features)` as float32 values in double precision. Raises NotExportable for a step ONNX cannot do."""
    graph = columns.graph
    if isinstance(view, BlankView):
        raise NotExportable("a part of it looks at no column")
    if not isinstance(view, View):
        raise NotExportable(f"it holds a view of another kind, {type(view).__name__}")
    made = graph.beside([part for part in (_step(step, columns) for step in view.steps_) if part])
    made = graph.pick_columns(made, view.kept_)
    if view.view == "linear":
        made = graph.clip(graph.divide(graph.subtract(made, view.center_), view.scale_), -CLIP, CLIP)
    # Through single precision, as the view hands it on.
    return graph.double(graph.op("Cast", made, to=1))


def _step(step: Any, columns: Columns) -> str:
    """Features of one step; empty when it makes none."""
    if not step.names:
        return ""
    kind = type(step).__name__
    if kind not in _STEPS:
        raise NotExportable(REASONS.get(kind, f"it holds a step of another kind, {kind}"))
    return _STEPS[kind](step, columns)


def _numbers(step: Numbers, columns: Columns) -> str:
    graph = columns.graph
    made = graph.beside([graph.upright(columns.numbers(name)) for name in step.columns])
    if step.fill:
        made = graph.where_missing(made, step.medians)
    if not step.squeezed.any():
        return made
    away = graph.divide(graph.subtract(made, step.medians), step.spreads)
    size = graph.op("Abs", away)
    # asinh by its definition, on the size: ONNX has it in single precision only.
    root = graph.op("Sqrt", graph.add(graph.multiply(size, size), 1.0))
    squeezed = graph.multiply(graph.op("Log", graph.add(size, root)), graph.op("Sign", away))
    return graph.op("Where", graph.constant(step.squeezed, bool), squeezed, made)


def _bends(step: Bends, columns: Columns) -> str:
    graph = columns.graph
    parts = []
    for name, knots in step.knots.items():
        value = graph.where_missing(columns.numbers(name), step.middles[name])
        parts.append(graph.interpolate(value, knots, np.eye(len(knots))[1:]))
    return graph.beside(parts)


def _missing(step: MissingIndicators, columns: Columns) -> str:
    graph = columns.graph
    return graph.beside([graph.upright(graph.double(graph.op("IsNaN", columns.numbers(name)))) for name in step.columns])


def _one_hot(step: OneHot, columns: Columns) -> str:
    size = step.levels.size
    table = np.zeros((size + 2, size + 2))
    table[:size, :size] = np.eye(size)
    if step.has_missing:
        table[size, size + int(step.has_rare)] = 1.0
    if step.has_rare:
        table[size + 1, size] = 1.0
    return columns.graph.pick_rows(table[:, : len(step.names)], columns.index(step.column, step.levels))


def _ordered(step: OrderedCodes, columns: Columns) -> str:
    size = step.levels.size
    return columns.graph.pick_rows(np.array([*range(size), -1.0, -1.0]).reshape(-1, 1), columns.index(step.column, step.levels))


def _native(step: NativeCodes, columns: Columns) -> str:
    size = step.levels.size
    codes = np.array([*range(size), np.nan, size if step.has_rare else np.nan], dtype=float)
    return columns.graph.pick_rows(codes.reshape(-1, 1), columns.index(step.column, step.levels))


def _counts(step: Counts, columns: Columns) -> str:
    table = np.log1p(np.array([*step.counts, 0.0, 0.0])).reshape(-1, 1)
    return columns.graph.pick_rows(table, columns.index(step.column, step.levels))


def _target_mean(step: TargetMean, columns: Columns) -> str:
    return columns.graph.pick_rows(step.means, columns.index(step.column, step.levels))


def _arithmetic(step: Arithmetic, columns: Columns) -> str:
    graph = columns.graph
    parts = []
    for left, operation, right in step.chosen:
        a, b = columns.numbers(left), columns.numbers(right)
        if operation in ("/", "\\"):
            a, b = (a, b) if operation == "/" else (b, a)
            made = graph.where_zero(b, np.nan, graph.divide(a, b))
        else:
            made = graph.subtract(a, b) if operation == "-" else graph.multiply(a, b)
        parts.append(graph.upright(graph.op("Where", graph.op("IsNaN", made), made, graph.clip(made, -3e38, 3e38))))
    made = graph.beside(parts)
    return graph.where_missing(made, step.medians) if step.fill else made


def _groups(step: GroupStatistics, columns: Columns) -> str:
    graph = columns.graph
    # Missing and unseen levels both stand for all rows: the last row of the means.
    usual = graph.pick_rows(np.vstack([step.means, step.means[-1:]]), columns.index(step.column, step.levels))
    parts = []
    for position, name in enumerate(step.numbers):
        mean = graph.pick_columns(usual, [position])
        place = graph.divide(graph.subtract(graph.upright(columns.numbers(name)), mean), step.deviations[position])
        parts += [mean, graph.where_missing(place, 0.0)]
    return graph.beside(parts)


_STEPS: dict[str, Callable[[Any, Columns], str]] = {
    "Numbers": _numbers, "Bends": _bends, "MissingIndicators": _missing, "OneHot": _one_hot, "OrderedCodes": _ordered,
    "NativeCodes": _native, "Counts": _counts, "TargetMean": _target_mean, "Arithmetic": _arithmetic, "GroupStatistics": _groups,
}  # fmt: skip
