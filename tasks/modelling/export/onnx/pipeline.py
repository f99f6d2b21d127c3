"""The predictor as one graph, and the check that it predicts the same."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tasks.evidence.table.schema import ColumnSchema
from tasks.modelling.export.onnx.estimators import add_estimator, softmax
from tasks.modelling.export.onnx.graph import Graph, NotExportable
from tasks.modelling.export.onnx.views import Columns, add_view
from tasks.modelling.runtime.calibration import SMALLEST
from tasks.modelling.runtime.predictor import Predictor
from tasks.modelling.runtime.saving import load_model
from tasks.rules.building.result import Export

TOLERANCE = 1e-4
"""Largest difference of a probability, or of a value in units of 1 + its size."""
CHECKED_ROWS = 500
BYTES_LIMIT = 400 * 2**20
MODEL, FACTS = "model.onnx", "onnx.json"
LABEL, PROBABILITIES, VALUE = "label", "probabilities", "pred"


def export_onnx(model_folder: Path, rows: pd.DataFrame, out: Path, deadline: float = float("inf")) -> Export:
    """The same for a saved model and raw rows to check it on."""
    predictor = load_model(model_folder)
    return onnx_export(predictor, predictor.canonical(rows), out, deadline=deadline)


def onnx_export(predictor: Predictor, canonical: pd.DataFrame, out: Path, *, deadline: float = float("inf")) -> Export:
    """Write `model.onnx` when it can be and predicts like the original on real rows, and `onnx.json` with what was found.

    `canonical` are parsed rows; `deadline` is a Unix time after which it is given up.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / MODEL).unlink(missing_ok=True)
    began = time.monotonic()
    try:
        graph = Graph(deadline)
        content = write_graph(predictor, graph)
        if len(content) > BYTES_LIMIT:
            raise NotExportable(f"it would take {len(content) >> 20} MB, more than {BYTES_LIMIT >> 20}")
        rows = canonical.iloc[np.linspace(0, len(canonical) - 1, min(CHECKED_ROWS, len(canonical))).astype(int)]
        difference = check(predictor, content, graph, rows)
    except ImportError as error:
        return _told(out, Export(form="onnx", done=False, reason=f"not exportable because {error.name} is not installed"), {})
    except NotExportable as error:
        return _told(out, Export(form="onnx", done=False, reason=f"not exportable because {error}"), {})
    (out / MODEL).write_bytes(content)
    reason = f"predicts like the original on {len(rows)} rows: largest difference {difference:.1e}"
    made = Export(form="onnx", done=True, reason=reason, rows_checked=len(rows), largest_difference=difference)
    return _told(
        out, made, {"inputs": _inputs(predictor, graph), "outputs": _outputs(predictor), "seconds": round(time.monotonic() - began, 2)}
    )


def write_graph(predictor: Predictor, graph: Graph) -> bytes:
    """The whole pipeline. Raises NotExportable."""
    columns = Columns(graph, predictor.schema)
    features = {key: add_view(predictor.views[key], columns) for key in dict.fromkeys(part.view for part in predictor.parts)}
    total, weights = "", sum(part.weight for part in predictor.parts)
    for part in predictor.parts:
        width = len(predictor.views[part.view].feature_names_)
        made = graph.multiply(add_estimator(graph, part.estimator, features[part.view], width), part.weight / weights)
        total = graph.add(total, made) if total else made
    if not graph.inputs:
        raise NotExportable("the model looks at no column")
    if not predictor.classes:
        graph.name_output(graph.flat(total), VALUE)
        return graph.model([(VALUE, "double", [None])])
    probabilities = graph.name_output(_calibrated(graph, predictor.calibrator, total), PROBABILITIES)
    graph.name_output(_labels(graph, predictor, probabilities), LABEL)
    return graph.model([(LABEL, "string", [None]), (PROBABILITIES, "double", [None, len(predictor.classes)])])


def check(predictor: Predictor, content: bytes, graph: Graph, rows: pd.DataFrame) -> float:
    """Largest difference of a prediction by onnxruntime from the original's. Raises NotExportable when it is too large."""
    import onnxruntime

    if not len(rows):
        raise NotExportable("there are no rows to check it on")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        found = dict(zip([o.name for o in session.get_outputs()], session.run(None, feeds(predictor, graph.inputs, rows)), strict=True))
    except Exception as error:  # onnxruntime's own exceptions share no base
        raise NotExportable(f"onnxruntime refuses it: {str(error).splitlines()[0][:200]}") from error
    wanted = predictor.predict_proba_canonical(rows) if predictor.classes else predictor.predict_canonical(rows)
    made = found[PROBABILITIES if predictor.classes else VALUE]
    apart = np.abs(made - wanted) / (1.0 if predictor.classes else 1.0 + np.abs(wanted))
    difference = float(np.nan_to_num(apart, nan=np.inf).max())
    if difference > TOLERANCE:
        raise NotExportable(f"its predictions differ by up to {difference:.1e} on {len(rows)} rows")
    if predictor.classes:
        # Labels may differ where two classes, or a probability and the threshold, are as near as the tolerance.
        other = found[LABEL].astype(object) != predictor.decide(made)
        if other.any():
            raise NotExportable(f"{int(other.sum())} of {len(rows)} labels differ")
    return difference


def feeds(predictor: Predictor, inputs: dict[str, str], canonical: pd.DataFrame) -> dict[str, np.ndarray]:
    """Rows as the graph takes them, `(n, 1)` each: numbers with NaN for missing, texts with nothing for missing."""
    return {name: _feed(predictor.schema.column(name), canonical[name], kind).reshape(-1, 1) for name, kind in inputs.items()}


def _feed(column: ColumnSchema | None, values: pd.Series, kind: str) -> np.ndarray:
    if kind == "double":
        return values.to_numpy(dtype=np.float64)
    if column is not None and column.parse == "boolean_text":
        words = {1.0: column.true_values[0], 0.0: column.false_values[0]}
        return np.array([words.get(v, "") for v in values.to_numpy(dtype=float)], dtype=object)
    return np.array(["" if v is None or v != v else str(v) for v in values], dtype=object)


def _calibrated(graph: Graph, calibrator: Any, probabilities: str) -> str:
    if calibrator is None:
        return probabilities
    kind = type(calibrator).__name__
    if kind == "TemperatureCalibrator":
        logs = graph.op("Log", graph.clip(probabilities, SMALLEST, 1.0))
        return softmax(graph, graph.divide(logs, float(calibrator.temperature)))
    positive = graph.pick_columns(probabilities, [1])
    if kind == "PlattCalibrator":
        kept = graph.clip(positive, SMALLEST, 1 - SMALLEST)
        odds = graph.subtract(graph.op("Log", kept), graph.op("Log", graph.subtract(1.0, kept)))
        made = graph.op("Sigmoid", graph.add(graph.multiply(odds, float(calibrator.slope)), float(calibrator.shift)))
    elif kind == "IsotonicCalibrator":
        made = graph.clip(graph.interpolate(graph.flat(positive), calibrator.at, calibrator.level), SMALLEST, 1 - SMALLEST)
    else:
        raise NotExportable(f"{kind} has no counterpart in ONNX here")
    return graph.beside([graph.subtract(1.0, made), made])


def _labels(graph: Graph, predictor: Predictor, probabilities: str) -> str:
    names = graph.constant(predictor.classes, str)
    if predictor.threshold is None or predictor.positive is None or len(predictor.classes) != 2:
        return graph.op("Gather", names, graph.op("ArgMax", probabilities, axis=1, keepdims=0), axis=0)
    positive = predictor.classes.index(predictor.positive)
    chance = graph.flat(graph.pick_columns(probabilities, [positive]))
    above = graph.op("GreaterOrEqual", chance, graph.constant(float(predictor.threshold)))
    which = graph.op("Where", above, graph.constant(positive, np.int64), graph.constant(1 - positive, np.int64))
    return graph.op("Gather", names, which, axis=0)


def _told(out: Path, export: Export, more: dict[str, Any]) -> Export:
    facts = {"exportable": export.done, "reason": export.reason, "rows_checked": export.rows_checked}
    facts |= {"largest_difference": export.largest_difference} | more
    (out / FACTS).write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")
    return export


def _inputs(predictor: Predictor, graph: Graph) -> list[dict[str, Any]]:
    """How each column is to be given: ONNX reads no dates, signs or spaces around a text."""
    told = []
    for name, kind in graph.inputs.items():
        column = predictor.schema.column(name)
        how = "a number, NaN for missing" if kind == "double" else "text without spaces around it, empty for missing"
        if column is not None and column.parse == "number_text":
            how = "the number alone, without signs of money, thousands or units; NaN for missing"
        told.append({"name": name, "type": f"tensor({kind})", "shape": [None, 1], "given_as": how})
    return told


def _outputs(predictor: Predictor) -> list[dict[str, Any]]:
    if not predictor.classes:
        return [{"name": VALUE, "type": "tensor(double)", "shape": [None]}]
    probabilities = {
        "name": PROBABILITIES,
        "type": "tensor(double)",
        "shape": [None, len(predictor.classes)],
        "columns": list(predictor.classes),
    }
    return [{"name": LABEL, "type": "tensor(string)", "shape": [None]}, probabilities]
