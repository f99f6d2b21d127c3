"""Crafted tables: with a leak that must be found, and honest ones in which strong columns must be left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Crafted:
    frame: pd.DataFrame
    y: np.ndarray
    task: str
    leaks: frozenset[str] = frozenset()
    time_ordered: bool = False


def _base(rng: np.random.Generator, n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": rng.integers(18, 80, n).astype(float),
            "income": rng.lognormal(10, 0.5, n).round(),
            "city": rng.choice(list("abcdefgh"), n),
            "visits": rng.poisson(4, n).astype(float),
        }
    )


def _binary(seed: int, n: int = 800, base: float = -1.0) -> tuple[np.random.Generator, pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    frame = _base(rng, n)
    logit = base + 0.04 * (frame.age - 45) + 0.3 * (frame.visits - 4)
    return rng, frame, (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(int)


def _numeric(seed: int, n: int = 800) -> tuple[np.random.Generator, pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    frame = _base(rng, n)
    return rng, frame, (50 + 2 * frame.age + 10 * frame.visits + rng.normal(0, 25, n)).round(2).to_numpy()


def _with(frame: pd.DataFrame, y: np.ndarray, task: str, *leaks: str, time_ordered: bool = False, **columns: object) -> Crafted:
    return Crafted(frame.assign(**columns), y, task, frozenset(leaks), time_ordered)  # type: ignore[arg-type]


def same_values() -> Crafted:
    _, frame, y = _numeric(1)
    return _with(frame, y, "regression", "y_copy", y_copy=y)


def other_unit() -> Crafted:
    _, frame, y = _numeric(2)
    return _with(frame, y, "regression", "in_pounds", in_pounds=y * 2.20462 + 3)


def logarithm() -> Crafted:
    _, frame, y = _numeric(3)
    return _with(frame, y + 300, "regression", "log_price", log_price=np.log(y + 300))


def other_labels() -> Crafted:
    _, frame, y = _binary(4)
    return _with(frame, y, "binary", "state", state=np.where(y == 1, "gone", "here"))


def labels_of_three_classes() -> Crafted:
    rng, frame, _ = _binary(5)
    y = rng.integers(0, 3, len(frame))
    return _with(frame, y, "multiclass", "code", code=np.array([7.0, 3.0, 9.0])[y])


def bands() -> Crafted:
    _, frame, y = _numeric(6)
    return _with(frame, y, "regression", "price_band", price_band=pd.qcut(y, 5, labels=list("vwxyz")).astype(str))


def total_of_parts() -> Crafted:
    rng = np.random.default_rng(7)
    frame = _base(rng, 500)
    a, b = rng.poisson(200 + 3 * frame.age), rng.poisson(900 + 5 * frame.age)
    return _with(frame, (a + b).astype(float), "regression", "casual", "members", casual=a.astype(float), members=b.astype(float))


def part_of_a_total() -> Crafted:
    rng = np.random.default_rng(8)
    frame = _base(rng, 900)
    fare, toll = rng.lognormal(2.5, 0.5, 900).round(1), rng.choice([0, 0, 0, 6.12], 900)
    tip = np.where(rng.random(900) < 0.3, 0, (fare * rng.uniform(0.1, 0.3, 900)).round(2))
    total = (fare + toll + tip + rng.choice([0.8, 3.3, 3.8, 4.3], 900)).round(2)
    return _with(frame, tip, "regression", "total", fare=fare, toll=toll, total=total)


def difference() -> Crafted:
    rng = np.random.default_rng(9)
    frame = _base(rng, 600)
    cost, revenue = rng.lognormal(6, 0.6, 600).round(2), rng.lognormal(6.4, 0.6, 600).round(2)
    return _with(frame, (revenue - cost).round(2), "regression", "revenue", cost=cost, revenue=revenue)


def mean_of_parts() -> Crafted:
    rng = np.random.default_rng(10)
    frame = _base(rng, 600)
    marks = {f"mark_{i}": rng.integers(0, 101, 600).astype(float) for i in range(3)}
    return _with(frame, np.mean(list(marks.values()), axis=0), "regression", *marks, **marks)


def weighed_parts() -> Crafted:
    rng = np.random.default_rng(11)
    frame = _base(rng, 600)
    midterm, final = rng.integers(0, 101, 600).astype(float), rng.integers(0, 101, 600).astype(float)
    return _with(frame, (0.3 * midterm + 0.7 * final).round(1), "regression", "midterm", "final", midterm=midterm, final=final)


def product() -> Crafted:
    rng = np.random.default_rng(12)
    frame = _base(rng, 700)
    price, quantity = rng.lognormal(2, 0.6, 700).round(2), rng.integers(1, 30, 700).astype(float)
    return _with(frame, (price * quantity).round(2), "regression", "price", "quantity", price=price, quantity=quantity)


def ratio() -> Crafted:
    rng = np.random.default_rng(13)
    frame = _base(rng, 700)
    weight, height = rng.normal(75, 12, 700).round(1), rng.normal(1.72, 0.1, 700).round(2)
    return _with(frame, (weight / height**2).round(2), "regression", "weight", weight=weight, height=height)


def sign_of_a_return() -> Crafted:
    rng = np.random.default_rng(14)
    frame = _base(rng, 700)
    today = rng.standard_t(4, 700).round(3)
    return _with(frame, (today > 0).astype(int), "binary", "today", today=today)


def grade_from_points() -> Crafted:
    rng = np.random.default_rng(15)
    frame = _base(rng, 900)
    points = rng.normal(60, 15, 900).round(1)
    return _with(frame, np.digitize(points, [50, 65, 80]), "multiclass", "points", points=points)


def larger_of_two() -> Crafted:
    rng = np.random.default_rng(16)
    frame = _base(rng, 900)
    home, away = rng.poisson(1.6, 900).astype(float), rng.poisson(1.2, 900).astype(float)
    return _with(frame, (np.sign(home - away) + 1).astype(int), "multiclass", "home_goals", "away_goals", home_goals=home, away_goals=away)


def filled_in_afterwards() -> Crafted:
    rng, frame, y = _binary(17)
    return _with(
        frame,
        y,
        "binary",
        "cancellation_date",
        cancellation_date=pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, len(y)), "D")).where(y == 1),
    )


def filled_in_mostly_afterwards() -> Crafted:
    rng, frame, y = _binary(18)
    boat = np.where(y == 1, rng.random(len(y)) < 0.97, rng.random(len(y)) < 0.01)
    return _with(frame, y, "binary", "boat", boat=np.where(boat, rng.choice(list("12345"), len(y)), None))


def noisy_label() -> Crafted:
    rng, frame, y = _binary(19, n=1500)
    return _with(frame, y, "binary", "flag_other_system", flag_other_system=np.where(rng.random(len(y)) < 0.004, 1 - y, y).astype(float))


def noisy_number() -> Crafted:
    rng, frame, y = _numeric(20)
    return _with(frame, y, "regression", "measured_again", measured_again=y + rng.normal(0, 0.02 * y.std(), len(y)))


def reason_codes() -> Crafted:
    rng, frame, y = _binary(21)
    reasons = np.where(y == 1, rng.choice(["price", "moved", "service", "other"], len(y)), "none")
    return _with(frame, y, "binary", "exit_reason", exit_reason=reasons)


def fee_only_when_it_happened() -> Crafted:
    rng, frame, y = _binary(22)
    return _with(frame, y, "binary", "recoveries", recoveries=np.where(y == 1, rng.lognormal(5, 1, len(y)).round(2), 0.0))


def probability_of_another_model() -> Crafted:
    rng, frame, y = _binary(23, n=1500)
    return _with(frame, y, "binary", "predicted_score", predicted_score=np.clip(y + rng.normal(0, 0.2, len(y)), -0.4, 1.4))


def rows_numbered_by_class() -> Crafted:
    rng, frame, y = _binary(24)
    order = np.argsort(y, kind="stable")
    return _with(
        frame.iloc[order].reset_index(drop=True),
        y[order],
        "binary",
        "record_no",
        record_no=np.cumsum(rng.integers(1, 4, len(y))).astype(float),
    )


def mean_of_the_target_by_level() -> Crafted:
    rng, frame, y = _numeric(25)
    zone = pd.Series(rng.integers(0, 250, len(y)).astype(str)).radd("z")
    return _with(frame, y, "regression", "zone_mean", zone=zone, zone_mean=pd.Series(y).groupby(zone.to_numpy()).transform("mean"))


def mean_of_the_others_by_level() -> Crafted:
    rng, frame, y = _binary(26, n=1200)
    zone = rng.integers(0, 200, len(y)).astype(str)
    total, count = pd.Series(y).groupby(zone).transform("sum"), pd.Series(y).groupby(zone).transform("count")
    return _with(frame, y, "binary", "zone_rate", zone=pd.Series(zone).radd("z"), zone_rate=((total - y) / (count - 1)).fillna(y.mean()))


def change_since_the_row_before() -> Crafted:
    rng = np.random.default_rng(27)
    y = np.cumsum(rng.normal(0, 1, 600)).round(3) + 100
    lag = np.concatenate([[y[0]], y[:-1]])
    return _with(_base(rng, 600), y, "regression", "change", time_ordered=True, lag_1=lag, change=(y - lag).round(3))


def duration_between_moments() -> Crafted:
    rng = np.random.default_rng(28)
    frame = _base(rng, 700)
    start = pd.Timestamp("2023-05-01") + pd.to_timedelta(rng.integers(0, 30 * 86400, 700), "s")
    minutes = rng.lognormal(2.5, 0.6, 700).round(1)
    return _with(frame, minutes, "regression", "dropoff", pickup=start, dropoff=start + pd.to_timedelta(minutes * 60, "s"))


def passed_by_the_sum() -> Crafted:
    rng = np.random.default_rng(29)
    frame = _base(rng, 900)
    marks = {f"mark_{i}": rng.integers(0, 101, 900).astype(float) for i in range(3)}
    return _with(frame, (sum(marks.values()) >= 150).astype(int), "binary", *marks, **marks)  # type: ignore[union-attr]


LEAKING: tuple[Callable[[], Crafted], ...] = (
    same_values, other_unit, logarithm, other_labels, labels_of_three_classes, bands, total_of_parts, part_of_a_total, difference, mean_of_parts,
    weighed_parts, product, ratio, sign_of_a_return, grade_from_points, larger_of_two, filled_in_afterwards, filled_in_mostly_afterwards, noisy_label,
    noisy_number, reason_codes, fee_only_when_it_happened, probability_of_another_model, rows_numbered_by_class, mean_of_the_target_by_level,
    mean_of_the_others_by_level, change_since_the_row_before, duration_between_moments, passed_by_the_sum,
)  # fmt: skip


def strong_single_number() -> Crafted:
    rng, frame, _ = _numeric(41)
    carat = rng.lognormal(-0.4, 0.5, len(frame)).round(2)
    return _with(frame, (4000 * carat**1.6 * rng.lognormal(0, 0.2, len(frame))).round(), "regression", carat=carat)


def species_apart() -> Crafted:
    """Like the iris flowers: two measurements separate a species with a wide gap."""
    rng = np.random.default_rng(42)
    y = np.repeat([0, 1, 2], 50)
    long, wide = (
        np.array([1.46, 4.26, 5.55])[y] + rng.normal(0, [0.17, 0.47, 0.55], (50, 3)).T.ravel(),
        np.array([0.25, 1.33, 2.03])[y] + rng.normal(0, [0.1, 0.2, 0.27], (50, 3)).T.ravel(),
    )
    order = rng.permutation(150)
    frame = pd.DataFrame({"petal_length": long, "petal_width": wide, "sepal": rng.normal(5.8, 0.8, 150) + 0.4 * y})
    return Crafted(frame.iloc[order].reset_index(drop=True), y[order], "multiclass")


def one_species_apart() -> Crafted:
    crafted = species_apart()
    return Crafted(crafted.frame, (crafted.y == 0).astype(int), "binary")


def strong_score() -> Crafted:
    rng, frame, y = _binary(43, n=1500)
    return _with(frame, y, "binary", utilisation=np.clip(0.3 + 0.35 * y + rng.normal(0, 0.14, len(y)), 0, 1))


def lagged_target() -> Crafted:
    rng = np.random.default_rng(44)
    y = 20 + 8 * np.sin(np.arange(900) / 58) + np.cumsum(rng.normal(0, 0.1, 900))
    frame = pd.DataFrame(
        {
            "temp_lag_1": np.concatenate([[y[0]], y[:-1]]),
            "yesterday": np.concatenate([np.full(24, y[0]), y[:-24]]),
            "hour": np.arange(900) % 24.0,
        }
    )
    return Crafted(frame, y, "regression", time_ordered=True)


def second_thermometer() -> Crafted:
    """As good as the row before, so no better than persistence."""
    rng = np.random.default_rng(45)
    y = np.cumsum(rng.normal(0, 1, 1200)) + 60
    frame = pd.DataFrame({"other_station": y + rng.normal(0, 1.2, 1200), "humidity": rng.uniform(20, 90, 1200)})
    return Crafted(frame, y, "regression", time_ordered=True)


def grades_before_the_last() -> Crafted:
    rng, frame, _ = _numeric(46)
    first = np.clip(rng.normal(11, 3.2, len(frame)).round(), 0, 20)
    second = np.clip(first + rng.normal(0, 1.2, len(frame)).round(), 0, 20)
    return _with(frame, np.clip(second + rng.choice([-1, 0, 0, 0, 1], len(frame)), 0, 20), "regression", G1=first, G2=second)


def linear_with_noise() -> Crafted:
    rng = np.random.default_rng(47)
    frame = pd.DataFrame(rng.normal(size=(800, 5)), columns=list("abcde"))
    return Crafted(frame, (3 * frame.a + 2 * frame.b - frame.c + rng.normal(0, 0.3, 800)).to_numpy(), "regression")


def sum_with_small_noise() -> Crafted:
    rng = np.random.default_rng(48)
    frame = pd.DataFrame({"part_1": rng.integers(0, 100, 800).astype(float), "part_2": rng.integers(0, 100, 800).astype(float)})
    return Crafted(frame, (frame.part_1 + frame.part_2 + rng.integers(-8, 9, 800)).to_numpy(dtype=float), "regression")


def froude_number() -> Crafted:
    """Like the resistance of yachts: a steep function of one number with few values, and other columns that tell next to nothing."""
    rng = np.random.default_rng(49)
    froude = rng.choice(np.arange(0.125, 0.46, 0.025), 308)
    frame = pd.DataFrame({"froude": froude, "beam": rng.normal(3.9, 0.5, 308), "length": rng.normal(4.8, 0.25, 308)})
    return Crafted(frame, (np.exp(14 * froude) * 0.1 * rng.lognormal(0, 0.12, 308)).round(2), "regression")


def smell_of_mushrooms() -> Crafted:
    rng = np.random.default_rng(50)
    y = rng.integers(0, 2, 2000)
    odor = np.where(y == 1, rng.choice(["foul", "fishy", "spicy"], 2000), rng.choice(["almond", "none", "anise"], 2000))
    odor = np.where(rng.random(2000) < 0.06, "none", odor)
    spore = np.where(rng.random(2000) < 0.85, np.where(y == 1, "white", "brown"), rng.choice(["white", "brown"], 2000))
    return Crafted(pd.DataFrame({"odor": odor, "spore": spore, "cap": rng.choice(list("xfk"), 2000)}), y, "binary")


def light_in_an_office() -> Crafted:
    rng = np.random.default_rng(51)
    y = (rng.random(1500) < 0.25).astype(int)
    light = np.where(y == 1, rng.normal(450, 80, 1500), np.where(rng.random(1500) < 0.06, rng.normal(300, 120, 1500), 0)).clip(0).round(1)
    return Crafted(
        pd.DataFrame({"Light": light, "CO2": rng.normal(500, 80, 1500) + 350 * y, "Temperature": rng.normal(20.5, 0.8, 1500) + 1.4 * y}),
        y,
        "binary",
    )


def cash_tips_are_zero() -> Crafted:
    rng, frame, _ = _numeric(52)
    cash = rng.random(len(frame)) < 0.3
    tip = np.where(cash, 0.0, (frame.visits + 1) * rng.uniform(0.3, 1.0, len(frame))).round(2)
    return _with(frame, tip, "regression", payment=np.where(cash, "cash", "card"))


def empty_more_often_in_one_class() -> Crafted:
    rng, frame, y = _binary(53)
    return _with(frame, y, "binary", referral=np.where(rng.random(len(y)) < np.where(y == 1, 0.75, 0.25), None, "friend"))


def trend_in_time() -> Crafted:
    rng = np.random.default_rng(54)
    t = np.arange(400.0)
    return Crafted(
        pd.DataFrame({"instant": t, "month": (t // 30) % 12, "promo": rng.integers(0, 2, 400).astype(float)}),
        100 + 2.5 * t + rng.normal(0, 4, 400),
        "regression",
        time_ordered=True,
    )


def typical_price_of_the_district() -> Crafted:
    rng, frame, _ = _numeric(55)
    district = rng.integers(0, 60, len(frame))
    median_income = rng.normal(40, 9, 60).round(1)[district]
    return _with(
        frame,
        (5 * median_income + rng.normal(0, 30, len(frame))).round(1),
        "regression",
        district=pd.Series(district.astype(str)).radd("d"),
        median_income=median_income,
    )


def pixels() -> Crafted:
    rng = np.random.default_rng(56)
    y = rng.integers(0, 10, 900)
    shapes = rng.integers(0, 17, (10, 30))
    return Crafted(
        pd.DataFrame(np.clip(shapes[y] + rng.normal(0, 3, (900, 30)), 0, 16).round(), columns=[f"pixel_{i}" for i in range(30)]),
        y,
        "multiclass",
    )


def two_of_a_kind() -> Crafted:
    """Felt and measured temperature: nearly the same, and neither the target."""
    rng, frame, y = _numeric(57)
    temp = rng.uniform(0, 30, len(y)).round(1)
    return _with(frame, (y + 12 * temp).round(2), "regression", temp=temp, atemp=(temp * 0.95 + rng.normal(0, 0.3, len(y))).round(1))


HONEST: tuple[Callable[[], Crafted], ...] = (
    strong_single_number, species_apart, one_species_apart, strong_score, lagged_target, second_thermometer, grades_before_the_last, linear_with_noise,
    sum_with_small_noise, froude_number, smell_of_mushrooms, light_in_an_office, cash_tips_are_zero, empty_more_often_in_one_class, trend_in_time,
    typical_price_of_the_district, pixels, two_of_a_kind,
)  # fmt: skip
