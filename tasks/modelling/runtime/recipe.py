"""Which features are made of which column: a small JSON value, planned once per loop and kept with the model.

A recipe says what to make, never what was learned: everything fitted lives in the view's steps, on training rows only.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict

RecipeTask = Literal["binary", "multiclass", "regression"]
Made = Literal["number", "boolean", "levels", "text", "date"]
"""How a column, given or derived, is read by the steps."""
StepName = Literal[
    "number", "boolean", "missing", "levels", "order", "target_mean", "count", "tokens", "components", "text_score", "calendar"
]
"""`levels` is one-hot columns or integer codes, as the view needs it; `order` the place of the level among grades such as A1, A2, B1."""
How = Literal["letters", "digits", "first_word", "last_word", "length", "words", "digit_share", "upper_share", "days_between", "cross"]
InteractionKind = Literal["arithmetic", "coordinates", "group_statistics"]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Derived(Part):
    """A column computed row by row from others, with nothing to learn."""

    name: str
    how: How
    columns: tuple[str, ...]
    """One source column; two for `days_between` (second minus first) and `cross`."""


class ColumnRecipe(Part):
    """The steps of one column, given or derived."""

    column: str
    made: Made
    steps: tuple[StepName, ...]
    skewed: bool = False
    """Linear view: squeezed by the inverse hyperbolic sine before scaling."""


class Interaction(Part):
    """Features of several columns, those that pay chosen by measurement on the training rows."""

    kind: InteractionKind
    columns: tuple[str, ...]
    """Of coordinates: latitude, longitude. Of group statistics: the columns of levels."""
    numbers: tuple[str, ...] = ()
    """Of group statistics: what is averaged within a level."""
    at_most: int = 8
    """Features kept."""


class DroppedColumn(Part):
    column: str
    reason: str


class FeatureRecipe(Part):
    """What a view makes; same recipe, same rows and same seed give the same features."""

    task: RecipeTask
    loop: int = 1
    change: str = ""
    """What the critic asked for, empty in the first loop."""
    derived: tuple[Derived, ...] = ()
    columns: tuple[ColumnRecipe, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    bends: bool = True
    """Linear view: splines where the effect of a number is not a straight line."""
    rare_rows: int = 10
    """Levels with fewer training rows are folded into one."""
    one_hot_levels: int = 50
    """Most one-hot columns of one column in the linear view; half of it in the tree view, a fifth beside a target mean."""
    text_components: int = 12
    """Components of the latent semantic analysis of one text."""
    text_tokens: int = 24
    """Indicator columns of one text."""
    dropped: tuple[DroppedColumn, ...] = ()
    notes: tuple[str, ...] = ()

    def digest(self) -> str:
        """Sixteen hex digits that change when a feature would: notes, loop and wording left out."""
        content = self.model_dump_json(exclude={"loop", "change", "notes", "dropped"})
        return hashlib.sha256(content.encode()).hexdigest()[:16]
