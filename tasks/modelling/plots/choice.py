"""Which three plots a person should see when only three are shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from tasks.modelling.plots.plot import Plot
from tasks.rules.building.contract import Contract
from tasks.rules.building.result import File

LABEL_METRICS = frozenset({"accuracy", "balanced_accuracy", "f1", "f1_macro", "precision", "recall", "mcc"})


def choose_three(plots: Sequence[Plot], contract: Contract) -> tuple[Plot, ...]:
    """The errors, the decision and the reasons: up to three plots that matter for this contract, the first of them first."""
    known = {p.name: p for p in plots}
    chosen = [known[name] for name in _wanted(contract) if name in known]
    rest = sorted((p for p in plots if p not in chosen), key=lambda p: p.rank)
    return tuple([*chosen, *rest][:3])


def plot_files(plots: Sequence[Plot], contract: Contract, folder: Path, under: str = "plots") -> tuple[File, ...]:
    """Entries of `build.json`: the three that matter first, then by rank, each light file followed by its dark one.

    `folder` holds the files; `under` is its name in the output folder.
    """
    chosen = choose_three(plots, contract)
    ordered = [*chosen, *sorted((p for p in plots if p not in chosen), key=lambda p: p.rank)]
    return tuple(
        File(path=f"{under}/{name}", role="plot", title=f"{p.title}{', dark' if name == p.file_dark else ''}",
             bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        for p in ordered for name in (p.file_light, p.file_dark) if (content := _content(folder / name))
    )  # fmt: skip


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _wanted(contract: Contract) -> list[str]:
    why = ["importances", "shap"]
    if contract.task == "regression":
        return ["predicted_and_true", "residuals", *why]
    if contract.task == "multiclass":
        return ["confusion_matrix", *why[:1], "calibration" if _wants_calibration(contract) else "precision_recall"]
    if _wants_calibration(contract):
        return ["calibration", "roc", *why]
    if contract.cost_ratio is not None:
        return ["thresholds", "confusion_matrix", *why]
    if contract.metric in LABEL_METRICS or any(c.metric in LABEL_METRICS for c in contract.clauses):
        return ["precision_recall", "confusion_matrix", *why]
    return ["precision_recall" if contract.metric == "average_precision" else "roc", "confusion_matrix", *why]


def _wants_calibration(contract: Contract) -> bool:
    return (contract.metric in ("log_loss", "brier") and contract.task == "binary") or any(c.kind == "calibrated" for c in contract.clauses)
