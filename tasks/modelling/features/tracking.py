"""What feature engineering changed, as small JSON: new and dropped columns and the shapes before and after, per view."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, ConfigDict

from tasks.modelling.runtime.recipe import DroppedColumn, FeatureRecipe
from tasks.modelling.runtime.views import View


class Tracked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ViewFacts(Tracked):
    """One fitted view."""

    view: str
    rows: int
    """Rows it was fitted on."""
    columns_in: int
    features_out: int
    categorical: int
    """Features that are integer codes."""
    new: tuple[str, ...]
    """Names of features that are not a column as it came."""
    of_column: dict[str, int]
    """Features per source column."""


class FeatureFacts(Tracked):
    """One loop's features."""

    recipe: str
    """Digest of the recipe."""
    loop: int
    change: str
    dropped: tuple[DroppedColumn, ...]
    unused: tuple[str, ...]
    """Columns of the recipe that no view kept: constant in the training rows, or a copy of another."""
    views: tuple[ViewFacts, ...]


def track_view(view: View, rows: int, columns: list[str]) -> ViewFacts:
    """Facts of a fitted view, of the columns of the frame it was fitted on."""
    given = set(columns)
    return ViewFacts(
        view=view.view,
        rows=rows,
        columns_in=len(columns),
        features_out=len(view.feature_names_),
        categorical=len(view.categorical_),
        new=tuple(n for n in view.feature_names_ if n not in given),
        of_column=dict(sorted(Counter(view.source_of_).items())),
    )


def track_features(recipe: FeatureRecipe, views: list[ViewFacts]) -> FeatureFacts:
    """New and dropped columns and shapes of a loop."""
    derived = {d.name for d in recipe.derived}
    kept = {c for v in views for c in v.of_column}
    unused = tuple(c.column for c in recipe.columns if views and c.column not in derived and c.column not in kept)
    return FeatureFacts(
        recipe=recipe.digest(), loop=recipe.loop, change=recipe.change, dropped=recipe.dropped, unused=unused, views=tuple(views)
    )
