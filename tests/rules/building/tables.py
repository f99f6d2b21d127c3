"""Tables of kinds people have, each with its objective and how its rows must be kept apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.evidence.table.facts import TableProfile
from tasks.evidence.table.parsing import apply_schema, infer_schema
from tasks.evidence.table.profiling import profile_table
from tasks.evidence.table.reading import Reading


@dataclass(frozen=True)
class Case:
    frame: pd.DataFrame
    objective: str
    kind: str
    column: str | None = None


def profile_of(frame: pd.DataFrame) -> TableProfile:
    """As if read from a file."""
    raw = frame.copy()
    for name in raw.columns:
        if pd.api.types.is_datetime64_any_dtype(raw[name]):
            raw[name] = raw[name].astype(str)
    reading = Reading(frame=raw, sources=(), rows_in_files=len(raw), sampled=False, notes=(), joins=())
    schema = infer_schema(raw)
    return profile_table(reading, schema, apply_schema(raw, schema))


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True)


def patients_with_visits() -> Case:
    r = _rng(1)
    patient = np.repeat(np.arange(120), r.integers(2, 8, 120))
    n = len(patient)
    frame = pd.DataFrame(
        {"patient_id": patient + 5000, "visit_date": pd.Timestamp("2020-01-01") + pd.to_timedelta(r.integers(0, 900, n), "D"), "age": r.integers(20, 90, 120)[patient],
         "sex": r.choice(["m", "f"], 120)[patient], "pressure": r.normal(130, 15, n).round(), "disease": (r.random(120) < 0.3)[patient].astype(int)}
    )  # fmt: skip
    return Case(_shuffled(frame, 1), "Predict whether a patient has the disease.", "group", "patient_id")


def customers_with_transactions() -> Case:
    r = _rng(2)
    customer = r.integers(0, 150, 1500)
    frame = pd.DataFrame(
        {"transaction_id": np.arange(1500), "customer_id": [f"C{c:05d}" for c in customer], "amount": r.lognormal(3, 1, 1500).round(2),
         "segment": r.choice(["a", "b", "c"], 150)[customer], "channel": r.choice(["web", "shop"], 1500), "fraud": (r.random(1500) < 0.05).astype(int)}
    )  # fmt: skip
    return Case(frame, "Detect fraudulent transactions.", "group", "customer_id")


def customers_one_row_each() -> Case:
    r = _rng(3)
    frame = pd.DataFrame(
        {"customer_id": r.permutation(900) + 10000, "signup_date": pd.Timestamp("2019-01-01") + pd.to_timedelta(r.integers(0, 900, 900), "D"),
         "plan": r.choice(["basic", "pro"], 900), "spend": r.lognormal(3, 1, 900).round(2), "churn": r.choice(["yes", "no"], 900, p=[0.2, 0.8])}
    )  # fmt: skip
    return Case(frame, "Predict which customers will churn next month.", "iid")


def machines_until_failure() -> Case:
    r = _rng(4)
    unit = np.repeat(np.arange(40), 30)
    frame = pd.DataFrame(
        {"unit": unit + 1, "cycle": np.tile(np.arange(1, 31), 40), "sensor_1": r.normal(0, 1, 1200), "sensor_2": r.normal(0, 1, 1200), "rul": np.tile(np.arange(30, 0, -1), 40) * 1.0 + r.integers(0, 60, 40)[unit]}
    )  # fmt: skip
    return Case(frame, "Predict the remaining useful life (rul) of an engine we have never seen.", "group", "unit")


def devices_measured_hourly() -> Case:
    r = _rng(5)
    hours = pd.date_range("2024-03-01", periods=100, freq="h")
    frame = pd.DataFrame(
        {
            "timestamp": np.tile(hours, 12),
            "device_id": np.repeat([f"d{i:02d}" for i in range(12)], 100),
            "temperature": r.normal(20, 3, 1200),
            "load": r.lognormal(2, 0.4, 1200),
        }
    )
    return Case(frame, "Forecast the load of each device for the next hour.", "time", "timestamp")


def stores_by_days() -> Case:
    r = _rng(6)
    days = pd.date_range("2022-01-01", periods=120)
    frame = pd.DataFrame(
        {
            "date": np.repeat(days, 15),
            "store_id": np.tile(np.arange(15), 120),
            "promo": r.integers(0, 2, 1800),
            "sales": r.poisson(200, 1800),
        }
    )
    return Case(frame, "Predict the sales of a store on a day.", "time", "date")


def houses_with_sale_dates() -> Case:
    r = _rng(7)
    frame = pd.DataFrame(
        {"id": np.arange(1000), "sale_date": pd.Timestamp("2014-05-01") + pd.to_timedelta(r.integers(0, 380, 1000), "D"), "sqft": r.normal(2000, 500, 1000).round(),
         "bedrooms": r.integers(1, 6, 1000), "zipcode": r.integers(98001, 98060, 1000), "price": r.lognormal(13, 0.4, 1000).round()}
    )  # fmt: skip
    return Case(frame, "Estimate the price of a house.", "iid")


def survey_rows() -> Case:
    r = _rng(8)
    when = pd.Timestamp("2024-02-01 08:00") + pd.to_timedelta(np.sort(r.integers(0, 20 * 86400, 600)), "s")
    frame = pd.DataFrame(
        {
            "Timestamp": when,
            "age": r.integers(18, 80, 600),
            "region": r.choice(list("NESW"), 600),
            "satisfied": r.choice(["yes", "no"], 600),
        }
    )
    return Case(frame, "Tell whether a respondent is satisfied.", "iid")


def stock_weeks_with_lags() -> Case:
    r = _rng(9)
    x = r.normal(0, 2, 605).round(3)
    frame = pd.DataFrame(
        {
            "Lag1": x[4:-1],
            "Lag2": x[3:-2],
            "Lag3": x[2:-3],
            "Volume": r.lognormal(0, 0.3, 600),
            "Direction": np.where(x[5:] > 0, "Up", "Down"),
        }
    )
    return Case(frame, "Predict whether the market goes up.", "time", None)


def web_sessions() -> Case:
    r = _rng(10)
    user = r.integers(0, 300, 1500)
    frame = pd.DataFrame(
        {
            "session_id": [f"s{i:06d}" for i in range(1500)],
            "user_id": [f"u{u:04d}" for u in user],
            "country": r.choice(list("ABCD"), 300)[user],
            "pages": r.poisson(5, 1500),
            "bought": r.integers(0, 2, 1500),
        }
    )
    return Case(frame, "Predict whether a session ends with a purchase.", "group", "user_id")


def sessions_without_users() -> Case:
    r = _rng(11)
    frame = pd.DataFrame(
        {
            "Month": r.choice(["Feb", "Mar", "May", "Nov"], 1200),
            "PageValues": r.lognormal(0, 1, 1200),
            "Region": r.integers(1, 9, 1200),
            "VisitorType": r.choice(["new", "back"], 1200),
            "Revenue": r.random(1200) < 0.2,
        }
    )
    return Case(frame, "Predict whether a visit ends in revenue.", "iid")


def students_of_two_schools() -> Case:
    r = _rng(12)
    frame = pd.DataFrame(
        {
            "school": r.choice(["GP", "MS"], 640),
            "age": r.integers(15, 20, 640),
            "absences": r.poisson(4, 640),
            "grade": r.integers(0, 21, 640),
        }
    )
    return Case(frame, "Predict the final grade of a student.", "iid")


def students_of_many_schools() -> Case:
    r = _rng(13)
    school = r.integers(0, 60, 1800)
    frame = pd.DataFrame(
        {
            "school_id": school + 100,
            "school_size": r.integers(200, 1500, 60)[school],
            "ses": r.normal(0, 1, 1800).round(2),
            "math": r.normal(50, 10, 1800).round(1),
        }
    )
    return Case(frame, "Predict the math score of students in schools we have not seen.", "group", "school_id")


def images_of_subjects() -> Case:
    r = _rng(14)
    subject = np.repeat(np.arange(30), 40)
    pixels = {f"f{i}": r.normal(0, 1, 1200) for i in range(12)}
    return Case(
        pd.DataFrame({"subject": subject, **pixels, "activity": r.choice(["walk", "sit", "stand"], 1200)}),
        "Classify the activity.",
        "group",
        "subject",
    )


def daily_series() -> Case:
    r = _rng(15)
    frame = pd.DataFrame(
        {
            "day": pd.date_range("2021-01-01", periods=500),
            "temp": r.normal(12, 8, 500).round(1),
            "holiday": r.integers(0, 2, 500),
            "rentals": r.poisson(400, 500),
        }
    )
    return Case(frame, "How many bikes are rented on a day?", "time", "day")


def hourly_series() -> Case:
    r = _rng(16)
    frame = pd.DataFrame(
        {
            "datetime": pd.date_range("2021-01-01", periods=1500, freq="h"),
            "wind": r.normal(5, 2, 1500),
            "consumption": r.normal(300, 30, 1500),
        }
    )
    return Case(frame, "Predict electricity consumption.", "time", "datetime")


def working_days() -> Case:
    r = _rng(17)
    frame = pd.DataFrame(
        {
            "Date": pd.bdate_range("2018-01-01", periods=700),
            "Open": r.normal(100, 5, 700),
            "Volume": r.lognormal(10, 1, 700),
            "Close": r.normal(100, 5, 700),
        }
    )
    return Case(frame, "Predict the closing price.", "time", "Date")


def taxi_trips() -> Case:
    r = _rng(18)
    pickup = pd.Timestamp("2019-03-01") + pd.to_timedelta(r.integers(0, 30 * 86400, 1500), "s")
    frame = pd.DataFrame(
        {
            "pickup": pickup,
            "dropoff": pickup + pd.to_timedelta(r.integers(120, 3000, 1500), "s"),
            "zone": r.choice([f"zone {i}" for i in range(80)], 1500),
            "fare": r.lognormal(2, 0.5, 1500).round(1),
            "tip": r.lognormal(0.5, 0.6, 1500).round(2),
        }
    )
    return Case(frame, "Predict the tip a passenger leaves.", "iid")


def loans_with_states() -> Case:
    r = _rng(19)
    frame = pd.DataFrame(
        {
            "addr_state": r.choice([f"S{i}" for i in range(50)], 1500),
            "grade": r.choice(list("ABCDEFG"), 1500),
            "income": r.lognormal(11, 0.5, 1500).round(),
            "Class": r.choice(["good", "bad"], 1500, p=[0.93, 0.07]),
        }
    )
    return Case(frame, "Rank loan applications by the risk that the loan goes bad.", "iid")


def birth_dates() -> Case:
    r = _rng(20)
    frame = pd.DataFrame(
        {
            "birth_date": pd.Timestamp("1950-01-01") + pd.to_timedelta(r.integers(0, 18000, 800), "D"),
            "weight": r.normal(75, 12, 800).round(1),
            "smoker": r.choice(["yes", "no"], 800),
            "charges": r.lognormal(9, 0.6, 800).round(2),
        }
    )
    return Case(frame, "Estimate the medical charges of a person.", "iid")


def monthly_sales_ahead() -> Case:
    r = _rng(21)
    frame = pd.DataFrame(
        {"month": pd.date_range("2010-01-01", periods=144, freq="MS"), "ads": r.normal(10, 2, 144), "sales": r.normal(100, 10, 144)}
    )
    return Case(frame, "Forecast next month's sales.", "time", "month")


def recordings_of_speakers() -> Case:
    r = _rng(22)
    speaker = np.repeat(np.arange(35), 6)
    frame = pd.DataFrame(
        {
            "name": [f"phon_R01_S{s:02d}" for s in speaker],
            "jitter": r.normal(0, 1, 210),
            "shimmer": r.normal(0, 1, 210),
            "subject_id": speaker,
            "status": (r.random(35) < 0.7)[speaker].astype(int),
        }
    )
    return Case(frame, "Predict the status of new subjects.", "group", "subject_id")


def passengers_with_tickets() -> Case:
    r = _rng(23)
    frame = pd.DataFrame(
        {
            "PassengerId": np.arange(1, 892),
            "Survived": r.integers(0, 2, 891),
            "Name": [f"Person, Mr. Number {i} {r.integers(1e6)}" for i in range(891)],
            "Ticket": r.integers(0, 700, 891).astype(str),
            "Fare": r.lognormal(3, 1, 891).round(4),
        }
    )
    return Case(frame, "Predict which passengers survived.", "iid")


def machines_by_type() -> Case:
    r = _rng(24)
    frame = pd.DataFrame(
        {
            "UDI": np.arange(1, 1501),
            "Product ID": [f"M{i}" for i in r.permutation(1500) + 14860],
            "Type": r.choice(["L", "M", "H"], 1500),
            "Torque": r.normal(40, 10, 1500).round(1),
            "Machine failure": (r.random(1500) < 0.05).astype(int),
        }
    )
    return Case(frame, "Predict machine failure.", "iid")


def weather_of_tomorrow() -> Case:
    r = _rng(25)
    days = pd.date_range("2015-01-01", periods=150)
    frame = pd.DataFrame(
        {
            "Date": np.tile(days, 10),
            "Location": np.repeat([f"Town{i}" for i in range(10)], 150),
            "Humidity": r.uniform(20, 100, 1500).round(),
            "RainToday": r.choice(["Yes", "No"], 1500),
            "RainTomorrow": r.choice(["Yes", "No"], 1500, p=[0.25, 0.75]),
        }
    )
    return Case(frame, "Will it rain tomorrow?", "time", "Date")


def orders_in_a_log() -> Case:
    r = _rng(26)
    frame = pd.DataFrame(
        {
            "order_time": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(r.integers(0, 90 * 86400, 1200)), "s"),
            "items": r.poisson(3, 1200) + 1,
            "weight": r.lognormal(1, 0.5, 1200).round(2),
            "late": r.choice([0, 1], 1200, p=[0.8, 0.2]),
        }
    )
    return Case(frame, "Predict which future orders will be late, in the coming weeks.", "time", "order_time")


def words_of_documents() -> Case:
    r = _rng(27)
    frame = pd.DataFrame(
        {
            "text": [" ".join(r.choice(["good", "bad", "film", "plot", "actor", "slow", "fun", "long"], 12)) + f" {i}" for i in range(800)],
            "sentiment": r.choice(["positive", "negative"], 800),
        }
    )
    return Case(frame, "Classify the sentiment of a review.", "iid")


CASES: tuple[Callable[[], Case], ...] = (
    patients_with_visits, customers_with_transactions, customers_one_row_each, machines_until_failure, devices_measured_hourly, stores_by_days,
    houses_with_sale_dates, survey_rows, stock_weeks_with_lags, web_sessions, sessions_without_users, students_of_two_schools, students_of_many_schools,
    images_of_subjects, daily_series, hourly_series, working_days, taxi_trips, loans_with_states, birth_dates, monthly_sales_ahead, recordings_of_speakers,
    passengers_with_tickets, machines_by_type, weather_of_tomorrow, orders_in_a_log, words_of_documents,
)  # fmt: skip
