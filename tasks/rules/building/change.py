"""What the critic may send back: one concrete change, in words and as parameters."""

from __future__ import annotations

from typing import Literal

from tasks.rules.building.contract import Value

Route = Literal["finalize", "refine_features", "retrain"]
ROUTES: tuple[Route, ...] = ("finalize", "refine_features", "retrain")
ChangeKind = Literal["drop_columns", "regularise", "simplify", "richer_features", "bag", "weight_classes", "larger_search"]
CHANGES: dict[ChangeKind, tuple[Route, str]] = {
    "drop_columns": ("refine_features", "columns that may know the target are dropped and everything is trained again"),
    "regularise": ("retrain", "candidates are restricted to stronger regularisation"),
    "simplify": ("retrain", "candidates are restricted to simple families"),
    "richer_features": ("refine_features", "interactions, target encodings and text are built with more depth"),
    "bag": ("retrain", "the best candidates are fitted again with other seeds, and averaged"),
    "weight_classes": ("retrain", "candidates are fitted with weights for the rarer class"),
    "larger_search": ("retrain", "the search goes on with new candidates around the best ones"),
}
"""Per kind: the route it takes, and what it does. The set is closed: the trainers know each of them."""


class Change(Value):
    """The one thing the next loop does otherwise."""

    kind: ChangeKind
    columns: tuple[str, ...] = ()
    """Of `drop_columns`: the columns to drop, never the target."""
    amount: float | None = None
    """Of `bag`: seeds; of `weight_classes`: weight of the positive class."""
    sentence: str
    """What is changed and why, with the numbers."""

    @property
    def key(self) -> tuple[str, tuple[str, ...], float | None]:
        """Two changes with one key are the same change, whatever their words."""
        return self.kind, tuple(sorted(self.columns)), self.amount

    @property
    def route(self) -> Route:
        """The step the work goes back to."""
        return CHANGES[self.kind][0]
