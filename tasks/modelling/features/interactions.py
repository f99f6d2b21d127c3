"""Which columns are tried together: time between dates, ratios and products of numbers, places, levels within levels."""

from __future__ import annotations

import itertools

from tasks.evidence.table.facts import TableProfile
from tasks.modelling.features.columns import ColumnPlan
from tasks.modelling.runtime.recipe import ColumnRecipe, Derived, Interaction
from tasks.rules.building.contract import Contract

MOST_DATES = 4
ARITHMETIC_COLUMNS = 40
CROSSED_COLUMNS = 4
GROUP_COLUMNS = 3
GROUP_NUMBERS = 4
CROSS_LEVELS = 2000

Planned = tuple[tuple[Derived, ...], tuple[Interaction, ...], tuple[ColumnRecipe, ...]]


def plan_interactions(plans: list[ColumnPlan], profile: TableProfile, contract: Contract, *, richer: bool, simpler: bool) -> Planned:
    """Derived columns, interactions measured in the view, and the steps of the derived."""
    derived, columns = _between_dates(plans)
    numbers = [c.column for p in plans for c in p.columns if "number" in c.steps and p.made == "number"]
    numbers += [d.name for d in derived]
    interactions: list[Interaction] = []
    place = _coordinates(profile, numbers)
    if place:
        interactions.append(Interaction(kind="coordinates", columns=place))
    tried = tuple(n for n in numbers if n not in (place or ()))[:ARITHMETIC_COLUMNS]
    if len(tried) > 1 and not simpler:
        interactions.append(Interaction(kind="arithmetic", columns=tried, at_most=12 if richer else 6))
    if richer:
        interactions += _groups(plans, tried)
        crosses, crossed = _crosses(plans)
        derived, columns = derived + crosses, columns + crossed
    return derived, tuple(interactions), columns


def _between_dates(plans: list[ColumnPlan]) -> tuple[tuple[Derived, ...], tuple[ColumnRecipe, ...]]:
    dates = [p.name for p in plans if p.made == "date"][:MOST_DATES]
    derived = tuple(Derived(name=f"days from {a} to {b}", how="days_between", columns=(a, b)) for a, b in itertools.combinations(dates, 2))
    return derived, tuple(ColumnRecipe(column=d.name, made="number", steps=("number", "missing"), skewed=True) for d in derived)


def _coordinates(profile: TableProfile, numbers: list[str]) -> tuple[str, str] | None:
    """The pair of columns that hold latitude and longitude, when there is exactly one."""
    places = [c.name for c in profile.columns if c.semantic == "coordinate" and c.name in numbers]
    latitudes = [c for c in places if "lat" in c.lower()]
    longitudes = [c for c in places if "lon" in c.lower() or "lng" in c.lower()]
    return (latitudes[0], longitudes[0]) if len(latitudes) == 1 and len(longitudes) == 1 else None


def _groups(plans: list[ColumnPlan], numbers: tuple[str, ...]) -> list[Interaction]:
    levels = [p for p in plans if p.made == "levels" and p.distinct > 2]
    levels = sorted(levels, key=lambda p: -p.distinct)[:GROUP_COLUMNS]
    if not levels or not numbers:
        return []
    return [Interaction(kind="group_statistics", columns=tuple(p.name for p in levels), numbers=numbers[:GROUP_NUMBERS])]


def _crosses(plans: list[ColumnPlan]) -> tuple[tuple[Derived, ...], tuple[ColumnRecipe, ...]]:
    """Two categories as one, encoded by the target: the pairs of those with the most levels."""
    levels = sorted((p for p in plans if p.made == "levels" and p.distinct > 1), key=lambda p: -p.distinct)[:CROSSED_COLUMNS]
    pairs = [(a, b) for a, b in itertools.combinations(levels, 2) if a.distinct * b.distinct <= CROSS_LEVELS]
    derived = tuple(Derived(name=f"{a.name} with {b.name}", how="cross", columns=(a.name, b.name)) for a, b in pairs)
    return derived, tuple(ColumnRecipe(column=d.name, made="levels", steps=("target_mean",)) for d in derived)
