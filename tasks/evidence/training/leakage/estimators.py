"""Objects that learn: what they are fitted on, what they then touch, what they are scored on."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.features import check_features, check_filters
from tasks.evidence.training.leakage.findings import Finding
from tasks.evidence.training.leakage.joins import data_in, text_in
from tasks.evidence.training.leakage.measuring import score
from tasks.evidence.training.leakage.rows import Rows, contains, is_held_out, is_mixed, is_whole, role_of_atom, roles_of
from tasks.evidence.training.leakage.splits import report
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import NOTHING, Bundle, Const, Data, Estimator, Instance, Prediction, Statistic, Taint, Unknown
from tasks.evidence.training.leakage.vocabulary import (
    LEAK_OF_FAMILY,
    SUPERVISED,
    TRANSFORMERS,
    family_of,
    family_of_variable,
)

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

_FITS = frozenset(
    ["fit", "fit_transform", "fit_predict", "fit_resample", "fit_sample", "fit_generator", "partial_fit", "fit_on_texts", "adapt"]
)
_APPLIES = frozenset(["transform", "inverse_transform", "texts_to_sequences", "texts_to_matrix"])
_PREDICTS = frozenset(["predict", "predict_proba", "predict_classes", "decision_function", "predict_log_proba"])
_SCORES = frozenset(["score", "evaluate", "evaluate_generator"])
SAME_OBJECT = frozenset(
    ["set_params", "to", "cuda", "eval", "float", "half", "double", "compile", "set_output", "requires_grad_", "cpu", "clone"]
)
_STOPPERS = re.compile(r"early_?stopping|ModelCheckpoint|ReduceLROnPlateau|LearningRateReducer", re.I)
_STOP_WORDS = re.compile(r"early_?stop|save_best|ModelCheckpoint|best", re.I)
_CHOOSES = re.compile(
    r"FunctionTransformer|ColumnTransformer|column_transformer|ColumnSelector|DataFrameSelector|DropFeatures|DropColumns|FeatureUnion"
)
_BOOSTERS = re.compile(r"CatBoost|XGB|LGBM|GradientBoosting", re.I)


def is_estimator_call(owner: Any, name: str) -> bool:
    """Whether a method call is about learning; objects of unknown class count by their method's name."""
    if isinstance(owner, Estimator):
        return True
    return isinstance(owner, (Unknown,)) and name in _FITS | _APPLIES | _PREDICTS | (_SCORES - {"evaluate"}) and bool(owner.name)


def make_estimator(name: str, arguments: Arguments) -> Estimator | None:
    """The object a constructor makes, with the steps of a pipeline or the model inside a search."""
    last = name.rsplit(".", 1)[-1]
    line = arguments.node.lineno
    if last in ("Pipeline", "make_pipeline", "make_imb_pipeline", "ImbPipeline", "IMBPipeline"):
        steps = _steps(arguments)
        own = any(_is_own_step(v) for v in arguments.everything)
        return Estimator(steps[-1].name if steps else last, "pipeline", line, steps=steps, selects_columns=own)
    if last in ("ColumnTransformer", "make_column_transformer", "FeatureUnion", "make_union", "DataFrameMapper"):
        return Estimator(last, "columns", line, steps=_steps(arguments), selects_columns=True)
    family = family_of(last)
    if family is None:
        return None
    if last == "StringIndexer" and _TARGET_NAME.match(text_in(arguments.get("outputCol")) or ""):
        family = "stateless"
    inner = next((v for v in arguments.everything if isinstance(v, Estimator)), None)
    steps = (inner,) if inner is not None and family in ("search", "model", "selector") else ()
    stops = any("early_stopping" in k and not _off(v) for k, v in arguments.keywords.items()) or "CatBoost" in last
    stops = stops or any(_has_stopper(v) for v in arguments.everything)
    made = Estimator(last, family, line, steps=steps, stops_early=stops)
    held_out = arguments.get("eval_dataset")
    if stops and isinstance(held_out, Data):
        made.stop_rows, made.stop_line = held_out.rows, line
    return made


def _off(value: Any) -> bool:
    return isinstance(value, Const) and value.value in (None, False, 0)


def _steps(arguments: Arguments) -> tuple[Estimator, ...]:
    found: list[Estimator] = []
    for value in arguments.everything:
        for inner in _inside(value):
            found.append(inner)
    return tuple(found[:30])


def _inside(value: Any, depth: int = 4) -> list[Estimator]:
    if isinstance(value, Estimator):
        return [value]
    if isinstance(value, Bundle) and depth:
        return [e for v in value.items[:30] for e in _inside(v, depth - 1)]
    return []


def _is_own_step(value: Any, depth: int = 3) -> bool:
    """A step of a class of the repository, or a function made a step: it may drop any column."""
    if isinstance(value, Bundle) and depth:
        return any(_is_own_step(v, depth - 1) for v in value.items[:30])
    return isinstance(value, Instance) or (isinstance(value, Estimator) and _CHOOSES.search(value.name) is not None)


def estimator_method(run: Run, owner: Any, name: str, arguments: Arguments, node: ast.expr) -> Any:
    """`fit`, `transform`, `predict`, `score` and what stands for them."""
    if isinstance(owner, Unknown):
        if not any(isinstance(v, (Data, Prediction)) or data_in(v) for v in arguments.everything):
            return NOTHING
        owner = adopt(run, owner, node)
    if name in _FITS:
        return fit_estimator(run, owner, name, arguments)
    data = _first_data(arguments)
    if name in _APPLIES:
        return _transform(run, owner, data, arguments.node.lineno)
    if name in _PREDICTS:
        data = data or owner.given
    if name in _PREDICTS and data is not None:
        return Prediction(owner, owner.rows, owner.fit_line, data.rows, arguments.node.lineno)
    if name in _SCORES and data is not None:
        return score(run, owner, owner.rows, owner.fit_line, data.rows, arguments.node.lineno)
    if name == "test" and data is not None:
        return score(run, owner, owner.rows, owner.fit_line, data.rows, arguments.node.lineno)
    if name == "evaluate" and owner.stop_rows:
        return score(run, owner, owner.rows, owner.fit_line, owner.stop_rows, arguments.node.lineno)
    if name == "train" and data is not None:
        return fit_estimator(run, owner, "fit", arguments)
    if name in SAME_OBJECT:
        return owner
    if name in ("get_support", "get_feature_names_out") and owner.family == "selector":
        return Statistic(owner.rows, owner.fit_line, name="support", kind="choice")
    if name in ("save", "save_model", "save_weights", "save_pretrained"):
        run.findings.saved = True
    if name in ("cv_results_", "get_params"):
        return NOTHING
    return Unknown(f"{owner.name}.{name}")


def adopt(run: Run, owner: Unknown, node: ast.expr) -> Estimator:
    """An object of unknown class that learns: remembered under its name."""
    words = owner.name.rsplit(".", 1)[-1]
    family = family_of(words) or family_of_variable(words)
    estimator = Estimator(words, family)
    if isinstance(node, ast.Name):
        run.scope[node.id] = estimator
    elif isinstance(node, ast.Attribute):
        from tasks.evidence.training.leakage.assignments import assign

        assign(run, node, estimator, node.lineno)
    return estimator


def _first_data(arguments: Arguments) -> Data | None:
    keys = ("X", "x", "data", "inputs", "X_test", "dataset", "train_dataloaders", "train_dataloader", "dataloaders")
    found = [arguments.keywords[k] for k in keys if k in arguments.keywords] + arguments.values + list(arguments.keywords.values())
    return next((d for v in found for d in data_in(v)), None)


def _target(arguments: Arguments) -> Data | None:
    value = arguments.first("y", "Y", "y_train", "labels", position=1)
    return next(iter(data_in(value)), None)


def fit_estimator(run: Run, owner: Estimator, name: str, arguments: Arguments) -> Any:
    data, target, line = _first_data(arguments) or owner.given, _target(arguments) or owner.given_target, arguments.node.lineno
    if data is None:
        return owner if name == "fit" else NOTHING
    supervised = owner.family in SUPERVISED or owner.family == "pipeline"
    if owner.family in ("encoder", "label") and _is_target(arguments):
        return data.derive(column=data.column) if name == "fit_transform" else owner
    owner.rows, owner.fit_line, owner.fits = data.rows, line, owner.fits + 1
    if supervised:
        _fit_model(run, owner, data, target, arguments)
    if owner.family == "search":
        run.findings.folds_seen = True
        report(run, data.taints)
    if name in ("fit", "partial_fit", "fit_on_texts", "adapt", "fit_generator"):
        if owner.family not in SUPERVISED:
            _note_mixed(run, owner, data.rows, line)
        return owner
    if name in ("fit_resample", "fit_sample"):
        taints = _taints(owner, data.rows, line)
        return Bundle([d.derive(taints=d.taints | taints, column=d.column) for d in (data, target) if d is not None])
    if name == "fit_predict":
        return (
            Prediction(owner, data.rows, line, data.rows, line) if owner.family != "unsupervised" else data.derive(opaque=True, column=None)
        )
    _note_mixed(run, owner, data.rows, line)
    return _learnt(run, owner, data, line)


_TARGET_NAME = re.compile(r"^(?:y|Y|labels?|targets?|y_\w+|\w+_(?:labels?|targets?)|outcome)$")


def _is_target(arguments: Arguments) -> bool:
    """`encoder.fit_transform(y.reshape(-1, 1))`: class names as numbers, which tells a model nothing."""
    node = arguments.node.args[0] if len(arguments.node.args) == 1 else None
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            return bool(_TARGET_NAME.match(str(node.slice.value)))
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and bool(_TARGET_NAME.match(node.id))


def _learnt(run: Run, owner: Estimator, data: Data, line: int) -> Data:
    return data.derive(taints=data.taints | _taints(owner, data.rows, line), column=data.column, parent=None, line=data.line)


def _taints(owner: Estimator, rows: Rows, line: int) -> frozenset[Taint]:
    """What fitting on these rows leaves in what is transformed."""
    found = []
    for part in _parts(owner):
        if part.family in LEAK_OF_FAMILY:
            kind, certainty = LEAK_OF_FAMILY[part.family]
            found.append(Taint(kind, line, rows, certainty, f"{part.name} is fitted on all rows before the split"))
    if found and owner.family in ("pipeline", "columns"):
        order = {"certain": 0, "likely": 1, "possible": 2}
        found = sorted(found, key=lambda t: (order[t.certainty], t.kind.startswith("encoder")))[:1]
    return frozenset(found)


def _parts(owner: Estimator, depth: int = 4) -> list[Estimator]:
    if not owner.steps or depth == 0 or owner.family == "selector":
        return [owner]
    return [p for s in owner.steps for p in _parts(s, depth - 1)]


def _note_mixed(run: Run, owner: Estimator, rows: Rows, line: int) -> None:
    """Training and held-out rows were put together to learn something from them."""
    if not is_mixed(rows) or _is_model(owner):
        return
    for part in _parts(owner):
        if part.family in TRANSFORMERS and part.family != "stateless":
            kind, certainty = LEAK_OF_FAMILY.get(part.family, ("fit_on_train_plus_test", "likely"))
            kind = "fit_on_train_plus_test" if kind.startswith(("scaler", "encoder")) else kind
            run.findings.learnt(kind, rows, line, certainty, f"{part.name} is fitted on training and held-out rows together")
            return


def _transform(run: Run, owner: Estimator, data: Data | None, line: int) -> Any:
    if data is None:
        return NOTHING
    taints: frozenset[Taint] = frozenset()
    if not owner.rows and owner.family == "selector" and owner.steps:
        owner.rows, owner.fit_line = owner.steps[0].rows, line
    if owner.rows and owner.family in TRANSFORMERS | {"pipeline"}:
        if contains(owner.rows, data.rows) and any(is_whole(a) for a in owner.rows) and not _is_model(owner):
            if any(role_of_atom(a) != "part" for a in data.rows):
                report(run, _taints(owner, owner.rows, owner.fit_line))
            else:
                taints = _taints(owner, owner.rows, owner.fit_line)
        elif owner.rows == data.rows or contains(data.rows, owner.rows):
            taints = _taints(owner, owner.rows, owner.fit_line) if owner.rows == data.rows else frozenset()
    chosen = owner.selects_columns or any(s.selects_columns for s in owner.steps)
    return data.derive(taints=data.taints | taints, column=data.column, **({"opaque": True} if chosen else {}))


def _is_model(owner: Estimator) -> bool:
    return any(p.family in ("model", "search") for p in _parts(owner))


def _fit_model(run: Run, owner: Estimator, data: Data, target: Data | None, arguments: Arguments) -> None:
    line = arguments.node.lineno
    if target is not None and not any(e.selects_columns for s in (owner, *owner.steps) for e in (s, *s.steps)):
        check_features(run, data, target, line, at_split=False)
    split = arguments.get("validation_split")
    if isinstance(split, Const) and split.value:
        run.findings.held_out_scored = True
        if "train" in roles_of(data.rows):
            whole = [t for t in data.taints if any(is_whole(a) for a in t.rows)]
            run.findings.only_validation += [Finding(t.kind, t.line, t.certainty, t.note) for t in whole]
        else:
            report(run, data.taints)
    if target is not None:
        check_filters(run, data, target)
    _stopping(run, owner, data, arguments)


def _stopping(run: Run, owner: Estimator, data: Data, arguments: Arguments) -> None:
    """Rows that decide when to stop: validation data beside a stopping callback, an evaluation set beside a patience."""
    keys = ("validation_data", "eval_set", "evals", "valid_sets", "eval_dataset", "X_val", "valid_data", "val_dataloaders")
    held = [arguments.keywords[k] for k in keys if k in arguments.keywords]
    if owner.name == "Trainer":
        held += [v for v in arguments.values[1:] if isinstance(v, Data) and v is not data]
    rows = frozenset(a for v in held for d in data_in(v) for a in d.rows if d.rows != data.rows)
    if not rows:
        return
    text = " ".join(ast.unparse(k)[:300] for k in arguments.nodes.values())
    callbacks = arguments.get("callbacks")
    stops = owner.stops_early or "early_stopping" in text or any(k.startswith("early_stopping") for k in arguments.keywords)
    if (
        stops
        or _has_stopper(callbacks)
        or _STOP_WORDS.search(ast.unparse(arguments.nodes["callbacks"]) if "callbacks" in arguments.nodes else "")
    ):
        owner.stop_rows, owner.stop_line = rows, arguments.node.lineno
    run.findings.held_out_scored = run.findings.held_out_scored or is_held_out(rows)


def _has_stopper(callbacks: Any) -> bool:
    values = callbacks.items if isinstance(callbacks, Bundle) else [callbacks]
    return any(isinstance(v, Unknown) and v.name.startswith("stopper") for v in values)
