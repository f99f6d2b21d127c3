"""Metrics in files: nested data, curves, tables, text; hostile ones cost themselves."""

import json
import time

import pytest

from tasks.evidence.outputs.files import list_files
from tasks.evidence.outputs.metric_files import is_metrics_name, read_metric_files


@pytest.fixture
def read(tmp_path):
    def reading(files):
        for name, data in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_metric_files(list_files(tmp_path)[0], {}, lambda path: None)

    return reading


def told(values):
    return [(s.name, s.value, s.step, s.place) for s in values.seen]


def test_nested_json_is_flattened_with_the_split_of_its_keys(read):
    values = read({"metrics.json": json.dumps({"train": {"accuracy": 0.9}, "test": {"accuracy": 0.8, "n": 3, "uplift": 0.1}})})
    assert [(s.name, s.original, s.value) for s in values.seen] == [
        ("train_accuracy", "train/accuracy", 0.9),
        ("test_accuracy", "test/accuracy", 0.8),
        ("test_n", "test/n", 3.0),
        ("test_uplift", "test/uplift", 0.1),
    ]


def test_a_class_report_as_json(read):
    report = {"0": {"precision": 0.5, "recall": 0.6, "f1-score": 0.55, "support": 10.0}, "accuracy": 0.7,
              "weighted avg": {"precision": 0.8, "recall": 0.9, "f1-score": 0.85, "support": 20.0}}  # fmt: skip
    found = {s.name: s.value for s in read({"classification_report.json": json.dumps(report)}).seen}
    assert found == {
        "class_0_precision": 0.5, "class_0_recall": 0.6, "class_0_f1": 0.55, "accuracy": 0.7, "precision": 0.8, "recall": 0.9, "f1": 0.85,
    }  # fmt: skip


def test_a_keras_history_is_a_curve(read):
    values = read({"history.json": '{"loss": [0.5, 0.3], "val_accuracy": [0.7, 0.8]}'})
    assert [(s.name, s.value, s.step) for s in values.seen] == [
        ("loss", 0.5, 0), ("loss", 0.3, 1), ("validation_accuracy", 0.7, 0), ("validation_accuracy", 0.8, 1),
    ]  # fmt: skip


def test_the_log_history_of_a_trainer_has_steps(read):
    state = {"best_metric": 0.9, "log_history": [{"loss": 0.5, "epoch": 0.5, "step": 10}, {"eval_f1": 0.8, "step": 20}]}
    found = [(s.name, s.value, s.step) for s in read({"checkpoint-20/trainer_state.json": json.dumps(state)}).seen]
    assert ("loss", 0.5, 10) in found and ("validation_f1", 0.8, 20) in found


def test_json_lines_yaml_and_text(read):
    values = read(
        {
            "results/a.jsonl": '{"step": 1, "loss": 0.5}\n{"step": 2, "loss": 0.4}\n',
            "scores.yaml": "rmse: 3.5\nmae: 2.5\n",
            "metrics.txt": "\nAccuracy:     0.8640\n\n![Confusion Matrix](plot.png)\n",
            "logs/run_2024.log": "[ 2024-01-01 10:00:00,000 ] 12 root - INFO - r2 score: 0.88\n",
        }
    )
    assert told(values) == [
        ("r2", 0.88, None, "logs/run_2024.log:1"),
        ("accuracy", 0.864, None, "metrics.txt:2"),
        ("loss", 0.5, 1, "results/a.jsonl"),
        ("loss", 0.4, 2, "results/a.jsonl"),
        ("rmse", 3.5, None, "scores.yaml"),
        ("mae", 2.5, None, "scores.yaml"),
    ]


def test_csv_curves_models_and_pairs(read):
    values = read(
        {
            "lightning_logs/version_0/metrics.csv": "epoch,step,train_loss,val_acc\n0,9,0.5,\n0,9,,0.7\n",
            "results.csv": "Model,Accuracy,Time\nSVM,0.9,3\nRidge,0.8,1\n",
            "test_scores.csv": "metric,value\nrmse,3.5\n",
        }
    )
    assert [(s.name, s.original, s.value, s.step) for s in values.seen] == [
        ("train_loss", "train_loss", 0.5, 0),
        ("validation_accuracy", "val_acc", 0.7, 0),
        ("accuracy", "SVM Accuracy", 0.9, None),
        ("accuracy", "Ridge Accuracy", 0.8, None),
        ("test_rmse", "rmse", 3.5, None),
    ]


def test_data_and_settings_are_no_metrics(read):
    values = read(
        {
            "data.csv": "gender,math_score,accuracy\nf,72,0.5\n",
            "params.json": '{"learning_rate": 0.1, "max_depth": 5}',
            "package.json": '{"accuracy": 0.5}',
            "model.json": '{"weights": [0.1, 0.2]}',
        }
    )
    assert values.seen == [] and values.problems == {}


def test_more_keys_than_the_bound_are_counted(read):
    started = time.process_time()
    values = read({"metrics.json": json.dumps({f"accuracy_{i}": 0.5 for i in range(200_000)})})
    assert len(values.seen) <= 20_000 and values.dropped == 180_000
    assert time.process_time() - started < 20


def test_a_key_that_occurs_twice_is_told(read):
    values = read({"metrics.json": '{"accuracy": 0.1, "accuracy": 0.9}'})
    assert [s.value for s in values.seen] == [0.9] and "accuracy" in values.problems["metrics.json"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("metrics.json", '{"a":' * 100_000 + "1" + "}" * 100_000),
        ("metrics.yaml", "[" * 50_000),
        ("metrics.json", "{"),
        ("metrics.json", b"\xff\xfe\x00"),
        ("metrics.yaml", "accuracy: !!python/object/apply:os.system [id]"),
    ],
)
def test_a_broken_file_is_a_problem_and_nothing_else(read, name, data):
    values = read({name: data, "scores.json": '{"rmse": 1.5}'})
    assert [s.value for s in values.seen] == [1.5] and name in values.problems


def test_an_alias_bomb_costs_nothing(read):
    bomb = "a: &a [{accuracy: 0.5}]\n" + "".join(f"{c}: &{c} [{','.join([f'*{p}'] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi"))
    started = time.process_time()
    read({"metrics.yaml": bomb})
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("path", "is_metrics"),
    [("metrics.json", True), ("results/run.csv", True), ("eval_results.json", True), ("out/trainer_state.json", True), ("data.csv", False),
     ("metrics.png", False), ("resultset.json", False)],
)  # fmt: skip
def test_names_of_metrics_files(path, is_metrics):
    assert is_metrics_name(path) is is_metrics


def test_steps_that_are_no_numbers_are_no_error(read):
    values = read({"metrics.json": '[{"step": NaN, "loss": 0.5}, {"step": Infinity, "loss": 0.4}, {"step": 1e400, "loss": 0.3}]'})
    assert [(s.value, s.step) for s in values.seen] == [(0.5, None), (0.4, None), (0.3, None)] and values.problems == {}
