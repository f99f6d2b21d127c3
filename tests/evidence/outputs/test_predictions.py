import numpy as np
import pandas as pd
import pytest

from tasks.evidence.outputs.predictions import PairedRows, pair_predictions, pair_tables, read_table


@pytest.fixture
def pair(tmp_path):
    def run(a, b, suffix="csv"):
        paths = []
        for name, columns in (("a", a), ("b", b)):
            path = tmp_path / f"{name}.{suffix}"
            if suffix == "npz":
                np.savez(path, **columns)
            elif suffix == "parquet":
                pd.DataFrame(columns).to_parquet(path)
            else:
                pd.DataFrame(columns).to_csv(path, index=False)
            paths.append(path)
        kind, *rows = pair_tables(*map(read_table, paths))  # in this process: a child costs a second
        return PairedRows(kind, *rows)

    return run


@pytest.mark.parametrize("suffix", ["csv", "parquet", "npz"])
def test_classes_are_right_or_wrong_on_the_rows_both_name(pair, suffix):
    a = {"id": [1, 2, 3], "y_true": [0, 1, 1], "y_pred": [0, 0, 1]}
    b = {"row_id": [3, 1, 2, 4], "target": [1, 0, 1, 0], "prediction": [0, 0, 1, 0]}
    found = pair(a, b, suffix)
    assert isinstance(found, PairedRows) and found.kind == "correct"
    assert (found.a.tolist(), found.b.tolist()) == ([1, 0, 1], [1, 1, 0])


def test_quantities_are_absolute_errors_in_order(pair):
    found = pair({"actual": [1.5, 2.5], "predicted": [1.0, 3.5]}, {"y": [1.5, 2.5], "yhat": [1.5, 0.5]})
    assert found.kind == "error"
    assert (found.a.tolist(), found.b.tolist()) == ([0.5, 1.0], [0.0, 2.0])


def test_text_classes_are_compared_as_text(pair):
    found = pair({"label": ["cat", "dog"], "pred": ["cat", "cat"]}, {"label": ["cat", "dog"], "pred": ["dog", "dog"]})
    assert (found.a.tolist(), found.b.tolist()) == ([1, 0], [0, 1])


@pytest.mark.parametrize(
    ("b", "why"),
    [
        ({"y_true": [0, 1], "y_pred": [0, 1]}, "different rows"),
        ({"y_true": [1, 1, 1], "y_pred": [0, 1, 1]}, "held-out data are not the same"),
        ({"truths": [1, 1, 1], "y_pred": [0, 1, 1]}, "no column of true values"),
    ],
)
def test_files_that_do_not_belong_together_are_not_paired(pair, b, why):
    with pytest.raises(ValueError, match=why):
        pair({"y_true": [0, 1, 1], "y_pred": [0, 1, 1]}, b)


def test_the_child_brings_back_what_it_read(tmp_path):
    (tmp_path / "a.csv").write_text("y_true,y_pred\n0,0\n1,0\n")
    (tmp_path / "b.csv").write_text("y_true,y_pred\n0,1\n1,1\n")
    found = pair_predictions(tmp_path / "a.csv", tmp_path / "b.csv")
    assert (found.kind, found.a.tolist(), found.b.tolist()) == ("correct", [1, 0], [0, 1])


def test_a_pickle_in_an_archive_is_not_loaded(tmp_path):
    np.savez(tmp_path / "a.npz", y_true=np.array([{"x": 1}], dtype=object), y_pred=np.array([1]))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        read_table(tmp_path / "a.npz")


def test_nonsense_and_links_are_a_sentence(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nonsense")
    assert isinstance(pair_predictions(tmp_path / "a.parquet", tmp_path / "a.parquet"), str)
    (tmp_path / "b.csv").symlink_to("/etc/passwd")
    assert "no table of predictions" in pair_predictions(tmp_path / "b.csv", tmp_path / "b.csv")
