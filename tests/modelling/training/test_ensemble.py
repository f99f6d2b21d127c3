import numpy as np
import pytest

from tasks.modelling.training.ensemble import Entry, blend, select
from tasks.modelling.training.judge import Judge

JUDGE = Judge("rmse", 0)


def entries(y, predictions):
    return [Entry(id, "f", JUDGE.merit(y, p), p) for id, p in predictions.items()]


def test_two_candidates_with_opposite_errors_share_the_weight():
    y = np.zeros(100)
    error = np.random.default_rng(0).normal(size=100)
    weights = select(entries(y, {"a": error, "b": -error, "bad": np.full(100, 9.0)}), y, JUDGE)
    assert weights == {"a": pytest.approx(0.5, abs=0.2), "b": pytest.approx(0.5, abs=0.2)}


def test_the_ensemble_is_never_worse_than_the_best_single_candidate():
    generator = np.random.default_rng(4)
    y = generator.normal(size=60)
    predictions = {str(i): y + generator.normal(size=60) * (1 + i) for i in range(6)}
    weights = select(entries(y, predictions), y, JUDGE)
    blended = blend([predictions[id] for id in weights], list(weights.values()))
    assert JUDGE.merit(y, blended) >= max(JUDGE.merit(y, p) for p in predictions.values())


def test_a_perfect_candidate_stands_alone():
    y = np.arange(50.0)
    assert select(entries(y, {"perfect": y, "other": y + 1}), y, JUDGE) == {"perfect": 1.0}


def test_order_of_the_candidates_does_not_matter():
    generator = np.random.default_rng(5)
    y = generator.normal(size=60)
    made = entries(y, {str(i): y + generator.normal(size=60) for i in range(8)})
    assert select(made, y, JUDGE, 3) == select(made[::-1], y, JUDGE, 3)


def test_weights_sum_to_one():
    generator = np.random.default_rng(6)
    y = generator.integers(0, 2, 90)
    judge = Judge("roc_auc", 2)
    made = []
    for i in range(5):
        chance = np.clip(y * 0.3 + generator.random(90) * 0.7, 0, 1)
        p = np.column_stack([1 - chance, chance])
        made.append(Entry(str(i), "f", judge.merit(y, p), p))
    assert sum(select(made, y, judge).values()) == pytest.approx(1.0)


def test_ties_count_half_in_the_fast_area_too():
    from tasks.modelling.training.ensemble import _fast_merit

    y = np.array([0, 1, 0, 1])
    area = _fast_merit(y, Judge("roc_auc", 2))
    for chance in ([0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0.5, 0.5], [0.1, 0.1, 0.1, 0.9]):
        p = np.column_stack([1 - np.array(chance), chance])
        assert area(p) == pytest.approx(Judge("roc_auc", 2).merit(y, p))


def test_a_family_does_not_outvote_by_numbers():
    generator = np.random.default_rng(7)
    y = generator.normal(size=80)
    made = [Entry(f"a{i}", "tuned", -1.0, y + generator.normal(size=80)) for i in range(9)]
    made.append(Entry("b", "other", -1.0, y + generator.normal(size=80)))
    assert sum(id.startswith("a") for id in select(made, y, JUDGE)) <= 3
