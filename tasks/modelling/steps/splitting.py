"""Splitting: rows without a target are told, the sealed rows go to a file of their own, leaks are measured on the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasks.errors import DataRefused
from tasks.rules.building.result import SplitResult

if TYPE_CHECKING:
    from tasks.modelling.session import Session

LEAST_ROWS = 20
"""Fewer rows leave no sealed test worth the name."""
EXAMPLE_ROWS = 5


def split(session: Session) -> dict[str, Any]:
    """The split as it was drawn, and what leaks."""
    from tasks.evidence.leaks.measuring import find_leaks
    from tasks.modelling.labels import encode_target
    from tasks.modelling.split import draw_split
    from tasks.modelling.tables import DEVELOPMENT, SEALED, Development, save
    from tasks.rules.building.splitting import plan_split

    contract, (raw, canonical) = session.contract, session.table
    y, known = encode_target(contract, raw[contract.target], canonical[contract.target])
    if known.sum() < LEAST_ROWS:
        raise DataRefused(
            f"Only {int(known.sum())} rows have a value of the target {contract.target}", f"Give at least {LEAST_ROWS} rows that have one."
        )
    raw, canonical, y = raw[known].reset_index(drop=True), canonical[known].reset_index(drop=True), y[known]
    plan = plan_split(session.profile, contract)
    drawn = draw_split(canonical, contract, plan, session.request.seed)
    groups = _codes(canonical[plan.column]) if plan.kind == "group" and plan.column else None
    features = canonical.drop(columns=[contract.target])
    kept, sealed = ~drawn.sealed, drawn.sealed
    development = features[kept].reset_index(drop=True)
    leaks = find_leaks(development, y[kept], session.schema, target=contract.target, task=contract.task, time_ordered=plan.kind == "time")
    example = raw[kept].drop(columns=[contract.target]).head(EXAMPLE_ROWS).reset_index(drop=True)
    save(session.workspace, SEALED, (features[sealed].reset_index(drop=True), y[sealed], _some(groups, sealed)))
    save(session.workspace, DEVELOPMENT, Development(development, y[kept], drawn.folds, _some(groups, kept), example))
    result = SplitResult(
        plan=plan, rows_development=int(kept.sum()), rows_sealed=int(sealed.sum()), rows_without_target=int((~known).sum()),
        groups_development=_number(groups, kept), groups_sealed=_number(groups, sealed), notes=drawn.notes,
    )  # fmt: skip
    session.workspace.write("split.json", result)
    certain = [c for leak in leaks if leak.certain for c in leak.columns]
    told = f"{plan.kind}, {result.rows_sealed:,} rows sealed" + (f"; leaks dropped: {', '.join(certain)}" if certain else "")
    return {"split": result.model_dump(mode="json"), "leaks": [leak.model_dump(mode="json") for leak in leaks], "told": told}


def _codes(column: Any) -> Any:
    import pandas as pd

    return pd.factorize(column.astype(str))[0]


def _some(groups: Any, rows: Any) -> Any:
    return None if groups is None else groups[rows]


def _number(groups: Any, rows: Any) -> int | None:
    return None if groups is None else len(np.unique(groups[rows]))
