"""What stands beside a model for people and tools: signature, input example, requirements."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from tasks.evidence.table.schema import ColumnSchema, TableSchema
from tasks.modelling.runtime.predictor import Predictor
from tasks.modelling.runtime.rows import PREDICTION, VALUE

EXAMPLE_ROWS = 5
EXAMPLE_NOTE = "These rows are from the training data: they hold values of the data's owner. Leave this file out where they must not go."


def signature_of(predictor: Predictor) -> dict[str, Any]:
    """The dictionary of MLflow's ModelSignature: `ModelSignature.from_dict` reads it."""
    inputs = [_column(_input_type(c), c.name) for c in predictor.read_schema.columns]
    if predictor.classes:
        label = PREDICTION if PREDICTION not in predictor.classes else f"{PREDICTION}_label"
        outputs = [*(_column("double", name) for name in predictor.classes), _column("string", label)]
    else:
        outputs = [_column("double", VALUE)]
    return {"inputs": json.dumps(inputs), "outputs": json.dumps(outputs), "params": None}


def example_of(predictor: Predictor, frame: pd.DataFrame) -> dict[str, Any]:
    """A few raw rows in the form the service and MLflow take (`dataframe_split`), with a word on whose values they are."""
    rows = frame[list(predictor.columns)].head(EXAMPLE_ROWS)
    cells = [[_plain(v) for v in row] for row in rows.astype(object).where(rows.notna(), None).itertuples(index=False)]
    return {"note": EXAMPLE_NOTE, "dataframe_split": {"columns": list(predictor.columns), "data": cells}}


def schema_text(schema: TableSchema) -> str:
    """`schema.json`."""
    return schema.model_dump_json(indent=1)


def _column(kind: str, name: str) -> dict[str, Any]:
    # Not required: a value may be missing, and MLflow refuses a missing value of a required column of numbers.
    return {"type": kind, "name": name, "required": True}


def _input_type(column: ColumnSchema) -> str:
    if column.parse == "datetime" and not column.epoch:
        return "datetime"
    return "double" if column.parse == "number" or column.epoch else "string"


def _plain(value: Any) -> Any:
    """A value that JSON knows."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
