"""From the journal's fold models to one predictor: every member's models of all folds, each with its share of the weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tasks.evidence.scores.facts import Member
from tasks.modelling.runtime.blank import BlankView
from tasks.modelling.runtime.predictor import Part
from tasks.modelling.training.store import Store


def parts_of(store: Store, members: Sequence[Member], folds: Sequence[int]) -> tuple[dict[str, Any], tuple[Part, ...]]:
    """Fitted views by key, and the estimators on them; models of the development rows only."""
    views: dict[str, Any] = {}
    parts: list[Part] = []
    for member in members:
        candidate = store.result(member.id)
        assert candidate is not None
        recipe = store.recipe_of(member.id)
        for fold in folds:
            key = f"{recipe}/{candidate.view}-{fold}"
            if key not in views:
                views[key] = BlankView() if candidate.view == "none" else store.transformer(recipe, candidate.view, fold)
            estimator = store.estimator(member.id, fold)
            parts.append(Part(view=key, estimator=estimator, weight=member.weight / len(folds), name=f"{member.family} fold {fold}"))
    return views, tuple(parts)


def columns_read(views: dict[str, Any]) -> set[str]:
    """Columns of the table that any of these views reads."""
    read: set[str] = set()
    for view in views.values():
        recipe = getattr(view, "recipe", None)
        if recipe is None:
            continue
        derived = {d.name for d in recipe.derived}
        made = [c.column for c in recipe.columns if c.column not in derived]
        together = [c for i in recipe.interactions for c in (*i.columns, *i.numbers) if c not in derived]
        read |= {*made, *together, *(c for d in recipe.derived for c in d.columns if c not in derived)}
    return read
