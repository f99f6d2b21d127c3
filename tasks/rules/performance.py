"""Whether a metric got worse from one recorded run to the next: 5 % is a medium decline, 10 % a high one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

MEDIUM_DECLINE = 0.05
HIGH_DECLINE = 0.10
"""Relative decline against the best earlier value (design, section 7)."""
LOWER_IS_BETTER = frozenset(
    [
        "loss",
        "log_loss",
        "logloss",
        "mse",
        "rmse",
        "mae",
        "mape",
        "smape",
        "medae",
        "rmsle",
        "error",
        "wer",
        "cer",
        "perplexity",
        "brier",
        "brier_score",
        "hamming_loss",
        "multi_logloss",
        "binary_logloss",
        "fid",
        "davies_bouldin",
        "inertia",
    ]
)


DIGITS = 6
"""Decimals of a decline."""


class Decline(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    earlier: float
    """The best value of the earlier runs."""
    latest: float
    decline: float
    """Relative loss of quality, 0.08 for 8 %."""
    level: Literal["medium", "high"]


def lower_is_better(metric: str) -> bool:
    """`rmse`, `test_rmse` and `val/loss` are better when lower; everything unknown is better when higher."""
    parts = metric.lower().replace("/", "_").replace("-", "_")
    return any(parts == name or parts.endswith("_" + name) for name in LOWER_IS_BETTER)


def find_declines(series: Mapping[str, Sequence[float]]) -> tuple[Decline, ...]:
    """Declines of the last value of each series (oldest first) against the best earlier one, worst first.

    `find_declines({"accuracy": [0.90, 0.80]})` is one high decline of 0.111. A best value of zero gives no ratio and is
    left out.
    """
    found = []
    for metric, values in sorted(series.items()):
        if len(values) < 2:
            continue
        lower = lower_is_better(metric)
        best = min(values[:-1]) if lower else max(values[:-1])
        if best == 0:
            continue
        # Rounded first: 1.0 - 0.9 is a hair less than a tenth in binary.
        decline = round((values[-1] - best) / abs(best) * (1 if lower else -1), DIGITS)
        if decline >= MEDIUM_DECLINE:
            level: Literal["medium", "high"] = "high" if decline >= HIGH_DECLINE else "medium"
            found.append(Decline(metric=metric, earlier=best, latest=values[-1], decline=decline, level=level))
    return tuple(sorted(found, key=lambda d: -d.decline))
