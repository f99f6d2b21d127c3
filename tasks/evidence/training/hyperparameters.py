"""Whether the numbers that shape a model are written into the code or come from configuration, and how they are searched."""

from __future__ import annotations

import re

from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call
from tasks.evidence.training.facts import Hyperparameters
from tasks.evidence.training.sources import training_sources

SHAPING = frozenset(
    [
        "n_estimators",
        "max_depth",
        "learning_rate",
        "lr",
        "alpha",
        "l1_ratio",
        "C",
        "gamma",
        "min_samples_split",
        "min_samples_leaf",
        "max_features",
        "num_leaves",
        "subsample",
        "colsample_bytree",
        "reg_alpha",
        "reg_lambda",
        "hidden_layer_sizes",
        "n_neighbors",
        "epochs",
        "batch_size",
        "num_epochs",
        "max_epochs",
        "dropout",
        "weight_decay",
        "momentum",
        "num_train_epochs",
        "per_device_train_batch_size",
        "hidden_size",
        "num_layers",
        "embedding_dim",
        "n_iter",
        "iterations",
        "depth",
        "l2_leaf_reg",
        "max_iter",
        "num_boost_round",
        "kernel",
        "eta",
        "min_child_weight",
        "n_clusters",
        "max_leaf_nodes",
        "steps",
        "max_steps",
        "warmup_steps",
    ]
)
SEARCHES = {
    "GridSearchCV": "GridSearchCV",
    "RandomizedSearchCV": "RandomizedSearchCV",
    "HalvingGridSearchCV": "HalvingGridSearchCV",
    "HalvingRandomSearchCV": "HalvingRandomSearchCV",
    "BayesSearchCV": "BayesSearchCV",
    "create_study": "optuna",
    "fmin": "hyperopt",
    "Tuner": "ray tune",
    "RandomSearch": "keras tuner",
    "Hyperband": "keras tuner",
    "BayesianOptimization": "bayesian optimisation",
    "ParamGridBuilder": "spark grid",
}
_LITERAL = re.compile(r"^[-+]?(?:\d[\w.+-]*|\.\d+)$|^'[^']*'$|^[\[(][\d., ]*[\])]$")
_PLACES = 50


def read_hyperparameters(snapshot: Snapshot) -> Hyperparameters:
    """Count literal and configured arguments with a hyperparameter's name."""
    literal = configured = 0
    searches: set[str] = set()
    places: list[Place] = []
    for source in training_sources(snapshot):
        first = True
        for call in source.calls:
            if call.attribute in SEARCHES:
                searches.add(SEARCHES[call.attribute])
            fixed, free = count_arguments(call)
            literal, configured = literal + fixed, configured + free
            if fixed and first and len(places) < _PLACES:
                places.append(place_in(snapshot, source.path, call.line, f"{fixed} values written into the call"))
                first = False
    return Hyperparameters(literal=literal, configured=configured, searches=tuple(sorted(searches)), places=tuple(places))


def count_arguments(call: Call) -> tuple[int, int]:
    """Literal and other hyperparameter arguments of one call; `add_argument(…)` defaults are configuration."""
    if call.attribute in ("add_argument", "Field", "field", "Option", "option", "DEFINE_float", "DEFINE_integer"):
        return 0, 1
    named = [text for key, text in call.keywords.items() if key in SHAPING]
    fixed = sum(bool(_LITERAL.match(text)) for text in named)
    return fixed, len(named) - fixed
