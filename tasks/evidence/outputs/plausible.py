"""Values that a metric cannot have, and percent that was written without its sign."""

from __future__ import annotations

import math

from tasks.evidence.outputs.direction import base_name

PROPORTIONS = frozenset(
    [
        "accuracy", "top_5_accuracy", "balanced_accuracy", "precision", "recall", "specificity", "f1", "fbeta", "roc_auc", "pr_auc",
        "average_precision", "map", "jaccard", "iou", "dice", "hamming_loss", "zero_one_loss", "ndcg", "mrr", "hit_rate", "exact_match",
        "meteor", "eer", "v_measure",
    ]
)  # fmt: skip
"""Between 0 and 1, or 0 and 100 in percent."""
SIGNED = frozenset(["mcc", "cohen_kappa", "silhouette", "pearson", "spearman", "adjusted_rand", "ssim"])
"""Between -1 and 1."""
AT_MOST_ONE = frozenset(["r2", "explained_variance"])
NOT_NEGATIVE = frozenset(
    [
        "mse", "rmse", "mae", "mape", "smape", "medae", "rmsle", "msle", "max_error", "log_loss", "perplexity", "wer", "cer", "fid",
        "davies_bouldin", "calinski_harabasz", "brier_score", "hinge_loss",
    ]
)  # fmt: skip
UNSIGNED_PERCENT = 20.0
"""A proportion is believed to be percent without the sign when the largest value of its series is from here to 100:
scores that a person prints in percent are rarely all below it, while 7.5 is far more often a mistake."""
_QUALIFIERS = ("macro", "micro", "samples", "weighted")


def range_of(name: str) -> tuple[float, float]:
    """Least and largest value as a proportion or plain number; infinite where there is no bound."""
    base = base_name(name)
    if base.startswith("class_"):
        base = base.rsplit("_", 1)[-1]
    head, _, rest = base.partition("_")
    base = rest if head in _QUALIFIERS and rest else base
    if base in PROPORTIONS:
        return 0.0, 1.0
    if base in SIGNED:
        return -1.0, 1.0
    if base in AT_MOST_ONE:
        return -math.inf, 1.0
    return (0.0, math.inf) if base in NOT_NEGATIVE else (-math.inf, math.inf)


def unit_of_series(name: str, values: list[float], unit: str) -> str:
    """`%` when the values were told in percent, or can only be that."""
    if range_of(name)[1] != 1.0:
        return ""
    finite = [v for v in values if math.isfinite(v)]
    return "%" if unit == "%" or (finite and UNSIGNED_PERCENT <= max(finite) <= 100) else ""


def why_impossible(name: str, value: float, unit: str) -> str:
    """The reason why no such metric can have this value, empty when it can."""
    if not math.isfinite(value):
        return "not a finite number"
    low, high = range_of(name)
    scale = 100.0 if unit == "%" else 1.0
    slack = 1e-6 * scale
    if value < low * scale - slack:
        return f"{value:g}{unit} is below {low * scale:g}, the least this metric can be"
    if value > high * scale + slack:
        return f"{value:g}{unit} is above {high * scale:g}, the most this metric can be"
    return ""


def fits(name: str, value: float, unit: str) -> bool:
    """Whether a lone number can be this metric; percent without the sign included."""
    return not why_impossible(name, value, unit_of_series(name, [value], unit))
