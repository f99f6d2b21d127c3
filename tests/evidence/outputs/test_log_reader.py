"""Lines in order: tables, steps, dictionaries, lone numbers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.evidence.outputs.judging import judge
from tasks.evidence.outputs.log_reader import LogReader

REPORT = """\
              precision    recall  f1-score   support

           0       0.90      0.95      0.92       100
     cat dog       0.80      0.70      0.75        50

    accuracy                           0.87       150
   macro avg       0.85      0.82      0.83       150
weighted avg       0.87      0.88      0.86       150
"""


def read(text):
    reader = LogReader()
    return [s for line in text.split("\n") for s in reader.read(line)]


def values(text):
    return [(s.name, s.value) for s in read(text)]


def test_a_class_report_gives_averages_and_classes():
    found = dict(values(REPORT))
    assert found["accuracy"] == 0.87
    assert (found["precision"], found["recall"], found["f1"]) == (0.87, 0.88, 0.86)
    assert (found["macro_precision"], found["macro_f1"]) == (0.85, 0.83)
    assert (found["class_0_recall"], found["class_cat_dog_f1"]) == (0.95, 0.75)
    assert len(found) == 13


def test_a_confusion_matrix_gives_nothing():
    assert values("Confusion matrix:\n[[142   0]\n [  3 158]]") == []


def test_a_table_of_models_keeps_each_models_name():
    table = "                 Model  Accuracy    F1\n0  Logistic Regression  0.81  0.80\n1                  SVM  0.9  0.85\n"
    assert [(s.name, s.original, s.value) for s in read(table)] == [
        ("accuracy", "Logistic Regression Accuracy", 0.81),
        ("f1", "Logistic Regression F1", 0.8),
        ("accuracy", "SVM Accuracy", 0.9),
        ("f1", "SVM F1", 0.85),
    ]


def test_a_table_with_bars_and_a_box_of_names():
    assert values("| Model | R2 | RMSE |\n|---|---|---|\n| Ridge | 0.8 | 3.2 |") == [("r2", 0.8), ("rmse", 3.2)]
    assert values("┃  Test metric  ┃  DataLoader 0  ┃\n│   test_acc    │    0.9    │") == [("test_accuracy", 0.9)]


def test_columns_of_somebodys_data_are_no_metrics():
    assert values("   gender  math_score  reading_score\n0  female  72  72\n1  male  69  90\n") == []


def test_an_epoch_heading_is_the_step_of_the_lines_below():
    found = read("Epoch 3/10\n 5/5 [===] - 1s - loss: 0.3 - val_loss: 0.4\n")
    assert [(s.name, s.step) for s in found] == [("loss", 3), ("validation_loss", 3)]


def test_a_score_after_training_has_no_step():
    assert [s.step for s in read("Epoch 10/10\nloss: 0.3\nTest accuracy: 0.9")] == [10, None]


def test_steps_of_other_libraries():
    lines = "iter 500: train loss 1.3\n[20]\tvalid_0's auc: 0.7\nEpoch [2/5], Step [100/600], Loss: 0.5\nIteration 7, loss = 0.6"
    assert [s.step for s in read(lines)] == [500, 20, 2, 7]


def test_catboost_tells_objectives_not_timings():
    found = read("10:\tlearn: 0.3\ttest: 0.2\tbest: 0.2 (10)\ttotal: 1s\tremaining: 2s")
    assert [(s.name, s.value, s.step) for s in found] == [("train_objective", 0.3, 10), ("validation_objective", 0.2, 10)]


def test_printed_dictionaries_and_json_lines():
    assert values("{'accuracy': 0.9, 'f1': 0.8}") == [("accuracy", 0.9), ("f1", 0.8)]
    assert values("Metrics: {'rmse': np.float64(0.5), 'n_rows': 30}") == [("rmse", 0.5)]
    (loss,) = read("{'loss': 0.35, 'grad_norm': 2.1, 'learning_rate': 4e-05, 'epoch': 1.0}")
    assert (loss.name, loss.step) == ("loss", 1)
    (logged,) = read('{"level": "info", "msg": "val accuracy: 0.7", "step": 5}')
    assert (logged.name, logged.value, logged.step) == ("validation_accuracy", 0.7, 5)


def test_best_parameters_are_no_metrics():
    assert values("Best params: {'max_depth': 5, 'learning_rate': 0.1}") == []


def test_a_lone_number_has_no_name_and_a_lone_count_is_nothing():
    assert values("0.8804332983749565") == [("", 0.8804332983749565)]
    assert values("1000") == []


def test_a_printed_series():
    assert values("accuracy     0.9\nprecision    0.8\ndtype: float64") == [("accuracy", 0.9), ("precision", 0.8)]


def test_the_epoch_column_of_a_table_is_the_step():
    table = (
        "epoch     train_loss  accuracy  time    \n0         0.51        0.81      00:12     \n1         0.41        0.85      00:12     \n"
    )
    assert [(s.name, s.value, s.step) for s in read(table)] == [
        ("train_loss", 0.51, 0),
        ("accuracy", 0.81, 0),
        ("train_loss", 0.41, 1),
        ("accuracy", 0.85, 1),
    ]


PIECES = ["loss", "accuracy", ":", "=", " ", "0.5", "nan", "inf", "Infinity", "{", "}", '"epoch"', "'f1'", ",", "%", "/", "10", "(", "[", "]", "|",
          "  ", "\t", "\r", "\x00", "\ud800", "Epoch", "e99", "1e999", "-", "²", "precision    recall  f1-score   support", "é", "9" * 30]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=14), max_size=5))
def test_no_line_is_an_error_and_every_metric_is_finite(lines):
    reader = LogReader()
    found = [s for line in lines for s in reader.read("".join(line))]
    assert all(m.model_dump_json() and abs(m.value) < float("inf") for m in judge(found, "training").metrics)
