"""Fitted objects without their heavy parts, and whole again.

Trees and boosters are taken out of the graph of objects and stored in formats of their own; a `Stored` stands in their place.
Long lists and tables of plain values become one text each: skops would write every value as an object. The rest is small and goes
through skops. Nothing is changed in place: the fitted objects keep working while they are saved.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasks.modelling.runtime.booster_files import (
    catboost_bytes,
    catboost_from_bytes,
    is_catboost,
    is_lightgbm,
    lightgbm_from_text,
    lightgbm_text,
)  # fmt: skip
from tasks.modelling.runtime.parts import Parts
from tasks.modelling.runtime.trees import get_forest, get_predictors, get_trees, put_forest, put_predictors, put_trees

_OPENED = ("sklearn.", "lightgbm.", "tasks.modelling.runtime.")
"""Modules whose objects may hold heavy parts."""
_SEARCH_TREES = ("sklearn.neighbors._kd_tree", "sklearn.neighbors._ball_tree")
_TRAINING_ONLY = (
    "_scorer",
    "_optimizer",
    "_feature_subsample_rng",
    "_sample_weight",
    "_evals_result",
    "_best_score",
    "train_score_",
    "validation_score_",
)
"""Attributes that no prediction reads; some are functions, which a safe file cannot hold."""
LEAST_PLAIN = 6
"""Values from which on a plain list or dictionary is kept as one text."""
_PLAIN = "_plain_attributes"
"""Attribute in place of all of an object's attributes that are plain values: one text instead of an object each."""


@dataclass
class Stored:
    """Stands where a heavy part was."""

    kind: str
    key: str
    about: Any = None
    """What the key's content needs beside it."""


def take_apart(thing: Any, parts: Parts) -> Any:
    """A copy in which every heavy part is a `Stored` and its content is in `parts`."""
    return _Taking(parts).visit(thing)


def put_together(thing: Any, parts: Parts) -> Any:
    """The whole object. Raises ValueError when a part is damaged or missing."""
    return _Restoring(parts).visit(thing)


class _Visitor:
    """Walks over containers and objects of `_OPENED`, each once; a container is copied only when something in it changed."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._seen: dict[int, Any] = {}
        self._alive: list[Any] = []

    def visit(self, thing: Any) -> Any:
        if isinstance(thing, (str, bytes, int, float, bool, type(None), np.ndarray, np.generic)):
            return thing
        if id(thing) not in self._seen:
            self._alive.append(thing)  # so that no other object gets its id
            self._seen[id(thing)] = self._changed(thing)
        return self._seen[id(thing)]

    def _changed(self, thing: Any) -> Any:
        if isinstance(thing, dict) and type(thing) is dict:
            new = {key: self.visit(value) for key, value in thing.items()}
            return new if any(new[key] is not thing[key] for key in new) else thing
        if type(thing) in (list, tuple):
            items = [self.visit(item) for item in thing]
            return type(thing)(items) if any(a is not b for a, b in zip(items, thing)) else thing
        if type(thing).__module__.startswith(_OPENED) and type(getattr(thing, "__dict__", None)) is dict:
            return self._opened(thing, dict(vars(thing)))
        return thing

    def _opened(self, thing: Any, attributes: dict[str, Any]) -> Any:
        new = {key: self.visit(value) for key, value in attributes.items()}
        old = vars(thing)
        if new.keys() == old.keys() and all(new[key] is old[key] for key in new):
            return thing
        copied = object.__new__(type(thing))
        vars(copied).update(new)
        return copied


class _Taking(_Visitor):
    def _changed(self, thing: Any) -> Any:
        kind = f"{type(thing).__module__}.{type(thing).__name__}"
        if kind == "sklearn.tree._tree.Tree":
            key = self.parts.new_key("tree")
            put_trees([thing], key, self.parts.put_array)
            return Stored("tree", key)
        if is_lightgbm(thing):
            return Stored("lightgbm", self.parts.put_blob("lightgbm", ".txt", lightgbm_text(thing)), int(thing.best_iteration))
        if is_catboost(thing):
            return Stored("catboost", self.parts.put_blob("catboost", ".cbm", catboost_bytes(thing)), type(thing).__name__)
        if type(thing) in (list, dict) and len(thing) >= LEAST_PLAIN and _is_plain(thing):
            return Stored("plain", "", json.dumps(thing))
        return super()._changed(thing)

    def _opened(self, thing: Any, attributes: dict[str, Any]) -> Any:
        for name in _TRAINING_ONLY:
            if attributes.get(name) is not None:
                attributes[name] = None
        if _only_checks(attributes.get("func")):
            # Of a histogram boosting's columns without categories; a view's features need no check.
            attributes["func"] = None
        if type(attributes.get("estimators_")) is list and _are_trees(attributes["estimators_"]):
            key = self.parts.new_key("forest")
            pattern = put_forest(attributes["estimators_"], key, self.parts.put_array)
            attributes["estimators_"] = Stored("forest", key, pattern)
        if type(attributes.get("_tree")).__module__ in _SEARCH_TREES and "_fit_X" in attributes:
            attributes["_tree"] = _search_tree_of(attributes)
        if "_predictors" in attributes and "hist_gradient" in type(thing).__module__:
            key = self.parts.new_key("boosting")
            put_predictors(attributes["_predictors"], int(attributes["n_features_in_"]), key, self.parts.put_array)
            attributes["_predictors"] = Stored("boosting", key)
        return super()._opened(thing, _gathered(attributes) if _is_kept_as_it_is(type(thing)) else attributes)


class _Restoring(_Visitor):
    def _opened(self, thing: Any, attributes: dict[str, Any]) -> Any:
        return super()._opened(thing, attributes | json.loads(attributes.pop(_PLAIN, "{}")))

    def _changed(self, thing: Any) -> Any:
        return self._fetched(thing) if isinstance(thing, Stored) else super()._changed(thing)

    def _fetched(self, stored: Stored) -> Any:
        if stored.kind == "plain":
            return json.loads(stored.about)
        if stored.kind == "tree":
            return get_trees(stored.key, self.parts.array)[0]
        if stored.kind == "forest":
            return get_forest(self.visit(stored.about), stored.key, self.parts.array)
        if stored.kind == "boosting":
            return get_predictors(stored.key, self.parts.array)
        if stored.kind == "search_tree":
            return _search_tree(stored)
        if stored.kind == "lightgbm":
            return lightgbm_from_text(self.parts.blob(stored.key), int(stored.about))
        if stored.kind == "catboost":
            return catboost_from_bytes(self.parts.blob(stored.key), str(stored.about))
        raise ValueError(f"unknown kind of stored part: {stored.kind}")


def _gathered(attributes: dict[str, Any]) -> dict[str, Any]:
    """The plain ones as one text."""
    plain = {name: value for name, value in attributes.items() if _is_plain(value)}
    return {name: value for name, value in attributes.items() if name not in plain} | {_PLAIN: json.dumps(plain)}


def _is_kept_as_it_is(kind: type) -> bool:
    """Its state is its attributes, and it looks at none of them when that is taken."""
    return kind is not Stored and getattr(kind.__getstate__, "__qualname__", "") in ("object.__getstate__", "BaseEstimator.__getstate__")


def _is_plain(thing: Any) -> bool:
    """JSON gives it back as it is, types and all."""
    if type(thing) is list:
        return all(map(_is_plain, thing))
    if type(thing) is dict:
        return all(type(key) is str and _is_plain(value) for key, value in thing.items())
    return type(thing) in (str, int, float, bool, type(None))


def _only_checks(function: Any) -> bool:
    return isinstance(function, functools.partial) and getattr(function.func, "__name__", "") == "check_array"


def _search_tree_of(attributes: dict[str, Any]) -> Stored:
    """Built anew when loaded, from the rows themselves: scikit-learn would follow its stored indices unchecked."""
    about = {"rows": attributes["_fit_X"], "leaf_size": attributes["leaf_size"], "metric": attributes["effective_metric_"]}
    return Stored("search_tree", type(attributes["_tree"]).__name__, about | {"options": attributes["effective_metric_params_"]})


def _search_tree(stored: Stored) -> Any:
    from sklearn.neighbors import BallTree, KDTree

    about = stored.about
    kind = BallTree if stored.key.startswith("Ball") else KDTree
    return kind(np.asarray(about["rows"]), leaf_size=int(about["leaf_size"]), metric=about["metric"], **about["options"])


def _are_trees(estimators: list[Any]) -> bool:
    return bool(estimators) and all(
        type(e).__module__ == "sklearn.tree._classes" and vars(e).keys() == vars(estimators[0]).keys() for e in estimators
    )
