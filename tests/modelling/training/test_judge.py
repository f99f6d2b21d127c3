import numpy as np
import pytest

from tasks.modelling.training.judge import Judge

Y = np.array([0, 0, 1, 1, 0])
CHANCE = np.array([0.1, 0.2, 0.3, 0.4, 0.35])
PROBA = np.column_stack([1 - CHANCE, CHANCE])


def test_label_metric_is_taken_at_its_best_threshold():
    # From 0.3 on: two hits, one false alarm, nothing missed: F1 = 4/5. At 0.5 nothing would be called: F1 = 0.
    assert Judge("f1", 2).score(Y, PROBA) == pytest.approx(0.8)
    # From 0.4 on: one hit, no false alarm, one missed: 4 of 5 right.
    assert Judge("accuracy", 2).score(Y, PROBA) == pytest.approx(0.8)


@pytest.mark.parametrize("metric", ["accuracy", "f1", "f1_macro", "balanced_accuracy", "mcc"])
def test_best_threshold_agrees_with_scikit_learn_at_every_threshold(metric):
    from sklearn import metrics

    generator = np.random.default_rng(3)
    y, chance = generator.integers(0, 2, 80), generator.random(80).round(2)
    of = {
        "accuracy": metrics.accuracy_score, "f1": metrics.f1_score, "mcc": metrics.matthews_corrcoef,
        "f1_macro": lambda a, b: metrics.f1_score(a, b, average="macro"), "balanced_accuracy": metrics.balanced_accuracy_score,
    }[metric]  # fmt: skip
    best = max(of(y, (chance >= threshold).astype(int)) for threshold in np.unique(chance))
    assert Judge(metric, 2).score(y, np.column_stack([1 - chance, chance])) == pytest.approx(best)


def test_recall_is_chosen_by_ranking_since_calling_everything_would_win():
    everything = np.column_stack([np.zeros(5), np.ones(5)])
    assert Judge("recall", 2).merit(Y, PROBA) > Judge("recall", 2).merit(Y, everything)


def test_merit_of_an_error_is_its_negative():
    judge = Judge("rmse", 0)
    assert judge.merit(np.array([0.0, 0.0]), np.array([3.0, 3.0])) == -3.0


def test_predictions_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="NaN"):
        Judge("f1", 2).score(Y, np.full((5, 2), np.nan))


def test_calling_nothing_positive_is_a_threshold_too():
    constant = np.full(5, 0.4)
    assert Judge("accuracy", 2).score(Y, np.column_stack([1 - constant, constant])) == pytest.approx(0.6)
