"""Steps of a view against values worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tasks.modelling.runtime.categories import Counts, NativeCodes, OneHot, OrderedCodes, natural_order
from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.coordinates import Coordinates
from tasks.modelling.runtime.dates import PARTS, Calendar, calendar_parts
from tasks.modelling.runtime.derive import derive, digits, first_word, letters
from tasks.modelling.runtime.groups import GroupStatistics
from tasks.modelling.runtime.interactions import Arithmetic, binned_f, combine
from tasks.modelling.runtime.numbers import MissingIndicators, Numbers
from tasks.modelling.runtime.recipe import Derived
from tasks.modelling.runtime.step import TrainingRows, training_rows
from tasks.modelling.runtime.target_encoding import TargetMean, encode_out_of_fold, shrinkage
from tasks.modelling.runtime.text import Text
from tasks.modelling.runtime.text_reading import hash_word, read_texts

NAN = float("nan")


def columns(derived: tuple[Derived, ...] = (), **values: Any) -> Columns:
    return Columns(pd.DataFrame({k: v if isinstance(v, np.ndarray) else pd.Series(v) for k, v in values.items()}), derived)


def rows_for(y: Any, task: str = "regression") -> TrainingRows:
    return training_rows(np.asarray(y), task, seed=0)


def test_a_missing_number_takes_the_median_of_the_training_rows() -> None:
    step = Numbers(["x"], fill=True, squeeze=[])
    assert step.fit_transform(columns(x=[1.0, 2.0, 9.0, NAN]), rows_for([0, 0, 0, 0.0])).ravel().tolist() == [1, 2, 9, 2]
    assert step.transform(columns(x=[NAN, np.inf])).ravel().tolist() == [2, 2]


def test_a_squeezed_number_is_the_inverse_hyperbolic_sine_of_robust_deviations() -> None:
    # Median 2, quartiles 1 and 3 of 0..4.
    made = Numbers(["x"], fill=True, squeeze=["x"]).fit_transform(columns(x=[0.0, 1, 2, 3, 4]), rows_for(np.zeros(5)))
    assert made.ravel() == pytest.approx(np.arcsinh([-1, -0.5, 0, 0.5, 1]))


def test_indicators_of_missing_leave_out_columns_always_and_never_missing() -> None:
    step = MissingIndicators(["a", "b", "c"])
    made = step.fit_transform(columns(a=[1.0, NAN], b=[1.0, 2.0], c=[NAN, NAN]), rows_for([0.0, 1.0]))
    assert step.names == ["a is missing"] and made.tolist() == [[0], [1]]


def test_one_hot_folds_rare_and_unseen_levels_and_keeps_missing_apart() -> None:
    step = OneHot("c", at_most=10, rare_rows=2)
    made = step.fit_transform(columns(c=["a", "b", "a", "b", "z", None]), rows_for(np.zeros(6)))
    assert step.names == ["c = a", "c = b", "c is rare", "c is missing"]
    assert made.argmax(axis=1).tolist() == [0, 1, 0, 1, 2, 3] and (made.sum(axis=1) == 1).all()
    assert step.transform(columns(c=["new", "b"])).tolist() == [[0, 0, 1, 0], [0, 1, 0, 0]]


def test_an_unseen_level_is_all_zeros_when_training_had_no_rare_one() -> None:
    step = OneHot("c", at_most=10, rare_rows=2)
    step.fit_transform(columns(c=["a", "b", "c", "a", "b", "c"]), rows_for(np.zeros(6)))
    assert step.transform(columns(c=["new", None])).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_of_two_levels_one_column_says_all() -> None:
    step = OneHot("c", at_most=10, rare_rows=2)
    made = step.fit_transform(columns(c=["a", "b", "a", "b"]), rows_for(np.zeros(4)))
    assert step.names == ["c = a"] and made.ravel().tolist() == [1, 0, 1, 0]


def test_native_codes_number_levels_by_frequency_and_share_one_for_rare_and_unseen() -> None:
    step = NativeCodes("c", rare_rows=2)
    made = step.fit_transform(columns(c=["b", "a", "a", "a", "b", "z", None]), rows_for(np.zeros(7)))
    assert made.ravel()[:6].tolist() == [1, 0, 0, 0, 1, 2] and np.isnan(made[6, 0])
    assert step.transform(columns(c=["new"])).tolist() == [[2]]


def test_ordered_codes_follow_the_numbers_inside_the_text() -> None:
    step = OrderedCodes("grade")
    made = step.fit_transform(columns(grade=["A10", "B1", "A2", None]), rows_for(np.zeros(4)))
    assert made.ravel().tolist() == [1, 2, 0, -1]
    assert sorted(["emp_10", "emp_9", "x", "2"], key=natural_order) == ["2", "emp_9", "emp_10", "x"]


def test_a_count_is_of_other_training_rows_so_that_new_rows_compare() -> None:
    step = Counts("c")
    made = step.fit_transform(columns(c=["a", "a", "b", None]), rows_for(np.zeros(4)))
    assert made.ravel() == pytest.approx([np.log(2), np.log(2), 0, 0])
    assert step.transform(columns(c=["a", "b", "new", None])).ravel() == pytest.approx([np.log(3), np.log(2), 0, 0])


@pytest.mark.parametrize(
    ("sums", "squares", "expected"),
    [
        # {0, 10} and {8, 18}: within 50, between mean square 64, so 7 between levels.
        ((10.0, 26.0), 488.0, 50 / 7),
        # {0, 2} and {4, 6}: within 2, 7 between; 2 / 7 is below the floor.
        ((2.0, 10.0), 56.0, 2.0),
        # {0, 10} and {2, 12}: the between mean square 4 is below the within of 50: no variance between, the ceiling.
        ((10.0, 14.0), 248.0, 500.0),
    ],
)
def test_shrinkage_is_variance_within_over_variance_between(sums: tuple[float, float], squares: float, expected: float) -> None:
    assert shrinkage(np.array(sums), np.array([2.0, 2.0]), squares) == pytest.approx(expected)


def test_target_means_of_training_rows_do_not_change_with_their_own_target() -> None:
    random = np.random.default_rng(0)
    groups, y = random.integers(0, 8, 100), random.normal(size=100)
    before, _ = encode_out_of_fold(groups, 8, rows_for(y))
    folds = rows_for(y).folds
    other = np.flatnonzero(folds == folds[17])[0]
    changed = y.copy()
    changed[[17, other]] += [100.0, -100.0]
    after, means = encode_out_of_fold(groups, 8, rows_for(changed))
    assert after[folds == folds[17]] == pytest.approx(before[folds == folds[17]])
    assert np.abs(after[folds != folds[17]] - before[folds != folds[17]]).max() > 0.1
    assert means[-1, 0] == pytest.approx(changed.mean())


def test_new_rows_get_the_shrunken_mean_and_unseen_levels_the_overall_one() -> None:
    level = ["a"] * 50 + ["b"] * 50
    y = np.array([0.0, 1.0] * 25 + [10.0, 11.0] * 25)
    step = TargetMean("c")
    step.fit_transform(columns(c=level), rows_for(y))
    # Between dwarfs within, so m is the floor of 2: (50 * 0.5 + 2 * 5.5) / 52.
    assert step.transform(columns(c=["a", "new", None])).ravel() == pytest.approx([36 / 52, 5.5, 5.5])


def test_target_means_of_several_classes_have_a_feature_each() -> None:
    step = TargetMean("c")
    made = step.fit_transform(columns(c=["a", "b"] * 30), rows_for([0, 1, 2] * 20, "multiclass"))
    assert made.shape == (60, 3) and made.sum(axis=1) == pytest.approx(np.ones(60), abs=0.2)


def test_parts_of_the_calendar_of_a_known_moment() -> None:
    """Saturday 29 February 2020, 18:30, the 60th day of the year."""
    moment = np.array(["2020-02-29T18:30:00"], dtype="datetime64[us]").astype(np.int64)
    got = dict(zip(PARTS, calendar_parts(moment)[0]))
    assert got == {
        "year": 2020,
        "month": 2,
        "day": 29,
        "weekday": 5,
        "day of year": 60,
        "hour": 18,
        "minute of day": 1110,
        "is weekend": 1,
        "is month start": 0,
        "days": 18321 + 18.5 / 24,
    }


def test_moments_before_1970_have_the_right_parts() -> None:
    moment = np.array(["1962-08-01T23:59:00"], dtype="datetime64[us]").astype(np.int64)
    got = dict(zip(PARTS, calendar_parts(moment)[0]))
    assert (got["year"], got["month"], got["day"], got["weekday"], got["hour"], got["is month start"]) == (1962, 8, 1, 2, 23, 1)


def test_parts_that_do_not_vary_are_left_out_and_a_missing_moment_is_the_middle() -> None:
    step = Calendar("d", cycles=False, fill=True)
    days = np.array(["2020-01-01", "2020-01-02", "2020-01-03", "NaT"], dtype="datetime64[us]")
    made = step.fit_transform(columns(d=days), rows_for(np.zeros(4)))
    assert "d year" not in step.names and "d hour" not in step.names and "d day" in step.names
    assert made[:, step.names.index("d day")].tolist() == [1, 2, 3, 2]


def test_days_between_dates_and_levels_together() -> None:
    got = columns(
        (Derived(name="d", how="days_between", columns=("a", "b")), Derived(name="x", how="cross", columns=("p", "q"))),
        a=np.array(["2020-01-01T00:00", "NaT"], dtype="datetime64[us]"),
        b=np.array(["2020-01-02T12:00", "2020-01-02"], dtype="datetime64[us]"),
        p=["u", None],
        q=["v", "w"],
    )
    assert got.numbers("d")[0] == 1.5 and np.isnan(got.numbers("d")[1])
    codes, levels = got.levels("x")
    assert [levels[c] for c in codes] == ["u × v", " × w"]


@pytest.mark.parametrize(
    ("text", "prefix", "number"), [("C85", "c", 85), ("A/5 21171", "a", 21171), ("3101282", "", 3101282), ("23.4 kmpl", "", 23.4)]
)
def test_letters_and_number_of_a_code(text: str, prefix: str, number: float) -> None:
    assert letters(text) == prefix and digits(text) == number


def test_first_word_and_no_number() -> None:
    assert first_word("Braund, Mr. Owen") == "braund" and first_word("--") == "" and np.isnan(digits("none"))
    assert np.isnan(derive(Derived(name="l", how="length", columns=("t",)), columns(t=["abc", None]))[1])


def test_words_and_trigrams_of_a_text_by_hand() -> None:
    read = read_texts(["Ab, ab!", "", "c"], clip=100)
    assert read.word_rows.tolist() == [0, 0, 2]
    assert read.word_hashes[0] == read.word_hashes[1] == hash_word("ab") != read.word_hashes[2]
    # " ab", "ab ", "b a", " ab", "ab " and " c ".
    assert np.bincount(read.gram_rows).tolist() == [5, 0, 1]


def test_a_telling_word_becomes_an_indicator_and_a_dull_one_does_not() -> None:
    random = np.random.default_rng(0)
    noble = random.random(200) < 0.4
    texts = [f"the {'duke' if n else 'smith'} of place{i}" for i, n in enumerate(noble)]
    step = Text("t", tokens=5, components=0, score=False)
    made = step.fit_transform(columns(t=texts), rows_for(noble.astype(int), "binary"))
    assert set(step.words) == {"duke", "smith"}
    assert np.array_equal(made[:, step.words.index("duke")] == 1, noble)
    assert step.transform(columns(t=["Duke!", None]))[:, step.words.index("duke")].tolist() == [1, 0]


def test_the_text_score_of_new_rows_finds_the_words_that_matter() -> None:
    random = np.random.default_rng(0)
    y = random.integers(0, 2, 400)
    texts = [f"{'lovely' if v else 'dreadful'} item {i}" for i, v in enumerate(y)]
    step = Text("t", tokens=0, components=0, score=True)
    step.fit_transform(columns(t=texts[:300]), rows_for(y[:300], "binary"))
    score = step.transform(columns(t=texts[300:])).ravel()
    assert score[y[300:] == 1].min() > score[y[300:] == 0].max()


def test_arithmetic_of_two_columns_by_hand() -> None:
    left, right = np.array([6.0, 1.0, 0.0]), np.array([3.0, 0.0, 5.0])
    assert combine(left, "-", right).tolist() == [3, 1, -5] and combine(left, "*", right).tolist() == [18, 0, 0]
    assert combine(left, "/", right)[0] == 2 and np.isnan(combine(left, "/", right)[1])
    assert combine(left, "\\", right)[0] == 0.5 and np.isnan(combine(left, "\\", right)[2])


def test_a_ratio_that_makes_the_target_is_found_and_noise_is_not() -> None:
    random = np.random.default_rng(0)
    a, b, c = random.uniform(1, 10, (3, 1000))
    step = Arithmetic(["a", "b", "c"], at_most=3, fill=True)
    step.fit_transform(columns(a=a, b=b, c=c), rows_for(a / b))
    assert set(step.chosen[0]) & {"/", "\\"} and {step.chosen[0][0], step.chosen[0][2]} == {"a", "b"}
    noise = Arithmetic(["a", "b", "c"], at_most=3, fill=True)
    noise.fit_transform(columns(a=a, b=b, c=c), rows_for(random.normal(size=1000)))
    assert noise.chosen == []


def test_f_between_bins_is_about_one_without_a_relation_and_large_with_one() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(2000, 1))
    assert binned_f(x, random.normal(size=(2000, 1)))[0] < 3 and binned_f(x, x)[0] > 100


def test_distance_and_neighbourhood_of_coordinates() -> None:
    random = np.random.default_rng(0)
    latitude, longitude = random.uniform(0, 1, 500), random.uniform(0, 1, 500)
    y = (latitude > 0.5).astype(float)
    step = Coordinates("lat", "lon", neighbourhood=True)
    step.fit_transform(columns(lat=latitude, lon=longitude), rows_for(y))
    made = step.transform(columns(lat=[0.9, 0.1, NAN], lon=[0.5, 0.5, 0.5]))
    assert made[0, -1] == pytest.approx(1.0) and made[1, -1] == pytest.approx(0.0) and np.isfinite(made).all()
    # A degree of latitude is 111.2 km: 0.8 degrees apart along the meridian, turned by 60 degrees.
    assert made[0, 2] - made[1, 2] == pytest.approx(0.8 * 111.2 * np.cos(np.radians(60)))


def test_the_neighbourhood_of_a_training_row_is_of_other_folds() -> None:
    random = np.random.default_rng(0)
    places, y = random.uniform(0, 1, (2, 600)), random.normal(size=600)
    step = Coordinates("lat", "lon", neighbourhood=True)
    made = step.fit_transform(columns(lat=places[0], lon=places[1]), rows_for(y))
    assert abs(np.corrcoef(made[:, -1], y)[0, 1]) < 0.12


def test_mean_and_place_within_a_level() -> None:
    """Five prior rows of the overall mean 3: level a is (1 + 3 + 15) / 7, level b (5 + 15) / 6; the deviation is 1.63."""
    step = GroupStatistics("c", ["x"])
    made = step.fit_transform(columns(c=["a", "a", "b"], x=[1.0, 3.0, 5.0]), rows_for(np.zeros(3)))
    assert made[:, 0] == pytest.approx([19 / 7, 19 / 7, 20 / 6])
    assert made[0, 1] == pytest.approx((1 - 19 / 7) / np.sqrt(8 / 3))
    assert step.transform(columns(c=["new"], x=[NAN])).tolist() == [[3.0, 0.0]]
