"""Texts that say the same: a page address made of a name would otherwise be read twice and weigh twice."""

from __future__ import annotations

import re

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.recipe import FeatureRecipe

SAMPLE_ROWS = 500
ALIKE = 0.9
"""Share 0-1 of sampled rows whose texts have the same letters and digits in the same order."""
_SIGNS = re.compile(r"[\W_]+|%[0-9a-f]{2}")


def copied_texts(recipe: FeatureRecipe, columns: Columns) -> list[str]:
    """Text columns that repeat an earlier one of the recipe."""
    texts = [c.column for c in recipe.columns if c.made == "text"]
    if len(texts) < 2:
        return []
    step = max(1, columns.rows // SAMPLE_ROWS)
    kept: list[list[str]] = []
    copies: list[str] = []
    for name in texts:
        codes, levels = columns.levels(name)
        plain = [_plain(levels[code]) if code >= 0 else "" for code in codes[::step]]
        if any(_alike(plain, other) for other in kept):
            copies.append(name)
        else:
            kept.append(plain)
    return copies


def without_columns(recipe: FeatureRecipe, names: list[str]) -> FeatureRecipe:
    """The recipe without what is made of those columns alone."""
    if not names:
        return recipe
    gone = {*names, *(d.name for d in recipe.derived if set(d.columns) <= set(names))}
    interactions = [i.model_copy(update={"columns": tuple(c for c in i.columns if c not in gone)}) for i in recipe.interactions]
    columns = tuple(c for c in recipe.columns if c.column not in gone)
    return recipe.model_copy(update={"columns": columns, "interactions": tuple(i for i in interactions if i.columns)})


def _plain(text: str) -> str:
    return _SIGNS.sub("", text.lower())


def _alike(left: list[str], right: list[str]) -> bool:
    filled = sum(bool(a or b) for a, b in zip(left, right))
    return filled > 0 and sum(a == b != "" for a, b in zip(left, right)) >= ALIKE * filled
