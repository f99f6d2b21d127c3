"""How each column of a raw table is read as numbers, levels, texts or moments: learned once, applied to every later row.

It travels with the model as `schema.json`, so this module imports nothing else of ours.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["numeric", "boolean", "category", "text", "datetime", "identifier", "constant", "empty"]
"""What features are made of. `identifier`, `constant` and `empty` are never predictors."""
Parse = Literal["number", "number_text", "boolean_text", "datetime_text", "datetime", "text"]
"""`number_text`: digits with signs of money, thousands, per cent or units around them."""


class ColumnSchema(BaseModel):
    """One column."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    parse: Parse
    formats: tuple[str, ...] = ()
    """strptime formats of a `datetime_text`, tried in turn."""
    decimal: Literal[".", ","] = "."
    """Decimal sign of a `number_text`."""
    true_values: tuple[str, ...] = ()
    """Of a `boolean_text`, lower case."""


class TableSchema(BaseModel):
    """The columns in their order, the target among them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[ColumnSchema, ...]

    def column(self, name: str) -> ColumnSchema | None:
        """The column of that name."""
        return next((c for c in self.columns if c.name == name), None)
