"""Functions and classes of libraries, by what they do to data; unknown ones by their name and what they are given."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.absorbing import as_choice
from tasks.evidence.training.leakage.estimators import make_estimator
from tasks.evidence.training.leakage.expressions_of_columns import described
from tasks.evidence.training.leakage.grouped import tabulated
from tasks.evidence.training.leakage.joins import data_in, join, members, scores_in, text_in
from tasks.evidence.training.leakage.loading import load_rows
from tasks.evidence.training.leakage.measuring import metric
from tasks.evidence.training.leakage.networks import ACROSS_CLASSES, lost, outputs_in
from tasks.evidence.training.leakage.row_numbers import row_numbers
from tasks.evidence.training.leakage.rows import is_held_out, whole_rows
from tasks.evidence.training.leakage.selection import choose, tells_validation
from tasks.evidence.training.leakage.splits import OWN_SPLIT, cross_validated, folds_of, report, split_rows, splitter_of
from tasks.evidence.training.leakage.stacking import concatenate
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.statsmodels import make_regression
from tasks.evidence.training.leakage.tables import statistic
from tasks.evidence.training.leakage.values import (
    NOTHING,
    Bundle,
    Columns,
    Const,
    Data,
    Estimator,
    Function,
    Prediction,
    Ref,
    Score,
    Splitter,
    Statistic,
    Taint,
    Unknown,
)
from tasks.evidence.training.leakage.vocabulary import (
    CONCATS,
    CV_CALLS,
    METRICS,
    RELATIONS,
    SAVERS,
    SELECTORS_OF_BEST,
    SPLIT_CALLS,
    STATISTICS,
    UNARY_NUMPY,
)

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

_SCALES = frozenset(["zscore", "scale", "minmax_scale", "robust_scale", "quantile_transform", "power_transform", "maxabs_scale"])
_STOPPERS = re.compile(r"early_?stopping|ModelCheckpoint", re.I)
_SPLITS_WITH_SPLIT = re.compile(r"(?:Fold|Split|LeaveOneOut|cv|folds?|splitter|skf|kf|gkf|tscv|sss|gss|rkf|rskf)$", re.I)


def library_call(run: Run, name: str, arguments: Arguments, known: bool) -> Any:
    """The result of calling something that is not the repository's own."""
    last = name.rsplit(".", 1)[-1]
    for handler in _STAGES:
        result = handler(run, name, last, arguments)
        if result is not None:
            return result
    return _unknown(run, name, last, arguments, known)


def _about_rows(run: Run, name: str, last: str, arguments: Arguments) -> Any:
    if last in SPLIT_CALLS:
        return split_rows(run, arguments)
    if last == "split" and (data_in(Bundle(arguments.everything))) and _SPLITS_WITH_SPLIT.search(name.rsplit(".", 1)[0]):
        return folds_of(run, Splitter(name.rsplit(".", 2)[-2] if "." in name else ""), arguments)
    if last in CV_CALLS:
        cross_validated(run, arguments)
        return Score(frozenset(["cv:valid"]), arguments.node.lineno, 0)
    if last in CONCATS and data_in(Bundle(arguments.everything)) and last not in ("chain", "union", "append"):
        side = last == "hstack"
        values = list(arguments.values) or list(arguments.keywords.values())
        return data_in(Bundle(values))[0].derive(column=None, opaque=True) if side else concatenate(values, arguments)
    return None


def _about_results(run: Run, name: str, last: str, arguments: Arguments) -> Any:
    if last in METRICS or last in ("root_mean_squared_error", "rmse", "r2", "accuracy"):
        found = metric(run, last, arguments)
        if last in ("roc_curve", "precision_recall_curve") and isinstance(found, Score):
            curve = Score(found.rows, found.line, found.line, found.estimator)
            return Bundle([curve, curve, NOTHING], scores=[curve])
        return found
    if last in SELECTORS_OF_BEST and not {"dim", "axis"} & set(arguments.keywords) and any(scores_in(v) for v in arguments.everything):
        names = [a.id for a in arguments.node.args if isinstance(a, ast.Name)]
        return NOTHING if tells_validation(names) else choose(run, Bundle(arguments.everything), arguments.node.lineno, "likely")
    if last in (
        "sorted",
        "DataFrame",
        "Series",
        "array",
        "asarray",
        "mean",
        "float",
        "round",
        "abs",
        "sum",
        "list",
        "dict",
        "zip",
        "enumerate",
    ):
        gathered = [s for v in arguments.everything for s in scores_in(v)]
        if gathered and not any(isinstance(v, Data) for v in arguments.everything):
            if all(isinstance(v, (Score, Const)) for v in arguments.values):
                return gathered[0]
            if last not in ("dict", "zip", "enumerate"):
                ordered = last == "sorted"
                inner = arguments.values[0] if arguments.values and isinstance(arguments.values[0], Bundle) else Bundle()
                return Bundle(list(inner.items), dict(inner.keys), gathered, is_sorted=ordered)
    return None


def _about_objects(run: Run, name: str, last: str, arguments: Arguments) -> Any:
    if last[:1].isupper() or last.startswith("make_"):
        made = make_estimator(last, arguments)
        if made is not None:
            if made.family == "folds":
                return splitter_of(last, arguments)
            return made
    if last.endswith("TrainingArguments") and _is_true(arguments.get("load_best_model_at_end")):
        return Unknown("stopper")
    if _STOPPERS.search(last):
        return Unknown("stopper") if not _monitors_training(arguments) else NOTHING
    if (regression := make_regression(name, last, arguments)) is not None:
        return regression
    if last in ("train", "cv") and ("xgb" in name or "lgb" in name or "xgboost" in name or "lightgbm" in name):
        return _booster(run, last, arguments)
    if last in ("Sequential", "Model", "AutoModel"):
        return Estimator(last, "model", arguments.node.lineno)
    if SAVERS.search(name):
        run.findings.saved = True
        return NOTHING
    return None


def _monitors_training(arguments: Arguments) -> bool:
    monitor = text_in(arguments.first("monitor", position=0))
    return monitor is not None and not monitor.startswith("val")


def _booster(run: Run, last: str, arguments: Arguments) -> Any:
    """`xgb.train(params, dtrain, evals=[(dtest, "test")], early_stopping_rounds=10)`."""
    from tasks.evidence.training.leakage.estimators import fit_estimator

    if last == "cv":
        run.findings.folds_seen = True
        return NOTHING
    made = Estimator("booster", "model", arguments.node.lineno)
    values = [v for v in arguments.values if data_in(v)][:1]
    fit_estimator(run, made, "fit", type(arguments)(values, arguments.keywords, arguments.node, arguments.nodes))
    return made


def _about_values(run: Run, name: str, last: str, arguments: Arguments) -> Any:
    line = arguments.node.lineno
    first = arguments.values[0] if arguments.values else NOTHING
    if (numbers := row_numbers(last, arguments)) is not None:
        return numbers
    if last in ("SubsetRandomSampler", "SubsetSequentialSampler") and arguments.values:
        return first
    if "random." in name and last in ("rand", "random", "uniform", "random_sample", "binomial"):
        return Unknown("random")
    if last == "resample" and isinstance(first, Data) and "sklearn" in name and not _is_false(arguments.get("replace")):
        return _resampled(arguments)
    if last in _SCALES and isinstance(first, Data):
        note = f"{last} uses statistics of all rows before the split"
        taint = Taint("scaler_or_imputer_fit_before_split", line, first.rows, "likely", note)
        return first.derive(taints=first.taints | {taint}, column=first.column)
    if last in ACROSS_CLASSES and isinstance(first, Data) and first.output_of is not None and len(arguments.everything) > 1:
        return first.derive(opaque=True, column=None)
    if last in STATISTICS and isinstance(first, Data) and name != last:
        return statistic(run, first, last, line)
    if last in RELATIONS and name != last and (tables := data_in(Bundle(arguments.everything))):
        return as_choice(Statistic(whole_rows(tables[0].rows), line, tables[0].sources, tables[0].table, last), line)
    if last in ("crosstab", "pivot_table") and data_in(Bundle(arguments.everything)):
        return tabulated(arguments)
    if last in ("col", "column") and text_in(first) is not None and name != last:
        return described(text_in(first) or "", line)
    if last in UNARY_NUMPY and isinstance(first, Data):
        return first.derive(how=first.how or ("unary" if first.sources and last not in ("array", "asarray") else ""), column=first.column)
    if last in ("where", "select") and isinstance(first, Data):
        return _where(first, arguments)
    if last in ("list", "sorted") and isinstance(first, Columns):
        return Columns(first.data.derive())
    if last == "set" and isinstance(first, Columns):
        return Columns(first.data.derive())
    return None


def _is_true(value: Any) -> bool:
    return isinstance(value, Const) and value.value is True


def _is_false(value: Any) -> bool:
    return isinstance(value, Const) and value.value is False


def _resampled(arguments: Arguments) -> Any:
    """`sklearn.utils.resample` draws with replacement: the same row several times."""
    found = []
    for data in data_in(Bundle(arguments.values)):
        taint = Taint(
            "oversampling_before_split", arguments.node.lineno, data.rows, "certain", "rows are drawn repeatedly before the split"
        )
        found.append(data.derive(taints=data.taints | {taint}, column=data.column))
    return found[0] if len(found) == 1 else Bundle(list(found))


def _where(condition: Data, arguments: Arguments) -> Data:
    result = condition.derive(column=None, how=condition.how or "unary", filters=())
    for value in arguments.values[1:]:
        for other in data_in(value):
            result.sources |= other.sources
            result.taints |= other.taints
            result.how = "formula" if result.how == "unary" else result.how
    return result


def _about_containers(run: Run, name: str, last: str, arguments: Arguments) -> Any:
    values = arguments.values
    if last == "zip":
        return Bundle([Bundle([_element(run, v, arguments) for v in values])], scores=[s for v in values for s in scores_in(v)])
    if last == "enumerate":
        return Bundle([Bundle([NOTHING, _element(run, values[0], arguments)])]) if values else NOTHING
    if last == "dict":
        return Bundle(keys=dict(arguments.keywords))
    if last in ("map", "filter") and len(values) > 1:
        return values[1]
    if last in ("list", "tuple", "sorted", "set", "reversed", "tqdm", "iter", "next") and values and not isinstance(values[0], Data):
        return values[0]
    if last in ("max", "min") and len(values) == 1 and isinstance(values[0], Bundle):
        found = None
        for item in values[0].items[:20]:
            found = item if found is None else join(found, item)
        return NOTHING if found is None else found
    if last in ("partial", "wraps"):
        return values[0] if values else NOTHING
    if last in ("optimize", "fmin", "minimize", "maximize", "gp_minimize", "forest_minimize", "Study"):
        return _optimised(run, arguments)
    return None


def _optimised(run: Run, arguments: Arguments) -> Any:
    """An objective that returns a score on the test set makes the search a choice on the test set."""
    from tasks.evidence.training.leakage.functions import call_function

    for value in [*arguments.values[:2], *arguments.keywords.values()]:
        if isinstance(value, Function):
            run.loops.append(arguments.node.lineno)
            result = call_function(run, value, type(arguments)([Ref("trial")], {}, arguments.node))
            run.loops.pop()
            for score in scores_in(result):
                choose(run, Bundle(scores=[Score(score.rows, score.line, arguments.node.lineno, score.estimator)]), score.line, "certain")
    return NOTHING


def _element(run: Run, value: Any, arguments: Arguments) -> Any:
    from tasks.evidence.training.leakage.elements import element_of

    return element_of(run, value, arguments.node.lineno)


_STAGES: tuple[Callable[[Run, str, str, Any], Any], ...] = (
    _about_rows,
    _about_results,
    _about_objects,
    _about_values,
    load_rows,
    _about_containers,
)


def _unknown(run: Run, name: str, last: str, arguments: Arguments, known: bool) -> Any:
    """Data goes through with its rows and taints, its columns no longer known."""
    inputs = [d for v in arguments.everything for d in data_in(v)]
    if any(isinstance(v, Prediction) for v in arguments.values):
        return next(v for v in arguments.values if isinstance(v, Prediction))
    if not inputs:
        found = next((v for v in arguments.everything if isinstance(v, (Score, Statistic))), None)
        found = found or next((v for v in members(Bundle(arguments.values)) if isinstance(v, Statistic) and v.windows), None)
        return found if found is not None else Unknown(last)
    if (outputs := outputs_in(arguments.everything)) is not None and len(inputs) > 1:
        return lost(run, outputs, arguments.everything, arguments.node.lineno)
    distinct = {d.rows for d in inputs if d.rows}
    if OWN_SPLIT.search(last) and len(distinct) == 1:
        report(run, inputs[0].taints)
        return inputs[0].derive(opaque=True, column=None)
    if len(distinct) == 1 and not re.search(r"print|plot|show|display|log|fit|train|len\b|shape", last):
        if is_held_out(inputs[0].rows) and re.search(r"eval|score|acc|test|valid|metric", last, re.I):
            return Score(inputs[0].rows, arguments.node.lineno, run.loops[-1] if run.loops else 0)
        return inputs[0].derive(opaque=True, column=None)
    return Unknown(last)
