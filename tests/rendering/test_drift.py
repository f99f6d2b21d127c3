"""Drift rows of the report."""

from tasks.rendering.drift import drift_pairs, psi_marks
from tests.rendering.reports import DRIFT, report, section


def with_drift(drift, **changes):
    return report(sections={"dataset": section(assessment={"drift": drift})}, **changes)


def feature(name, psi, level, beyond_noise=True):
    return {"name": name, "psi": psi, "level": level, "beyond_noise": beyond_noise}


def test_the_worst_feature_is_first_and_noise_is_last():
    features = [
        feature("calm", 0.01, "none"),
        feature("noisy", 0.9, "high", False),
        feature("mild", 0.12, "moderate"),
        feature("bad", 0.3, "high"),
    ]
    (pair,) = drift_pairs(with_drift([{**DRIFT[0], "features": features}]))
    assert [f.name for f in pair.features] == ["bad", "mild", "calm", "noisy"]
    assert [f.within_noise for f in pair.features] == [False, False, False, True]


def test_a_feature_that_was_not_measured_is_left_out():
    (pair,) = drift_pairs(with_drift(DRIFT))
    assert [f.name for f in pair.features] == ["temp", "windspeed"]


def test_a_key_or_a_date_has_no_level_and_says_why():
    key = {"name": "id", "psi": 4.5, "level": None, "beyond_noise": False, "reason": "identifies a row"}
    (pair,) = drift_pairs(with_drift([{**DRIFT[0], "features": [key, feature("calm", 0.01, "none")]}]))
    assert [(f.name, f.words, f.colour) for f in pair.features] == [
        ("calm", "none", "bar"),
        ("id", "not judged: identifies a row", "noise"),
    ]


def test_bars_end_at_half_a_psi():
    (pair,) = drift_pairs(with_drift([{**DRIFT[0], "features": [feature("a", 0.25, "high"), feature("b", 7.0, "high")]}]))
    assert sorted(f.bar for f in pair.features) == [50.0, 100.0]


def test_many_features_are_cut_and_counted():
    (pair,) = drift_pairs(with_drift([{**DRIFT[0], "features": [feature(f"f{i}", 0.3, "high") for i in range(45)]}]))
    assert (len(pair.features), pair.left_out) == (30, 15)


def test_nothing_compared_is_no_chart():
    assert drift_pairs(report(sections={"dataset": section()})) == []


def test_marks_stand_where_the_policy_says():
    assert psi_marks(report(policy={"drift": {"psi": {"moderate": 0.2, "high": 0.4}}})) == (0.2, 0.4)
    assert psi_marks(report(policy={})) == (0.10, 0.25)
