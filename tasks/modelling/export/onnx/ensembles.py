"""Trees of scikit-learn, LightGBM and CatBoost as one ONNX node: thresholds and sums in double precision.

A split on levels has no ONNX counterpart before opset 5, so its answer becomes a feature of its own: a table says for each code
whether it goes left, and the tree asks for 1.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tasks.modelling.export.onnx.graph import ML, Graph, NotExportable

NODES_LIMIT = 1_500_000
"""Of one model: beyond it the file is larger than what it stands for."""


class Forest:
    """Nodes of many trees in ONNX's columns."""

    def __init__(self, n_features: int, n_targets: int) -> None:
        self.n_features = n_features
        self.n_targets = n_targets
        self.trees = 0
        self.count = 0
        self._columns: dict[str, list[np.ndarray]] = {}
        self._splits: dict[tuple[int, bytes], int] = {}
        self._tables: list[tuple[int, np.ndarray]] = []

    def level_split(self, feature: int, left: np.ndarray) -> int:
        """Position of the feature that is 1 where a code of `feature` goes left; the last entry of `left` is for missing."""
        key = (feature, left.tobytes())
        if key not in self._splits:
            self._splits[key] = self.n_features + len(self._tables)
            self._tables.append((feature, left))
        return self._splits[key]

    def tree(self, feature: Any, value: Any, true: Any, false: Any, missing_true: Any, leaf: Any, weights: Any, mode: Any) -> None:
        """One tree, all arguments per node; `weights` `(n, n_targets)` counts at leaves, `mode` is BRANCH_LEQ or BRANCH_GT."""
        leaf = np.asarray(leaf, dtype=bool)
        size = len(leaf)
        self.count += size
        if self.count > NODES_LIMIT:
            raise NotExportable(f"it has more than {NODES_LIMIT:,} tree nodes")
        ids = np.arange(size)
        modes = np.where(leaf, "LEAF", mode)
        for name, column in (
            ("nodes_treeids", np.full(size, self.trees)), ("nodes_nodeids", ids), ("nodes_modes", modes),
            ("nodes_featureids", np.where(leaf, 0, feature)), ("nodes_values", np.where(leaf, 0.0, value)),
            ("nodes_truenodeids", np.where(leaf, 0, true)), ("nodes_falsenodeids", np.where(leaf, 0, false)),
            ("nodes_missing_value_tracks_true", np.where(leaf, 0, missing_true).astype(np.int64)),
        ):  # fmt: skip
            self._columns.setdefault(name, []).append(column)
        weights = np.asarray(weights, dtype=float).reshape(size, -1)[leaf]
        places, targets = np.nonzero(np.ones_like(weights))
        for name, column in (
            ("target_treeids", np.full(len(places), self.trees)), ("target_nodeids", ids[leaf][places]),
            ("target_ids", targets if weights.shape[1] > 1 else np.full(len(places), self._target)), ("target_weights", weights.ravel()),
        ):  # fmt: skip
            self._columns.setdefault(name, []).append(column)
        self.trees += 1

    _target = 0

    def of_target(self, target: int) -> None:
        """Trees that follow count for this target."""
        self._target = target

    def add_to(self, graph: Graph, features: str, base: Any) -> str:
        """Sums over trees plus `base` `(n_targets,)`, shape `(n, n_targets)`."""
        from onnx import numpy_helper

        joined = {name: np.concatenate(parts) for name, parts in self._columns.items()}
        plain = {name: column.tolist() for name, column in joined.items() if name not in ("nodes_values", "target_weights")}
        if self._tables:
            features = graph.beside([features, *(self._answers(graph, features, f) for f in dict.fromkeys(f for f, _ in self._tables))])
            order = {position: rank for rank, position in enumerate(self._order())}
            plain["nodes_featureids"] = [order.get(f, f) for f in plain["nodes_featureids"]]
        made = graph.op(
            "TreeEnsembleRegressor", features, domain=ML, n_targets=self.n_targets, **plain,
            nodes_values_as_tensor=numpy_helper.from_array(joined["nodes_values"].astype(np.float64), "nodes_values_as_tensor"),
            target_weights_as_tensor=numpy_helper.from_array(joined["target_weights"].astype(np.float64), "target_weights_as_tensor"),
        )  # fmt: skip
        return graph.add(graph.double(made), np.asarray(base, dtype=float))

    def _order(self) -> list[int]:
        """Positions of level splits as `level_split` gave them, in the order in which their answers are laid out."""
        grouped = [i for f in dict.fromkeys(f for f, _ in self._tables) for i, (g, _) in enumerate(self._tables) if g == f]
        places = list(range(self.n_features))
        return [*places, *(self.n_features + i for i in grouped)]

    def _answers(self, graph: Graph, features: str, feature: int) -> str:
        """One column for each split on the levels of this feature."""
        tables = [left for f, left in self._tables if f == feature]
        size = max(len(left) for left in tables) - 1
        # A code beyond a split's own table goes the way of missing.
        padded = [np.concatenate([left[:-1], np.full(size - len(left) + 1, left[-1]), left[-1:]]) for left in tables]
        code = graph.flat(graph.pick_columns(features, [feature]))
        known = graph.clip(graph.where_missing(code, float(size)), -1.0, float(size))
        safe = graph.op("Where", graph.op("Less", known, graph.constant(0.0)), graph.constant(float(size)), known)
        return graph.pick_rows(np.column_stack(padded).astype(float), graph.op("Cast", safe, to=7))


def add_sklearn_trees(graph: Graph, features: str, trees: list[Any], n_features: int) -> str:
    """Mean of decision trees `(n, n_outputs or n_classes)`."""
    forest = Forest(n_features, trees[0].tree_.value.shape[2])
    for tree in (t.tree_ for t in trees):
        leaf = tree.children_left < 0
        missing = np.asarray(tree.missing_go_to_left) if hasattr(tree, "missing_go_to_left") else np.zeros(len(leaf), dtype=int)
        forest.tree(
            tree.feature,
            tree.threshold,
            tree.children_left,
            tree.children_right,
            missing,
            leaf,
            tree.value[:, 0, :] / len(trees),
            "BRANCH_LEQ",
        )
    return forest.add_to(graph, features, np.zeros(forest.n_targets))


def add_histogram(graph: Graph, features: str, model: Any) -> str:
    """Raw scores `(n, n_trees_per_iteration)` of a histogram gradient boosting."""
    per_iteration = len(model._predictors[0])
    forest = Forest(int(model.n_features_in_), per_iteration)
    levels = _histogram_levels(model)
    for iteration in model._predictors:
        for target, predictor in enumerate(iteration):
            forest.of_target(target)
            nodes = predictor.nodes
            leaf = nodes["is_leaf"] != 0
            feature, value = levels.original[nodes["feature_idx"]].copy(), nodes["num_threshold"].copy()
            true, false = nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)
            missing = nodes["missing_go_to_left"].astype(np.int64)
            for i in np.flatnonzero(~leaf & (nodes["is_categorical"] != 0)):
                goes_left = levels.goes_left(
                    int(nodes["feature_idx"][i]), predictor.raw_left_cat_bitsets[nodes["bitset_idx"][i]], missing[i]
                )
                feature[i], value[i], missing[i] = forest.level_split(int(feature[i]), goes_left), 0.5, 0
                true[i], false[i] = false[i], true[i]
            forest.tree(feature, value, true, false, missing, leaf, nodes["value"], "BRANCH_LEQ")
    return forest.add_to(graph, features, np.ravel(model._baseline_prediction))


class _histogram_levels:
    """How a histogram boosting numbers columns and levels: categories first, levels by their place among those seen."""

    def __init__(self, model: Any) -> None:
        categorical = np.asarray(model.is_categorical_) if model.is_categorical_ is not None else np.zeros(model.n_features_in_, dtype=bool)
        self.original = np.concatenate([np.flatnonzero(categorical), np.flatnonzero(~categorical)])
        encoder = model._preprocessor.named_transformers_["encoder"] if categorical.any() else None
        self.seen = [] if encoder is None else [np.asarray(c, dtype=float) for c in encoder.categories_]

    def goes_left(self, position: int, bits: np.ndarray, missing_left: int) -> np.ndarray:
        """For each code, and missing at the end, whether it goes left."""
        seen = self.seen[position]
        seen = seen[~np.isnan(seen)].astype(np.int64)
        left = np.full(int(seen.max(initial=0)) + 2, missing_left, dtype=np.int8)
        for place, code in enumerate(seen):
            left[code] = bits[place // 32] >> (place % 32) & 1
        return left


def add_lightgbm(graph: Graph, features: str, booster: Any) -> str:
    """Raw scores `(n, n_trees_per_iteration)` of a booster."""
    text = booster.model_to_string(num_iteration=-1)
    head, *trees = text.split("\nTree=")
    told = _fields(head)
    if "average_output" in head.split():
        raise NotExportable("LightGBM's random forest mode has no counterpart here")
    per_iteration = int(told["num_tree_per_iteration"])
    forest = Forest(int(told["max_feature_idx"]) + 1, per_iteration)
    for number, one in enumerate(trees):
        forest.of_target(number % per_iteration)
        _lightgbm_tree(forest, _fields(one.split("\n\n")[0]))
    return forest.add_to(graph, features, np.zeros(per_iteration))


def _fields(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def _lightgbm_tree(forest: Forest, told: dict[str, str]) -> None:
    if told.get("is_linear", "0") != "0":
        raise NotExportable("LightGBM's linear trees have no counterpart here")
    leaves = np.array(told["leaf_value"].split(), dtype=float)
    if len(leaves) == 1:
        forest.tree([0], [0.0], [0], [0], [0], [True], leaves, "BRANCH_LEQ")
        return
    inner = len(leaves) - 1

    def ints(name: str) -> np.ndarray:
        return np.array(told[name].split(), dtype=np.int64)

    def nodes(children: np.ndarray) -> np.ndarray:
        return np.where(children >= 0, children, inner + ~children)

    feature, value, kinds = ints("split_feature"), np.array(told["threshold"].split(), dtype=float), ints("decision_type")
    true, false = nodes(ints("left_child")), nodes(ints("right_child"))
    missing = np.where(kinds >> 2 & 3 == 2, kinds >> 1 & 1, value >= 0).astype(np.int64)
    if (kinds >> 2 & 3 == 1).any():
        raise NotExportable("LightGBM takes zero for missing")
    for i in np.flatnonzero(kinds & 1):
        bounds, words = ints("cat_boundaries"), np.array(told["cat_threshold"].split(), dtype=np.uint32)
        which = int(value[i])
        bits = words[bounds[which] : bounds[which + 1]]
        left = np.append((bits[:, None] >> np.arange(32, dtype=np.uint32) & 1).ravel(), 0).astype(np.int8)
        feature[i], value[i], missing[i] = forest.level_split(int(feature[i]), left), 0.5, 0
        true[i], false[i] = false[i], true[i]
    leaf = np.concatenate([np.zeros(inner, dtype=bool), np.ones(len(leaves), dtype=bool)])
    pad = np.zeros(len(leaves), dtype=np.int64)
    forest.tree(
        np.concatenate([feature, pad]), np.concatenate([value, leaves]), np.concatenate([true, pad]), np.concatenate([false, pad]),
        np.concatenate([missing, pad]), leaf, np.concatenate([np.zeros(inner), leaves]), "BRANCH_LEQ",
    )  # fmt: skip


def add_catboost(graph: Graph, features: str, model: Any, numbers: list[int], n_features: int) -> str:
    """Raw scores `(n, n_outputs)`; `numbers` are the positions of the features that CatBoost took as numbers, in its order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        told = json.loads(path.read_text(encoding="utf-8"))
    if "oblivious_trees" not in told:
        raise NotExportable("CatBoost grew trees that are not symmetric")
    scale, bias = told["scale_and_bias"]
    nan_is = {f["feature_index"]: f["nan_value_treatment"] == "AsTrue" for f in told["features_info"]["float_features"]}
    outputs = len(bias)
    forest = Forest(n_features, outputs)
    for tree in told["oblivious_trees"]:
        splits = tree["splits"] or []
        if any(s["split_type"] != "FloatFeature" for s in splits):
            raise NotExportable("CatBoost counts targets within levels, which ONNX cannot do")
        _oblivious_tree(forest, splits, np.array(tree["leaf_values"]).reshape(-1, outputs) * scale, numbers, nan_is)
    return forest.add_to(graph, features, bias)


def _oblivious_tree(forest: Forest, splits: list[dict], values: np.ndarray, numbers: list[int], nan_is: dict[int, bool]) -> None:
    """A symmetric tree as a binary one: the last split at the root, the first decides the lowest bit of the leaf's number."""
    depth = len(splits)
    inner = 2**depth - 1
    ids = np.arange(inner)
    level = np.floor(np.log2(ids + 1)).astype(int) if inner else ids
    asked = [splits[depth - 1 - d] for d in level]
    pad = np.zeros(len(values), dtype=np.int64)
    feature = np.array([numbers[s["float_feature_index"]] for s in asked], dtype=np.int64)
    border = np.array([np.float32(s["border"]) for s in asked], dtype=float)
    missing = np.array([nan_is[s["float_feature_index"]] for s in asked], dtype=np.int64)
    weights = np.vstack([np.zeros((inner, values.shape[1])), values])
    forest.tree(
        np.concatenate([feature, pad]), np.concatenate([border, pad]), np.concatenate([2 * ids + 2, pad]), np.concatenate([2 * ids + 1, pad]),
        np.concatenate([missing, pad]), np.arange(inner + len(values)) >= inner, weights, "BRANCH_GT",
    )  # fmt: skip
