"""Generated features that were kept: how they are written down, and how the development table, schema and profile grow by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tasks.evidence.table.column_profiles import profile_column
from tasks.evidence.table.facts import ColumnProfile, TableProfile
from tasks.evidence.table.schema import ColumnSchema, TableSchema
from tasks.modelling.runtime.generated import PREFIX, GeneratedCode, as_column
from tasks.rules.building.contract import Value

if TYPE_CHECKING:
    from tasks.modelling.workspace import Workspace

NOTE = "made by code that a language model wrote"


class KeptFeatures(Value):
    """One piece of code that beat the noise."""

    loop: int
    code: str
    state: dict[str, Any]
    reads: tuple[str, ...]
    columns: tuple[ColumnSchema, ...]
    profiles: tuple[ColumnProfile, ...]
    told: str
    """What it gained, with its noise."""

    @property
    def running(self) -> GeneratedCode:
        """As it travels with a model."""
        return GeneratedCode(self.code, self.state, self.reads, tuple((c.name, c.kind) for c in self.columns))


def step_name(loop: int) -> str:
    return f"generated#{loop}"


def values_file(loop: int) -> str:
    """Of all development rows, in the build's folder."""
    return f"generated/development-{loop}.joblib"


def sealed_file(loop: int) -> str:
    return f"generated/sealed-{loop}.joblib"


def kept_features(workspace: Workspace) -> tuple[KeptFeatures, ...]:
    """Of all loops so far."""
    folder = workspace / "steps"
    found = [workspace.finished(p.stem) for p in sorted(folder.glob("generated#*.json"))]
    return tuple(KeptFeatures.model_validate(f["kept"]) for f in found if f and f.get("kept"))


def refused_code(workspace: Workspace) -> tuple[str, ...]:
    """Why the code of a loop was not kept, one sentence each."""
    found = [(p.stem.partition("#")[2], workspace.finished(p.stem)) for p in sorted((workspace / "steps").glob("generated#*.json"))]
    return tuple(f"loop {loop}: {result['why']}" for loop, result in found if result and result.get("why"))


def canonical_columns(made: pd.DataFrame) -> pd.DataFrame:
    """Columns as the sandbox gave them, with prefix and canonical values."""
    columns = {}
    for name in made.columns:
        kind = "category" if made[name].dtype == object else "numeric"
        values = as_column(made[name], kind)
        columns[PREFIX + name] = pd.Series(values, dtype=values.dtype)
    return pd.DataFrame(columns)


def describe_columns(columns: pd.DataFrame) -> tuple[tuple[ColumnSchema, ...], tuple[ColumnProfile, ...]]:
    """Schema and profile of canonical generated columns."""
    schemas = []
    for name in columns.columns:
        text = columns[name].dtype == object
        schemas.append(
            ColumnSchema(
                name=name, kind="category" if text else "numeric", parse="text" if text else "number", missing=("",), notes=(NOTE,)
            )
        )
    profiles = tuple(profile_column(s, columns[s.name], columns[s.name]) for s in schemas)
    return tuple(schemas), profiles


def wider_schema(schema: TableSchema, kept: tuple[KeptFeatures, ...]) -> TableSchema:
    return TableSchema(columns=(*schema.columns, *(c for one in kept for c in one.columns)))


def wider_profile(profile: TableProfile, kept: tuple[KeptFeatures, ...]) -> TableProfile:
    return profile.model_copy(update={"columns": (*profile.columns, *(c for one in kept for c in one.profiles))})


def beside(frame: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """The rows with further columns, row by row in their order."""
    return frame.assign(**{name: pd.Series(columns[name].to_numpy(), index=frame.index, dtype=columns[name].dtype) for name in columns})
