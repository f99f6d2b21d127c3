"""Expressions: what each yields, told apart by the kinds of value in them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tasks.evidence.training.leakage.absorbing import learnt_from
from tasks.evidence.training.leakage.assignments import assign
from tasks.evidence.training.leakage.attributes import attribute
from tasks.evidence.training.leakage.calls import call
from tasks.evidence.training.leakage.elements import element_of
from tasks.evidence.training.leakage.joins import join, scores_in, text_in, texts_in
from tasks.evidence.training.leakage.measuring import score
from tasks.evidence.training.leakage.networks import compared, outputs_in
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.subscripts import subscript
from tasks.evidence.training.leakage.values import (
    NOTHING,
    Bundle,
    Columns,
    Const,
    Data,
    Function,
    Prediction,
    Score,
    Statistic,
    Unknown,
)

RANDOM = Unknown("random")
"""An array of random numbers."""


def evaluate(run: Run, node: ast.expr) -> Any:
    """The value of an expression; NOTHING for what is not followed."""
    run.step()
    handler = _HANDLERS.get(type(node))
    return handler(run, node) if handler else NOTHING


def _constant(run: Run, node: ast.Constant) -> Any:
    return Const(node.value)


def _name(run: Run, node: ast.Name) -> Any:
    return run.lookup(node.id)


def _sequence(run: Run, node: ast.Tuple | ast.List | ast.Set) -> Any:
    items: list[Any] = []
    for element in node.elts:
        value = run.evaluate(element)
        if isinstance(element, ast.Starred):
            items.extend(value.items if isinstance(value, Bundle) else [value])
        else:
            items.append(value)
    return Bundle(items, scores=[s for i in items for s in scores_in(i)])


def _dict(run: Run, node: ast.Dict) -> Any:
    keys: dict[Any, Any] = {}
    for number, (key, value) in enumerate(zip(node.keys, node.values)):
        found = run.evaluate(value)
        if key is None:
            keys.update(found.keys if isinstance(found, Bundle) else {})
            continue
        name = text_in(run.evaluate(key))
        keys[name if name is not None else f"#{number}"] = found
    return Bundle(keys=keys, scores=[s for v in keys.values() for s in scores_in(v)])


def _binary(run: Run, node: ast.BinOp) -> Any:
    return combine(run, run.evaluate(node.left), run.evaluate(node.right), node)


def combine(run: Run, left: Any, right: Any, node: ast.BinOp) -> Any:
    """Arithmetic: columns make a new column, a statistic taints, scores stay scores."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Data) and isinstance(other, Statistic):
            return _scaled(run, one, other)
        if isinstance(one, Columns) and isinstance(node.op, ast.Add):
            return _more_columns(one, other)
    if isinstance(left, Data) and isinstance(right, Data):
        return _two_columns(left, right, node)
    if isinstance(left, Bundle) and isinstance(right, Bundle) and isinstance(node.op, ast.Add):
        return Bundle([*left.items, *right.items], {**left.keys, **right.keys}, [*left.scores, *right.scores])
    if isinstance(node.op, ast.Mult) and (repeated := next((v for v in (left, right) if isinstance(v, Bundle)), None)):
        return repeated
    for kind in (Score, Data, Prediction, Statistic):
        for one, other in ((left, right), (right, left)):
            if isinstance(one, kind):
                return _kept(one, other)
    gathered = scores_in(left) + scores_in(right)
    return gathered[0] if gathered else NOTHING


def _more_columns(columns: Columns, other: Any) -> Columns:
    names = texts_in(other) if isinstance(other, Bundle) else None
    only = columns.data.only
    if names is None or only is None:
        return Columns(columns.data.derive(opaque=True))
    return Columns(columns.data.derive(only=only | names))


def _kept(value: Any, other: Any) -> Any:
    if isinstance(value, Data):
        unary = value.sources and (isinstance(other, Const) or not isinstance(other, Bundle))
        return value.derive(how=value.how or ("unary" if unary else ""), column=None if value.sources else value.column)
    if isinstance(value, Statistic) and isinstance(other, Statistic):
        return replace(value, rows=value.rows | other.rows, sources=value.sources | other.sources)
    return value


def _scaled(run: Run, data: Data, statistic: Statistic) -> Any:
    if not statistic.name and not data.sources:
        return statistic
    result = learnt_from(run, data, statistic)
    return result.derive(column=None, how=data.how or "unary")


def _two_columns(left: Data, right: Data, node: ast.BinOp) -> Data:
    if isinstance(node.op, (ast.BitAnd, ast.BitOr)) and (left.bounds or right.bounds or left.filters or right.filters):
        return left.derive(filters=left.filters + right.filters, bounds=left.bounds or right.bounds, sources=left.sources | right.sources)
    together = isinstance(node.op, ast.Add) and left.rows != right.rows and not (left.rows & right.rows)
    hows = {left.how, right.how} & {"lag", "future", "aggregate"}
    return left.derive(
        rows=left.rows | right.rows if together else left.rows,
        taints=left.taints | right.taints,
        sources=left.sources | right.sources,
        how=sorted(hows)[-1] if hows else ("unary" if left.sources == right.sources else "formula"),
        column=None,
        temporal=left.temporal or right.temporal,
    )


def _compare(run: Run, node: ast.Compare) -> Any:
    values = [run.evaluate(v) for v in [node.left, *node.comparators]]
    prediction = next((v for v in values if isinstance(v, Prediction)), None)
    truth = next((v for v in values if isinstance(v, Data)), None)
    if prediction is not None and truth is not None:
        rows = prediction.rows or truth.rows
        return score(run, prediction.estimator, prediction.fitted, prediction.fit_line, rows, node.lineno)
    if (outputs := outputs_in(values)) is not None:
        compared(run, outputs, values, node.lineno)
    for position, value in enumerate(values):
        if isinstance(value, Data):
            others = values[:position] + values[position + 1 :]
            return _mask(value, others, node)
    kept = next((v for v in values if isinstance(v, (Score, Statistic, Prediction)) or v == RANDOM), None)
    return kept if kept is not None else NOTHING


def _mask(data: Data, others: list[Any], node: ast.Compare) -> Data:
    bounded = any(isinstance(o, (ast.Lt, ast.Gt, ast.LtE, ast.GtE)) for o in node.ops)
    valid_only = any(isinstance(o, Const) and o.value in (0, 0.0, None, 1, -1) for o in others)
    filters = tuple((s, node.lineno) for s in sorted(data.sources)) if bounded and not valid_only else ()
    how = data.how or ("unary" if data.sources else "")
    if isinstance(others[0] if others else None, Data) and others[0].sources:
        both = {data.how, others[0].how}
        how = "future" if "future" in both else ("lag" if "lag" in both else "formula")
        return data.derive(filters=filters, bounds=bounded, how=how, sources=data.sources | others[0].sources, column=None)
    return data.derive(filters=data.filters + filters, bounds=bounded, how=how, column=None)


def _boolean(run: Run, node: ast.BoolOp) -> Any:
    values = [run.evaluate(v) for v in node.values]
    found = values[0]
    for value in values[1:]:
        found = join(found, value)
    return found


def _unary(run: Run, node: ast.UnaryOp) -> Any:
    value = run.evaluate(node.operand)
    if isinstance(value, Const) and isinstance(node.op, ast.USub) and isinstance(value.value, (int, float)):
        return Const(-value.value)
    if isinstance(value, Data) and isinstance(node.op, ast.Invert):
        return value.derive(filters=value.filters)
    return value


def _conditional(run: Run, node: ast.IfExp) -> Any:
    run.evaluate(node.test)
    return join(run.evaluate(node.body), run.evaluate(node.orelse))


def _comprehension(run: Run, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Any:
    generator = node.generators[0]
    items = run.evaluate(generator.iter)
    columns = _columns_left(run, node, generator, items)
    if columns is not None:
        return columns
    scope = dict(run.scope)
    run.loops.append(node.lineno)
    choice = _bind(run, node.generators, items)
    value = run.evaluate(node.elt)
    run.loops.pop()
    run.restore(scope)
    if choice is not None:
        return choice
    if isinstance(items, Data) and isinstance(value, Data):
        return value.derive(fresh=False)
    return Bundle([value], scores=scores_in(value))


def _bind(run: Run, generators: list[ast.comprehension], items: Any) -> Statistic | None:
    """Give the loop variables their values; the relation to the target that the conditions choose by, if they do."""
    choice = None
    for number, generator in enumerate(generators):
        value = items if number == 0 else run.evaluate(generator.iter)
        assign(run, generator.target, element_of(run, value, generator.target.lineno), generator.target.lineno)
        for condition in generator.ifs:
            value = run.evaluate(condition)
            choice = value if isinstance(value, Statistic) and value.kind == "choice" else choice
    return choice


def _columns_left(run: Run, node: Any, generator: ast.comprehension, items: Any) -> Columns | None:
    """`[c for c in df.columns if c != "y"]` and `if c not in (…)`; any other condition makes the choice unknown."""
    data = items.data if isinstance(items, Columns) else (items if isinstance(items, Data) and items.derived is not None else None)
    plain = isinstance(node.elt, ast.Name) and isinstance(generator.target, ast.Name) and node.elt.id == generator.target.id
    if data is None or not plain or (isinstance(items, Data) and (items.column or items.opaque)):
        return None
    if (prefix := _prefix(run, generator)) is not None:
        return Columns(data.derive(only=frozenset(c for c in data.mentioned if c.startswith(prefix)), opaque=False))
    dropped: set[str] = set()
    opaque = False
    for condition in generator.ifs:
        names = _excluded(run, condition)
        opaque = opaque or names is None
        dropped |= names or set()
    return Columns(data.derive(dropped=data.dropped | dropped, **({"opaque": True} if opaque else {})))


def _prefix(run: Run, generator: ast.comprehension) -> str | None:
    """The text of a lone `if c.startswith("text")`."""
    condition = generator.ifs[0] if len(generator.ifs) == 1 else None
    if isinstance(condition, ast.Call) and isinstance(condition.func, ast.Attribute) and condition.func.attr == "startswith":
        return text_in(run.evaluate(condition.args[0])) if condition.args else None
    return None


def _excluded(run: Run, condition: ast.expr) -> set[str] | None:
    if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
        parts = [_excluded(run, v) for v in condition.values]
        return None if None in parts else {n for p in parts if p for n in p}
    if not isinstance(condition, ast.Compare) or not isinstance(condition.ops[0], (ast.NotEq, ast.NotIn)):
        return None
    names = texts_in(run.evaluate(condition.comparators[0]))
    return set(names) if names is not None else None


def _dict_comprehension(run: Run, node: ast.DictComp) -> Any:
    scope = dict(run.scope)
    run.loops.append(node.lineno)
    _bind(run, node.generators, run.evaluate(node.generators[0].iter))
    value = run.evaluate(node.value)
    run.loops.pop()
    run.restore(scope)
    return Bundle(keys={"?": value}, scores=scores_in(value))


def _lambda(run: Run, node: ast.Lambda) -> Any:
    return Function(node, run.module, closure=None if run.scope is run.module.scope else run.scope)


def _walrus(run: Run, node: ast.NamedExpr) -> Any:
    value = run.evaluate(node.value)
    assign(run, node.target, value, node.lineno)
    return value


def _inner(run: Run, node: Any) -> Any:
    return run.evaluate(node.value)


def _formatted(run: Run, node: ast.JoinedStr) -> Any:
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            run.evaluate(part.value)
            text += "*"
    return Const(text)


def _yield(run: Run, node: ast.Yield | ast.YieldFrom) -> Any:
    value = run.evaluate(node.value)
    run.returns.append(value if isinstance(node, ast.YieldFrom) else Bundle([value]))
    return NOTHING


def _slice(run: Run, node: ast.Slice) -> Any:
    return NOTHING


_HANDLERS: dict[type[ast.expr], Callable[[Run, Any], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: attribute,
    ast.Subscript: subscript,
    ast.Call: call,
    ast.Tuple: _sequence,
    ast.List: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dict,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.IfExp: _conditional,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Await: _inner,
    ast.Starred: _inner,
    ast.JoinedStr: _formatted,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Slice: _slice,
}
