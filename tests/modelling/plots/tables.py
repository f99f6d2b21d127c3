"""Small tables to be drawn: an ordinary one, and one whose names and values are an attack."""

import numpy as np
import pandas as pd

from tasks.evidence.table.facts import ColumnProfile, TableProfile
from tasks.rules.building.contract import Contract

MATHTEXT = "$x_1^{2"
MARKUP = "<b>bold</b>\n<script>alert(1)</script>"
LONG = "a_very_" + "long_" * 60 + "name"
UNKNOWN_SIGNS = "列名"


def profile(frame, target="y"):
    def kind(column):
        if column.isna().all():
            return "empty"
        if pd.api.types.is_datetime64_any_dtype(column):
            return "datetime"
        return "numeric" if pd.api.types.is_numeric_dtype(column) else "category"

    columns = [
        ColumnProfile(
            name=str(c), kind=kind(frame[c]), semantic="measure", nulls=float(frame[c].isna().mean()), distinct=frame[c].nunique()
        )
        for c in frame
    ]
    return TableProfile(rows=len(frame), rows_in_files=len(frame), sampled=False, columns=tuple(columns), sources=(), duplicates=0)


def contract(task, classes=(), target="y", **changes):
    metric, direction = {"binary": ("roc_auc", "higher"), "multiclass": ("log_loss", "lower"), "regression": ("rmse", "lower")}[task]
    values = {"objective": "predict y", "target": target, "task": task, "classes": classes, "metric": metric, "direction": direction}
    return Contract(**values | changes)


def hostile_frame(n=60):
    rng = np.random.default_rng(0)
    return pd.DataFrame({
        MATHTEXT: rng.normal(size=n), MARKUP: rng.normal(size=n) * 1e300, LONG: rng.normal(size=n) * 1e-9, "": rng.normal(size=n),
        UNKNOWN_SIGNS: rng.integers(0, 3, n).astype(float), "null": np.full(n, np.nan), "constant": np.full(n, 3.0),
        "$level_$": rng.choice(["$\\alpha$", "<i>", "x" * 300, "\n"], n).astype(object),
        "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 400, n), "D"),
    })  # fmt: skip
