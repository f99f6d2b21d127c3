"""Choosing the best by scores on the test set: containers that gather scores, comparisons with the best so far."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.joins import join, scores_in, text_in
from tasks.evidence.training.leakage.rows import role_of_name, roles_of
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import NOTHING, Bundle, Columns, Const, Score, Statistic, Unknown

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

_GATHERING = frozenset(["append", "extend", "insert", "add", "update", "setdefault", "loc"])
_BEST = frozenset(["max", "min", "argmax", "argmin", "idxmax", "idxmin", "nlargest", "nsmallest"])
_ORDERING = frozenset(["sort_values", "sort", "sorted", "argsort"])
_READING = frozenset(
    ["items", "keys", "values", "get", "pop", "copy", "head", "reset_index", "set_index", "to_numpy", "tolist", "index", "T"]
)
_BEST_NAME = re.compile(r"best|highest|lowest|max|min|top|optimal|record|patience", re.I)
_KEEPS = re.compile(r"best|save|checkpoint|dump|state_dict|copy|final|optimal|champion", re.I)


def is_container_method(owner: Any, name: str, arguments: Arguments) -> bool:
    if isinstance(owner, Bundle):
        return True
    return isinstance(owner, Unknown) and name in _GATHERING and any(scores_in(v) for v in arguments.everything)


def container_method(run: Run, owner: Any, name: str, arguments: Arguments, node: ast.expr) -> Any:
    """A method of a list or dict; of an unknown one, if scores are put into it."""
    if not isinstance(owner, Bundle):
        owner = Bundle()
        if isinstance(node, ast.Name):
            run.scope[node.id] = owner
    if name in _GATHERING:
        _gather(owner, name, arguments)
        return NOTHING
    if name in _BEST:
        return choose(run, owner, arguments.node.lineno, "likely")
    if name in _ORDERING:
        owner.is_sorted = owner.is_sorted or name == "sort"
        return Bundle(list(owner.items), dict(owner.keys), list(owner.scores), is_sorted=True)
    if name == "items":
        return Bundle([Bundle([Const(k), v]) for k, v in owner.keys.items()], scores=list(owner.scores))
    if name == "values":
        return Bundle([*owner.keys.values(), *owner.items], scores=list(owner.scores))
    if name == "keys":
        return Bundle([Const(k) for k in owner.keys], scores=list(owner.scores))
    if name in ("get", "pop") and (key := text_in(arguments.get("key", 0))) is not None:
        return owner.keys.get(key, NOTHING)
    if name == "pop":
        return owner.items[-1] if owner.items else NOTHING
    return owner if owner.scores or name in _READING else NOTHING


def _gather(owner: Bundle, name: str, arguments: Arguments) -> None:
    for value in arguments.everything:
        owner.scores.extend(scores_in(value))
        if name == "update" and isinstance(value, Bundle):
            owner.keys.update(value.keys)
        elif name == "extend" and isinstance(value, Bundle):
            owner.items.extend(value.items[:20])
        elif isinstance(value, Unknown):
            owner.is_grown = True
        elif len(owner.items) < 40:
            owner.items.append(value)


def choose(run: Run, value: Any, line: int, certainty: str) -> Any:
    """The best of some scores is taken."""
    scores = scores_in(value)
    if run.loops and _is_epoch_loop(run):
        _of_epochs(run, scores, line)
    else:
        run.findings.gathered(scores, line, certainty)
    if scores:
        return scores[0]
    items = value.items if isinstance(value, Bundle) else []
    found = None
    for item in items[:20]:
        found = item if found is None else join(found, item)
    return NOTHING if found is None or isinstance(found, Columns) else found


def _of_epochs(run: Run, scores: list[Score], line: int) -> None:
    if any(roles_of(s.rows) == {"test"} for s in scores):
        note = "the best epoch on the test set is the one that is kept or reported"
        run.findings.report("early_stopping_on_test", line, "likely", note)


def watch_comparison(run: Run, target: str, test: ast.expr) -> None:
    """`is_best = test_score > best`."""
    if (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], (ast.Lt, ast.Gt, ast.LtE, ast.GtE))
        and re.search(r"best|improved", target)
    ):
        _compared(run, test.lineno, test, keeps=True)


def watch_condition(run: Run, node: ast.If) -> None:
    """`if test_score > best: best = …; save(model)`."""
    tests = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
    for test in tests:
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Lt, ast.Gt, ast.LtE, ast.GtE)):
            _compared(run, node.lineno, test, _keeps(node))


def watch_choice(run: Run, body: list[ast.stmt], choice: Statistic) -> None:
    """`if p_value < 0.05: chosen.append(column)`: what stands in the list was chosen by the target."""
    for statement in body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        method = call.func if isinstance(call, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr in ("append", "add") and isinstance(method.value, ast.Name):
            run.scope[method.value.id] = choice


def _compared(run: Run, line: int, test: ast.Compare, keeps: bool) -> None:
    sides = [test.left, test.comparators[0]]
    names = [ast.unparse(s) for s in sides if isinstance(s, (ast.Name, ast.Attribute, ast.Subscript))]
    if not any(_BEST_NAME.search(n) for n in names) or not run.loops or tells_validation(names):
        return
    for side in sides:
        value = run.evaluate(side)
        if isinstance(side, (ast.Name, ast.Attribute)) and _BEST_NAME.search(ast.unparse(side)):
            continue
        if isinstance(value, (Score, Statistic)) and roles_of(value.rows) == {"test"} and keeps:
            _report(run, line)


def tells_validation(names: list[str]) -> bool:
    """`BEST_VAL_F1`: whatever these rows were taken for, the author compares validation results."""
    return any(role_of_name(n) == "valid" for n in names)


def _report(run: Run, line: int) -> None:
    if _is_epoch_loop(run):
        note = "the epoch that is kept is the one with the best result on the test set"
        run.findings.report("early_stopping_on_test", line, "certain", note)
    else:
        run.findings.report("model_selection_on_test", line, "certain", "the best result on the test set decides what is kept")


def _is_epoch_loop(run: Run) -> bool:
    return any(loop in run.findings.epoch_loops for loop in run.loops)


def _keeps(node: ast.If) -> bool:
    return any(_KEEPS.search(ast.unparse(s)[:400]) for s in node.body[:8])
