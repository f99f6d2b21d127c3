from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.drift.binning import numeric_counts, quantile_edges
from tasks.evidence.drift.jensen_shannon import jensen_shannon_divergence, js_of_counts
from tasks.evidence.drift.ks import kolmogorov_limit, kolmogorov_smirnov, ks_p_value
from tasks.evidence.drift.profile import drift_between
from tasks.evidence.drift.psi import bins_for, population_stability_index, psi_of_counts, psi_p_value

DECILES = (list(range(10, 60)), list(range(20, 70)))


def test_deciles_of_a_shifted_range_match_the_hand_count():
    left, right = numeric_counts(*DECILES)
    assert left.tolist() == [5] * 10
    assert right.tolist() == [0, 0, 5, 5, 5, 5, 5, 5, 5, 15]
    assert population_stability_index(*DECILES) == pytest.approx(0.6341877744725501, abs=1e-9)
    assert jensen_shannon_divergence(*DECILES) == pytest.approx(0.13774437510817342, abs=1e-9)
    assert kolmogorov_smirnov(*DECILES) == 0.2


def test_a_tie_at_an_edge_goes_left():
    assert quantile_edges(np.array([0, 0, 0, 0, 1, 2, 3, 4.0]), 4).tolist() == [0, 0.5, 2.25]
    assert population_stability_index([0, 0, 0, 0, 1, 2, 3, 4], list(range(8)), 4) == pytest.approx(0.8634694098727671, abs=1e-9)


def test_two_different_constants_are_drift():
    assert population_stability_index([5] * 100, [3] * 100) > 5
    assert population_stability_index([5] * 100, [5] * 100) == 0


def test_the_exact_p_value_counts_orderings_and_the_limit_is_kolmogorovs():
    assert ks_p_value(0.5, 4, 4) == pytest.approx(0.7714285714285716, abs=1e-9)
    assert kolmogorov_limit(2**0.5 * 0.5) == pytest.approx(0.6993741991310155, abs=1e-9)
    assert kolmogorov_limit(2**0.5 * 0.25) == pytest.approx(0.999633292157728, abs=1e-9)


def test_disjoint_categories_reach_the_largest_divergence():
    assert psi_of_counts([0, 10], [10, 0]) == pytest.approx(5.691891319752583, abs=1e-9)
    assert js_of_counts([0, 10], [10, 0]) == 1.0


def test_the_chance_of_a_psi_follows_the_chi_square_law():
    assert psi_p_value(0.25, 1000, 100, 10) == pytest.approx(0.006838761435086011, abs=1e-9)


def test_few_rows_get_fewer_bins_or_none():
    assert bins_for(10_000, 10_000) == 10
    assert bins_for(20, 20) is None


def test_one_outlier_hides_nothing():
    rng = np.random.default_rng(7)
    left, right = rng.normal(size=10_000), rng.normal(0.5, size=10_000)
    with_outlier = np.append(left, 1e308)
    assert abs(population_stability_index(left, right) - population_stability_index(with_outlier, right)) < 0.005
    assert abs(kolmogorov_smirnov(left, right) - kolmogorov_smirnov(with_outlier, right)) < 0.001


def test_every_column_gets_a_verdict_with_a_reason():
    n = 400
    left = pd.DataFrame({"x": range(n), "id": [f"u{i}" for i in range(n)], "c": ["a", "b"] * (n // 2), "void": [1.0] * n})
    right = left.assign(x=left["x"] + 200, void=np.nan)
    found = {f.name: f for f in drift_between(left, right)}
    assert found["x"].psi > 0.25 and found["x"].ks == 0.5
    assert found["id"].psi is None and "identifier" in found["id"].reason
    assert found["c"].psi == 0 and found["c"].ks is None
    assert found["void"].psi > 1 and found["void"].null_share_current == 1.0
