"""A column that may know the target, with the measurement."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

LeakKind = Literal["copy", "identity_sum", "identity_product", "sign", "single_column", "missingness", "row_order", "after_the_fact"]


class LeakSuspect(BaseModel):
    """One or several columns that together give the target away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...]
    """The columns to drop; dropping them all ends this leak."""
    kind: LeakKind
    score: float
    """The measurement: R2 of the identity, or the cross-validated score of the column alone (ROC AUC or R2), 0-1."""
    evidence: str
    """One sentence with the numbers: `casual + registered equals cnt in 731 of 731 rows`."""
    certain: bool
    """True: dropped before training. False: a suspect the critic may act on."""
