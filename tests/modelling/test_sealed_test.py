"""What the sealed rows say about made predictions."""

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.scores.facts import Estimate
from tasks.evidence.scores.metrics import METRICS
from tasks.modelling.sealed_test import SealedRows, is_dummy, open_sealed
from tests.modelling.predictions import contract, probabilities


def sealed(strength=1.5, n=400, seed=0, **changes):
    random = np.random.default_rng(seed)
    y = (random.random(n) < 0.3).astype(int)
    values = {
        "y": y, "prediction": probabilities(y, strength, random),
        "baselines": {"dummy": np.tile([0.7, 0.3], (n, 1)), "logistic": probabilities(y, min(strength, 0.5), random)},
    }  # fmt: skip
    return SealedRows(**(values | changes))


def test_a_model_with_signal_beats_the_dummy_and_one_without_does_not():
    assert open_sealed(contract(), sealed()).beats_baseline
    noise = open_sealed(contract(), sealed(strength=0.0))
    assert not noise.beats_baseline and noise.p_value > 0.05


@pytest.mark.parametrize("metric", ["accuracy", "f1", "balanced_accuracy", "mcc"])
def test_of_labels_the_dummy_calls_all_or_none_whichever_is_better_for_it(metric):
    facts = open_sealed(contract(metric), sealed(), threshold=0.4)
    y = sealed().y
    share = y.mean()
    expected = {"accuracy": 1 - share, "f1": 2 * share / (1 + share), "balanced_accuracy": 0.5, "mcc": 0.0}[metric]
    assert facts.baselines[0].value == pytest.approx(expected)


def test_every_baseline_is_tested_and_the_verdict_is_about_the_dummy():
    facts = open_sealed(contract(), sealed())
    assert facts.baseline_names == ("dummy", "logistic") and len(facts.baseline_p_values) == len(facts.baseline_gains) == 2
    assert facts.p_value == facts.baseline_p_values[0]
    level = sealed()
    same = open_sealed(contract(), sealed(baselines={"dummy": level.baselines["dummy"], "logistic": level.prediction}))
    assert same.beats_baseline and same.baseline_p_values[1] == 1


def test_the_confusion_is_counted_at_the_threshold():
    rows = sealed()
    facts = open_sealed(contract(), rows, threshold=0.25)
    called = rows.prediction[:, 1] >= 0.25
    assert facts.confusion[1] == (int(np.sum((rows.y == 1) & ~called)), int(np.sum((rows.y == 1) & called)))
    assert sum(map(sum, facts.confusion)) == 400 and len(facts.threshold_table) == 21


def test_optimism_is_in_standard_errors_and_positive_when_cross_validation_looked_better():
    facts = open_sealed(contract(), sealed())
    error = facts.estimate.standard_error
    before = Estimate(metric="roc_auc", value=facts.estimate.value + 2 * error)
    assert open_sealed(contract(), sealed(), out_of_fold=before).optimism == pytest.approx(2)


@pytest.mark.parametrize(("task", "metric"), [("binary", "roc_auc"), ("multiclass", "log_loss"), ("regression", "rmse")])
def test_every_other_metric_of_the_task_is_told_without_a_nan(task, metric):
    random = np.random.default_rng(4)
    if task == "regression":
        y = random.normal(size=200)
        rows = SealedRows(y, 0.5 * y, {"dummy": np.zeros(200)})
    else:
        y = random.integers(0, 3 if task == "multiclass" else 2, 200)
        rows = SealedRows(y, probabilities(y, 1.0, random), {"dummy": np.full((200, y.max() + 1), 1 / (y.max() + 1))})
    facts = open_sealed(contract(metric, task), rows)
    expected = {n for n, m in METRICS.items() if task in m.tasks} - {metric} - ({"rmsle"} if task == "regression" else set())
    assert {e.metric for e in facts.others} == expected
    assert "NaN" not in facts.model_dump_json() and "Infinity" not in facts.model_dump_json()


def test_slices_look_at_numbers_and_levels_but_not_at_dates():
    rows = sealed()
    frame = pd.DataFrame({"x": np.arange(400.0), "c": np.array(["a", "b"] * 200, dtype=object), "d": pd.date_range("2020", periods=400)})
    facts = open_sealed(contract(), sealed(frame=frame))
    assert {s.column for s in facts.slices} == {"x", "c"} and rows.frame is None


def test_baselines_that_look_at_nothing_are_known_by_name():
    assert is_dummy("dummy") and is_dummy("DummyClassifier") and not is_dummy("logistic")
