"""Names of values and which way is better."""

import pytest

from tasks.evidence.outputs.direction import base_name, direction_of
from tasks.evidence.outputs.naming import metric_name


@pytest.mark.parametrize(
    ("original", "name"),
    [
        ("val_acc", "validation_accuracy"),
        ("Train Accuracy", "train_accuracy"),
        ("train/loss", "train_loss"),
        ("validation_1-logloss", "validation_log_loss"),
        ("R2 score", "r2"),
        ("R^2", "r2"),
        ("eval_f1", "validation_f1"),
        ("neg_mean_squared_error", "neg_mse"),
        ("G_loss", "g_loss"),
        ("learning_rate", ""),
        ("loss_weight", ""),
        ("error", ""),
        ("iter_dt", ""),
        ("confusion matrix", ""),
    ],
)
def test_names(original, name):
    assert metric_name(original) == name


def test_an_unknown_word_counts_where_the_source_says_it_is_a_metric():
    assert metric_name("churn_uplift") == ""
    assert metric_name("churn_uplift", declared=True) == "churn_uplift"
    assert metric_name("training_time", declared=True) == ""


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("accuracy", "higher"), ("validation_rmse", "lower"), ("train_loss", "lower"), ("neg_mse", "higher"), ("class_cat_dog_f1", "higher"),
        ("macro_precision", "higher"), ("d_loss", "lower"), ("churn_uplift", "unknown"), ("train_objective", "unknown"), ("r2", "higher"),
    ],
)  # fmt: skip
def test_direction(name, direction):
    assert direction_of(name) == direction


def test_the_split_is_no_part_of_the_metric():
    assert [base_name(n) for n in ("validation_rmse", "test_r2", "r2")] == ["rmse", "r2", "r2"]
