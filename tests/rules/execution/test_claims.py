"""Claimed against measured; every expected number by hand."""

import pytest

from tasks.evidence.outputs.facts import MeasuredMetric
from tasks.evidence.project.facts import Claim
from tasks.rules.execution.claims import match_claims, tolerance_of


def claim(name, value, unit="", snippet=""):
    return Claim(name=name, value=value, unit=unit, file="README.md", line=3, source="readme", snippet=snippet)


def metric(name, value, unit="", final=True, step=None):
    return MeasuredMetric(
        name=name, original=name, value=value, unit=unit, step=step, source="stdout", place="log:9", is_final=final, direction="unknown"
    )


def one(claimed, *metrics):
    (result,) = match_claims([claimed], list(metrics))
    return result


@pytest.mark.parametrize(
    ("measured", "verdict"), [(0.89, "reproduced"), (0.87, "reproduced"), (0.8901, "better"), (0.8699, "not_reproduced")]
)
def test_a_proportion_is_reproduced_within_a_point(measured, verdict):
    assert one(claim("r2", 0.88), metric("r2", measured)).verdict == verdict


@pytest.mark.parametrize(
    ("measured", "verdict"), [(102.0, "reproduced"), (98.0, "reproduced"), (102.1, "not_reproduced"), (97.9, "better")]
)
def test_an_error_is_reproduced_within_two_percent_and_better_below(measured, verdict):
    assert one(claim("rmse", 100.0, snippet="RMSE 100.00"), metric("rmse", measured)).verdict == verdict


def test_how_far_off_is_told_in_the_claims_unit():
    result = one(claim("accuracy", 95.0, "%"), metric("accuracy", 0.9))
    assert (result.measured, result.difference, result.tolerance) == (pytest.approx(90.0), pytest.approx(-5.0), 1.0)
    assert result.verdict == "not_reproduced" and "5 points below" in result.reason


def test_percent_meets_proportion_both_ways():
    assert one(claim("accuracy", 0.9), metric("accuracy", 90.4, "%")).verdict == "reproduced"
    assert one(claim("accuracy", 90.0), metric("accuracy", 0.904)).verdict == "reproduced"


@pytest.mark.parametrize(("snippet", "value", "unit", "tolerance"), [
    ("accuracy of 90%", 90.0, "%", 1.0), ("accuracy 0.9", 0.9, "", 0.05), ("accuracy 0.90", 0.9, "", 0.01), ("", 0.88, "", 0.01),
])  # fmt: skip
def test_half_a_unit_of_the_last_place_written(snippet, value, unit, tolerance):
    assert tolerance_of(claim("accuracy", value, unit, snippet)) == pytest.approx(tolerance)


def test_a_coarse_error_is_met_within_its_last_place():
    assert tolerance_of(claim("mae", 4.0, snippet="MAE: 4")) == 0.5


def test_the_nearest_of_several_models_counts_also_when_another_was_last():
    result = one(claim("r2", 0.886), metric("r2", 0.8860, final=False), metric("r2", 0.84))
    assert (result.verdict, result.measured) == ("reproduced", 0.886)


def test_a_point_of_a_curve_that_is_not_its_last_does_not_count():
    assert one(claim("loss", 0.5), metric("loss", 0.5, final=False, step=3), metric("loss", 0.2, step=9)).measured == 0.2


def test_training_scores_do_not_stand_for_others_unless_the_claim_says_so():
    metrics = [metric("train_accuracy", 0.99), metric("test_accuracy", 0.8)]
    assert one(claim("accuracy", 0.99), *metrics).measured == 0.8
    assert one(claim("accuracy", 0.99, snippet="training accuracy: 0.99"), *metrics).measured == 0.99


def test_not_measured_says_why():
    nothing = one(claim("f1", 0.9))
    assert (nothing.verdict, nothing.measured, nothing.reason) == ("not_measured", None, "this run reported no metric")
    assert one(claim("f1", 0.9), metric("rmse", 1.0)).reason == "this run reported no f1, only rmse"


def test_results_keep_the_order_of_the_claims():
    assert [r.name for r in match_claims([claim("r2", 0.5), claim("mae", 1.0)], [])] == ["r2", "mae"]


def test_of_values_that_hold_the_claim_the_final_one_is_told_before_a_nearer_other():
    told = one(claim("r2", 0.99), metric("r2", 0.9905, final=False), metric("r2", 0.994))
    assert (told.measured, told.verdict) == (0.994, "reproduced")
    told = one(claim("r2", 0.99), metric("r2", 0.9905, final=False), metric("r2", 0.9))
    assert (told.measured, told.verdict) == (0.9905, "reproduced")
