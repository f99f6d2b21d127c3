"""Which three plots a person should see when only three are shown."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.modelling.plots.plot import Plot
from tasks.rules.building.contract import Contract

LABEL_METRICS = frozenset({"accuracy", "balanced_accuracy", "f1", "f1_macro", "precision", "recall", "mcc"})


def choose_three(plots: Sequence[Plot], contract: Contract) -> tuple[Plot, ...]:
    """The errors, the decision and the reasons: up to three plots that matter for this contract, the first of them first."""
    known = {p.name: p for p in plots}
    chosen = [known[name] for name in wanted_plots(contract) if name in known]
    rest = sorted((p for p in plots if p not in chosen), key=lambda p: p.rank)
    return tuple([*chosen, *rest][:3])


def wanted_plots(contract: Contract) -> list[str]:
    """Names of the plots a reader with this contract looks for first."""
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
