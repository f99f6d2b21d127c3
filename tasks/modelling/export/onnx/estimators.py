"""Fitted estimators and their wrappers as nodes: probabilities `(n, n_classes)` or values `(n, 1)` from features."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tasks.modelling.export.onnx.ensembles import add_catboost, add_histogram, add_lightgbm, add_sklearn_trees
from tasks.modelling.export.onnx.graph import Graph, NotExportable

Made = Callable[[Graph, Any, str, int], str]


def add_estimator(graph: Graph, estimator: Any, features: str, width: int) -> str:
    """What `predict_proba` (n, n_classes) or `predict` (n, 1) gives. Raises NotExportable for a kind that is not here."""
    kind = type(estimator).__name__
    if kind not in _MAKERS:
        raise NotExportable(f"{kind} has no counterpart in ONNX here")
    return _MAKERS[kind](graph, estimator, features, width)


def sigmoid_pair(graph: Graph, score: str) -> str:
    """`(n, 2)` from the score `(n, 1)` of the second class."""
    return _pair(graph, graph.op("Sigmoid", score))


def softmax(graph: Graph, scores: str) -> str:
    """By its definition: the largest is subtracted first."""
    raised = graph.op("Exp", graph.op("Sub", scores, graph.op("ReduceMax", scores, axes=[1], keepdims=1)))
    return graph.op("Div", raised, _row_sums(graph, raised))


def _pair(graph: Graph, positive: str) -> str:
    return graph.beside([graph.subtract(1.0, positive), positive])


def _row_sums(graph: Graph, value: str) -> str:
    return graph.op("ReduceSum", value, graph.constant([1], np.int64), keepdims=1)


def _scores_to_probabilities(graph: Graph, scores: str, n_scores: int) -> str:
    return sigmoid_pair(graph, scores) if n_scores == 1 else softmax(graph, scores)


def _linear(graph: Graph, model: Any, features: str) -> tuple[str, int]:
    coefficients = np.atleast_2d(np.asarray(model.coef_, dtype=float))
    return graph.add(graph.matrix(features, coefficients.T), np.ravel(model.intercept_).astype(float)), len(coefficients)


def _linear_regression(graph: Graph, model: Any, features: str, width: int) -> str:
    return _linear(graph, model, features)[0]


def _linear_classifier(graph: Graph, model: Any, features: str, width: int) -> str:
    if getattr(model, "solver", "") == "liblinear" and len(model.classes_) > 2:
        raise NotExportable("one-versus-rest probabilities of liblinear have no counterpart here")
    return _scores_to_probabilities(graph, *_linear(graph, model, features))


def _naive_bayes(graph: Graph, model: Any, features: str, width: int) -> str:
    scores = []
    for prior, mean, variance in zip(model.class_prior_, model.theta_, model.var_, strict=True):
        away = graph.subtract(features, mean)
        spread = graph.matrix(graph.multiply(away, away), (-0.5 / variance).reshape(-1, 1))
        scores.append(graph.add(spread, float(np.log(prior) - 0.5 * np.log(2 * np.pi * variance).sum())))
    return softmax(graph, graph.beside(scores))


def _quadratic(graph: Graph, model: Any, features: str, width: int) -> str:
    scores = []
    for prior, mean, rotation, scaling in zip(model.priors_, model.means_, model.rotations_, model.scalings_, strict=True):
        turned = graph.matrix(graph.subtract(features, mean), rotation * scaling**-0.5)
        distance = _row_sums(graph, graph.multiply(turned, turned))
        scores.append(graph.add(graph.multiply(distance, -0.5), float(np.log(prior) - 0.5 * np.log(scaling).sum())))
    return softmax(graph, graph.beside(scores))


def _network(graph: Graph, model: Any, features: str, width: int) -> str:
    if model.activation != "relu":
        raise NotExportable(f"the network's activation {model.activation} has no counterpart here")
    value = features
    for layer, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        value = graph.add(graph.matrix(value, weights.astype(float)), bias.astype(float))
        if layer < len(model.coefs_) - 1:
            value = graph.op("Max", value, graph.constant(0.0))
    if model.out_activation_ == "logistic":
        return sigmoid_pair(graph, value)
    return softmax(graph, value) if model.out_activation_ == "softmax" else value


def _radial(graph: Graph, features: str, points: np.ndarray, gamma: float) -> str:
    """exp(-gamma |x - p|^2) `(n, n_points)`."""
    squares = graph.add(_row_sums(graph, graph.multiply(features, features)), np.square(points).sum(axis=1))
    distance = graph.op("Max", graph.subtract(squares, graph.matrix(features, 2.0 * points.T)), graph.constant(0.0))
    return graph.op("Exp", graph.multiply(distance, -gamma))


def _support_scores(graph: Graph, model: Any, features: str) -> str:
    if model.kernel != "rbf" or not isinstance(model.support_vectors_, np.ndarray):
        raise NotExportable("this kernel of the support vectors has no counterpart here")
    alike = _radial(graph, features, model.support_vectors_.astype(float), float(model._gamma))
    return graph.add(graph.matrix(alike, np.asarray(model.dual_coef_, dtype=float).T), np.ravel(model.intercept_).astype(float))


def _support_regression(graph: Graph, model: Any, features: str, width: int) -> str:
    return _support_scores(graph, model, features)


def _margins(graph: Graph, model: Any, features: str, width: int) -> str:
    machine = model.estimator
    if type(machine).__name__ != "SVC" or len(machine.classes_) != 2:
        raise NotExportable("votes of several support vector machines have no counterpart here")
    score = graph.add(graph.multiply(_support_scores(graph, machine, features), float(model.scale)), float(model.offset))
    return _all_columns(graph, sigmoid_pair(graph, graph.clip(score, -30.0, 30.0)), machine.classes_, model.n_classes)


def _gaussian_process(graph: Graph, model: Any, features: str, width: int) -> str:
    kernel = model.kernel_
    try:
        scale, radial = kernel.k1.k1, kernel.k1.k2
        names = [type(k).__name__ for k in (kernel, kernel.k1, scale, radial, kernel.k2)]
        if names != ["Sum", "Product", "ConstantKernel", "RBF", "WhiteKernel"]:
            raise NotExportable("the Gaussian process's kernel has no counterpart here")
    except AttributeError as error:
        raise NotExportable("the Gaussian process's kernel has no counterpart here") from error
    length = np.broadcast_to(np.asarray(radial.length_scale, dtype=float), (model.X_train_.shape[1],))
    alike = graph.multiply(_radial(graph, graph.divide(features, length), model.X_train_ / length, 0.5), float(scale.constant_value))
    made = graph.matrix(alike, np.asarray(model.alpha_, dtype=float).reshape(len(model.alpha_), -1))
    return graph.add(graph.multiply(made, np.ravel(model._y_train_std).astype(float)), np.ravel(model._y_train_mean).astype(float))


def _dummy(graph: Graph, model: Any, features: str, width: int) -> str:
    answer = np.ravel(model.class_prior_ if hasattr(model, "class_prior_") else model.constant_).astype(float)
    nothing = graph.multiply(graph.pick_columns(features, [0]), 0.0)
    return graph.add(graph.where_missing(nothing, 0.0), answer)


def _one_tree(graph: Graph, model: Any, features: str, width: int) -> str:
    return add_sklearn_trees(graph, features, [model], width)


def _forest(graph: Graph, model: Any, features: str, width: int) -> str:
    return add_sklearn_trees(graph, features, model.estimators_, width)


def _histogram(graph: Graph, model: Any, features: str, width: int) -> str:
    scores = add_histogram(graph, features, model)
    if hasattr(model, "classes_"):
        return _scores_to_probabilities(graph, scores, len(model._predictors[0]))
    return graph.op("Exp", scores) if model.loss in ("poisson", "gamma") else scores


def _lightgbm(graph: Graph, model: Any, features: str, width: int) -> str:
    booster = model.booster_
    scores = add_lightgbm(graph, features, booster)
    objective, *told = (
        next(line for line in booster.model_to_string().splitlines() if line.startswith("objective=")).split("=")[1].split(" ")
    )
    options = dict(one.split(":") for one in told if ":" in one)
    if objective == "binary":
        return sigmoid_pair(graph, graph.multiply(scores, float(options.get("sigmoid", 1.0))))
    if objective == "multiclass":
        return softmax(graph, scores)
    if objective in ("poisson", "gamma", "tweedie"):
        return graph.op("Exp", scores)
    if objective in ("regression", "regression_l1", "huber", "fair", "quantile", "mape") and "sqrt" not in told:
        return scores
    raise NotExportable(f"LightGBM's objective {objective} has no counterpart here")


def _catboost(graph: Graph, model: Any, features: str, width: int) -> str:
    numbers = [i for i in range(width) if i not in set(model.categorical_)]
    scores = add_catboost(graph, features, model.model_, numbers, width)
    if model.n_classes == 0:
        return scores
    return sigmoid_pair(graph, scores) if model.n_classes == 2 else softmax(graph, scores)


def _all_classes(graph: Graph, model: Any, features: str, width: int) -> str:
    return _all_columns(graph, add_estimator(graph, model.estimator, features, width), model.estimator.classes_, model.n_classes)


def _all_columns(graph: Graph, known: str, classes: Any, n_classes: int) -> str:
    codes = np.asarray(classes, dtype=int)
    if len(codes) == n_classes and (codes == np.arange(n_classes)).all():
        return known
    table = np.zeros((len(codes), n_classes))
    table[np.arange(len(codes)), codes] = 1.0
    return graph.matrix(known, table)


def _transformed(graph: Graph, model: Any, features: str, width: int) -> str:
    raw = graph.add(graph.multiply(add_estimator(graph, model.estimator, features, width), model.spread_), model.center_)
    if model.kind == "standard":
        return raw
    margin = 0.1 * (model.high_ - model.low_)
    raw = graph.clip(raw, model.low_ - margin, model.high_ + margin)
    if model.kind == "log":
        back = graph.subtract(graph.op("Exp", raw), 1.0)
    else:
        above = graph.op("Max", raw, graph.constant(0.0))
        back = graph.multiply(above, above)
    return graph.add(graph.multiply(back, model.smearing_), model.least_)


def _clipped(graph: Graph, model: Any, features: str, width: int) -> str:
    return graph.clip(add_estimator(graph, model.estimator, features, width), float(model.low), float(model.high))


def _mean(graph: Graph, model: Any, features: str, width: int) -> str:
    total = add_estimator(graph, model.estimators[0], features, width)
    for one in model.estimators[1:]:
        total = graph.add(total, add_estimator(graph, one, features, width))
    return graph.divide(total, float(len(model.estimators)))


def _hurdle(graph: Graph, model: Any, features: str, width: int) -> str:
    chance = graph.pick_columns(add_estimator(graph, model.occurrence, features, width), [1])
    return graph.multiply(chance, graph.op("Max", add_estimator(graph, model.amount, features, width), graph.constant(0.0)))


def _bounded(graph: Graph, model: Any, features: str, width: int) -> str:
    return add_estimator(graph, model.estimator, graph.clip(features, -float(model.bound), float(model.bound)), width)


_MAKERS: dict[str, Made] = {
    "AllClasses": _all_classes, "BoundedInput": _bounded, "CatBoostModel": _catboost, "Clipped": _clipped,
    "DecisionTreeClassifier": _one_tree, "DecisionTreeRegressor": _one_tree, "DummyClassifier": _dummy, "DummyRegressor": _dummy,
    "ElasticNet": _linear_regression, "ExtraTreesClassifier": _forest, "ExtraTreesRegressor": _forest, "GaussianNB": _naive_bayes,
    "GaussianProcessRegressor": _gaussian_process, "HistGradientBoostingClassifier": _histogram,
    "HistGradientBoostingRegressor": _histogram, "HuberRegressor": _linear_regression, "Hurdle": _hurdle,
    "LightGBMModel": _lightgbm, "LinearDiscriminantAnalysis": _linear_classifier, "LogisticRegression": _linear_classifier,
    "MLPClassifier": _network, "MLPRegressor": _network, "MarginClassifier": _margins, "Mean": _mean,
    "QuadraticDiscriminantAnalysis": _quadratic, "RandomForestClassifier": _forest, "RandomForestRegressor": _forest,
    "Ridge": _linear_regression, "RidgeCV": _linear_regression, "SVR": _support_regression, "TransformedTarget": _transformed,
}  # fmt: skip
