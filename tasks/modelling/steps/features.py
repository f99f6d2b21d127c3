"""Features: the recipe of one loop, with what the critic asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.modelling.runtime.recipe import FeatureRecipe
    from tasks.modelling.session import Session

WORDS = {"richer_features": "richer"}
"""What a kind of change means for the recipe; the others are the trainer's."""


def make_features(session: Session, loop: int) -> dict[str, Any]:
    """The recipe; raises `DataRefused` when no column is left to learn from."""
    from tasks.modelling.features.planning import plan_features
    from tasks.modelling.generated.kept import kept_features, wider_profile

    words = " ".join(dict.fromkeys(WORDS[c.kind] for c in session.changes(loop) if c.kind in WORDS))
    profile = wider_profile(session.profile, kept_features(session.workspace))
    recipe = plan_features(profile, session.schema, session.contract, session.dropped(loop), change=words, loop=loop)
    session.workspace.write(recipe_file(loop), recipe)
    told = f"{len(recipe.columns)} columns made of {len(session.profile.columns) - 1}, {len(recipe.dropped)} left out"
    return {"recipe": recipe.digest(), "told": told}


def recipe_of(session: Session, loop: int) -> FeatureRecipe:
    """The recipe of a loop."""
    from tasks.modelling.runtime.recipe import FeatureRecipe

    return session.workspace.read(recipe_file(loop), FeatureRecipe)


def recipe_file(loop: int) -> str:
    return f"loops/{loop}/recipe.json"
