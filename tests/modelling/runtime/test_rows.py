"""Rows of files as a table read them in training, whatever the format."""

import io

import pandas as pd
import pytest

from tasks.modelling.runtime import rows as module
from tasks.modelling.runtime.rows import read_rows, write_predictions
from tests.modelling.models import fit_predictor, raw_table

COLUMNS = ("code", "size", "text")
TABLE = pd.DataFrame({"code": ["007", "010"], "size": [1.5, 2.0], "text": ["a, b", None]})


def read(path, columns=COLUMNS):
    return pd.concat(read_rows(path, columns), ignore_index=True)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_the_columns(tmp_path, delimiter):
    TABLE.to_csv(tmp_path / "rows.csv", sep=delimiter, index=False)
    got = read(tmp_path / "rows.csv")
    assert got["code"].tolist() == ["007", "010"] and got["size"].tolist() == [1.5, 2.0] and got["text"].isna().tolist() == [False, True]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_of_another_encoding_is_read(tmp_path, encoding):
    (tmp_path / "rows.csv").write_bytes("code,size,text\n1,2,café\n".encode(encoding))
    assert read(tmp_path / "rows.csv")["text"].tolist() == ["café"]


def test_all_formats_give_the_same_rows(tmp_path):
    TABLE.to_csv(tmp_path / "rows.csv", index=False)
    TABLE.to_parquet(tmp_path / "rows.parquet")
    TABLE.to_json(tmp_path / "rows.jsonl", orient="records", lines=True)
    for name in ("rows.parquet", "rows.jsonl"):
        pd.testing.assert_frame_equal(read(tmp_path / name), read(tmp_path / "rows.csv"), check_dtype=False)


def test_numbers_are_read_to_the_last_digit(tmp_path):
    numbers = [0.1 + 0.2, 1 / 3, 5e-324, 123456.78900000002]
    (tmp_path / "rows.csv").write_text("size,code\n" + "".join(f"{n!r},1\n" for n in numbers))
    assert read(tmp_path / "rows.csv")["size"].tolist() == numbers


def test_a_format_of_no_rows_is_told(tmp_path):
    (tmp_path / "rows.doc").write_text("x")
    with pytest.raises(ValueError, match=r"name it \.csv, \.parquet or \.jsonl"):
        read(tmp_path / "rows.doc")


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_predictions_keep_the_order_of_the_rows_over_pieces(tmp_path, monkeypatch, task):
    model = fit_predictor(["lightgbm"], task)
    table = raw_table(25, seed=2)
    table.to_csv(tmp_path / "rows.csv", index=False)
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 10)
    out = io.StringIO()
    assert write_predictions(model, read_rows(tmp_path / "rows.csv", model.columns), out) == 25
    got = pd.read_csv(io.StringIO(out.getvalue()), float_precision="round_trip")
    assert got.columns.tolist() == (["no", "yes", "prediction"] if task == "binary" else ["pred"])
    wanted = model.predict_proba(table)[:, 1] if task == "binary" else model.predict(table)
    assert got["yes" if task == "binary" else "pred"].tolist() == wanted.tolist()


def test_a_class_named_like_the_labels_keeps_its_name(tmp_path):
    model = fit_predictor(["logistic"])
    model = type(model)(**(vars(model) | {"classes": ("none", "prediction")}))
    assert module.prediction_table(model, raw_table(3)).columns.tolist() == ["none", "prediction", "prediction_label"]
