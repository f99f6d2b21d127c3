"""Files are brought together by keys the values bear out, and no row is ever multiplied."""

import numpy as np
import pandas as pd
import pytest

from tasks.errors import DataRefused
from tasks.evidence.table.joining import join_tables
from tasks.evidence.table.reading import read_tables


@pytest.fixture
def customers():
    random = np.random.default_rng(0)
    return pd.DataFrame({"customer_id": range(1000, 1200), "city": random.choice(list("ABCD"), 200), "churn": random.integers(0, 2, 200)})


@pytest.fixture
def orders():
    return pd.DataFrame(
        {
            "order_id": range(4),
            "customer_id": [1000, 1000, 1002, 1002],
            "amount": [10.5, 20.0, 5.0, None],
            "channel": ["web", "shop", "web", "web"],
            "on": ["2024-01-01", "2024-02-01", "2024-03-01", "2024-01-15"],
        }
    )


def many_orders(customers):
    random = np.random.default_rng(1)
    return pd.DataFrame({"customer_id": random.choice(customers["customer_id"][:180], 900), "amount": random.gamma(2, 20, 900).round(2)})


def test_facts_about_a_thing_are_looked_up_many_to_one(customers):
    cities = pd.DataFrame({"city": list("ABCDE"), "people": [10, 20, 30, 40, 50]})
    joined = join_tables([("customers.csv", customers), ("cities.csv", cities)])
    facts = joined.joins[0]
    assert (facts.kind, facts.keys, facts.left_coverage, facts.right_coverage) == ("many_to_one", (("city", "city"),), 1.0, 0.8)
    assert (facts.rows_left, facts.rows_after, len(joined.frame)) == (200, 200, 200)
    assert joined.frame["people"].tolist() == customers["city"].map(dict(zip("ABCDE", [10, 20, 30, 40, 50]))).tolist()


def test_several_rows_a_key_are_aggregated_by_hand(orders):
    left = pd.DataFrame({"customer_id": [1000, 1001, 1002], "y": [1, 2, 3]})
    frame = join_tables([("left.csv", left), ("orders.csv", orders.drop(columns="order_id"))]).frame
    assert frame["orders_rows"].tolist() == [2, 0, 2]
    assert frame["orders_amount_mean"].tolist()[::2] == [15.25, 5.0]
    assert frame["orders_amount_sum"].tolist()[::2] == [30.5, 5.0]
    assert frame["orders_channel_commonest"].tolist()[::2] == ["shop", "web"]
    assert frame["orders_channel_distinct"].tolist()[::2] == [2, 1]
    assert frame["orders_on_last"].tolist()[::2] == [pd.Timestamp("2024-02-01"), pd.Timestamp("2024-03-01")]
    assert frame["orders_amount_mean"].isna().tolist() == [False, True, False]


def test_one_to_many_never_multiplies_rows(customers):
    joined = join_tables([("customers.csv", customers), ("orders.csv", many_orders(customers))])
    facts = joined.joins[0]
    assert (facts.kind, facts.rows_left, facts.rows_right, facts.rows_after) == ("aggregated", 200, 900, 200)
    assert joined.frame["customer_id"].tolist() == customers["customer_id"].tolist()
    assert "orders.csv aggregated and joined on customer_id" in joined.notes[0]


def test_the_file_with_the_target_keeps_its_rows(customers):
    joined = join_tables([("orders.csv", many_orders(customers)), ("customers.csv", customers)], target="churn")
    assert (joined.base, len(joined.frame)) == (1, 200)
    assert "customers.csv keeps its rows" in joined.notes[0]


def test_a_chain_of_files_is_followed(customers):
    cities = pd.DataFrame({"city": list("ABCD"), "people": [10, 20, 30, 40]})
    joined = join_tables([("orders.csv", many_orders(customers)), ("cities.csv", cities), ("customers.csv", customers)])
    assert [facts.right for facts in joined.joins] == ["customers.csv", "cities.csv"]
    assert len(joined.frame) == 900 and joined.frame["people"].notna().all()


def test_a_key_of_two_columns_with_dates_written_differently():
    days = pd.date_range("2024-01-01", periods=50)
    sales = pd.DataFrame({"store": np.repeat(range(1, 11), 50), "date": [*days.strftime("%Y-%m-%d")] * 10, "sales": np.arange(500) / 7})
    weather = pd.DataFrame({"store": sales["store"], "date": [*days.strftime("%d/%m/%Y")] * 10, "warmth": np.arange(500) / 3})
    joined = join_tables([("sales.csv", sales), ("weather.csv", weather.sample(frac=1, random_state=0).reset_index(drop=True))])
    assert (joined.joins[0].kind, joined.joins[0].keys) == ("one_to_one", (("store", "store"), ("date", "date")))
    np.testing.assert_allclose(joined.frame["warmth"], np.arange(500) / 3)


@pytest.mark.parametrize(("left", "right"), [("customer_id", "id"), ("customerId", "customer_id"), ("CUSTOMER ID", "customer_id")])
def test_keys_of_like_names(customers, left, right):
    a = many_orders(customers).rename(columns={"customer_id": left})
    joined = join_tables([("orders.csv", a), ("customers.csv", customers.rename(columns={"customer_id": right}))])
    assert joined.joins[0].keys == ((left, right),)


def test_keys_agree_whether_they_were_read_as_text_or_numbers(customers):
    right = pd.DataFrame({"customer_id": [f" {v}" for v in customers["customer_id"]], "score": np.arange(200) / 3})
    assert join_tables([("a.csv", customers), ("b.csv", right)]).joins[0].kind == "one_to_one"


def test_small_numbers_that_agree_by_chance_are_no_key():
    random = np.random.default_rng(0)
    a = pd.DataFrame({"rooms": random.integers(1, 12, 300), "y": random.normal(size=300)})
    b = pd.DataFrame({"month": range(1, 13), "rain": random.normal(size=12)})
    with pytest.raises(DataRefused, match="No key joins b"):
        join_tables([("a.csv", a), ("b.csv", b)])


def test_the_same_columns_are_stacked_in_any_order_and_told(tmp_path, customers):
    customers.to_csv(tmp_path / "a.csv", index=False)
    customers[["churn", "customer_id", "city"]].head(50).to_csv(tmp_path / "b.csv", index=False)
    reading = read_tables([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert (len(reading.frame), reading.rows_in_files, len(reading.sources)) == (250, 250, 2)
    assert reading.joins[0].kind == "stacked"
    assert any("stacked: 250 rows (200 of a.csv, 50 of b.csv)" in note for note in reading.notes)


def test_rows_without_a_label_are_not_joined_to_those_with_one(customers):
    train = customers.assign(a=1.5, b="x")
    with pytest.raises(DataRefused, match="rows without a label"):
        join_tables([("train.csv", train), ("test.csv", train.drop(columns="churn"))])


def test_columns_of_both_files_keep_both_names(customers):
    right = pd.DataFrame({"customer_id": customers["customer_id"], "city": customers["city"].str.lower(), "extra": np.arange(200) / 3})
    frame = join_tables([("a.csv", customers), ("b.csv", right)]).frame
    assert list(frame.columns) == ["customer_id", "city", "churn", "b_city", "extra"]


def test_rows_that_repeat_in_the_other_file_do_not_make_it_many(customers):
    cities = pd.DataFrame({"city": list("ABCD") * 2, "people": [1, 2, 3, 4] * 2})
    assert join_tables([("a.csv", customers), ("cities.csv", cities)]).joins[0].kind == "many_to_one"


def test_a_measure_both_files_have_is_no_key_to_aggregate_by():
    random = np.random.default_rng(0)
    a = pd.DataFrame({"age": random.integers(20, 80, 300), "y": random.normal(size=300)})
    b = pd.DataFrame({"age": random.integers(20, 80, 300), "z": random.normal(size=300)})
    with pytest.raises(DataRefused, match="No key joins"):
        join_tables([("a.csv", a), ("b.csv", b)])
