"""The views: shapes and names, no leak through the target encodings, row independence, hostile input, and saving."""

from __future__ import annotations

import io
import pickle

import joblib
import numpy as np
import pandas as pd
import pytest

from tasks.modelling.runtime.recipe import ColumnRecipe, Derived, FeatureRecipe, Interaction
from tasks.modelling.runtime.views import View, make_view

VIEWS = ("linear", "tree", "native")


def mixed_frame(rows: int, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    start = np.datetime64("2020-01-01T00:00:00", "us") + random.integers(0, 10**9, rows) * np.timedelta64(1_000_000, "us")
    frame = pd.DataFrame(
        {
            "height": np.where(random.random(rows) < 0.1, np.nan, random.normal(170, 10, rows)),
            "income": random.lognormal(10, 1.5, rows),
            "colour": random.choice(np.array(["red", "green", "blue", None], dtype=object), rows),
            "town": np.array([f"town {i}" for i in random.integers(0, 60, rows)], dtype=object),
            "remark": np.array([f"{random.choice(['good', 'bad'])} thing number {i}" for i in range(rows)], dtype=object),
            "start": start,
            "end": start + random.integers(1, 10**6, rows) * np.timedelta64(1_000_000, "us"),
            "lat": random.uniform(40, 41, rows),
            "lon": random.uniform(-3, -2, rows),
        }
    )
    frame.loc[frame.index[:3], "start"] = pd.NaT
    return frame


def mixed_recipe(task: str = "binary") -> FeatureRecipe:
    return FeatureRecipe(
        task=task,
        derived=(
            Derived(name="days open", how="days_between", columns=("start", "end")),
            Derived(name="colour with town", how="cross", columns=("colour", "town")),
            Derived(name="remark length", how="length", columns=("remark",)),
        ),
        columns=(
            ColumnRecipe(column="height", made="number", steps=("number", "missing")),
            ColumnRecipe(column="income", made="number", steps=("number",), skewed=True),
            ColumnRecipe(column="colour", made="levels", steps=("levels",)),
            ColumnRecipe(column="town", made="levels", steps=("levels", "target_mean", "count")),
            ColumnRecipe(column="remark", made="text", steps=("tokens", "components", "text_score")),
            ColumnRecipe(column="start", made="date", steps=("calendar",)),
            ColumnRecipe(column="lat", made="number", steps=("number",)),
            ColumnRecipe(column="lon", made="number", steps=("number",)),
            ColumnRecipe(column="days open", made="number", steps=("number", "missing"), skewed=True),
            ColumnRecipe(column="colour with town", made="levels", steps=("target_mean",)),
            ColumnRecipe(column="remark length", made="number", steps=("number",)),
        ),
        interactions=(
            Interaction(kind="coordinates", columns=("lat", "lon")),
            Interaction(kind="arithmetic", columns=("height", "income", "days open")),
            Interaction(kind="group_statistics", columns=("town",), numbers=("income", "height")),
        ),
    )


def target_of(frame: pd.DataFrame, task: str = "binary") -> np.ndarray:
    signal = frame["income"].rank().to_numpy() / len(frame) + 0.5 * (frame["colour"] == "red").to_numpy()
    if task == "regression":
        return signal
    return np.digitize(signal, [0.5] if task == "binary" else [0.4, 0.8]).astype(np.int64)


def fitted(view: str, task: str = "binary", rows: int = 300) -> tuple[View, pd.DataFrame, np.ndarray]:
    frame = mixed_frame(rows)
    made = make_view(mixed_recipe(task), view, seed=1)
    return made, frame, made.fit_transform(frame, target_of(frame, task))


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("view", VIEWS)
def test_features_are_finite_float32_with_a_name_and_a_source_each(view: str, task: str) -> None:
    made, frame, features = fitted(view, task)
    assert features.dtype == np.float32 and features.flags["C_CONTIGUOUS"] and len(features) == len(frame)
    assert features.shape[1] == len(made.feature_names_) == len(made.source_of_) == len(set(made.feature_names_))
    assert set(made.source_of_) <= set(frame.columns)
    assert not np.isinf(features).any() and (view == "native" or not np.isnan(features).any())


def test_only_the_native_view_has_integer_codes_and_keeps_missing_values() -> None:
    native, frame, features = fitted("native")
    assert [native.feature_names_[i] for i in native.categorical_] == ["colour", "town"]
    codes = features[:, native.categorical_[0]]
    assert np.array_equal(np.isnan(codes), frame["colour"].isna().to_numpy())
    assert set(codes[~np.isnan(codes)]) == {0.0, 1.0, 2.0}
    assert not fitted("linear")[0].categorical_ and not fitted("tree")[0].categorical_


@pytest.mark.parametrize("view", VIEWS)
def test_a_row_alone_gives_what_it_gives_in_a_batch(view: str) -> None:
    made, frame, _ = fitted(view)
    batch = made.transform(frame)
    for row in (0, 7, 299):
        assert np.array_equal(made.transform(frame.iloc[row : row + 1])[0], batch[row], equal_nan=True)


@pytest.mark.parametrize("view", VIEWS)
def test_the_order_of_new_rows_does_not_matter_and_no_row_is_lost(view: str) -> None:
    made, _, _ = fitted(view)
    new = mixed_frame(50, seed=9)
    turned = made.transform(new.iloc[::-1].reset_index(drop=True))
    assert np.array_equal(turned[::-1], made.transform(new), equal_nan=True)


@pytest.mark.parametrize("view", VIEWS)
def test_same_rows_and_seed_give_the_same_features(view: str) -> None:
    assert np.array_equal(fitted(view)[2], fitted(view)[2], equal_nan=True)


@pytest.mark.parametrize("view", VIEWS)
def test_unseen_levels_texts_and_empty_columns_are_answered(view: str) -> None:
    made, frame, features = fitted(view)
    strange = frame.iloc[:4].copy()
    strange["colour"], strange["town"], strange["remark"] = "purple", "nowhere 7", "\x00 ünseen\n日本語"
    strange[["height", "income"]] = [np.inf, -np.inf]
    assert made.transform(strange).shape == (4, features.shape[1])
    for column in frame:
        strange[column] = pd.NaT if frame[column].dtype.kind == "M" else None if frame[column].dtype == object else np.nan
    empty = made.transform(strange)
    assert empty.shape == (4, features.shape[1]) and (view == "native" or np.isfinite(empty).all())


@pytest.mark.parametrize("view", VIEWS)
def test_no_rows_in_no_rows_out(view: str) -> None:
    made, frame, features = fitted(view)
    assert made.transform(frame.iloc[:0]).shape == (0, features.shape[1])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("rows", [1, 2, 9])
def test_a_handful_of_training_rows_is_enough_to_fit(view: str, rows: int) -> None:
    frame = mixed_frame(rows)
    made = make_view(mixed_recipe(), view, 0)
    features = made.fit_transform(frame, np.arange(rows) % 2)
    assert len(features) == rows and len(made.transform(mixed_frame(3, seed=2))) == 3


@pytest.mark.parametrize("view", VIEWS)
def test_columns_without_a_value_or_with_one_value_leave_no_feature(view: str) -> None:
    recipe = FeatureRecipe(
        task="regression",
        columns=(
            ColumnRecipe(column="void", made="number", steps=("number", "missing")),
            ColumnRecipe(column="same", made="levels", steps=("levels", "target_mean", "count")),
            ColumnRecipe(column="blank", made="text", steps=("tokens", "components", "text_score")),
            ColumnRecipe(column="x", made="number", steps=("number",)),
        ),
    )
    x = np.arange(40.0)
    frame = pd.DataFrame({"void": np.full(40, np.nan), "same": ["a"] * 40, "blank": np.full(40, None, dtype=object), "x": x})
    made = make_view(recipe, view, 0)
    made.fit_transform(frame, x)
    assert "x" in made.feature_names_ and not {"void", "blank"} & set(made.source_of_)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_random_category_of_many_levels_gives_no_signal_out_of_fold(task: str) -> None:
    """An encoding by all rows would correlate by about 0.7 with two rows a level."""
    random = np.random.default_rng(0)
    rows = 4000
    y = random.normal(size=rows) if task == "regression" else random.integers(0, 2 if task == "binary" else 3, rows)
    frame = pd.DataFrame({"level": [f"l{i}" for i in random.integers(0, 2000, rows)], "text": [f"w{i} v{i}" for i in range(rows)]})
    recipe = FeatureRecipe(
        task=task,
        columns=(
            ColumnRecipe(column="level", made="levels", steps=("target_mean", "count")),
            ColumnRecipe(column="text", made="text", steps=("text_score",)),
        ),
    )
    features = make_view(recipe, "tree", 0).fit_transform(frame, y)
    targets = y.reshape(-1, 1) if task != "multiclass" else (y[:, None] == np.arange(3)).astype(float)
    for feature in features.T:
        for target in targets.T:
            assert abs(np.corrcoef(feature, target)[0, 1]) < 0.06


@pytest.mark.parametrize("view", VIEWS)
def test_a_saved_view_gives_equal_features(view: str) -> None:
    import skops.io

    made, frame, _ = fitted(view)
    expected = made.transform(frame)
    stored = io.BytesIO()
    joblib.dump(made, stored)
    stored.seek(0)
    blob = skops.io.dumps(made)
    unknown = skops.io.get_untrusted_types(data=blob)
    assert all(t.startswith("tasks.modelling.runtime.") for t in unknown)
    for again in (joblib.load(stored), pickle.loads(pickle.dumps(made)), skops.io.loads(blob, trusted=unknown)):
        assert np.array_equal(again.transform(frame), expected, equal_nan=True)
        assert again.feature_names_ == made.feature_names_


def test_the_linear_view_is_scaled_and_an_outlier_is_cut() -> None:
    frame = pd.DataFrame({"x": np.append(np.random.default_rng(0).normal(5, 2, 200), 1e9)})
    recipe = FeatureRecipe(task="regression", columns=(ColumnRecipe(column="x", made="number", steps=("number",)),))
    features = make_view(recipe, "linear", 0).fit_transform(frame, np.arange(201.0))
    assert np.abs(features).max() <= 8


@pytest.mark.parametrize(("view", "most"), [("linear", 300), ("tree", 150), ("native", 150)])
def test_width_is_bounded_beside_the_columns_as_they_are(view: str, most: int) -> None:
    random = np.random.default_rng(0)
    levels = {f"c{i}": np.array([f"v{j}" for j in random.integers(0, 40, 400)], dtype=object) for i in range(60)}
    recipe = FeatureRecipe(
        task="multiclass",
        columns=tuple(ColumnRecipe(column=c, made="levels", steps=("levels", "target_mean", "count")) for c in levels),
    )
    features = make_view(recipe, view, 0).fit_transform(pd.DataFrame(levels), random.integers(0, 4, 400))
    assert features.shape[1] <= most


def test_a_view_wants_a_target_for_every_row() -> None:
    with pytest.raises(ValueError, match="as many targets as rows"):
        make_view(mixed_recipe(), "tree", 0).fit_transform(mixed_frame(10), np.zeros(9))


def test_an_unfitted_view_says_so() -> None:
    with pytest.raises(ValueError, match="not fitted"):
        make_view(mixed_recipe(), "tree", 0).transform(mixed_frame(3))
