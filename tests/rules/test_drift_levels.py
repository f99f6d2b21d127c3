from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.dataset.facts import DatasetFacts, DatasetPair, DatasetProfile
from tasks.evidence.drift.profile import FeatureDrift, drift_between
from tasks.evidence.drift.psi import population_stability_index, psi_of_counts
from tasks.evidence.project.facts import ProjectFacts
from tasks.rules.drift_levels import (
    DATE_REASON,
    THRESHOLDS,
    assess_features,
    drift_assessment,
    js_level,
    ks_level,
    p_value_of,
    psi_level,
    worst_level,
)
from tasks.rules.evidence import Evidence
from tasks.rules.health import decide_health


def feature(name="x", **values):
    return FeatureDrift(**{"name": name, "n_reference": 5_000, "n_current": 5_000, "n_bins": 10, "psi": 0.01, "ks": 0.01, "js": 0.001,
                           "noise_limit": 0.01, **values})  # fmt: skip


def level(**values):
    (found,) = assess_features((feature(**values),))
    return found["level"]


@pytest.mark.parametrize(("judge", "moderate", "high"), [(psi_level, 0.10, 0.25), (ks_level, 0.15, 0.30), (js_level, 0.10, 0.20)])
def test_thresholds_are_reached_by_their_own_value(judge, moderate, high):
    assert [judge(v) for v in (0.0, math.nextafter(moderate, 0))] == ["none", "none"]
    assert [judge(v) for v in (moderate, math.nextafter(moderate, 1), math.nextafter(high, 0))] == ["moderate"] * 3
    assert [judge(v) for v in (high, math.nextafter(high, 1), 9.0)] == ["high"] * 3


def test_the_printed_thresholds_are_those_in_force():
    assert (THRESHOLDS["psi"]["moderate"], THRESHOLDS["psi"]["high"]) == (0.10, 0.25)
    assert (THRESHOLDS["ks"]["moderate"], THRESHOLDS["ks"]["high"]) == (0.15, 0.30)
    assert (THRESHOLDS["js_divergence_bits"]["moderate"], THRESHOLDS["js_divergence_bits"]["high"]) == (0.10, 0.20)


def test_the_worst_statistic_decides():
    assert worst_level(0.05, 0.16, 0.01) == "moderate"
    assert worst_level(0.05, 0.16, 0.21) == "high"
    assert worst_level(0.30, None, None) == "high"
    assert worst_level(None, None, None) is None


def test_a_key_a_date_and_a_column_with_few_rows_have_no_level():
    found = {f["name"]: (f["level"], f["beyond_noise"], f["reason"]) for f in assess_features((
        feature("id", psi=7.0), feature("day", type="date", psi=7.0), feature("free", type="identifier", psi=None, reason="free text"),
        feature("few", psi=None, js=None, ks=0.6, reason="insufficient rows"),
    ), frozenset({"id"}))}  # fmt: skip
    assert found == {"id": (None, False, "identifies a row"), "day": (None, False, DATE_REASON), "free": (None, False, "free text"),
                     "few": (None, False, "insufficient rows")}  # fmt: skip


def test_a_high_psi_that_chance_gives_as_well_has_no_level():
    assert level(psi=0.30, ks=None, n_current=60, noise_limit=0.42) is None
    assert level(psi=0.43, ks=None, n_current=60, noise_limit=0.42) == "high"


def test_every_level_from_psi_high_is_beyond_noise():
    (found,) = assess_features((feature(psi=0.25, ks=None, js=0.03, n_reference=120, n_current=120, noise_limit=0.24),))
    assert (found["level"], found["beyond_noise"]) == ("high", True)


def test_a_moderate_psi_of_few_rows_is_within_noise_and_of_many_beyond_it():
    few = assess_features((feature(psi=0.12, ks=0.08, n_reference=150, n_current=150),))[0]
    many = assess_features((feature(psi=0.12, ks=0.08),))[0]
    assert (few["level"], few["beyond_noise"]) == ("moderate", False)
    assert (many["level"], many["beyond_noise"]) == ("moderate", True)


def test_more_features_need_more_evidence():
    chi_square_of_nine_at_025 = 19.0228  # from the table
    moved = feature("m", psi=chi_square_of_nine_at_025 * (1 / 400 + 1 / 300), ks=None, n_reference=400, n_current=300)
    assert p_value_of(moved) == pytest.approx(0.025, abs=1e-6)
    alone = assess_features((moved,))[0]
    among = next(f for f in assess_features((moved, *(feature(f"x{i}", psi=0.0, ks=0.0) for i in range(9)))) if f["name"] == "m")
    assert (alone["beyond_noise"], among["beyond_noise"]) == (True, False)
    assert among["adjusted_p_value"] == pytest.approx(10 * among["p_value"])


def test_the_chance_of_both_tests_is_that_of_the_smaller_doubled():
    assert p_value_of(feature(psi=None, ks=0.5, n_reference=4, n_current=4)) == pytest.approx(0.7714285714285716, abs=1e-9)
    assert p_value_of(feature(psi=0.25, ks=None, n_reference=1000, n_current=100)) == pytest.approx(0.006838761435086011, abs=1e-9)
    assert p_value_of(feature(psi=0.25, ks=0.0, n_reference=1000, n_current=100)) == pytest.approx(2 * 0.006838761435086011, abs=1e-9)


def test_an_assessment_has_the_shape_health_and_retraining_read():
    facts = DatasetFacts(
        datasets=(DatasetProfile(path="ref.csv", id_columns=("id",)),),
        pairs=(DatasetPair(reference="ref.csv", current="cur.csv", roles=("reference", "current"), n_reference=5_000, n_current=4_000,
                           features=(feature("a"), feature("id", psi=9.0), feature("b", psi=0.31), feature("c", psi=0.11))),),
    )  # fmt: skip
    (pair,) = drift_assessment(facts)
    assert (pair["reference"], pair["current"], pair["roles"]) == ("ref.csv", "cur.csv", ["reference", "current"])
    assert (pair["n_reference"], pair["n_current"]) == (5_000, 4_000)
    assert [(f["name"], f["level"]) for f in pair["features"]] == [("b", "high"), ("c", "moderate"), ("a", "none"), ("id", None)]
    assert {"type", "psi", "ks", "js", "beyond_noise", "p_value", "missing", "unseen"} <= set(pair["features"][0])


def test_a_feature_that_moved_between_two_frames_makes_health_critical():
    rng = np.random.default_rng(11)
    left = pd.DataFrame({"x": rng.normal(size=2_000), "still": rng.normal(size=2_000)})
    right = pd.DataFrame({"x": rng.normal(1.0, size=1_000), "still": rng.normal(size=1_000)})
    pair = DatasetPair(reference="r.csv", current="c.csv", roles=("reference", "current"), n_reference=2_000, n_current=1_000,
                       features=drift_between(left, right))  # fmt: skip
    drift = drift_assessment(DatasetFacts(pairs=(pair,)))
    assert [(f["name"], f["level"], f["beyond_noise"]) for f in drift[0]["features"]] == [("x", "high", True), ("still", "none", False)]
    evidence = Evidence(project_facts=ProjectFacts(is_ml=True, has_training=True, kind="training_project"))
    assert decide_health(evidence, drift).health == "critical"


def test_nothing_to_compare_is_an_empty_list():
    assert drift_assessment(DatasetFacts()) == []


@pytest.mark.parametrize(("reference", "current", "psi", "expected"), [
    ([60, 40], [50, 50], 0.040546510810816436, "none"), ([100, 200, 300, 400], [150, 200, 300, 350], 0.026949825036634352, "none"),
    ([50, 50, 0], [45, 45, 10], 0.2951306175534118, "high"), ([90, 10], [60, 40], 0.5375278407684165, "high"), ([0, 10], [10, 0], 5.691891319752583, "high"),
])  # fmt: skip
def test_vectors_computed_independently_get_the_same_number_and_level(reference, current, psi, expected):
    assert psi_of_counts(reference, current) == pytest.approx(psi, abs=1e-9)
    assert psi_level(psi_of_counts(reference, current)) == expected


def test_a_sample_with_nulls_matches_its_vector():
    found = population_stability_index([1, 2, 3, 4, None], [3, 4, 5, None, None], n_bins=2)
    assert found == pytest.approx(0.6356107660695891, abs=1e-9)
