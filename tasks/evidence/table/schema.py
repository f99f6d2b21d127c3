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
    false_values: tuple[str, ...] = ()
    """Of a `boolean_text`, lower case; any other text is missing."""
    units: tuple[tuple[str, float], ...] = ()
    """Suffixes of a `number_text`, lower case, with what they multiply by: `kg` 1, `k` 1000."""
    epoch: Literal["", "s", "ms"] = ""
    """Unit of a `datetime` that is written as a number since 1970."""
    first_year: int = 0
    """First of the hundred years that years of two digits are placed in; 0: they do not occur."""
    missing: tuple[str, ...] = ()
    """Texts that stand for no value in a column of texts, lower case."""
    notes: tuple[str, ...] = ()
    """What a person should know about the reading: `27 of 891 cells are no numbers`, `day before month: 13/02/2020`."""


class TableSchema(BaseModel):
    """The columns in their order, the target among them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[ColumnSchema, ...]

    def column(self, name: str) -> ColumnSchema | None:
        """The column of that name."""
        return next((c for c in self.columns if c.name == name), None)

    def with_text(self, name: str) -> TableSchema:
        """The schema that reads one column as plain levels: the labels of a class as they are written."""
        return TableSchema(columns=tuple(_as_text(c) if c.name == name else c for c in self.columns))


def _as_text(column: ColumnSchema) -> ColumnSchema:
    return ColumnSchema(name=column.name, kind="category", parse="text", missing=column.missing or ("", "nan", "null", "n/a"))
