"""Generated features, seen from the builder: rows handed out without a target, columns taken back, judged, kept or refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tasks.errors import DataRefused
from tasks.modelling.generated.kept import (
    KeptFeatures,
    beside,
    canonical_columns,
    describe_columns,
    kept_features,
    sealed_file,
    values_file,
)

if TYPE_CHECKING:
    import pandas as pd

    from tasks.modelling.session import Session
    from tasks.modelling.tables import Sealed

ROWS, SEALED_ROWS = "generated/rows.joblib", "generated/sealed-rows.joblib"
HANDED_OUT = "data/sealed-handed-out.json"
"""Left before the sealed rows, without their target, are given to the sandbox."""
MOST_CELLS = 20_000_000


def hand_out(session: Session, loop: int) -> dict[str, Any]:
    """A file with the rows generated code may see: development rows, without the target, the leaks and the forbidden columns."""
    from tasks.modelling.steps.training import training_data
    from tasks.modelling.tables import save

    data = training_data(session)
    rows = data.frame[list(_readable(session, loop))]
    if rows.size > MOST_CELLS:
        raise DataRefused(f"{rows.size:,} cells are too many for generated features", f"They are tried on up to {MOST_CELLS:,}.")
    save(session.workspace, ROWS, (rows, {fold: data.training_rows(fold) for fold in data.fold_numbers}))
    return {"file": str(session.workspace / ROWS)}


def judge_generated(
    session: Session, loop: int, code: str = "", state: dict[str, Any] | None = None, file: str = "", why: str = ""
) -> dict[str, Any]:
    """Keep columns that beat the noise of cross-validation; `file` holds them by fold, `why` says why there are none."""
    from tasks.modelling.generated.comparing import compare_columns
    from tasks.modelling.steps.training import training_data
    from tasks.modelling.tables import load, save

    if not file:
        return {"kept": None, "why": why}
    columns, by_fold = load(session.workspace, file)
    columns = canonical_columns(columns)
    data = training_data(session)
    known = replace(data, frame=data.frame[list(_readable(session, loop))])
    found = compare_columns(known, {fold: canonical_columns(table) for fold, table in by_fold.items()}, jobs=session.request.jobs)
    told = f"{found.metric} {found.gain:+.4g} (standard error {found.standard_error:.2g}, p = {found.p_value:.3f})"
    if not found.is_better:
        return {"kept": None, "why": f"no gain beyond noise: {told}", "told": f"generated features refused: {told}"}
    schemas, profiles = describe_columns(columns)
    kept = KeptFeatures(
        loop=loop, code=code, state=state or {}, reads=_readable(session, loop), columns=schemas, profiles=profiles, told=told
    )
    save(session.workspace, values_file(loop), columns)
    session.forget_columns()
    return {"kept": kept.model_dump(mode="json"), "why": "", "told": f"{len(schemas)} generated features kept: {told}"}


def hand_out_sealed(session: Session) -> dict[str, Any]:
    """For the finish only: the sealed rows without their target, for code whose state was fitted before."""
    from tasks.modelling.tables import SEALED, load, save
    from tasks.modelling.workspace import replace as write

    kept = kept_features(session.workspace)
    if not kept:
        return {"pieces": []}
    write(session.workspace / HANDED_OUT, b"{}")
    save(session.workspace, SEALED_ROWS, load(session.workspace, SEALED)[0])
    return {"file": str(session.workspace / SEALED_ROWS), "pieces": [k.model_dump(mode="json") for k in kept]}


def widen_sealed(session: Session, sealed: Sealed) -> Sealed:
    """The sealed rows with the kept columns; a column that could not be made is missing everywhere, and the result says so."""
    import pandas as pd

    from tasks.modelling.tables import load

    frame = sealed.frame
    for one in kept_features(session.workspace):
        file = session.workspace / sealed_file(one.loop)
        if file.exists():
            columns = canonical_columns(load(session.workspace, sealed_file(one.loop)))
        else:
            columns = pd.DataFrame({c.name: _nothing(c.kind, len(frame)) for c in one.columns})
        frame = beside(frame, columns[[c.name for c in one.columns]])
    return replace(sealed, frame=frame)


def failed_on_sealed(session: Session) -> bool:
    """Some kept column could not be made of the sealed rows."""
    return any(not (session.workspace / sealed_file(one.loop)).exists() for one in kept_features(session.workspace))


def _nothing(kind: str, rows: int) -> pd.Series:
    import pandas as pd

    return pd.Series(np.full(rows, np.nan) if kind == "numeric" else np.full(rows, None, dtype=object))


def _readable(session: Session, loop: int) -> tuple[str, ...]:
    """Columns of the table that generated code may read: none that leaks, is forbidden, names the group or was itself generated."""
    contract = session.contract
    out = {*session.dropped(loop), *contract.forbidden, contract.group_column, contract.target}
    made = {c.name for one in kept_features(session.workspace) for c in one.columns}
    empty = {c.name for c in session.schema.columns if c.kind in ("empty", "constant")}
    return tuple(c for c in session.development.frame.columns if c not in out | made | empty)
