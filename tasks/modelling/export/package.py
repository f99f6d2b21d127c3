"""Everything a build hands over besides its report: the model, `predict.py`, a service folder, ONNX where it can be.

Cheap things first: without a model and a way to use it nothing else counts. What the time does not allow is left out, said so,
and made later by `axiom export` from the saved model.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from tasks.modelling.export.documents import example_of, signature_of
from tasks.modelling.export.onnx.pipeline import onnx_export
from tasks.modelling.export.reference import reference_of
from tasks.modelling.export.script import write_predict_script
from tasks.modelling.export.service import export_service
from tasks.modelling.export.vendoring import requirements_text
from tasks.modelling.runtime.generated import NOT_TRUSTED
from tasks.modelling.runtime.predictor import Predictor
from tasks.modelling.runtime.saving import save_model, versions_needed
from tasks.rules.building.result import Export

PROFILE_SECONDS = 1.5
"""Left before the deadline, or the reference profile goes without predictions."""
SERVICE_SECONDS = 0.5
ONNX_SECONDS = 4.0
"""Left before the deadline, or ONNX is not begun: its libraries alone take a second to import."""
TIMINGS = "export.json"


def finalize_files(
    predictor: Predictor, raw: pd.DataFrame, canonical: pd.DataFrame, out: Path, *, deadline: float, about: Mapping[str, Any] | None = None
) -> tuple[Export, ...]:
    """Write `model/`, `predict.py`, `service/` and `model.onnx` with `onnx.json` below `out`; seconds of each go to `export.json`.

    `raw` and `canonical` are training rows: a few of them become `model/input_example.json`, their distribution the reference
    profile, and ONNX is checked on some. `about` is kept in the model. `deadline` is a Unix time.
    """
    clock = _Clock(deadline)
    whole = replace(predictor, about={**predictor.about, **(about or {})})
    versions = versions_needed(whole)
    clock.step("documents")
    documents = {
        "signature.json": json.dumps(signature_of(whole), indent=1, ensure_ascii=False),
        "input_example.json": json.dumps(example_of(whole, raw), indent=1, ensure_ascii=False, allow_nan=False),
        "requirements.txt": requirements_text(versions),
    }
    clock.step("reference_profile")
    predict = clock.left > PROFILE_SECONDS
    documents["reference_profile.json"] = reference_of(whole, canonical, predict).model_dump_json(indent=1)
    clock.step("model")
    digest = save_model(whole, out / "model", documents)
    clock.step("predict")
    write_predict_script(out, versions)
    exports = [Export(form="predict", done=True, reason=_how_to_predict(whole))]
    clock.step("service")
    exports.append(_service(out, clock))
    clock.step("onnx")
    exports.append(_onnx(whole, canonical, out, clock))
    (out / TIMINGS).write_text(json.dumps({"model_digest": digest, "seconds": clock.finish()}, indent=1), encoding="utf-8")
    return tuple(exports)


class _Clock:
    """Seconds of each step, and of what is left."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self._seconds: dict[str, float] = {}
        self._began = time.monotonic()
        self._step = ""

    @property
    def left(self) -> float:
        return self.deadline - time.time()

    def step(self, name: str) -> None:
        now = time.monotonic()
        if self._step:
            self._seconds[self._step] = round(now - self._began, 3)
        self._step, self._began = name, now

    def finish(self) -> dict[str, float]:
        self.step("")
        return self._seconds


def _service(out: Path, clock: _Clock) -> Export:
    if clock.left < SERVICE_SECONDS:
        return Export(form="service", done=False, reason="no time was left; `axiom export` writes it from the model")
    export_service(out / "model", out / "service")
    return Export(form="service", done=True, reason="docker build -t model service")


def _how_to_predict(predictor: Predictor) -> str:
    if predictor.generated:
        return f"python predict.py rows.csv --out predictions.csv --trust-generated-code. {NOT_TRUSTED}"
    return "python predict.py rows.csv --out predictions.csv"


def _onnx(predictor: Predictor, canonical: pd.DataFrame, out: Path, clock: _Clock) -> Export:
    if predictor.generated:
        return Export(form="onnx", done=False, reason="not exportable because some features are made by generated Python code")
    if clock.left < ONNX_SECONDS:
        return Export(form="onnx", done=False, reason="no time was left; `axiom export` tries it from the model")
    return onnx_export(predictor, canonical, out, deadline=clock.deadline)
