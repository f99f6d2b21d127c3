"""The plan: what each kind of column is made into, what is left out and why, and how the critic changes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.table.facts import ColumnProfile, TableProfile
from tasks.evidence.table.schema import ColumnSchema, TableSchema
from tasks.modelling.features.planning import plan_features
from tasks.modelling.features.tracking import track_features, track_view
from tasks.modelling.runtime.recipe import FeatureRecipe
from tasks.modelling.runtime.views import make_view
from tasks.rules.building.contract import Contract

ROWS = 1000


def column(name: str, kind: str = "numeric", semantic: str = "measure", **facts: Any) -> ColumnProfile:
    return ColumnProfile(name=name, kind=kind, semantic=semantic, **{"nulls": 0.0, "distinct": 500, **facts})


def plan(*columns: ColumnProfile, change: str = "", dropped: tuple[str, ...] = (), **contract: Any) -> FeatureRecipe:
    columns = (*columns, column("y", "category", "category", distinct=2))
    profile = TableProfile(rows=ROWS, rows_in_files=ROWS, sampled=False, columns=columns, sources=(), duplicates=0)
    schema = TableSchema(columns=tuple(ColumnSchema(name=c.name, kind=c.kind, parse="text") for c in columns))
    wanted = Contract(objective="", target="y", task="binary", metric="roc_auc", direction="higher", **contract)
    return plan_features(profile, schema, wanted, dropped, change)


def steps(recipe: FeatureRecipe) -> dict[str, tuple[str, ...]]:
    return {c.column: c.steps for c in recipe.columns}


def test_the_target_is_never_a_predictor() -> None:
    assert "y" not in steps(plan(column("x")))


def test_a_number_with_gaps_and_a_long_tail_is_told_and_squeezed() -> None:
    recipe = plan(column("x", nulls=0.2, skew=3.0))
    assert steps(recipe) == {"x": ("number", "missing")} and recipe.columns[0].skewed
    assert not plan(column("x", skew=1.5)).columns[0].skewed


def test_many_levels_are_encoded_by_the_target_and_few_are_not() -> None:
    got = steps(plan(column("few", "category", "category", distinct=30), column("many", "category", "category", distinct=31)))
    assert got == {"few": ("levels",), "many": ("levels", "target_mean", "count")}


def test_levels_that_hardly_repeat_are_read_as_text() -> None:
    got = steps(plan(column("ticket", "category", "category", distinct=681, words=1.5)))
    assert got["ticket"] == ("tokens", "text_score", "target_mean", "count")
    assert "levels" in got["ticket letters"] and got["ticket digits"] == ("number",)


def test_prose_has_components_and_a_name_only_in_the_richer_plan() -> None:
    prose, name = (
        column("prose", "text", "free_text", distinct=1000, words=40.0),
        column("name", "text", "free_text", distinct=1000, words=3.0),
    )
    got, richer = steps(plan(prose, name)), steps(plan(prose, name, change="richer"))
    assert "components" in got["prose"] and "components" not in got["name"]
    assert "components" in richer["name"] and "name first word" in richer and "prose first word" not in richer


def test_two_dates_give_the_time_between_them() -> None:
    recipe = plan(column("start", "datetime", "date"), column("end", "datetime", "date"))
    assert steps(recipe)["days from start to end"] == ("number", "missing") and steps(recipe)["start"] == ("calendar",)


def test_latitude_and_longitude_are_taken_together_and_out_of_the_arithmetic() -> None:
    places = (column("Latitude", semantic="coordinate"), column("lng", semantic="coordinate"))
    recipe = plan(*places, column("a"), column("b"))
    assert {i.kind: i.columns for i in recipe.interactions} == {"coordinates": ("Latitude", "lng"), "arithmetic": ("a", "b")}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (column("c", "identifier", "identifier", distinct=1000), "an identifier"),
        (column("c", "constant", "constant", distinct=1), "one value only"),
        (column("c", "empty", "empty", nulls=1.0, distinct=0), "no value"),
    ],
)
def test_what_is_no_predictor_is_left_out_with_the_reason(facts: ColumnProfile, reason: str) -> None:
    recipe = plan(facts, column("x"))
    assert [(d.column, d.reason) for d in recipe.dropped] == [("c", reason)] and list(steps(recipe)) == ["x"]


def test_leaks_forbidden_columns_and_the_group_are_left_out_of_everything() -> None:
    names = ("leak", "banned", "patient", "a", "b")
    recipe = plan(*(column(n) for n in names), dropped=("leak",), forbidden=("banned",), group_column="patient")
    assert {d.column for d in recipe.dropped} == {"leak", "banned", "patient"}
    assert list(steps(recipe)) == ["a", "b"] and recipe.interactions[0].columns == ("a", "b")


def test_a_richer_plan_adds_crosses_and_group_statistics_and_a_simpler_one_takes_away() -> None:
    columns = (column("a"), column("b"), column("c", "category", "category", distinct=8), column("d", "category", "category", distinct=9))
    hollow = column("hollow", nulls=0.95)
    plain, richer, simpler = (plan(*columns, hollow, change=c) for c in ("", "richer", "simpler"))
    assert {i.kind for i in richer.interactions} - {i.kind for i in plain.interactions} == {"group_statistics"}
    assert steps(richer)["d with c"] == ("target_mean",)
    assert not simpler.interactions and "hollow" not in steps(simpler) and "hollow" in steps(plain)
    assert simpler.rare_rows > plain.rare_rows and not simpler.bends
    assert len({plain.digest(), richer.digest(), simpler.digest()}) == 3


def test_the_digest_is_of_what_is_made_and_survives_json() -> None:
    recipe = plan(column("a"), column("b"))
    assert FeatureRecipe.model_validate_json(recipe.model_dump_json()).digest() == recipe.digest()
    assert recipe.model_copy(update={"loop": 3, "notes": ("said",)}).digest() == recipe.digest()
    assert recipe.model_copy(update={"rare_rows": 11}).digest() != recipe.digest()


def test_new_dropped_and_unused_columns_and_shapes_are_tracked() -> None:
    recipe = plan(column("a", nulls=0.5), column("same"), column("id", "identifier", "identifier", distinct=1000))
    a = np.where(np.arange(200) % 2, np.nan, np.arange(200.0))
    frame = pd.DataFrame({"a": a, "same": np.ones(200)})
    view = make_view(recipe, "tree", 0)
    view.fit_transform(frame, (np.arange(200) > 100).astype(int))
    facts = track_features(recipe, [track_view(view, 200, list(frame))])
    (tree,) = facts.views
    assert (tree.rows, tree.columns_in, tree.features_out) == (200, 2, 2)
    assert tree.new == ("a is missing",) and tree.of_column == {"a": 2}
    assert facts.unused == ("same",) and [d.column for d in facts.dropped] == ["id"]


def test_grades_are_known_by_the_number_in_their_levels_and_keep_their_order() -> None:
    grade = column("grade", "category", "category", distinct=3, top=(("A2", 90), ("A10", 80), ("B1", 70)))
    colour = column("colour", "category", "category", distinct=3, top=(("red", 90), ("blue", 80), ("green", 70)))
    recipe = plan(grade, colour)
    assert steps(recipe) == {"grade": ("order", "levels"), "colour": ("levels",)}
    rows = np.arange(300) % 3
    frame = pd.DataFrame({"grade": np.array(["B1", "A10", "A2"])[rows], "colour": np.array(["red", "blue", "green"])[rows]}, dtype=object)
    native = make_view(recipe, "native", 0)
    features = native.fit_transform(frame, rows == 0)
    assert native.feature_names_ == ["grade in order", "colour"] and native.categorical_ == [1]
    assert features[:3, 0].tolist() == [2, 1, 0]
