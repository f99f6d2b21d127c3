"""Thresholds: counts by hand, the choice for each aim, the margin of a demand."""

import numpy as np
import pytest

from tasks.evidence.scores.metrics import score
from tasks.evidence.scores.thresholds import (
    AIMS,
    Demand,
    candidate_thresholds,
    choose_threshold,
    count_outcomes,
    tabulate_thresholds,
    threshold_spread,
)

TRUTH = np.array([False, False, True, False, True, True])
P = np.array([0.1, 0.2, 0.3, 0.6, 0.7, 0.9])


def rows(n=4000, rate=0.2, seed=0):
    random = np.random.default_rng(seed)
    truth = random.random(n) < rate
    z = random.normal(size=n) + 1.5 * truth
    return truth, 1 / (1 + np.exp(-(np.log(rate / (1 - rate)) + 1.5 * z - 1.125)))


def test_outcomes_by_hand():
    found = count_outcomes(TRUTH, P, np.array([0.0, 0.3, 0.65, 0.95]))
    assert found.hits.tolist() == [3, 3, 2, 0]
    assert found.false.tolist() == [3, 1, 0, 0]
    assert found.missed.tolist() == [0, 0, 1, 3]
    assert found.quiet.tolist() == [0, 2, 3, 3]


def test_the_table_tells_alarms_and_cost():
    table = tabulate_thresholds(TRUTH, P, cost_ratio=5)
    half = next(row for row in table if row["threshold"] == 0.5)
    assert half["alarms_per_100"] == 50 and half["precision"] == pytest.approx(2 / 3) and half["recall"] == pytest.approx(2 / 3)
    assert half["cost"] == pytest.approx((1 + 5 * 1) / 6)
    assert len(table) == 21 and table[0]["recall"] == 1


@pytest.mark.parametrize("aim", [a for a in AIMS if a not in ("cost", "precision", "recall")])
def test_the_chosen_threshold_is_nearly_the_best_there_is(aim):
    truth, p = rows()
    chosen = choose_threshold(truth, p, aim=aim)
    best = max(score(aim, truth.astype(int), p, threshold=t) for t in candidate_thresholds(p, 200))
    assert chosen.value == pytest.approx(score(aim, truth.astype(int), p, threshold=chosen.threshold))
    assert best - 0.012 <= chosen.value <= best + 0.003


def test_cost_of_calibrated_probabilities_is_least_at_the_textbooks_threshold():
    truth, p = rows(n=40_000)
    # Elkan 2001: call a row positive from 1 / (1 + cost of a miss in false alarms).
    assert choose_threshold(truth, p, aim="cost", cost_ratio=9).threshold == pytest.approx(0.1, abs=0.02)
    assert choose_threshold(truth, p, aim="cost", cost_ratio=1).threshold == pytest.approx(0.5, abs=0.06)


def test_a_demand_is_exceeded_by_a_margin_so_that_it_holds_on_other_rows():
    held = 0
    for seed in range(40):
        truth, p = rows(n=1000, seed=seed)
        chosen = choose_threshold(truth, p, aim="f1", demands=(Demand("recall", 0.9),))
        assert chosen.met and "margin" in chosen.reason
        fresh_truth, fresh_p = rows(n=1000, seed=seed + 1000)
        held += score("recall", fresh_truth.astype(int), fresh_p, threshold=chosen.threshold) >= 0.9
    assert held >= 28


def test_among_thresholds_that_meet_the_demand_the_most_precise_one_is_taken():
    truth, p = rows()
    chosen = choose_threshold(truth, p, aim="precision", demands=(Demand("recall", 0.9),))
    assert 0.9 <= score("recall", truth.astype(int), p, threshold=chosen.threshold) < 0.95


def test_a_demand_that_nothing_meets_is_missed_least_and_said():
    truth, p = rows(n=500)
    chosen = choose_threshold(truth, p, aim="f1", demands=(Demand("precision", 0.999), Demand("recall", 0.999)))
    assert not chosen.met and "nearest" in chosen.reason


def test_one_class_gives_the_middle():
    assert choose_threshold(np.zeros(5, dtype=bool), P[:5], aim="f1").threshold == 0.5
    assert choose_threshold(TRUTH, np.full(6, 0.3), aim="f1").threshold == 0.5


def test_spread_over_folds():
    assert threshold_spread(np.array([0.2, 0.4])) == pytest.approx(0.1414, abs=1e-4)
    assert threshold_spread(np.array([0.2])) == 0
