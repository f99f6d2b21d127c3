"""What a column is, and how its cells are read, by its values and its name; later rows never fail."""

import uuid

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.table.parsing import apply_schema, infer_schema, to_texts
from tasks.evidence.table.schema import TableSchema

RANDOM = np.random.default_rng(0)
ROWS = 400


def understand(values, name="column"):
    """Schema of a lone column, and its canonical values."""
    frame = pd.DataFrame({name: values if isinstance(values, pd.Series) else pd.Series(list(values))})
    schema = infer_schema(frame)
    return schema.columns[0], apply_schema(frame, schema)[name]


def kind(values, name="column"):
    return understand(values, name)[0].kind


def cycled(*values):
    return [values[i % len(values)] for i in range(ROWS)]


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["$1,200", "$3", "-$4.50", "$1,000,000"], [1200, 3, -4.5, 1_000_000]),
        (["45 %", "3.5%", "0 %", "100%"], [45, 3.5, 0, 100]),
        (["1.234,50 €", "12,00 €", "7,5 €", "2.000.000,00 €"], [1234.5, 12, 7.5, 2_000_000]),
        (["12 kg", "7.5 kg", "100kg", "3 kgs"], [12, 7.5, 100, 3]),
        (["(300)", "200", "(1,000)", "-5"], [-300, 200, -1000, -5]),
        (["1.5M", "200K", "3B", "7"], [1.5e6, 2e5, 3e9, 7]),
        (["€110.5M", "€600K", "€0", "€7M"], [110.5e6, 6e5, 0, 7e6]),
        (["USD 300", "usd 4.5", "USD 1,000", "USD 7"], [300, 4.5, 1000, 7]),
        (["1 234,5", "7,25", "12 000,0", "0,5"], [1234.5, 7.25, 12000, 0.5]),
        (["1'234.50", "7.25", "12'000.00", "0.5"], [1234.5, 7.25, 12000, 0.5]),
        (["1,234", "17", "12,000", "5"], [1234, 17, 12000, 5]),
        (["0,125", "1,500", "0,750", "2,25"], [0.125, 1.5, 0.75, 2.25]),
        (["36 months", "60 months", "12 months", "1 month"], [36, 60, 12, 1]),
        ([" 7", "8 ", "1e3", "-2.5e-1"], [7, 8, 1000, -0.25]),
    ],
)
def test_numbers_hidden_in_text(texts, numbers):
    column, values = understand(cycled(*texts, *(texts[0],) * 0))
    assert column.kind == "numeric"
    np.testing.assert_allclose(values[: len(texts)], numbers)


@pytest.mark.parametrize(
    "texts",
    [
        ["10-20", "20-30", "30-40"],
        ["1.2.3", "1.2.4", "2.0.0"],
        ["5'10", "6'2", "5'7"],
        ["030 1234", "040 22", "089 7654"],
        ["500 MB", "1 GB", "3 TB"],
        ["A1", "B2", "C3"],
        ["1", "2", "3", "A"],
        ["3 m", "4 ft", "5 yd"],
        ["192.168.0.1", "10.0.0.1", "10.0.0.2"],
    ],
    ids=lambda texts: texts[0],
)
def test_texts_with_digits_that_are_no_numbers_stay_levels(texts):
    assert kind(cycled(*texts)) == "category"


def test_a_number_column_bears_a_few_words_and_says_so():
    column, values = understand([str(i * 1.5) for i in range(300)] + ["broken"] * 6)
    assert (column.kind, column.parse) == ("numeric", "number")
    assert column.notes == ("6 of 306 cells are no numbers: read as missing",)
    assert values.isna().sum() == 6


@pytest.mark.parametrize("token", ["", "NA", "N/A", "null", "none", "?", "-", "nan", "missing", "NULL", " "])
def test_missing_tokens_among_numbers_are_missing_without_a_note(token):
    column, values = understand([str(i / 4) for i in range(100)] + [token] * 20)
    assert (column.kind, column.notes, int(values.isna().sum())) == ("numeric", (), 20)


def test_none_may_be_a_level_and_a_question_mark_may_not():
    column, values = understand(cycled("none", "mild", "severe", "?"))
    assert column.kind == "category"
    assert set(values.dropna()) == {"none", "mild", "severe"}
    assert values.isna().sum() == ROWS // 4


def test_na_is_namibia_among_codes_of_countries_and_missing_elsewhere():
    assert "NA" in set(understand(cycled("DE", "FR", "NA", "US", "ZA", "IT", "ES"))[1])
    assert "NA" not in set(understand(cycled("good", "NA", "bad"))[1])


@pytest.mark.parametrize("pair", [("yes", "no"), ("True", "False"), ("t", "f"), ("Y", "N"), ("TRUE", "FALSE"), ("On", "Off")])
def test_booleans_in_text(pair):
    column, values = understand(cycled(*pair, "NA"))
    assert (column.kind, column.parse) == ("boolean", "boolean_text")
    assert values[:2].tolist() == [1.0, 0.0]
    assert np.isnan(values[2])


def test_flags_of_numbers_are_boolean_and_a_later_two_is_still_a_number():
    column, _ = understand(cycled(0, 1))
    assert column.kind == "boolean"
    assert apply_schema(pd.DataFrame({"column": ["2", "1.0", "x"]}), TableSchema(columns=(column,)))["column"].tolist()[:2] == [2.0, 1.0]


DAYS = pd.date_range("2019-01-01", periods=ROWS, freq="D")


@pytest.mark.parametrize(
    "wanted",
    [
        *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%b-%Y", "%B %d, %Y", "%d %b %y", "%Y%m%d", "%m/%d/%y"),
        *("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y"),
    ],
)
def test_dates_are_read_in_their_format(wanted):
    column, values = understand(DAYS.strftime(wanted), name="day")
    assert column.kind == "datetime"
    assert values.tolist() == DAYS.tolist()


def test_offsets_from_utc_are_counted():
    _, values = understand(["2024-03-01T12:00:00+02:00", "2024-03-02T00:00:00-05:00"] * 20)
    assert values[:2].tolist() == [pd.Timestamp("2024-03-01 10:00"), pd.Timestamp("2024-03-02 05:00")]


def test_five_formats_in_one_column_are_all_read():
    formats = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%B %d, %Y", "%d-%b-%y"]
    column, values = understand([day.strftime(formats[i % 5]) for i, day in enumerate(DAYS)])
    assert set(column.formats) == set(formats)
    assert values.tolist() == DAYS.tolist()
    assert any("5 date formats" in note for note in column.notes)


def test_a_day_beyond_twelve_decides_what_every_other_date_means():
    column, values = understand(["03/04/2020", "05/06/2020", "25/12/2020"] * 20)
    assert column.formats == ("%d/%m/%Y",)
    assert values[0] == pd.Timestamp("2020-04-03")


def test_without_a_day_beyond_twelve_the_order_of_the_rows_decides():
    days = [pd.Timestamp(2018, month, day) for month in range(1, 13) for day in (3, 7, 11)]
    column, values = understand([day.strftime("%d/%m/%Y") for day in days])
    assert values.tolist() == days
    assert "puts the rows in order" in column.notes[0]


def test_without_any_evidence_the_month_is_first_and_that_is_told():
    texts = [f"{RANDOM.integers(1, 13):02d}/{RANDOM.integers(1, 13):02d}/2020" for _ in range(200)]
    column, _ = understand(texts)
    assert column.formats == ("%m/%d/%Y",)
    assert "assumed" in column.notes[0]


def test_years_of_two_digits_lie_before_and_not_after_today():
    months = pd.date_range("1939-10-01", "2013-06-01", freq="MS")
    column, values = understand(months.strftime("%b-%y"))
    assert values.tolist() == months.tolist()
    later = apply_schema(pd.DataFrame({"column": ["Jan-15", "Dec-38"]}), TableSchema(columns=(column,)))["column"]
    assert later.tolist() == [pd.Timestamp("2015-01-01"), pd.Timestamp("1938-12-01")]


@pytest.mark.parametrize(("name", "expected"), [("timestamp", "datetime"), ("created_at", "datetime"), ("income", "numeric")])
def test_seconds_since_1970_only_when_the_name_says_so(name, expected):
    column, values = understand([1_600_000_000 + 3601 * i for i in range(100)], name=name)
    assert column.kind == expected
    if expected == "datetime":
        assert values[0] == pd.Timestamp("2020-09-13 12:26:40")


def test_seconds_with_fractions_are_moments_too():
    assert understand([1594512094.5 + 3.7 * i for i in range(100)], name="ts")[1][0] == pd.Timestamp("2020-07-12 00:01:34.5")


def test_days_and_months_written_as_whole_numbers():
    assert understand([int(d.strftime("%Y%m%d")) for d in DAYS], name="date")[1].tolist() == DAYS.tolist()
    assert kind([201901 + i % 12 for i in range(100)], name="month") == "datetime"
    assert kind(RANDOM.integers(150_000, 230_000, 300), name="price") == "numeric"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("id", range(5000, 5000 + ROWS)),
        ("PassengerId", RANDOM.permutation(ROWS)),
        ("customer_no", RANDOM.choice(10**8, ROWS, replace=False)),
        ("Unnamed: 0", range(ROWS)),
        ("whatever", range(1, ROWS + 1)),
        ("key", [str(uuid.UUID(int=int(i))) for i in RANDOM.integers(0, 2**62, ROWS)]),
        ("ref", [f"CUST-{i:05d}" for i in range(ROWS)]),
        ("hash", [f"{i:032x}" for i in RANDOM.integers(0, 2**62, ROWS)]),
        ("phone", [f"+49 30 {i}".replace(" ", "") for i in RANDOM.choice(10**7, ROWS, replace=False)]),
        ("zip", [f"0{i}" for i in range(1000, 1000 + ROWS)]),
    ],
)
def test_identifiers(name, values):
    assert kind(values, name) == "identifier"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("x", RANDOM.normal(size=ROWS)),
        ("fnlwgt", RANDOM.choice(10**6, ROWS, replace=False)),
        ("rank", range(1, ROWS + 1)),
        ("year", range(1600, 1600 + ROWS)),
        ("pclass", cycled(1, 2, 3)),
        ("paid", RANDOM.integers(0, 1000, ROWS)),
        ("text", [f"{x:.4f}" for x in RANDOM.normal(size=ROWS)]),
    ],
)
def test_measures_are_no_identifiers(name, values):
    assert kind(values, name) == "numeric"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("store_id", RANDOM.integers(1, 40, ROWS)),
        ("PULocationID", RANDOM.integers(1, 265, ROWS)),
        ("zip_code", RANDOM.choice([10115, 20095, 80331, 50667], ROWS)),
        ("customer", [f"C{i}" for i in RANDOM.integers(0, 80, ROWS)]),
        ("plan", cycled("basic", "pro")),
        ("plan", [*cycled("basic"), None]),
    ],
)
def test_codes_and_keys_that_repeat_are_levels(name, values):
    assert kind(values, name) == "category"


SENTENCE = "the quick brown fox jumps over a lazy dog while many small birds sing in old green trees near water"
WORDS = SENTENCE.split(" ")


def test_prose_and_nearly_unique_texts_are_text():
    assert kind([" ".join(RANDOM.choice(WORDS, 9)) for _ in range(ROWS)], "review") == "text"
    assert kind([f"{a.title()} {b.title()}, Mr. {c}" for a, b, c in RANDOM.choice(WORDS, (ROWS, 3))], "name") == "text"
    assert kind([" ".join(RANDOM.choice(WORDS, 9)) for _ in range(ROWS)], "id") == "text"


@pytest.mark.parametrize("values", [[None] * 9, ["", "NA", "?"] * 9, [np.nan] * 9, [np.inf] * 9])
def test_a_column_without_values_is_empty(values):
    assert kind(values) == "empty"


@pytest.mark.parametrize("values", [[7] * 9, ["a"] * 9, [True] * 9, ["2020-01-01"] * 9, [pd.Timestamp("2020-01-01")] * 9, ["$5"] * 9])
def test_one_value_is_constant(values):
    assert kind(values) == "constant"


def test_levels_are_the_same_text_whether_the_file_held_numbers_or_text():
    for values in ([7, 8, None], ["7", " 8", None], [7.0, 8.0, np.nan]):
        assert to_texts(pd.Series(values)).tolist() == ["7", "8", None]


def test_canonical_types_and_what_later_rows_may_hold():
    frame = pd.DataFrame(
        {
            "n": [f"${i}" for i in range(1, 51)],
            "b": ["yes", "no"] * 25,
            "c": ["u", "v", "w", None, "u"] * 10,
            "d": pd.date_range("2024-01-01", periods=50).strftime("%d.%m.%Y"),
            "i": range(100, 150),
        }
    )
    schema = infer_schema(frame)
    assert TableSchema.model_validate_json(schema.model_dump_json()) == schema
    later = pd.DataFrame(
        {
            "x": 1,
            "i": ["a", 2, None],
            "d": ["31.12.2030", "rubbish", 7],
            "c": ["new", 3.0, None],
            "b": [True, "maybe", 1],
            "n": ["$7", 8, "?"],
        }
    )
    canonical = apply_schema(later, schema)
    assert list(canonical.columns) == ["n", "b", "c", "d", "i"]
    assert [dtype.kind for dtype in canonical.dtypes] == ["f", "f", "O", "M", "O"]
    assert canonical["d"].dtype == "datetime64[us]"
    np.testing.assert_array_equal(canonical["n"], [7, 8, np.nan])
    np.testing.assert_array_equal(canonical["b"], [1, np.nan, 1])
    assert canonical["c"].tolist() == ["new", "3", None]
    assert canonical["d"].isna().tolist() == [False, True, True]


def test_a_missing_column_is_named_unless_it_may_be_absent():
    schema = infer_schema(pd.DataFrame({"a": [1.5, 2, 3], "b": ["x", "y", "y"]}))
    with pytest.raises(ValueError, match="'b'"):
        apply_schema(pd.DataFrame({"a": [1]}), schema)
    assert apply_schema(pd.DataFrame({"a": [1]}), schema, require=False)["b"].tolist() == [None]


def test_labels_keep_their_words_when_they_are_asked_for_as_text():
    frame = pd.DataFrame({"churn": ["Yes", "No", "Yes", None]})
    schema = infer_schema(frame).with_text("churn")
    assert apply_schema(frame, schema)["churn"].tolist() == ["Yes", "No", "Yes", None]


@pytest.mark.parametrize("dtype", ["Int64", "boolean", "category", "datetime64[ns, Europe/Berlin]", "float32", "timedelta64[ns]"])
def test_every_pandas_type_is_read(dtype):
    values = pd.Series([0, 1, 0, 1] * 10).astype(dtype) if "datetime" not in dtype else pd.Series(DAYS[:40].tz_localize("Europe/Berlin"))
    understand(values)
