"""`predict.py` as its user runs it: from the exported folder, with nothing of ours installed."""

import io
import runpy
import sys

import pandas as pd
import pytest

from tasks.modelling.export.whole import export_model
from tests.modelling.models import raw_table, run_script

ROWS = raw_table(30, seed=8)


@pytest.fixture(scope="module")
def folder(saved, tmp_path_factory):
    out = tmp_path_factory.mktemp("exported")
    export_model(saved["plain"], out, ["predict"])
    return out


@pytest.fixture
def predict(folder, monkeypatch, capsys):
    """`predict.py` in this process; exit code, output, errors."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["predict.py", *map(str, arguments)])
        monkeypatch.setattr(sys, "path", [*sys.path])
        with pytest.raises(SystemExit) as end:
            runpy.run_path(str(folder / "predict.py"), run_name="__main__")
        told = capsys.readouterr()
        return end.value.code, told.out, told.err

    return run


def test_it_runs_alone_and_predicts_like_the_model(folder, plain_model, tmp_path):
    ROWS.to_csv(tmp_path / "rows.csv", index=False)
    # An import of ours from anywhere but the folder's runtime would fail: the name is taken.
    guard = tmp_path / "elsewhere" / "tasks"
    guard.mkdir(parents=True)
    (guard / "__init__.py").write_text("raise ImportError('not of this model')")
    done = run_script(folder / "predict.py", tmp_path / "rows.csv", PYTHONPATH=str(guard.parent))
    got = pd.read_csv(io.StringIO(done.stdout), float_precision="round_trip")
    assert done.returncode == 0, done.stderr
    assert got[["no", "yes"]].to_numpy().tolist() == plain_model.predict_proba(ROWS).tolist()
    assert got["prediction"].tolist() == plain_model.predict(ROWS).tolist()


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_shuffled_columns_and_others_among_them_change_nothing(predict, plain_model, tmp_path, suffix):
    table = ROWS[[*reversed(ROWS.columns)]].assign(more=1)
    path = tmp_path / f"rows.{suffix}"
    write = {"csv": lambda: table.to_csv(path, index=False), "parquet": lambda: table.to_parquet(path)}
    write.get(suffix, lambda: table.to_json(path, orient="records", lines=True))()
    code, _, told = predict(path, "--out", tmp_path / "out.csv")
    assert (code, told) == (0, f"30 rows predicted: {tmp_path / 'out.csv'}\n")
    assert pd.read_csv(tmp_path / "out.csv")["yes"].tolist() == pytest.approx(plain_model.predict_proba(ROWS)[:, 1].tolist(), rel=1e-12)


def test_rows_without_a_column_are_refused_in_one_line_and_no_file_is_left(predict, tmp_path):
    ROWS.drop(columns="income").to_csv(tmp_path / "rows.csv", index=False)
    code, out, told = predict(tmp_path / "rows.csv", "--out", tmp_path / "out.csv")
    assert (code, out) == (2, "") and told.startswith("predict.py: The rows lack `income`.") and told.count("\n") == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rows.csv"]


def test_what_is_not_there_or_of_no_known_format_is_told(predict, tmp_path):
    assert predict(tmp_path / "none.csv") == (2, "", f"predict.py: There is no file {tmp_path / 'none.csv'}.\n")
    (tmp_path / "rows.txt2").write_text("x")
    assert predict(tmp_path / "rows.txt2")[0] == 2
    (tmp_path / "rows.csv").write_text("")
    assert predict(tmp_path / "rows.csv")[0] == 2


def test_requirements_are_exact_and_name_no_product_of_ours(folder):
    lines = (folder / "requirements.txt").read_text().splitlines()
    assert all("==" in line for line in lines) and not any("axiom" in line for line in lines)
    assert {line.split("==")[0] for line in lines} >= {"lightgbm", "numpy", "pandas", "pyarrow", "scikit-learn", "skops"}
