"""A saved model as the folder its users want: `predict.py`, a service, ONNX; from the model's files alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tasks.errors import SettingError
from tasks.modelling.export.onnx.pipeline import export_onnx
from tasks.modelling.export.script import write_predict_script
from tasks.modelling.export.service import export_service
from tasks.modelling.runtime.saving import MANIFEST
from tasks.rules.building.result import Export

EXAMPLE = "input_example.json"
FORMS = ("predict", "service", "onnx")


def find_model(folder: Path) -> Path:
    """The folder with the model's files: this one, or `model/` in it; raises `SettingError` when there is none."""
    for place in (folder, folder / "model"):
        if (place / MANIFEST).is_file():
            return place
    raise SettingError(f"{folder} holds no model of a build", "Give the output folder of `axiom build`, or the name of a registered model.")


def export_model(model: Path, out: Path, forms: Sequence[str] = FORMS, rows: pd.DataFrame | None = None) -> tuple[Export, ...]:
    """Write the forms asked for below `out`. `rows`: raw rows on which ONNX is checked; without them the model's input example."""
    made = []
    out.mkdir(parents=True, exist_ok=True)
    if "predict" in forms:
        if model.resolve() != (out / "model").resolve():
            shutil.copytree(model, out / "model", dirs_exist_ok=True)
        write_predict_script(out, json.loads((model / MANIFEST).read_text(encoding="utf-8"))["versions"])
        made.append(Export(form="predict", done=True, reason="python predict.py rows.csv --out predictions.csv"))
    if "service" in forms:
        export_service(model, out / "service")
        made.append(Export(form="service", done=True, reason="docker build -t model service"))
    if "onnx" in forms:
        made.append(_onnx(model, out, rows))
    return tuple(made)


def _onnx(model: Path, out: Path, rows: pd.DataFrame | None) -> Export:
    if rows is None:
        rows = example_rows(model)
    if rows is None or rows.empty:
        return Export(form="onnx", done=False, reason="there are no rows to check it on: give some with --rows")
    return export_onnx(model, rows, out)


def example_rows(model: Path) -> pd.DataFrame | None:
    """The rows of `input_example.json`; None when the model was handed on without them."""
    try:
        told = json.loads((model / EXAMPLE).read_text(encoding="utf-8"))["dataframe_split"]
    except FileNotFoundError:
        return None
    return pd.DataFrame(told["data"], columns=told["columns"])
