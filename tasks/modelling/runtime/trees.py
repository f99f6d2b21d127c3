"""Trees of scikit-learn as plain columns of numbers: small, quick to read, and checked before scikit-learn walks over them.

scikit-learn follows the child and feature indices of a fitted tree without looking, so a damaged or crafted file could
crash the process at the first prediction. Here every index is checked, and no cycle is possible: scikit-learn numbers a
child after its parent. What a prediction needs is kept exactly; impurity and weights, which only explain a tree, as float32.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Put = Callable[[str, np.ndarray], None]
Get = Callable[[str], np.ndarray]

_LOOSE = {"impurity", "weighted_n_node_samples", "gain"}
"""Columns that no prediction reads."""
_LEAF = -1


class DamagedTree(ValueError):
    """A stored tree points outside itself or outside its features."""


def put_trees(trees: Sequence[Any], key: str, put: Put) -> None:
    """`sklearn.tree._tree.Tree` objects of one model, as columns over all nodes of all of them."""
    states = [tree.__getstate__() for tree in trees]
    _put_nodes([s["nodes"] for s in states], key, put)
    put(f"{key}/values", np.concatenate([s["values"] for s in states]))
    put(f"{key}/depths", np.array([s["max_depth"] for s in states], dtype=np.int32))
    put(f"{key}/shape", np.array([trees[0].n_features, trees[0].n_outputs, *np.ravel(trees[0].n_classes)], dtype=np.int64))


def get_trees(key: str, get: Get) -> list[Any]:
    """The trees again. Raises DamagedTree."""
    from sklearn.tree._tree import NODE_DTYPE, Tree

    shape = get(f"{key}/shape")
    n_features, n_outputs, n_classes = int(shape[0]), int(shape[1]), shape[2:].astype(np.intp)
    nodes, starts = _get_nodes(NODE_DTYPE, key, get)
    inner = nodes["left_child"] != _LEAF
    _check(nodes["left_child"], nodes["right_child"], nodes["feature"], inner, starts, n_features)
    values, depths = get(f"{key}/values"), get(f"{key}/depths")
    if values.shape != (len(nodes), n_outputs, int(n_classes.max())) or len(depths) != len(starts) - 1 or len(n_classes) != n_outputs:
        raise DamagedTree("the values of a stored tree do not fit its nodes")
    found = []
    for i, (start, end) in enumerate(itertools.pairwise(starts)):
        tree = Tree(n_features, n_classes, n_outputs)
        state = {"max_depth": int(depths[i]), "node_count": int(end - start), "nodes": nodes[start:end].copy()}
        tree.__setstate__(state | {"values": np.ascontiguousarray(values[start:end], dtype=np.float64)})
        found.append(tree)
    return found


def put_forest(estimators: Sequence[Any], key: str, put: Put) -> Any:
    """The trees of a forest go to the store; what is left is one tree without its nodes, the pattern of all."""
    put_trees([e.tree_ for e in estimators], key, put)
    pattern = copy.copy(estimators[0])
    del pattern.tree_
    pattern.random_state = None
    return pattern


def get_forest(pattern: Any, key: str, get: Get) -> list[Any]:
    """`estimators_` of a forest. Raises DamagedTree."""
    estimators = []
    for tree in get_trees(key, get):
        estimator = copy.copy(pattern)
        estimator.tree_ = tree
        estimators.append(estimator)
    return estimators


def put_predictors(predictors: Sequence[Sequence[Any]], n_features: int, key: str, put: Put) -> None:
    """`_predictors` of a histogram gradient boosting: iterations x trees per iteration."""
    flat = [p for iteration in predictors for p in iteration]
    _put_nodes([p.nodes for p in flat], key, put)
    put(f"{key}/shape", np.array([len(predictors), len(predictors[0]) if predictors else 0, n_features], dtype=np.int64))
    for name in ("binned_left_cat_bitsets", "raw_left_cat_bitsets"):
        sets = [getattr(p, name) for p in flat]
        put(f"{key}/{name}", np.concatenate(sets) if sets else np.empty((0, 8), dtype=np.uint32))
    put(f"{key}/bitsets", np.array([len(p.raw_left_cat_bitsets) for p in flat], dtype=np.int64))


def get_predictors(key: str, get: Get) -> list[list[Any]]:
    """The predictors again. Raises DamagedTree."""
    from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE
    from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

    iterations, per_iteration, n_features = (int(n) for n in get(f"{key}/shape"))
    nodes, starts = _get_nodes(PREDICTOR_RECORD_DTYPE, key, get)
    inner = nodes["is_leaf"] == 0
    _check(nodes["left"], nodes["right"], nodes["feature_idx"], inner, starts, n_features)
    bounds = np.concatenate([[0], np.cumsum(get(f"{key}/bitsets"))])
    binned, raw = get(f"{key}/binned_left_cat_bitsets"), get(f"{key}/raw_left_cat_bitsets")
    if len(starts) - 1 != iterations * per_iteration or len(bounds) != len(starts) or bounds[-1] != len(raw) or binned.shape != raw.shape:
        raise DamagedTree("the parts of a stored boosting do not fit each other")
    if raw.ndim != 2 or raw.shape[1] != 8:
        raise DamagedTree("the category sets of a stored boosting have another size")
    by_category = inner & (nodes["is_categorical"] != 0)
    if np.any(by_category & (nodes["bitset_idx"] >= np.repeat(np.diff(bounds), np.diff(starts)))):
        raise DamagedTree("a stored tree names a category set that does not exist")
    flat = [
        TreePredictor(nodes[starts[i] : starts[i + 1]].copy(), binned[bounds[i] : bounds[i + 1]], raw[bounds[i] : bounds[i + 1]])
        for i in range(len(starts) - 1)
    ]
    return [flat[i : i + per_iteration] for i in range(0, len(flat), per_iteration)] if per_iteration else []


def _put_nodes(arrays: Sequence[np.ndarray], key: str, put: Put) -> None:
    """Structured arrays as one array per field: alike numbers side by side compress better than nodes."""
    put(f"{key}/nodes/sizes", np.array([len(a) for a in arrays], dtype=np.int64))
    if not arrays:
        return
    nodes = np.concatenate(arrays)
    for name in nodes.dtype.names or ():
        put(f"{key}/nodes/{name}", _narrow(name, nodes[name]))


def _narrow(name: str, column: np.ndarray) -> np.ndarray:
    """The smallest type that holds the numbers exactly, or float32 where exactness does not matter."""
    if column.dtype.kind == "f":
        return column.astype(np.float32) if name in _LOOSE else np.ascontiguousarray(column)
    for smaller in (np.uint8, np.int16, np.int32):
        limits = np.iinfo(smaller)
        if not len(column) or (column.min() >= limits.min and column.max() <= limits.max):
            return column.astype(smaller)
    return np.ascontiguousarray(column)


def _get_nodes(dtype: np.dtype, key: str, get: Get) -> tuple[np.ndarray, np.ndarray]:
    """Nodes of all trees, and where each tree starts, with the end last."""
    sizes = get(f"{key}/nodes/sizes").astype(np.int64)
    if len(sizes) and sizes.min() < 1:
        raise DamagedTree("a stored tree has no nodes")
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    nodes = np.zeros(int(starts[-1]), dtype=dtype)
    for name in (dtype.names or ()) if len(sizes) else ():
        column = get(f"{key}/nodes/{name}")
        if column.shape != nodes.shape:
            raise DamagedTree(f"`{name}` of a stored tree has another number of nodes")
        nodes[name] = column
    return nodes, starts


def _check(left: np.ndarray, right: np.ndarray, feature: np.ndarray, inner: np.ndarray, starts: np.ndarray, n_features: int) -> None:
    """Every inner node has two children further on in its own tree, and asks for a feature that exists."""
    sizes = np.diff(starts)
    own = (np.arange(int(starts[-1])) - np.repeat(starts[:-1], sizes))[inner]
    size = np.repeat(sizes, sizes)[inner]
    for child in (left[inner].astype(np.int64), right[inner].astype(np.int64)):
        if np.any((child <= own) | (child >= size)):
            raise DamagedTree("a stored tree points outside itself")
    asked = feature[inner].astype(np.int64)
    if np.any((asked < 0) | (asked >= n_features)):
        raise DamagedTree("a stored tree asks for a feature that does not exist")
