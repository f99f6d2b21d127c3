"""Which steps a view takes for a recipe: the one place where linear, tree and native differ."""

from __future__ import annotations

from typing import Literal

from tasks.modelling.runtime.bends import Bends
from tasks.modelling.runtime.categories import Counts, NativeCodes, OneHot, OrderedCodes
from tasks.modelling.runtime.coordinates import Coordinates
from tasks.modelling.runtime.dates import Calendar
from tasks.modelling.runtime.groups import GroupStatistics
from tasks.modelling.runtime.interactions import Arithmetic
from tasks.modelling.runtime.numbers import MissingIndicators, Numbers
from tasks.modelling.runtime.recipe import ColumnRecipe, FeatureRecipe
from tasks.modelling.runtime.step import Step
from tasks.modelling.runtime.target_encoding import TargetMean
from tasks.modelling.runtime.text import Text

ViewName = Literal["linear", "tree", "native"]


def steps_of_view(recipe: FeatureRecipe, view: ViewName) -> list[Step]:
    """In the order of their importance when a view has to be cut: columns as they are first, interactions last."""
    fill = view != "native"
    numbers = [c.column for c in recipe.columns if "number" in c.steps or "boolean" in c.steps]
    squeeze = [c.column for c in recipe.columns if c.skewed] if view == "linear" else []
    read_off = {d.name for d in recipe.derived if d.how != "days_between"}
    steps: list[Step] = []
    for doubtful in (False, True):
        some = [n for n in numbers if (n in read_off) == doubtful]
        steps += [Numbers(some, fill, squeeze, doubtful)] if some else []
    if view == "linear" and recipe.bends:
        bendable = [c.column for c in recipe.columns if "number" in c.steps and c.column not in read_off]
        steps += [Bends(bendable)] if bendable else []
    missing = [c.column for c in recipe.columns if "missing" in c.steps]
    if missing and fill:
        steps.append(MissingIndicators(missing))
    for column in recipe.columns:
        steps += _column_steps(recipe, column, view)
    return [*steps, *_interaction_steps(recipe, fill)]


def _column_steps(recipe: FeatureRecipe, column: ColumnRecipe, view: ViewName) -> list[Step]:
    name, steps = column.column, list[Step]()
    if "calendar" in column.steps:
        steps.append(Calendar(name, cycles=view == "linear", fill=view != "native"))
    if "levels" in column.steps:
        steps += _level_steps(recipe, column, view)
    if "target_mean" in column.steps:
        # One-hot columns of all levels serve a linear model better than a noisy mean beside them.
        enough = recipe.one_hot_levels if view == "linear" and "levels" in column.steps else 0
        steps.append(TargetMean(name, enough))
    if "count" in column.steps:
        steps.append(Counts(name))
    if {"tokens", "components", "text_score"} & set(column.steps):
        tokens = recipe.text_tokens * ("tokens" in column.steps)
        components = recipe.text_components * ("components" in column.steps)
        steps.append(Text(name, tokens, components, "text_score" in column.steps))
    return steps


def _level_steps(recipe: FeatureRecipe, column: ColumnRecipe, view: ViewName) -> list[Step]:
    name, graded = column.column, "order" in column.steps
    order: list[Step] = [OrderedCodes(name)] if graded else []
    if view == "native":
        # Grades split better by order than by sets of levels: boosting overfits the latter.
        return order or [NativeCodes(name, recipe.rare_rows)]
    if view == "linear":
        return [OneHot(name, recipe.one_hot_levels, recipe.rare_rows), *order]
    if "target_mean" not in column.steps:
        return [OneHot(name, max(2, recipe.one_hot_levels // 2), recipe.rare_rows), *order]
    return [OneHot(name, max(2, recipe.one_hot_levels // 5), recipe.rare_rows), OrderedCodes(name)]


def _interaction_steps(recipe: FeatureRecipe, fill: bool) -> list[Step]:
    steps = list[Step]()
    for interaction in recipe.interactions:
        if interaction.kind == "coordinates":
            latitude, longitude = interaction.columns
            steps.append(Coordinates(latitude, longitude, neighbourhood=True))
        elif interaction.kind == "arithmetic":
            steps.append(Arithmetic(list(interaction.columns), interaction.at_most, fill))
        else:
            steps += [GroupStatistics(c, list(interaction.numbers)) for c in interaction.columns]
    return steps
