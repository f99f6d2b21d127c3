"""Predictions of two models on the same held-out rows, read in a child with limits and brought to one number a row each.

A file is a table (CSV, Parquet or npz) with a column of true values and one of predictions, and if it has one, a column
that names the row. Two files belong together when they hold the same rows with the same true values.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from tasks.evidence.limited_process import limit_self, start_child, wait_for

if TYPE_CHECKING:
    import pandas as pd

TRUTH = ("y_true", "true", "truth", "target", "label", "actual", "ground_truth", "y_test", "y")
PREDICTION = ("y_pred", "pred", "prediction", "predictions", "predicted", "y_hat", "yhat", "predicted_label")
ROW = ("row_id", "id", "row", "index", "sample_id", "unnamed: 0")
FORMATS = (".csv", ".parquet", ".npz")
MAX_ROWS = 2_000_000
MAX_BYTES = 500_000_000
MAX_CLASSES = 50
"""Whole numbers with more distinct true values than this are quantities, not classes."""
SECONDS, MEMORY_BYTES = 120, 2_000_000_000


@dataclass(frozen=True)
class PairedRows:
    """What both models did on each shared row."""

    kind: Literal["correct", "error"]
    a: NDArray[np.float64]
    """`(n,)`: 1 right and 0 wrong, or the absolute error."""
    b: NDArray[np.float64]


def pair_predictions(a: Path, b: Path) -> PairedRows | str:
    """The shared rows of two files of predictions, or one sentence why they cannot be paired."""
    for path in (a, b):
        if path.suffix not in FORMATS or path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return f"{path.name} is no table of predictions of at most {MAX_BYTES // 1_000_000} MB"
    with tempfile.TemporaryDirectory(prefix="axiom-pair-") as name:
        folder = Path(name)
        with open(folder / "errors", "wb") as errors:
            process = start_child("tasks.evidence.outputs.predictions", folder, errors)
            request = json.dumps([str(a.absolute()), str(b.absolute())]).encode()
            reason = wait_for(process, request, SECONDS)
        answer = folder / "answer"
        if reason or not answer.exists():
            return f"the predictions could not be read: {reason or 'the reader ended without an answer'}"
        told = json.loads(answer.read_bytes())
        if told["problem"]:
            return str(told["problem"])
        rows = [np.frombuffer((folder / side).read_bytes(), dtype=np.float64) for side in "ab"]
        return PairedRows(told["kind"], *rows)


def main() -> None:
    """Entry of the child: two paths on standard input; `answer`, `a` and `b` in the current folder."""
    paths = json.load(sys.stdin)
    limit_self(SECONDS, MEMORY_BYTES, 64)
    try:
        kind, a, b = pair_tables(*(read_table(Path(p)) for p in paths))
        Path("a").write_bytes(a.astype(np.float64).tobytes())
        Path("b").write_bytes(b.astype(np.float64).tobytes())
        told = {"problem": "", "kind": kind}
    except ValueError as error:  # of pandas, Arrow and numpy too: they cannot make sense of the file
        told = {"problem": str(error).strip().split("\n")[0][:300], "kind": ""}
    Path("answer").write_text(json.dumps(told))


def read_table(path: Path) -> pd.DataFrame:
    """Columns `truth`, `prediction` and, where there is one, `row`; raises ValueError for what is no such table."""
    import pandas as pd

    if path.suffix == ".csv":
        frame = pd.read_csv(path, nrows=MAX_ROWS + 1)
    elif path.suffix == ".parquet":
        frame = pd.read_parquet(path)
    else:
        with np.load(path, allow_pickle=False) as arrays:
            frame = pd.DataFrame({name: arrays[name].ravel() for name in arrays.files[:20]})
    if len(frame) > MAX_ROWS:
        raise ValueError(f"{path.name} holds more than {MAX_ROWS:,} rows")
    named = {str(c).strip().lower(): c for c in frame.columns}
    wanted = {"truth": TRUTH, "prediction": PREDICTION, "row": ROW}
    found = {new: next((named[n] for n in names if n in named), None) for new, names in wanted.items()}
    if found["truth"] is None or found["prediction"] is None:
        raise ValueError(f"{path.name} has no column of true values, such as y_true, or none of predictions, such as y_pred")
    return pd.DataFrame({new: frame[old] for new, old in found.items() if old is not None}).dropna()


def pair_tables(a: pd.DataFrame, b: pd.DataFrame) -> tuple[str, NDArray[Any], NDArray[Any]]:
    """Kind and, row by row, what each model did; raises ValueError when the rows or their true values are not the same."""
    if "row" in a and "row" in b and a["row"].is_unique and b["row"].is_unique:
        both = a.merge(b, on="row", suffixes=("_a", "_b"))
        # Half of the smaller file at least: a handful of shared rows is another held-out set.
        if len(both) * 2 < min(len(a), len(b)) or both.empty:
            raise ValueError("the two files share too few rows")
    elif len(a) == len(b) and len(a):
        both = a.reset_index(drop=True).join(b.reset_index(drop=True), lsuffix="_a", rsuffix="_b")
    else:
        raise ValueError(f"the two files hold different rows: {len(a):,} and {len(b):,}")
    truth, columns = both["truth_a"], [both["truth_b"], both["prediction_a"], both["prediction_b"]]
    if not _same(truth, columns[0]).all():
        raise ValueError("the two files hold different true values: the held-out data are not the same")
    if _is_quantity(truth):
        errors = [np.abs(c.astype(float).to_numpy() - truth.astype(float).to_numpy()) for c in columns[1:]]
        if not all(np.isfinite(e).all() for e in errors):
            raise ValueError("a prediction is not finite")
        return "error", errors[0], errors[1]
    return "correct", _same(truth, columns[1]).to_numpy(), _same(truth, columns[2]).to_numpy()


def _is_quantity(truth: pd.Series) -> bool:
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(truth) or pd.api.types.is_bool_dtype(truth):
        return False
    values = truth.astype(float)
    return bool((values != values.round()).any() or values.nunique() > MAX_CLASSES)


def _same(one: pd.Series, other: pd.Series) -> pd.Series:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(one) and pd.api.types.is_numeric_dtype(other):
        return pd.Series(np.isclose(one.astype(float), other.astype(float), rtol=1e-9, atol=1e-12), index=one.index)
    return one.astype(str) == other.astype(str)


if __name__ == "__main__":
    main()
