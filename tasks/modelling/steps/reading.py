"""Reading: files become one canonical table with a schema and a profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.modelling.session import Session

NOTES_SHOWN = 8
"""Of reading: how files were joined and what was sampled is seen before it is used; the report has all."""


def read(session: Session) -> dict[str, Any]:
    """The profile; the canonical table stays in the workspace."""
    from tasks.evidence.table.parsing import apply_schema, infer_schema
    from tasks.evidence.table.profiling import profile_table
    from tasks.evidence.table.reading import read_tables
    from tasks.modelling.tables import TABLE, save

    request = session.request
    reading = read_tables([Path(p) for p in request.data], seed=request.seed, target=request.target)
    schema = infer_schema(reading.frame)
    canonical = apply_schema(reading.frame, schema)
    profile = profile_table(reading, schema, canonical)
    session.workspace.write("schema.json", schema)
    session.workspace.write("profile.json", profile)
    session.table = (reading.frame, canonical)
    save(session.workspace, TABLE, session.table)
    for note in reading.notes[:NOTES_SHOWN]:
        session.emit("phase", phase="note", name="note", note=note)
    told = f"{profile.rows:,} rows x {len(profile.columns)} columns" + (
        f", sampled of {profile.rows_in_files:,}" if profile.sampled else ""
    )
    return {"profile": profile.model_dump(mode="json"), "joins": [j.model_dump(mode="json") for j in reading.joins], "told": told}
