"""Which configurations are tried before anything is tuned, and in which order: the most likely gain per second first.

The order holds for tables in general: boosted trees lead from a few thousand rows on, linear models, kernels and randomised trees
below; nothing depends on a data set. Sources of the diverse settings: the zero-shot portfolios of AutoGluon and TabRepo
(Salinas & Erickson 2024), and what was measured here on development sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tasks.modelling.training.configuration import Configuration, Origin, Problem
from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.families.boosting import STOPPING_ROWS
from tasks.modelling.training.families.registry import FAMILIES

Entry = tuple[str, dict[str, Any]]
TRAINED_SHARE = 0.8
"""Of the development rows in a fold's fit."""
PLAIN_SHARE = 0.08
MOST_HASTE = 2.5
STOPPED_ROUNDS = 2000
"""Rounds at most where held rows end boosting."""
SMALL = 2500
"""Rows below which instance models and many small models are worth their time."""
CATBOOST_FAST: dict[str, Any] = {
    "border_count": 64, "max_ctr_complexity": 1, "one_hot_max_size": 8, "boosting_type": "Plain",
    "bootstrap_type": "Bernoulli", "subsample": 0.8,
}  # fmt: skip
LABELLED = frozenset({"f1", "f1_macro", "balanced_accuracy", "recall", "precision", "mcc"})
"""Metrics under which a rare class is weighted up."""


def baselines(problem: Problem, recipe: str) -> list[Configuration]:
    """Dummy first, then a linear model, then a small tree."""
    linear: Entry = ("logistic", {"C": 1.0}) if problem.n_classes else ("ridge", {})
    return [configure(entry, recipe, "baseline") for entry in (("dummy", {}), linear, ("tree", {"max_depth": 4}))]


def portfolio(problem: Problem, recipe: str, options: SearchOptions, haste: float = 1.0) -> list[Configuration]:
    """All others, in order, those of the options first; boosting learns `haste` times as fast."""
    entries: list[tuple[Entry, Origin]] = [((family, dict(params)), "portfolio") for family, params in options.first]
    entries += [(entry, "critic") for entry in _asked_for(problem, options)]
    entries += [(_hasten(entry, haste), "portfolio") for entry in (_classification if problem.n_classes else _regression)(problem)]
    found: dict[str, Configuration] = {}
    for entry, origin in entries:
        if options.families is not None and entry[0] not in options.families:
            continue
        if (options.simplify and _is_flexible(entry)) or FAMILIES[entry[0]].most_rows < TRAINED_SHARE * problem.rows:
            continue
        made = configure(entry, recipe, origin)
        found.setdefault(made.id, made)
    known = {one.id for one in baselines(problem, recipe)}
    return [one for one in found.values() if one.id not in known]


def configure(entry: Entry, recipe: str, origin: Origin) -> Configuration:
    """On the family's view, or the one the parameters name."""
    family, params = entry
    return Configuration(family, params.get("view", FAMILIES[family].view), params, origin, recipe)


def _asked_for(problem: Problem, options: SearchOptions) -> Iterator[Entry]:
    """What the critic wants tried: models that fit the training rows less closely, or weigh classes."""
    if options.regularise:
        yield _lightgbm(problem, "plain", num_leaves=7, min_data_in_leaf=30, lambda_l2=20.0, feature_fraction=0.4)
        yield _catboost(problem, 4, l2_leaf_reg=15.0, random_strength=3.0)
        yield "extra_trees", {"trees": 200, "min_leaf": 10, "max_features": 0.4}
        yield ("logistic", {"C": 0.01}) if problem.n_classes else ("elastic_net", {"alpha": 0.05, "l1_ratio": 0.5})
    if options.class_weight is not None and problem.n_classes:
        weight = options.class_weight if problem.n_classes == 2 else "balanced"
        yield _lightgbm(problem, "plain", class_weight=weight)
        yield "logistic", {"C": 0.1, "class_weight": weight}
        yield _catboost(problem, class_weight=weight)
        yield _forests(problem, class_weight=weight)[0]
        yield "support_vectors", {"C": 3.0, "gamma": 0.5, "class_weight": weight}


def choose_haste(seconds_of_one: float, seconds: float) -> float:
    """How much faster boosting should learn so that one plain LightGBM takes its share of all processor seconds.

    >>> choose_haste(1.0, 100.0), choose_haste(4.0, 20.0)
    (1.0, 2.5)
    """
    return round(min(MOST_HASTE, max(1.0, seconds_of_one / (PLAIN_SHARE * seconds))), 2) if seconds > 0 else MOST_HASTE


def _hasten(entry: Entry, haste: float) -> Entry:
    family, params = entry
    if haste <= 1 or "learning_rate" not in params:
        return entry
    rate = round(min(params["learning_rate"] * haste, 0.25), 4)
    fixed = params["rounds"] < STOPPED_ROUNDS
    rounds = max(10, int(params["rounds"] * params["learning_rate"] / rate)) if fixed else params["rounds"]
    return family, params | {"learning_rate": rate, "rounds": rounds}


def _is_flexible(entry: Entry) -> bool:
    family, params = entry
    return family in {"gaussian_process", "network"} or params.get("num_leaves", 0) > 40 or params.get("depth", 0) > 7


def _rounds(problem: Problem, learning_rate: float, per_rate: float) -> int:
    """Held rows stop boosting where there are enough; else as many as the rate suggests."""
    return STOPPED_ROUNDS if problem.rows >= 5 * STOPPING_ROWS else int(per_rate / learning_rate)


def _lightgbm(problem: Problem, kind: str, **more: Any) -> Entry:
    small = problem.rows < SMALL
    rate = 0.05 if problem.rows > 1000 else 0.04
    base: dict[str, Any] = {"learning_rate": rate, "max_cat_to_onehot": 8, "cat_smooth": 20}
    kinds: dict[str, dict[str, Any]] = {
        "plain": {"num_leaves": 10 if small else 31, "min_data_in_leaf": 5, "feature_fraction": 0.7, "lambda_l2": 2.0}
        | {"bagging_fraction": 0.85, "bagging_freq": 1},
        "random": {"num_leaves": 16 if small else 48, "min_data_in_leaf": 5, "extra_trees": True, "feature_fraction": 0.8},
        "large": {"num_leaves": 24 if small else 96, "min_data_in_leaf": 5, "feature_fraction": 0.5, "lambda_l2": 5.0}
        | {"bagging_fraction": 0.8, "bagging_freq": 1, "learning_rate": rate * 0.6},
        "shallow": {"num_leaves": 6 if small else 12, "min_data_in_leaf": 5, "feature_fraction": 0.7, "view": "tree"},
    }
    params = base | kinds[kind] | more
    return "lightgbm", params | {"rounds": _rounds(problem, params["learning_rate"], 6 if kind != "random" else 12)}


def _catboost(problem: Problem, depth: int = 6, **more: Any) -> Entry:
    """Coarse borders and no combinations of levels: four times as fast as the defaults, for a tenth of a per cent of the score."""
    rate = 0.08 if problem.rows >= 5 * STOPPING_ROWS else 0.05
    params: dict[str, Any] = {"learning_rate": rate, "depth": depth, **CATBOOST_FAST, **more}
    return "catboost", params | {"rounds": _rounds(problem, params["learning_rate"], 16)}


def _fine_catboost(problem: Problem) -> Entry:
    """The library's own borders and combinations of levels, for when there is time."""
    family, params = _catboost(problem)
    return family, {name: value for name, value in params.items() if name not in CATBOOST_FAST}


def _forests(problem: Problem, **more: Any) -> tuple[Entry, Entry]:
    leaf = 2 if problem.rows < SMALL else 3
    extra: Entry = ("extra_trees", {"trees": 200, "min_leaf": leaf, "max_features": 0.6, **more})
    forest: Entry = ("random_forest", {"trees": 200, "min_leaf": leaf, "max_features": 0.35, **more})
    return extra, forest


def _network(layers: Sequence[int], alpha: float, **more: Any) -> Entry:
    return "network", {"layers": list(layers), "alpha": alpha, "seeds": 2, **more}


def _histogram(problem: Problem, **more: Any) -> Entry:
    params = {"learning_rate": 0.06, "leaves": 31, "min_leaf": 20, "l2": 1.0, "max_features": 0.6, **more}
    return "histogram_boosting", params | {"rounds": _rounds(problem, 0.06, 6)}


def _classification(problem: Problem) -> Iterator[Entry]:
    extra, forest = _forests(problem)
    yield _lightgbm(problem, "plain")
    yield "support_vectors", {"C": 3.0, "gamma": 0.5}
    yield "logistic", {"C": 0.05}
    yield _catboost(problem)
    yield extra
    yield _network([64], 0.1)
    yield forest
    yield "linear_discriminant", {}
    yield _histogram(problem)
    yield "naive_bayes", {}
    yield "neighbours", {"neighbours": 15}
    yield _lightgbm(problem, "shallow")
    yield _lightgbm(problem, "random")
    yield "quadratic_discriminant", {}
    yield "logistic", {"C": 0.005}
    yield _catboost(problem, 4)
    yield _network([64, 64], 1.0)
    if problem.metric in LABELLED and problem.rarest < 0.8 / max(2, problem.n_classes):
        yield _lightgbm(problem, "plain", class_weight="balanced")
        yield "logistic", {"C": 0.1, "class_weight": "balanced"}
        yield "extra_trees", extra[1] | {"class_weight": "balanced"}
    yield _lightgbm(problem, "large")
    yield _fine_catboost(problem)
    yield "neighbours", {"neighbours": 5}
    yield "support_vectors", {"C": 1.0, "gamma": 0.2}
    yield "support_vectors", {"C": 10.0, "gamma": 1.0}
    yield "extra_trees", {"trees": 200, "min_leaf": 1, "max_features": 0.9, "criterion": "entropy"}
    yield _catboost(problem, 8, rsm=0.6)


def _regression(problem: Problem) -> Iterator[Entry]:
    extra, forest = _forests(problem)
    yield _lightgbm(problem, "plain")
    yield "gaussian_process", {}
    yield "support_vectors", {"C": 3.0, "gamma": 0.5}
    yield _catboost(problem)
    yield extra
    if problem.skewed:
        yield _lightgbm(problem, "plain", target="log")
        yield "ridge", {"target": "log"}
    if 0.05 < problem.zeros < 0.95 and problem.least >= 0:
        yield "hurdle", _lightgbm(problem, "plain")[1]
    yield _network([64, 64], 0.1)
    yield forest
    yield _lightgbm(problem, "random")
    yield "elastic_net", {"alpha": 0.01, "l1_ratio": 0.5}
    yield _histogram(problem)
    yield "neighbours", {"neighbours": 10}
    yield _lightgbm(problem, "shallow")
    yield _catboost(problem, 4)
    if problem.skewed:
        yield _catboost(problem, target="log")
        yield _catboost(problem, target="root")
        yield "extra_trees", extra[1] | {"target": "log"}
        yield "support_vectors", {"C": 3.0, "gamma": 0.5, "target": "log"}
    yield _lightgbm(problem, "large")
    yield _fine_catboost(problem)
    yield "huber", {"alpha": 0.1}
    yield "support_vectors", {"C": 10.0, "gamma": 0.2}
    yield _network([128], 1.0)
    yield "extra_trees", {"trees": 200, "min_leaf": 1, "max_features": 1.0}
    yield _catboost(problem, 8, rsm=0.6)
