"""What a run measured and left, as tables among its artifacts: an MLflow metric can carry neither source nor place."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from tasks.adapters.record.files import stored_path
from tasks.adapters.record.points import as_logged
from tasks.adapters.tracking import metric_name
from tasks.evidence.outputs.facts import Artifact, MeasuredMetric

METRIC_COLUMNS = ("name", "original", "value", "unit", "step", "source", "place", "is_final", "direction", "note")
ARTIFACT_COLUMNS = ("path", "type", "format", "size", "sha256", "replaces_committed", "check", "stored_as", "note")


def metrics_table(metrics: Sequence[MeasuredMetric], flagged: Mapping[str, str]) -> bytes:
    """`metrics.json`: each value as it was told; one that is no number has none and says so."""
    rows = []
    for m in metrics:
        finite = math.isfinite(m.value)
        note = flagged.get(m.name, "") if finite else f"{m.value}: not a finite number, so not among the run's metrics"
        rows.append((m.name, m.original, m.value if finite else None, m.unit, m.step, m.source, m.place, m.is_final, m.direction, note))
    return table(METRIC_COLUMNS, rows)


def artifacts_table(artifacts: Sequence[Artifact], left_out: Mapping[str, str], skipped: Mapping[str, str]) -> bytes:
    """`artifacts.json`: every file of the run, those that were not copied with the reason."""
    rows: list[tuple[Any, ...]] = [
        (a.path, a.type, a.format, a.size, a.sha256, a.replaces_committed, a.check,
         "" if a.path in left_out else f"outputs/{stored_path(a.path)}", left_out.get(a.path, ""))
        for a in artifacts
    ]  # fmt: skip
    rows += [(path, "other", "", None, "", False, "", "", f"not taken: {why}") for path, why in skipped.items()]
    return table(ARTIFACT_COLUMNS, rows)


def final_values(metrics: Sequence[MeasuredMetric]) -> dict[str, float]:
    """The last word on each metric: of a file before MLflow before the log, of the evaluation before the training."""
    sources = ("stdout", "mlflow", "file")
    finals = [m for m in metrics if m.is_final and math.isfinite(m.value)]
    finals.sort(key=lambda m: (m.phase == "evaluation", sources.index(m.source)))
    return {metric_name(m.name): as_logged(m) for m in finals}


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A table artifact as MLflow's pages show it."""
    return json.dumps({"columns": list(columns), "data": [list(r) for r in rows]}, ensure_ascii=False, allow_nan=False).encode()
