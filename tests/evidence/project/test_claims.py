"""Claimed numbers in documents and notebooks: found as written, and nothing else taken for one."""

import json
import time

import pytest

from tasks.evidence.project.claims import CLAIMS_LIMIT, find_claims
from tasks.evidence.snapshot import Snapshot


def claims(folder, text, name="README.md"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return find_claims(Snapshot.of_folder(folder))


def read(folder, text, name="README.md"):
    return [(c.name, c.value, c.unit) for c in claims(folder, text, name)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The model reaches an accuracy of 97.3% on the test set.", [("accuracy", 97.3, "%")]),
        ("- **RMSE**: 0.45", [("rmse", 0.45, "")]),
        ("R2 score 0.88", [("r2", 0.88, "")]),
        ("AUC = .91", [("roc_auc", 0.91, "")]),
        ("We got 92% accuracy and an F1-score of 0.89.", [("f1", 0.89, ""), ("accuracy", 92.0, "%")]),
        ("Accuracy: ~81-84%", [("accuracy", 81.0, "%")]),
        ("Accuracy of Random Forest: 0.93", [("accuracy", 0.93, "")]),
        ("MAE: 2,345.67 dollars", [("mae", 2345.67, "")]),
        ("Test loss: 0.312", [("loss", 0.312, "")]),
        ("You can get the score = 0.76555 with this version.", [("score", 0.76555, "")]),
        ("Mean Squared Error: 1.2e-3", [("mse", 0.0012, "")]),
        ("achieved 0.95 ROC AUC", [("roc_auc", 0.95, "")]),
        ("Mean Absolute Error (MAE): 12.5", [("mae", 12.5, "")]),
        ("Validation accuracy: 0.87, Test accuracy: 0.85", [("accuracy", 0.87, ""), ("accuracy", 0.85, "")]),
        ("BLEU: 27.3", [("bleu", 27.3, "")]),
    ],
)
def test_claims_in_prose(tmp_path, line, expected):
    assert read(tmp_path, line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Requires Python 3.8 and scikit-learn 1.2.0",
        "![accuracy](https://img.shields.io/badge/accuracy-97%25-green)",
        "learning rate 0.001, batch size 64, epochs 20",
        "Released 2023-05-14; version 2.1",
        "The dataset has 45.2% missing values and 1,000 rows.",
        "It costs $0.99 per call, 20% off.",
        "Set the accuracy threshold to 0.9 before deploying.",
        "Test coverage: 98%",
        "See section 3.2 on precision and recall.",
        "We improve accuracy by 5% over the baseline.",
        "map 3 columns to 4 features",
        "python train.py --precision 16",
        "Mixed precision 16 training",
        "recall 2 days of data",
    ],
)
def test_other_numbers_are_not_claims(tmp_path, line):
    assert read(tmp_path, line) == []


def test_a_table_headed_by_metrics(tmp_path):
    text = "| Model | Accuracy (%) | F1 | Epochs |\n|---|:---:|---|---|\n| SVM | 91.2 | 0.90 | 5 |\n| CNN | **97.4** | 0.97 | 20 |\n"
    assert read(tmp_path, text) == [("accuracy", 91.2, "%"), ("f1", 0.9, ""), ("accuracy", 97.4, "%"), ("f1", 0.97, "")]


def test_a_table_with_metrics_in_the_first_column(tmp_path):
    text = "Metric | Value\n--- | ---\nRMSE | 3.21\nR² | 0.87\nRows | 1000\n"
    assert read(tmp_path, text) == [("rmse", 3.21, ""), ("r2", 0.87, "")]


def test_a_model_card_index_and_its_line(tmp_path):
    text = "---\nmodel-index:\n- name: x\n  results:\n  - metrics:\n    - type: accuracy\n      value: 0.934\n---\n"
    (claim,) = claims(tmp_path, text)
    assert (claim.source, claim.name, claim.value, claim.line) == ("model_card", "accuracy", 0.934, 7)


def test_the_readme_comes_first_and_lines_are_physical(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("RMSE: 0.5")
    found = claims(tmp_path, "# Title\n\ntext\n\nAccuracy: 0.91\n")
    assert [(c.source, c.file, c.line) for c in found] == [("readme", "README.md", 5), ("docs", "docs/a.md", 1)]


def notebook(*cells):
    return json.dumps({"cells": list(cells), "metadata": {"language_info": {"name": "python"}}, "nbformat": 4}, indent=1)


def code(source, output):
    return {"cell_type": "code", "execution_count": 1, "source": [source], "outputs": [{"output_type": "stream", "text": output}]}


def test_notebook_outputs_and_text(tmp_path):
    cells = [{"cell_type": "markdown", "source": ["We reach an R2 score of 0.81"]}, code("report()", "MAE 0.21\n")]
    found = claims(tmp_path, notebook(*cells), "a.ipynb")
    assert [(c.name, c.value, c.source) for c in found] == [("r2", 0.81, "notebook_markdown"), ("mae", 0.21, "notebook_output")]


def test_of_a_training_log_only_the_last_line_counts(tmp_path):
    log = "Epoch 1/2\n10/10 - loss: 0.9 - accuracy: 0.5\nEpoch 2/2\n10/10 - loss: 0.4 - accuracy: 0.8 - val_accuracy: 0.7\n"
    assert read(tmp_path, notebook(code("fit()", log)), "a.ipynb") == [("accuracy", 0.8, ""), ("accuracy", 0.7, "")]


def test_class_report_rows(tmp_path):
    report = "              precision    recall  f1-score   support\n\n    accuracy                           0.83       179\nweighted avg       0.84      0.83      0.82       179\n"
    assert read(tmp_path, notebook(code("report()", report)), "a.ipynb") == [
        ("accuracy", 0.83, ""),
        ("precision", 0.84, ""),
        ("recall", 0.83, ""),
        ("f1", 0.82, ""),
    ]


def test_claims_are_limited_and_hostile_text_is_read_in_time(tmp_path):
    start = time.monotonic()
    lines = ["accuracy " * 5000, "accuracy is of the " * 3000, "a" * 100_000, "0." * 50_000, "|" * 50_000, "accuracy" + " a" * 20_000]
    numbers = [f"Accuracy: 0.{n}" for n in range(100, 900)]
    found = claims(tmp_path, "\n".join(lines * 5 + numbers))
    assert len(found) <= CLAIMS_LIMIT
    assert time.monotonic() - start < 5
