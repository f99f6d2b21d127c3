"""JSON as a raw frame: records, lines, columns, or a list under a key; objects inside a record are flattened one level."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.errors import DataRefused
from tasks.evidence.table.column_names import unique_names
from tasks.evidence.table.delimited import RawTable, check_width
from tasks.evidence.table.encodings import to_utf8

if TYPE_CHECKING:
    import pandas as pd

_SHAPES = "Give a list of objects, one object a line, or an object of equally long lists."


def read_json(path: Path, data: bytes) -> RawTable:
    """The table of a JSON document or of JSON lines in memory."""
    decoded = to_utf8(path, data)
    text = decoded.data.decode("utf-8")
    try:
        document = json.loads(text)
    except RecursionError:
        raise DataRefused(f"{path} is JSON nested too deeply for a table", _SHAPES) from None
    except ValueError as error:
        records, broken = _lines(text)
        if len(records) < 1 or broken > 0.05 * len(records):
            raise DataRefused(f"{path} is no valid JSON ({error})", _SHAPES) from None
        notes = (f"{broken} lines are no JSON objects and were left out",) if broken else ()
        return _of_records(path, records, "jsonl", decoded.encoding, (*decoded.notes, *notes))
    if isinstance(document, dict) and _is_record(document) and "\n" not in text.strip():
        return _of_records(path, [document], "jsonl", decoded.encoding, decoded.notes)
    records, note = _records(path, document)
    return _of_records(path, records, "json", decoded.encoding, (*decoded.notes, *note))


def _lines(text: str) -> tuple[list[dict[str, Any]], int]:
    records, broken = [], 0
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            broken += 1
            continue
        if isinstance(record, dict):
            records.append(record)
        else:
            broken += 1
    return records, broken


def _is_record(document: dict[str, Any]) -> bool:
    return bool(document) and not any(isinstance(v, (list, dict)) for v in document.values())


def _records(path: Path, document: Any) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The records of a document by its shape."""
    if isinstance(document, list):
        return _of_list(path, document), ()
    if not isinstance(document, dict) or not document:
        raise DataRefused(f"{path} is JSON but no table", _SHAPES)
    if isinstance(document.get("columns"), list) and isinstance(document.get("data"), list):
        names, _ = unique_names([c["name"] if isinstance(c, dict) and "name" in c else c for c in document["columns"]])
        return [dict(zip(names, row)) for row in document["data"] if isinstance(row, list)], ("columns and data apart",)
    values = list(document.values())
    if all(isinstance(v, list) for v in values) and len({len(v) for v in values}) == 1 and not _holds_records(values):
        return [dict(zip(document, row)) for row in zip(*values)], ("one list per column",)
    if all(isinstance(v, dict) for v in values):
        return _of_objects(document)
    lists = {key: v for key, v in document.items() if isinstance(v, list) and _holds_records([v])}
    if lists:
        key = max(lists, key=lambda k: len(lists[k]))
        return _of_list(path, lists[key]), (f"the records under `{key}`",)
    raise DataRefused(f"{path} is JSON but no table", _SHAPES)


def _holds_records(lists: list[list[Any]]) -> bool:
    return len(lists) == 1 and bool(lists[0]) and all(isinstance(item, dict) for item in lists[0][:100])


def _of_list(path: Path, items: list[Any]) -> list[dict[str, Any]]:
    if items and all(isinstance(item, dict) for item in items):
        return items
    if items and all(isinstance(item, list) for item in items):
        header = items[0] if all(isinstance(cell, str) for cell in items[0]) and len(items) > 1 else [None] * len(items[0])
        names, _ = unique_names(header)
        return [dict(zip(names, row)) for row in (items[1:] if header[:1] != [None] else items)]
    if not items:
        raise DataRefused(f"{path} has no records", "Give a file with rows.")
    raise DataRefused(f"{path} is a JSON list but not of objects", _SHAPES)


def _of_objects(document: dict[str, dict[str, Any]]) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Columns of rows (`{"a": {"0": 1}}`, as pandas writes) or rows by key (`{"row1": {"a": 1}}`)."""
    inner = list(next(iter(document.values())))
    if inner and all(str(key).isdigit() for key in inner):
        rows = list(dict.fromkeys(key for column in document.values() for key in column))
        return [{name: column.get(row) for name, column in document.items()} for row in rows], ("columns of rows",)
    return list(document.values()), ("one object per key; the keys are left out",)


def _of_records(path: Path, records: list[dict[str, Any]], kind: str, encoding: str, notes: tuple[str, ...]) -> RawTable:
    import pandas as pd

    nested = sorted({key for record in records for key, value in record.items() if isinstance(value, dict)}) if records else []
    if nested:
        records = [_flattened(record) for record in records]
        notes = (*notes, f"objects flattened one level: {', '.join(map(str, nested[:5]))}{' …' if nested[5:] else ''}")
    keys = list(dict.fromkeys(key for record in records for key in record))
    check_width(path, len(keys))
    if not keys:
        raise DataRefused(f"{path} has records without fields", "Give a file with columns.")
    names, more = unique_names(keys)
    columns = {name: typed_column([record.get(key) for record in records]) for name, key in zip(names, keys)}
    frame = pd.DataFrame(columns)
    return RawTable(frame, kind, len(frame), encoding, (*notes, *more))


def _flattened(record: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{inner}": v for inner, v in value.items()})
        else:
            flat[key] = value
    return flat


def typed_column(values: list[Any]) -> pd.Series:
    """Numbers, flags or texts where all are of one kind; anything deeper as JSON text; mixed types as they stand."""
    import pandas as pd

    if any(isinstance(value, (list, dict)) for value in values):
        values = [json.dumps(v, ensure_ascii=False) if isinstance(v, (list, dict)) else v for v in values]
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {int} and max(map(abs, (v for v in values if v is not None))) >= 2**63:
        return pd.Series([None if v is None else str(v) for v in values])
    if kinds <= {int, float} or kinds in ({str}, {bool}):
        return pd.Series(values) if kinds != {bool} or None not in values else pd.Series(values, dtype=object)
    return pd.Series(values, dtype=object)
