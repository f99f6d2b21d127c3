"""On which rows a metric was computed: rows the model was fitted on, or others. Names of variables are followed, not values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.evidence.evaluation.facts import Evaluated, On
from tasks.evidence.evaluation.metric_names import CANONICAL, SUPERVISED
from tasks.evidence.evaluation.metrics import is_test
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

EVALUATIONS_LIMIT = 400
CROSS_VALIDATION_LIMIT = 50
_PREDICTS = frozenset(
    ["predict", "predict_proba", "predict_classes", "predict_generator", "decision_function", "predict_log_proba", "transform_predict"]
)
_CROSS_VALIDATES = frozenset(
    ["cross_val_score", "cross_validate", "cross_val_predict", "GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "BayesSearchCV"]
)
_HELD_OUT_WORD = re.compile(
    r"(?:^|[_\W])(?:x|y|df|data|ds|dataset)?_?(?:test|val|valid|validation|dev|holdout|hold_out|heldout|oof|unseen|eval)s?\d*(?:$|[_\W])",
    re.I,
)
_TRAIN_WORD = re.compile(r"(?:^|[_\W])(?:x|y|df|data|ds|dataset)?_?(?:train|training|trn|tr)s?\d*(?:$|[_\W])", re.I)
_PLAIN = re.compile(r"[A-Za-z_][\w.]*(?:\[[^\[\]]{1,80}\])?(?:\.values|\.to_numpy\(\)|\.ravel\(\))?")
_INNER = re.compile(r"\.(?:predict|predict_proba|predict_classes|decision_function)\((.{1,120}?)\)(?:\[|\)|\.|$|,)")
_RUNNERS: dict[str, On] = {"test": "held_out", "validate": "held_out"}


@dataclass
class _Fits:
    """What each model variable was fitted on, and where predictions came from, in line order."""

    by_model: dict[str, set[str]] = field(default_factory=dict)
    all: set[str] = field(default_factory=set)
    predictions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Prediction variable to model variable and data."""

    def forget(self, names: tuple[str, ...]) -> None:
        """A variable that is assigned anew no longer holds the rows that were fitted on."""
        for fitted in (self.all, *self.by_model.values()):
            fitted.difference_update(names)


def find_evaluations(snapshot: Snapshot) -> tuple[Evaluated, ...]:
    """Every supervised evaluation whose data has a name, in path and line order."""
    found = (_evaluated(snapshot, s, line, on, data) for s in _judged(snapshot) for line, on, data in _evaluations(s))
    return tuple(e for e, _ in zip(found, range(EVALUATIONS_LIMIT)))


def find_cross_validation(snapshot: Snapshot) -> tuple[Place, ...]:
    """Calls that fit and score on folds."""
    places = []
    for source in _judged(snapshot):
        for call in source.calls:
            if call.attribute in _CROSS_VALIDATES or call.name in ("xgboost.cv", "lightgbm.cv", "catboost.cv"):
                places.append(place_in(snapshot, source.path, call.line, "cross-validation"))
    return tuple(places[:CROSS_VALIDATION_LIMIT])


def _judged(snapshot: Snapshot) -> Iterator[SourceFile]:
    return (s for s in snapshot.sources if not is_test(s.path) and s.calls)


def _evaluated(snapshot: Snapshot, source: SourceFile, line: int, on: On, data: str) -> Evaluated:
    return Evaluated(on=on, data=data[:80], place=place_in(snapshot, source.path, line, f"evaluated on `{data[:60]}`"))


def _evaluations(source: SourceFile) -> Iterator[tuple[int, On, str]]:
    """Line, verdict and data of each evaluation of one file."""
    scopes: dict[str, _Fits] = {}
    in_order = sorted(enumerate(source.calls), key=lambda item: (item[1].line, -item[0]))
    for _, call in in_order:
        fits = scopes.setdefault(call.scope, _Fits())
        fits.forget(call.targets)
        model = call.name.rpartition(".")[0]
        if call.attribute in ("fit", "partial_fit"):
            yield from _fitted(call, model, fits)
        elif call.attribute in _PREDICTS and call.targets and (data := call.argument("X", 0)):
            fits.predictions[call.targets[0]] = (model, data)
        elif call.attribute in _RUNNERS and re.search(r"trainer", model, re.I):
            yield call.line, _RUNNERS[call.attribute], call.argument("dataloaders", 1) or "test data"
        elif call.attribute in ("score", "evaluate") and (len(call.args) >= 2 or (call.attribute == "evaluate" and call.args)):
            yield call.line, _verdict(call.args[0], fits.by_model.get(model, fits.all)), call.args[0]
        elif _metric_of(call) and (verdict := _judge_metric(call, fits)):
            yield from _through_callers(source, call, verdict, scopes)


def _through_callers(source: SourceFile, call: Call, verdict: tuple[On, str], scopes: dict[str, _Fits]) -> Iterator[tuple[int, On, str]]:
    """An evaluation inside a helper is judged by what the helper is called with in the same file."""
    helper = call.scope.rsplit(".", 1)[-1]
    if verdict[0] != "unknown" or not helper:
        yield call.line, *verdict
        return
    verdicts = {
        v for c in source.calls if c.attribute == helper and c.scope != call.scope and (v := _judge_metric(c, scopes.get(c.scope, _Fits())))
    }
    known = sorted(v for v in verdicts if v[0] != "unknown")
    yield from ((call.line, *v) for v in (known or [verdict])[:1])


def _fitted(call: Call, model: str, fits: _Fits) -> Iterator[tuple[int, On, str]]:
    data = [a for a in (call.argument("X", 0) or call.argument("x"), call.argument("y", 1)) if a]
    for keyword in ("validation_data", "validation_split", "eval_set", "eval_dataset"):
        if keyword in call.keywords and keyword != "eval_set":
            yield call.line, "held_out", call.keywords[keyword]
    if len(data) < 2 and call.attribute == "fit":
        return
    fits.by_model[model] = {_plain(d) for d in data}
    fits.all |= fits.by_model[model]


def _metric_of(call: Call) -> str | None:
    if not (call.name.startswith("sklearn.metrics") or "." not in call.name):
        return None
    name = CANONICAL.get(call.attribute.lower())
    return name if name in SUPERVISED and len(call.args) + len(call.keywords) >= 2 else None


def _judge_metric(call: Call, fits: _Fits) -> tuple[On, str] | None:
    """The data behind a metric's arguments: through the call that predicted them, else by their own names."""
    texts = [*call.args[:2], *(call.keywords[k] for k in ("y_true", "y_pred", "y_score") if k in call.keywords)]
    for text in texts:
        inner = _INNER.search(text)
        model, data = ("", inner.group(1)) if inner else fits.predictions.get(text.split("[")[0], ("", ""))
        if data:
            return _verdict(data, fits.by_model.get(model, fits.all)), data
    for text in texts:
        verdict = _verdict(text, fits.all)
        if verdict != "unknown":
            return verdict, text
    return ("unknown", texts[0]) if texts else None


def _plain(text: str) -> str:
    return re.sub(r"\.(?:values|to_numpy\(\)|ravel\(\)|values\.ravel\(\))$", "", text.replace(" ", ""))


def _verdict(data: str, fitted: set[str]) -> On:
    """Held out or training by the names; a plain name fitted on is training even when it is called otherwise."""
    if not _PLAIN.fullmatch(data):
        if _HELD_OUT_WORD.search(data) and not _TRAIN_WORD.search(data):
            return "held_out"
        return "training" if _TRAIN_WORD.search(data) and not _HELD_OUT_WORD.search(data) else "unknown"
    if _plain(data) in fitted:
        return "training"
    if _HELD_OUT_WORD.search(data):
        return "held_out"
    if _TRAIN_WORD.search(data):
        return "training"
    return "held_out" if fitted else "unknown"
