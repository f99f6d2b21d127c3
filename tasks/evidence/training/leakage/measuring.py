"""Results of models: on which rows they were measured."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.rows import Rows, contains, is_held_out, role_of_name
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import NOTHING, Data, Estimator, Prediction, Score
from tasks.evidence.training.leakage.vocabulary import METRICS, SCORES, SUPERVISED

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments


def score(run: Run, owner: Estimator, fitted: Rows, fit_line: int, rows: Rows, line: int, is_number: bool = True) -> Score:
    """A result of a model on some rows, noted; a picture of the training rows (`is_number` false) is no claim of a result."""
    supervised = (owner.family in SUPERVISED or owner.family == "pipeline") and is_number
    run.findings.scored(owner, fitted, fit_line, rows, line, supervised)
    return Score(rows, line, run.loops[-1] if run.loops else 0, owner.name)


def metric(run: Run, name: str, arguments: Arguments) -> Any:
    """`accuracy_score(y_test, predicted)`."""
    line = arguments.node.lineno
    prediction = next((v for v in arguments.everything if isinstance(v, Prediction)), None)
    truth = next((v for v in arguments.everything if isinstance(v, Data)), None)
    rows = truth.rows if truth is not None else (prediction.rows if prediction else frozenset())
    if not rows:
        for value in arguments.node.args:
            if isinstance(value, ast.Name) and (role := role_of_name(value.id)):
                rows = frozenset([f"p:full/p:{role}"])
                break
    if prediction is not None:
        if truth is not None and truth.rows != prediction.rows and not contains(truth.rows, prediction.rows):
            rows = prediction.rows or rows
        return score(run, prediction.estimator, prediction.fitted, prediction.fit_line, rows, line, name not in METRICS - SCORES)
    if is_held_out(rows):
        run.findings.held_out_scored = True
    return Score(rows, line, run.loops[-1] if run.loops else 0) if rows else NOTHING
