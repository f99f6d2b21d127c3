"""Named numbers in one line, as real programs print them."""

import math
import time

import pytest

from tasks.evidence.outputs.line_values import values_in


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("loss=0.42", [("loss", 0.42, "")]),
        ("val_accuracy: 0.91", [("validation_accuracy", 0.91, "")]),
        ("accuracy is 0.93", [("accuracy", 0.93, "")]),
        ("MSE is 107.9, R2 score is 0.71", [("mse", 107.9, ""), ("r2", 0.71, "")]),
        ("  RMSE: 0.79", [("rmse", 0.79, "")]),
        ("R2 score 0.886", [("r2", 0.886, "")]),
        ("Accuracy:     0.8640", [("accuracy", 0.864, "")]),
        ("Accuracy of Logistic Regression: 81.5%", [("accuracy", 81.5, "%")]),
        ("Accuracy score of the training data :  0.83", [("train_accuracy", 0.83, "")]),
        ("Test set: Average loss: 0.05, Accuracy: 9880/10000 (99%)", [("test_average_loss", 0.05, ""), ("test_accuracy", 0.988, "")]),
        ("Accuracy of the network on the 10000 test images: 55 %", [("test_accuracy", 55.0, "%")]),
        ("iter_dt 211.29ms; iter 500: train loss 1.31439", [("train_loss", 1.31439, "")]),
        ("test final score: 10/500 = 2.00% correct", [("test_accuracy", 0.02, "")]),
        ("Root mean squared error on the validation set is 3.20", [("validation_rmse", 3.2, "")]),
        ("Test set score: 0.8351", [("test_score", 0.8351, "")]),
        ("Cross-validation scores: 0.85 +/- 0.03", [("cv_score", 0.85, "")]),
        ("test_error: 0.12", [("test_error", 0.12, "")]),
        ("Dep. Variable:                      y   R-squared:                       0.416", [("r2", 0.416, "")]),
        ("step 34 loss 0.077, accuracy 97.0%", [("loss", 0.077, ""), ("accuracy", 97.0, "%")]),
        ("step 1000: train loss 1.9, val loss 2.0", [("train_loss", 1.9, ""), ("validation_loss", 2.0, "")]),
        ("Train Epoch: 1 [640/60000 (1%)]\tLoss: 2.303", [("train_loss", 2.303, "")]),
        ("train Loss: 0.5 Acc: 0.8", [("train_loss", 0.5, ""), ("train_accuracy", 0.8, "")]),
        ("Model has a coefficient R^2 of 0.462 on test data.", [("test_r2", 0.462, "")]),
        ("Root Mean Squared Error: 3,245.20", [("rmse", 3245.2, "")]),
        ("Mean CV accuracy: 0.83 (+/- 0.02)", [("accuracy", 0.83, "")]),
        ("Precision=0.9,Recall=0.8", [("precision", 0.9, ""), ("recall", 0.8, "")]),
        ("Validation RMSE after 10 epochs: 0.3", [("validation_rmse", 0.3, "")]),
        ("D_loss: 0.5, G_loss: 0.7", [("d_loss", 0.5, ""), ("g_loss", 0.7, "")]),
        ("mAP@0.5: 0.61", [("map", 0.61, "")]),
        ("Epoch 1:  50%|█████     | 5/10 [00:01<00:01,  4.5it/s, loss=0.42, v_num=0]", [("loss", 0.42, "")]),
        (
            "1563/1563 [====] - 5s 3ms/step - loss: 0.30 - acc: 0.90 - val_loss: 0.4 - val_acc: 0.88",
            [("loss", 0.3, ""), ("accuracy", 0.9, ""), ("validation_loss", 0.4, ""), ("validation_accuracy", 0.88, "")],
        ),
        (
            "[10]\tvalidation_0-logloss:0.43\tvalidation_1-logloss:0.5",
            [("validation_log_loss", 0.43, ""), ("validation_log_loss", 0.5, "")],
        ),
        ("[10]\ttraining's auc: 0.8\tvalid_0's auc: 0.7", [("train_roc_auc", 0.8, ""), ("validation_roc_auc", 0.7, "")]),
        ("[0] train-rmse:0.5 eval-rmse:0.6", [("train_rmse", 0.5, ""), ("validation_rmse", 0.6, "")]),
    ],
)
def test_metrics_of_a_line(line, expected):
    assert [(v.name, v.value, v.unit) for v in values_in(line)] == expected


@pytest.mark.parametrize(
    "line",
    [
        "learning rate: 0.001",
        "time: 3.5",
        "ETA: 00:12, 4.5it/s",
        "Epoch 3/10",
        "loss weight: 0.4",
        "score threshold: 0.5",
        "Epoch 3: val_loss improved from 0.5 to 0.4, saving model",
        "Epoch 4: val_loss did not improve from 0.4",
        "Using 16bit mixed precision: 16",
        "[LightGBM] [Info] Start training from score 0.345",
        "Elasticnet model (alpha=0.500000, l1_ratio=0.500000):",
        "Shuffle Map 2:   0%|          | 0/576 [00:00<?, ?it/s]",
        "Saved 3 files to disk in 2.5 s",
        "accuracy std: 0.02",
        "torch 2.1.0, scikit-learn 1.3.2",
        "CV scores: [0.81 0.85]",
        "[CV 1/2] END ...max_depth=2;, score=0.9 total time=   0.0s",
        "writing_score                  77",
        "Downloaded 12.5 MB",
    ],
)
def test_timings_settings_sizes_and_prose_are_no_metrics(line):
    assert list(values_in(line)) == []


def test_a_loss_that_is_not_a_number_is_seen():
    (value,) = values_in("loss: nan")
    assert value.name == "loss" and math.isnan(value.value)


@pytest.mark.parametrize(
    "line",
    [
        "a " * 1000 + ": 0.5",
        "accuracy " * 220 + ": 0.5",
        "(" * 2000 + "0.5",
        "9" * 2000,
        "1," * 1000,
        "1 / " * 500,
        "loss: " * 340,
        "=" * 2000 + "1",
    ],
)
def test_a_hostile_line_takes_no_time(line):
    started = time.process_time()
    list(values_in(line[:2048]))
    assert time.process_time() - started < 0.5
