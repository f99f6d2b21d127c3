"""A table as files that need no parser: numbers and moments as raw little-endian columns, texts as JSON, names beside them.

It runs on both sides of the sandbox, so it imports nothing of ours. What comes out of a sandbox is read with the number of rows
that went in: a file that promises anything else is refused before it is read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

NAMES, NUMBERS, DATES, TEXTS = "table.json", "numbers.bin", "dates.bin", "texts.json"
NAMES_BYTES = 1_000_000
TEXTS_BYTES = 64_000_000
MISSING_DATE = np.iinfo(np.int64).min


class TableRefused(ValueError):
    """The files are no table of the promised form."""


def write_table(frame: pd.DataFrame, folder: Path) -> None:
    """Numbers as float64, moments as microseconds, anything else as text or missing."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = [_kind(frame.iloc[:, i]) for i in range(frame.shape[1])]
    names = [{"name": str(name), "kind": kind} for name, kind in zip(frame.columns, kinds)]
    (folder / NAMES).write_text(json.dumps({"rows": len(frame), "columns": names}), encoding="utf-8")
    texts = []
    with open(folder / NUMBERS, "wb") as numbers, open(folder / DATES, "wb") as dates:
        for position, kind in enumerate(kinds):
            column = frame.iloc[:, position]
            if kind == "number":
                numbers.write(column.to_numpy(dtype="<f8", na_value=np.nan).tobytes())
            elif kind == "date":
                dates.write(column.to_numpy().astype("datetime64[us]").astype("<i8").tobytes())
            else:
                texts.append([None if _is_missing(v) else str(v) for v in column.to_numpy(dtype=object)])
    (folder / TEXTS).write_text(json.dumps(texts), encoding="utf-8")


def read_table(folder: Path, rows: int | None = None) -> pd.DataFrame:
    """The table. `rows` is what the reader knows of it; raises TableRefused when the files say otherwise."""
    told = _read_json(folder / NAMES, NAMES_BYTES)
    try:
        names = [(str(c["name"]), str(c["kind"])) for c in told["columns"]]
        count = int(told["rows"])
    except (KeyError, TypeError, ValueError) as error:
        raise TableRefused(f"{NAMES} does not describe a table") from error
    if rows is not None and count != rows:
        raise TableRefused(f"{count:,} rows came back of {rows:,}")
    if len({name for name, _ in names}) < len(names):
        raise TableRefused("two columns have one name")
    texts = _texts(folder, sum(kind == "text" for _, kind in names), count)
    numbers = _raw(folder / NUMBERS, "<f8", sum(kind == "number" for _, kind in names), count)
    dates = _raw(folder / DATES, "<i8", sum(kind == "date" for _, kind in names), count)
    takes: dict[str, Any] = {"number": iter(numbers), "date": iter(dates), "text": iter(texts)}
    columns = {}
    for name, kind in names:
        if kind not in takes:
            raise TableRefused(f"{NAMES} names the kind {kind[:20]!r}")
        values = next(takes[kind])
        values = values.view("datetime64[us]") if kind == "date" else values
        columns[name] = pd.Series(values, dtype=object if kind == "text" else None)  # pandas would make another type of texts
    return pd.DataFrame(columns, index=pd.RangeIndex(count))


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
        return "number"
    return "date" if pd.api.types.is_datetime64_any_dtype(column.dtype) else "text"


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def _read_json(path: Path, limit: int) -> Any:
    data = _bytes(path, limit)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise TableRefused(f"{path.name} is not JSON") from error


def _bytes(path: Path, limit: int) -> bytes:
    try:
        if path.is_symlink() or not path.is_file():
            raise TableRefused(f"{path.name} is missing")
        if path.stat().st_size > limit:
            raise TableRefused(f"{path.name} has {path.stat().st_size:,} bytes, more than {limit:,}")
        return path.read_bytes()
    except OSError as error:
        raise TableRefused(f"{path.name} cannot be read") from error


def _raw(path: Path, kind: str, columns: int, rows: int) -> Any:
    expected = columns * rows * 8
    data = _bytes(path, expected) if expected or path.exists() else b""
    if len(data) != expected:
        raise TableRefused(f"{path.name} has {len(data):,} bytes where {columns} columns of {rows:,} rows take {expected:,}")
    return np.frombuffer(data, dtype=kind).reshape(columns, rows).copy()


def _texts(folder: Path, columns: int, rows: int) -> list[Any]:
    texts = _read_json(folder / TEXTS, TEXTS_BYTES)
    if not isinstance(texts, list) or len(texts) != columns or any(not isinstance(t, list) or len(t) != rows for t in texts):
        raise TableRefused(f"{TEXTS} does not hold {columns} columns of {rows:,} rows")
    made = []
    for column in texts:
        if any(not (v is None or isinstance(v, str)) for v in column):
            raise TableRefused(f"{TEXTS} holds something else than text")
        values = np.empty(rows, dtype=object)
        values[:] = column
        made.append(values)
    return made
