from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.dataset.columns import constant_columns, identifier_columns, profile_columns
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.dataset.personal_data import find_personal_data
from tasks.evidence.dataset.predictors import find_suspicious
from tasks.evidence.dataset.profiling import profile_table
from tasks.evidence.dataset.reading import Table
from tasks.evidence.dataset.target_mentions import find_mentions


def profile(frame, code="", path="data/a.csv"):
    table = Table("csv", frame, len(frame))
    return profile_table(DataFile(path=path, format="csv", size=1), table, find_mentions([("train.py", code)]), frozenset({"train.py"}))


def suspicious(frame, target):
    columns = profile_columns(frame, 200)
    return find_suspicious(frame, columns, target, identifier_columns(frame, columns))


def personal(**columns):
    frame = pd.DataFrame(columns)
    return {p.column: (p.kind, p.share) for p in find_personal_data(frame, profile_columns(frame, 200))}


def test_types_nulls_and_distinct_values():
    frame = pd.DataFrame({
        "i": [1, 2, 2, 4], "whole": [1.0, None, 3.0, 3.0], "x": [0.5, 1, 2, 3], "b": [True, False, True, True],
        "day": ["2021-01-02", "2021-01-03", "2021-01-03", None], "t": ["a", None, "b", "b"], "nested": [[1], [2], [3], [4]],
    })  # fmt: skip
    found = {c.name: (c.type, c.nulls, c.distinct) for c in profile_columns(frame, 200)}
    assert found == {
        "i": ("integer", 0, 3), "whole": ("integer", 1, 2), "x": ("number", 0, 4), "b": ("boolean", 0, 2),
        "day": ("date", 1, 2), "t": ("text", 1, 2), "nested": ("text", 0, None),
    }  # fmt: skip


def test_one_value_or_none_is_constant_and_one_value_with_gaps_is_not():
    columns = profile_columns(pd.DataFrame({"one": [7, 7, 7], "void": [None] * 3, "gaps": [7, None, 7], "two": [1, 2, 1]}), 200)
    assert constant_columns(columns, 3) == ("one", "void")


def test_keys_are_named_or_run_or_are_codes():
    frame = pd.DataFrame({
        "customer_id": range(100, 140), "n": range(40), "code": [f"A{i:03}" for i in range(40)], "price": [i * 1.5 for i in range(40)],
        "age": [20 + i % 30 for i in range(40)], "covid": range(0, 80, 2), "review": [f"some words {i}" for i in range(40)],
    })  # fmt: skip
    assert identifier_columns(frame, profile_columns(frame, 200)) == ("customer_id", "n", "code")


def test_duplicates_and_class_balance():
    found = profile(pd.DataFrame({"a": [1, 1, 2, 3], "target": ["yes", "yes", "no", "yes"]}), 'y = df["target"]')
    assert (found.duplicates, found.class_balance) == (1, {"yes": 0.75, "no": 0.25})


def test_a_continuous_target_has_no_classes():
    assert profile(pd.DataFrame({"a": range(60), "price": np.linspace(0, 1, 60)}), 'y = df["price"]').class_balance == {}


def test_personal_data_is_told_by_kind_and_share():
    mails = [f"p{i}@example.org" for i in range(9)] + ["none"]
    assert personal(contact=mails)["contact"] == ("email", 0.9)
    assert personal(ssn=[f"123-45-{i:04}" for i in range(10)])["ssn"] == ("national_id", 1.0)
    assert personal(card_number=["4111 1111 1111 1111", "5500 0000 0000 0004"] * 5)["card_number"] == ("credit_card", 1.0)
    assert personal(addr=[f"10.0.0.{i}" for i in range(10)])["addr"][0] == "ip_address"


def test_numbers_without_a_check_digit_are_no_cards():
    assert personal(n=[4111111111111110 + 10 * i for i in range(20)]) == {}


def test_the_name_of_a_thing_is_not_the_name_of_a_person():
    people = ["Braund, Mr. Owen", "Allen, Miss. Elisabeth", "Moran, Mr. James", "Ada Lovelace", "Grace Hopper"]
    assert personal(name=people, age=[1, 2, 3, 4, 5])["name"][0] == "name"
    assert personal(name=people, horsepower=[1, 2, 3, 4, 5]) == {}
    assert personal(phone_service=["Yes", "No"] * 5, email_opt_in=[0, 1] * 5) == {}


def test_coordinates_are_personal_only_beside_persons():
    places = {"latitude": [1.5, 2.5, 3.5], "longitude": [4.5, 5.5, 6.5]}
    assert personal(**places) == {}
    assert set(personal(**places, user_id=[1, 2, 3])) == {"latitude", "longitude"}


def bikes(n=400):
    rng = np.random.default_rng(5)
    casual, registered = rng.integers(0, 300, n), rng.integers(0, 900, n)
    return pd.DataFrame({"temp": rng.normal(size=n), "casual": casual, "registered": registered, "cnt": casual + registered})


def test_two_columns_that_add_up_to_the_target_are_found():
    (found,) = suspicious(bikes(), "cnt")
    assert (set(found.columns), found.kind) == ({"casual", "registered"}, "linear_sum")
    assert found.measure == pytest.approx(1.0)


def test_one_wrong_row_in_a_hundred_is_no_exact_sum():
    frame = bikes()
    frame.loc[::100, "cnt"] += 500
    assert suspicious(frame, "cnt") == ()


def test_a_product_of_two_columns_is_found():
    rng = np.random.default_rng(5)
    price, pieces = rng.uniform(1, 90, 300), rng.integers(1, 40, 300)
    (found,) = suspicious(pd.DataFrame({"price": price, "pieces": pieces, "w": rng.normal(size=300), "total": price * pieces}), "total")
    assert (set(found.columns), found.kind) == ({"price", "pieces"}, "product")


def test_a_column_in_step_with_the_target_and_one_that_names_it():
    rng = np.random.default_rng(5)
    y = rng.normal(size=300)
    (found,) = suspicious(pd.DataFrame({"log": np.exp(y), "x": y + rng.normal(size=300), "y": y}), "y")
    assert (found.columns, found.kind, found.measure) == (("log",), "monotone", 1.0)
    classes = ["a", "b", "c"] * 100
    (found,) = suspicious(pd.DataFrame({"code": [ord(c) for c in classes], "x": rng.normal(size=300), "y": classes}), "y")
    assert (found.columns, found.kind, found.measure) == (("code",), "one_to_one", 1.0)


def test_a_threshold_that_separates_two_classes_is_suspicious_and_a_good_one_is_not():
    rng = np.random.default_rng(5)
    y = rng.integers(0, 2, 400)
    assert [s.columns for s in suspicious(pd.DataFrame({"x": y * 10 + rng.normal(size=400), "y": y}), "y")] == [("x",)]
    assert suspicious(pd.DataFrame({"x": y * 2 + rng.normal(size=400), "y": y}), "y") == ()


def test_noise_and_few_rows_give_nothing():
    rng = np.random.default_rng(5)
    assert suspicious(pd.DataFrame(rng.normal(size=(400, 8)), columns=list("abcdefgy")), "y") == ()
    assert suspicious(bikes(20), "cnt") == ()
