"""The profile: semantics, outliers, duplicates, correlations, groups and orders in time, each against numbers known beforehand."""

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.table.correlations import spearman_pairs
from tasks.evidence.table.parsing import apply_schema, infer_schema
from tasks.evidence.table.profiling import count_duplicates, profile_table
from tasks.evidence.table.reading import Reading

ROWS = 600


@pytest.fixture
def random():
    return np.random.default_rng(0)


def profile(frame):
    schema = infer_schema(frame)
    return profile_table(Reading(frame, (), len(frame), False, (), ()), schema, apply_schema(frame, schema))


def test_numbers_of_a_column_by_hand():
    column = profile(pd.DataFrame({"x": [0.0, 1.5, 2, 3, 4, None, np.inf, 100.25], "y": list("abababab")})).column("x")
    assert (column.nulls, column.infinite, column.distinct, column.zeros) == (2 / 8, 1, 6, 1 / 6)
    assert column.quantiles == pytest.approx((0, 1.625, 2.5, 3.75, 100.25))
    assert column.mean == pytest.approx(18.4583333)
    assert column.std == pytest.approx(np.std([0, 1.5, 2, 3, 4, 100.25], ddof=1))
    assert column.outliers == 1 / 6


def test_what_columns_mean(random):
    frame = pd.DataFrame(
        {
            "price": [f"${v:.2f}" for v in random.gamma(2, 50, ROWS)],
            "growth": [f"{v:.1f} %" for v in random.normal(0, 5, ROWS)],
            "rate": random.random(ROWS),
            "latitude": random.uniform(47, 54, ROWS),
            "stars": random.integers(1, 6, ROWS),
            "n_visits": random.poisson(30, ROWS),
            "height": random.normal(170, 10, ROWS),
            "when": pd.date_range("2020-01-01", periods=ROWS).strftime("%Y-%m-%d"),
            "member": random.choice(["yes", "no"], ROWS),
            "city": random.choice(["x", "y", "z"], ROWS),
            "user_id": random.permutation(ROWS),
            "same": 1,
        }
    )
    semantics = [column.semantic for column in profile(frame).columns]
    expected = [
        "money",
        "percent",
        "percent",
        "coordinate",
        "ordinal",
        "count",
        "measure",
        "date",
        "boolean",
        "category",
        "identifier",
        "constant",
    ]
    assert semantics == expected


def test_levels_are_listed_by_how_often_they_occur():
    columns = profile(pd.DataFrame({"c": ["b"] * 3 + ["a"] * 5 + ["?"] * 2, "f": ["Yes"] * 4 + ["No"] * 6})).columns
    assert columns[0].top == (("a", 5), ("b", 3))
    assert columns[1].top == (("No", 6), ("Yes", 4))
    assert columns[0].nulls == 0.2


def test_duplicates_are_counted_as_pandas_counts_them(random):
    frame = pd.DataFrame(
        {"a": random.integers(0, 6, ROWS), "b": random.choice(["x", "y", None], ROWS), "c": random.choice([1.5, np.nan], ROWS)}
    )
    schema = infer_schema(frame)
    canonical = apply_schema(frame, schema)
    assert count_duplicates(canonical) == canonical.duplicated().sum()
    assert count_duplicates(pd.DataFrame({"a": [0.0, -0.0], "b": [1.0, 1.0]})) == 1


def test_rank_correlation_agrees_with_scipy_and_is_bounded(random):
    from scipy.stats import spearmanr

    x = random.normal(size=ROWS)
    frame = pd.DataFrame({"x": x, "y": np.exp(x) + random.normal(size=ROWS), "z": random.normal(size=ROWS), "w": -x})
    pairs = {(a, b): rho for a, b, rho in spearman_pairs(frame, list(frame.columns))}
    assert pairs["x", "w"] == -1
    assert pairs["x", "y"] == pytest.approx(spearmanr(frame["x"], frame["y"]).statistic, abs=1e-4)
    assert ("x", "z") not in pairs
    wide = pd.DataFrame(random.normal(size=(200, 300)))
    assert len(spearman_pairs(wide, list(wide.columns))) <= 50


def patients(random, name="patient_id"):
    """Five visits each of 120 patients, with facts of the patient and facts of the visit."""
    patient = np.repeat(np.arange(120), 5)
    return pd.DataFrame(
        {
            name: patient + 1000,
            "age": random.integers(20, 80, 120)[patient],
            "sex": random.choice(["f", "m"], 120)[patient],
            "pressure": random.normal(120, 15, ROWS),
        }
    )


@pytest.mark.parametrize("name", ["patient_id", "subject", "SubjectID", "customerId", "household", "session_id"])
def test_rows_of_one_patient_are_a_group(random, name):
    first = profile(patients(random, name)).groups[0]
    assert (first.column, first.groups, first.mean_rows) == (name, 120, 5.0)
    assert "age, sex stay the same within each" in first.reason


def test_names_in_text_group_rows_when_several_columns_stay_the_same_within_them(random):
    frame = patients(random).rename(columns={"patient_id": "who"})
    frame["who"] = [f"Mrs. {value}" for value in frame["who"]]
    frame["born"] = random.integers(1940, 2000, 120)[np.repeat(np.arange(120), 5)]
    assert [group.column for group in profile(frame).groups] == ["who"]


def test_levels_and_counts_are_no_groups(random):
    frame = pd.DataFrame(
        {
            "passengers": random.integers(0, 9, ROWS),
            "households": random.integers(100, 200, ROWS),
            "education": random.choice(list("abcdefgh"), ROWS),
            "zone": random.integers(0, 30, ROWS),
            "product": random.choice(["p", "q", "r"], ROWS),
            "id": range(ROWS),
            "y": random.normal(size=ROWS),
        }
    )
    frame["borough"] = (frame["zone"] // 10).map({0: "a", 1: "b", 2: "c"})
    frame["zone"] = frame["zone"].map("Z{}".format)
    assert profile(frame).groups == ()


def test_rows_sorted_by_a_date(random):
    days = pd.date_range("2021-01-01", periods=ROWS).strftime("%d.%m.%Y")
    frame = pd.DataFrame({"day": days, "x": random.normal(size=ROWS)})
    order = profile(frame).orders[0]
    assert (order.column, order.sorted_share, order.distinct_share) == ("day", 1.0, 1.0)
    assert order.reason == "dates from 2021-01-01 to 2022-08-23, rows sorted by it"
    assert "newest first" in profile(frame[::-1].reset_index(drop=True)).orders[0].reason
    shuffled = profile(frame.sample(frac=1, random_state=0).reset_index(drop=True)).orders[0]
    assert "not sorted" in shuffled.reason and shuffled.sorted_share < 0.6


def test_a_column_that_is_another_one_row_before_proves_the_order_of_the_rows(random):
    x = random.normal(size=ROWS + 1)
    frame = pd.DataFrame({"now": x[1:], "before": x[:-1], "noise": random.normal(size=ROWS)})
    order = profile(frame).orders[0]
    assert order.column is None
    assert order.reason.startswith("before is now of the row before in 100.0% of the rows")
    assert profile(frame.sample(frac=1, random_state=0).reset_index(drop=True)).orders == ()


def test_year_and_month_that_rise_with_the_rows(random):
    months = pd.date_range("1990-01-01", periods=ROWS // 2, freq="MS")
    frame = pd.DataFrame({"year": months.year, "month": months.month, "y": random.normal(size=ROWS // 2)})
    assert profile(frame).orders[0].reason == "rows sorted by year, month"


def test_times_of_day_are_no_order(random):
    frame = pd.DataFrame({"clock": [f"{h:02d}:{m:02d}" for h, m in random.integers(0, 24, (ROWS, 2))], "y": random.normal(size=ROWS)})
    assert profile(frame).orders == ()


def test_every_number_of_a_profile_is_finite(random):
    frame = pd.DataFrame({"big": [1e308, -1e308, 1e300] * 20, "one": [1.0, *[np.nan] * 59], "gone": [np.nan] * 60})
    assert "NaN" not in profile(frame).model_dump_json() and "Infinity" not in profile(frame).model_dump_json()


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_table_of_hardly_any_rows_has_a_profile(rows):
    frame = pd.DataFrame({"a": range(rows), "b": ["x"] * rows, "c": ["2020-01-01"] * rows, "d": [None] * rows})
    assert profile(frame).rows == rows
