"""Which features are made of which column, by rules on the profile, and how the plan changes when the critic asks for more or less.

What pays for one data set only is not here: candidates of interactions and telling words are proposed, and the view keeps
those that measure up on its training rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.evidence.table.facts import ColumnProfile, TableProfile
from tasks.evidence.table.schema import TableSchema
from tasks.modelling.features.columns import ColumnPlan, is_level_column, plan_column
from tasks.modelling.features.interactions import plan_interactions
from tasks.modelling.runtime.recipe import DroppedColumn, FeatureRecipe
from tasks.rules.building.contract import Contract

MOST_COLUMNS = 3000
"""Predictors planned; of a wider table the fullest columns."""
WEAK_NULLS = 0.9
"""Share 0-1 of missing cells from which the simpler plan leaves a column out."""


def plan_features(
    profile: TableProfile, schema: TableSchema, contract: Contract, dropped: Sequence[str], change: str = "", loop: int = 1
) -> FeatureRecipe:
    """A recipe for every view; `change` is empty, or holds `richer` or `simpler`, as the critic asks."""
    richer, simpler = "richer" in change, "simpler" in change
    left_out = {**dict.fromkeys(contract.forbidden, "forbidden by the contract"), **dict.fromkeys(dropped, "leaks the target")}
    if contract.group_column:
        left_out[contract.group_column] = "names the group that is kept apart"
    plans: list[ColumnPlan] = []
    gone: list[DroppedColumn] = []
    for column in schema.columns:
        if column.name == contract.target:
            continue
        facts = profile.column(column.name)
        reason = left_out.get(column.name) or _why_not(column.kind, facts, profile.rows, simpler)
        if reason or facts is None:
            gone.append(DroppedColumn(column=column.name, reason=reason or "not profiled"))
        else:
            plans.append(plan_column(facts, profile.rows, richer=richer, simpler=simpler))
    plans, too_many = _fullest(plans, profile)
    gone += [DroppedColumn(column=p.name, reason=f"more than {MOST_COLUMNS} columns") for p in too_many]
    derived, interactions, crossed = plan_interactions(plans, profile, contract, richer=richer, simpler=simpler)
    return FeatureRecipe(
        task=contract.task,
        loop=loop,
        change=change,
        derived=tuple(d for p in plans for d in p.derived) + derived,
        columns=tuple(c for p in plans for c in p.columns) + crossed,
        interactions=interactions,
        bends=not simpler,
        rare_rows=30 if simpler else 10,
        one_hot_levels=15 if simpler else 50,
        text_components=6 if simpler else 30 if richer else 12,
        text_tokens=12 if simpler else 48 if richer else 24,
        dropped=tuple(gone),
        notes=tuple(n for p in plans for n in p.notes),
    )


def _why_not(kind: str, facts: ColumnProfile | None, rows: int, simpler: bool) -> str:
    """Why a column is no predictor; empty when it is one."""
    if kind == "constant":
        return "one value only"
    if kind == "empty":
        return "no value"
    if kind == "identifier" and not (facts and is_level_column(facts, rows)):
        return "an identifier"
    if simpler and facts and facts.nulls > WEAK_NULLS:
        return f"missing in {facts.nulls:.0%} of the rows"
    return ""


def _fullest(plans: list[ColumnPlan], profile: TableProfile) -> tuple[list[ColumnPlan], list[ColumnPlan]]:
    if len(plans) <= MOST_COLUMNS:
        return plans, []
    nulls = {c.name: c.nulls for c in profile.columns}
    order = sorted(range(len(plans)), key=lambda i: (nulls[plans[i].name], i))
    kept = set(order[:MOST_COLUMNS])
    return [p for i, p in enumerate(plans) if i in kept], [p for i, p in enumerate(plans) if i not in kept]
