"""What a view keeps, what bends, and which texts say the same."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.modelling.runtime.bends import Bends
from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.copies import copied_texts, without_columns
from tasks.modelling.runtime.recipe import ColumnRecipe, Derived, FeatureRecipe
from tasks.modelling.runtime.selection import useful_features
from tasks.modelling.runtime.step import training_rows

RANDOM = np.random.default_rng(0)


def test_constants_copies_and_empty_features_are_not_kept() -> None:
    x = RANDOM.normal(size=50)
    made = np.column_stack([np.ones(50), x, x, np.full(50, np.nan), -x])
    assert useful_features(made, np.zeros(5, dtype=bool), x.reshape(-1, 1), 10).tolist() == [1, 4]


def test_a_doubtful_feature_stays_only_with_a_relation_to_the_target() -> None:
    y = RANDOM.normal(size=(500, 1))
    made = np.column_stack([RANDOM.normal(size=500), RANDOM.normal(size=500), y[:, 0] + RANDOM.normal(size=500)])
    assert useful_features(made, np.array([False, True, True]), y, 10).tolist() == [0, 2]


def test_of_too_many_features_those_that_follow_the_target_are_kept_in_order() -> None:
    y = RANDOM.normal(size=(500, 1))
    made = np.column_stack([y[:, 0] + 0.1 * RANDOM.normal(size=500), RANDOM.normal(size=(500, 5)), y[:, 0] + RANDOM.normal(size=500)])
    assert useful_features(made, np.zeros(7, dtype=bool), y, 2).tolist() == [0, 6]


def test_a_bent_number_gets_hats_and_a_straight_one_does_not() -> None:
    x, z = RANDOM.uniform(-1, 1, (2, 1000))
    columns = Columns(pd.DataFrame({"x": x, "z": z}), ())
    step = Bends(["x", "z"])
    step.fit_transform(columns, training_rows(x**2 + z, "regression", 0))
    assert set(step.knots) == {"x"} and len(step.names) == 4
    step.knots = {"x": [0.0, 1.0, 3.0]}
    got = step.transform(Columns(pd.DataFrame({"x": [0.0, 0.5, 2.0, 9.0], "z": np.zeros(4)}), ()))
    assert got.tolist() == [[0, 0], [0.5, 0], [0.5, 0.5], [0, 1]]


def test_an_address_made_of_a_name_is_a_copy_and_another_text_is_not() -> None:
    frame = pd.DataFrame(
        {
            "name": [f"Spider-Man {i} (Peter Parker)" for i in range(30)],
            "slug": [f"/Spider-Man_{i}_(Peter_Parker)" for i in range(30)],
            "home": [f"Queens {i}" for i in range(30)],
        }
    )
    recipe = FeatureRecipe(
        task="binary",
        derived=(Derived(name="slug length", how="length", columns=("slug",)),),
        columns=(
            *(ColumnRecipe(column=c, made="text", steps=("tokens",)) for c in frame),
            ColumnRecipe(column="slug length", made="number", steps=("number",)),
        ),
    )
    copies = copied_texts(recipe, Columns(frame, ()))
    assert copies == ["slug"] and [c.column for c in without_columns(recipe, copies).columns] == ["name", "home"]
