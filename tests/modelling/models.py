"""Small fitted models of every family, on tables as people give them, for tests of what travels."""

import os
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd

from tasks.evidence.table.parsing import apply_schema, infer_schema
from tasks.modelling.runtime.predictor import Part, Predictor
from tasks.modelling.runtime.recipe import ColumnRecipe, FeatureRecipe, Interaction
from tasks.modelling.runtime.views import make_view
from tasks.modelling.training.configuration import describe
from tasks.modelling.training.families.family import Fit
from tasks.modelling.training.families.registry import FAMILIES

CLASSES = {"binary": ("no", "yes"), "multiclass": ("low", "mid", "top"), "regression": ()}
METRIC = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}
BOOSTING = {"rounds": 12, "learning_rate": 0.2}
PARAMS = {
    "tree": {"max_depth": 4},
    "logistic": {"C": 1.0},
    "elastic_net": {"alpha": 0.05, "l1_ratio": 0.5},
    "huber": {"alpha": 1e-3},
    "neighbours": {"neighbours": 5},
    "support_vectors": {"C": 1.0, "gamma": 0.5},
    "random_forest": {"trees": 8, "min_leaf": 2, "max_features": 0.5},
    "extra_trees": {"trees": 8, "min_leaf": 2, "max_features": 0.5},
    "lightgbm": BOOSTING | {"num_leaves": 7, "min_data_in_leaf": 5, "max_cat_to_onehot": 2},
    "catboost": BOOSTING | {"depth": 4},
    "histogram_boosting": BOOSTING | {"leaves": 7, "min_leaf": 5, "l2": 1.0, "max_features": 1.0},
    "hurdle": BOOSTING | {"num_leaves": 7, "min_data_in_leaf": 5},
    "network": {"layers": [8], "alpha": 1e-3, "seeds": 1, "epochs": 3},
}
CLASSIFIERS = (
    "dummy", "tree", "logistic", "neighbours", "support_vectors", "naive_bayes", "linear_discriminant", "quadratic_discriminant",
    "random_forest", "extra_trees", "lightgbm", "catboost", "histogram_boosting", "network",
)  # fmt: skip
REGRESSIONS = (
    "dummy", "tree", "ridge", "elastic_net", "huber", "neighbours", "support_vectors", "gaussian_process", "random_forest", "extra_trees",
    "lightgbm", "catboost", "histogram_boosting", "hurdle", "network",
)  # fmt: skip
EACH = [*((f, "binary") for f in CLASSIFIERS), *((f, "multiclass") for f in CLASSIFIERS), *((f, "regression") for f in REGRESSIONS)]
PLAIN = ("age", "income", "colour", "member", "price")
ALL = (*PLAIN, "town", "remark", "joined")
RECIPES = {
    "age": ColumnRecipe(column="age", made="number", steps=("number", "missing")),
    "income": ColumnRecipe(column="income", made="number", steps=("number",), skewed=True),
    "colour": ColumnRecipe(column="colour", made="levels", steps=("levels",)),
    "member": ColumnRecipe(column="member", made="boolean", steps=("boolean",)),
    "price": ColumnRecipe(column="price", made="number", steps=("number",)),
    "town": ColumnRecipe(column="town", made="levels", steps=("levels", "target_mean", "count")),
    "remark": ColumnRecipe(column="remark", made="text", steps=("tokens", "components")),
    "joined": ColumnRecipe(column="joined", made="date", steps=("calendar",)),
}


def raw_table(rows=160, seed=0):
    """Numbers with gaps, a long tail, levels, words for yes and no, money, many levels, a text, a date."""
    random = np.random.default_rng(seed)
    colours = np.array(["red", "green", "blue", None], dtype=object)
    days = pd.Timestamp("2021-03-01") + pd.to_timedelta(random.integers(0, 900, rows), unit="D")
    return pd.DataFrame({
        "age": np.where(random.random(rows) < 0.1, np.nan, random.normal(40, 12, rows).round(1)),
        "income": random.lognormal(8, 1.2, rows).round(2),
        "colour": colours[random.integers(0, 4, rows)],
        "member": random.choice(np.array(["yes", "no"], dtype=object), rows),
        "price": [f"${v:,.2f}" for v in random.uniform(1, 9000, rows)],
        "town": [f"town {i}" for i in random.integers(0, 12, rows)],
        "remark": [f"{w} thing, {v} it again" for w, v in zip(random.choice(["good", "bad", "odd"], rows), random.choice(["buy", "leave"], rows))],
        "joined": [f"{d:%Y-%m-%d}" for d in days],
    })  # fmt: skip


def target_of(table, task):
    """Known from age, income, colour and remark, with noise."""
    random = np.random.default_rng(9)
    signal = (
        np.log(table["income"].to_numpy()) - 8 + (table["colour"] == "red").to_numpy() + 0.03 * (table["age"].fillna(40).to_numpy() - 40)
    )
    signal = signal + table["remark"].str.startswith("good").to_numpy() + 0.3 * random.normal(size=len(table))
    if task == "regression":
        return np.maximum(signal, 0.0)
    return (signal > 0.7).astype(int) if task == "binary" else np.digitize(signal, [0.0, 1.3])


def recipe_of(columns, task, interactions=True):
    more = (
        Interaction(kind="arithmetic", columns=("age", "income")),
        Interaction(kind="group_statistics", columns=("colour",), numbers=("income",)),
    )
    return FeatureRecipe(task=task, columns=tuple(RECIPES[c] for c in columns), interactions=more if interactions else (), rare_rows=5)


def fit_predictor(families, task="binary", columns=PLAIN, table=None, params=None, weights=None, views=None, **more):
    """A weighted ensemble of these families, each on its own view. `more` goes to the `Predictor`."""
    table = raw_table() if table is None else table
    schema = infer_schema(table)
    canonical, y = apply_schema(table, schema), target_of(table, task)
    problem = describe(y, len(CLASSES[task]), task, METRIC[task])
    made, features, parts = {}, {}, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, name in enumerate(families):
            view = (views or {}).get(name, FAMILIES[name].view)
            if view not in made and view != "none":
                made[view] = make_view(recipe_of(columns, task), view, seed=0)
                features[view] = np.ascontiguousarray(made[view].fit_transform(canonical, y), dtype=np.float32)
            on = view if view != "none" else next(iter(made), "tree")
            if on not in made:
                made[on] = make_view(recipe_of(columns, task), on, seed=0)
                features[on] = np.ascontiguousarray(made[on].fit_transform(canonical, y), dtype=np.float32)
            categorical = tuple(int(c) for c in getattr(made[on], "categorical_", None) or ())
            chosen = PARAMS.get(name, {}) | (params or {}).get(name, {})
            fitted = FAMILIES[name].fit(Fit(chosen, problem, features[on], y, categorical, None, seed=0))
            parts.append(Part(on, fitted, (weights or [1.0] * len(families))[number], name))
    return Predictor(
        schema=schema, task=task, target="bought", columns=tuple(columns), views=made, parts=tuple(parts), classes=CLASSES[task],
        positive="yes" if task == "binary" else None, **more,
    )  # fmt: skip


def run_script(*arguments, **environment):
    """Python in a process of its own, outside the repository and without our packages; the finished process."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH",)}
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, cwd="/", env=kept | environment, timeout=120, check=False
    )  # fmt: skip
