"""Delimited text as a raw frame: numbers where every cell is one, text as it stands otherwise."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from tasks.errors import DataRefused
from tasks.evidence.dataset.delimited import Dialect, sniff
from tasks.evidence.table import limits
from tasks.evidence.table.column_names import unique_names
from tasks.evidence.table.encodings import to_utf8

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class ColumnCounts(NamedTuple):
    """A column counted over all rows of a file of which only a sample is held."""

    rows: int
    nulls: int
    distinct: int
    """About: by HyperLogLog."""


class RawTable(NamedTuple):
    """What one file holds."""

    frame: pd.DataFrame
    format: str
    rows: int
    """Rows in the file, also when fewer were read."""
    encoding: str = ""
    notes: tuple[str, ...] = ()
    sampled: bool = False
    counts: dict[str, ColumnCounts] = {}  # noqa: RUF012  # never changed


def read_delimited(path: Path, data: bytes) -> RawTable:
    """The table of a text in memory."""
    decoded = to_utf8(path, data)
    text = decoded.data.lstrip(b"\r\n \t") if decoded.data[:1].isspace() and b"\t" not in decoded.data[:1] else decoded.data
    dialect = dialect_of(path, text)
    header = header_of(path, text, dialect)
    names, notes = unique_names(header)
    check_width(path, len(names))
    if not dialect.header:
        notes = ("no header: the columns are called column_<position>",)
    table, more = _parsed(path, text, dialect, len(names))
    frame = to_frame(table, names)
    kind = "tsv" if dialect.delimiter == "\t" else "csv"
    if dialect.delimiter not in (",", "\t"):
        notes = (*notes, f"delimiter `{dialect.delimiter}`" if dialect.delimiter != " " else "columns separated by spaces")
    return RawTable(frame, kind, len(frame), decoded.encoding, (*decoded.notes, *notes, *more))


def dialect_of(path: Path, text: bytes) -> Dialect:
    """Delimiter and header by the first lines."""
    head = text[: 2**18]
    if len(head) < len(text):
        head = head[: head.rfind(b"\n") + 1] or head
    dialect = sniff(head, "csv")
    if dialect is None:
        raise DataRefused(f"{path} holds no table", "Give a text with a header and one row a line.")
    return dialect._replace(encoding="utf-8")


def header_of(path: Path, text: bytes, dialect: Dialect) -> list[str]:
    """Names of the columns, before they are made unique; empty ones for a table without a header."""
    end = _end_of_record(text)
    line = text[:end].decode("utf-8", errors="replace")
    if dialect.delimiter == " ":
        first = line.split()
    else:
        csv.field_size_limit(limits.CELL_BYTES)
        first = next(csv.reader(io.StringIO(line, newline=""), delimiter=dialect.delimiter), [])
    if not first:
        raise DataRefused(f"{path} holds no table", "Give a text with a header and one row a line.")
    return first if dialect.header else [""] * len(first)


def _end_of_record(text: bytes) -> int:
    """Where the first record ends: the first line break outside quotes."""
    position, quoted = 0, False
    while position < len(text):
        nearest = min((i for sign in (b"\n", b"\r", b'"') if (i := text.find(sign, position, position + 2**22)) >= 0), default=-1)
        if nearest < 0:
            return len(text)
        if text[nearest : nearest + 1] == b'"':
            quoted = not quoted
        elif not quoted:
            return nearest
        position = nearest + 1
    return len(text)


def check_width(path: Path, columns: int) -> None:
    """Refused when there are more columns than can be looked at."""
    if columns > limits.COLUMNS_MOST:
        raise DataRefused(
            f"{path} has {columns:,} columns, more than the {limits.COLUMNS_MOST:,} that are looked at", "Keep the columns that may matter."
        )


def _parsed(path: Path, text: bytes, dialect: Dialect, width: int) -> tuple[pa.Table, tuple[str, ...]]:
    """Every cell as text; the fast reader first, the patient one for rows of uneven width and stray quotes."""
    import pyarrow as pa

    if dialect.delimiter != " ":
        try:
            return fast_table(text[_end_of_record(text) :] if dialect.header else text, dialect.delimiter, width), ()
        except pa.ArrowInvalid:
            pass
    return _patient_table(path, text, dialect, width)


def fast_table(body: bytes, delimiter: str, width: int) -> pa.Table:
    """The records after the header by Arrow; ArrowInvalid when they are of uneven width."""
    import pyarrow as pa
    import pyarrow.csv as pc

    names = [f"f{i}" for i in range(width)]
    body = body.lstrip(b"\r\n")
    if not body:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    return pc.read_csv(
        pa.BufferReader(body),
        read_options=pc.ReadOptions(column_names=names, block_size=max(2**20, min(2**27, len(body) // 2 + 2**16))),
        parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in body),
        convert_options=pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
        ),
    )


def _patient_table(path: Path, text: bytes, dialect: Dialect, width: int) -> tuple[pa.Table, tuple[str, ...]]:
    """Record by record: short rows are filled up, longer ones left out and counted."""
    rows = _records(text, dialect)
    if dialect.header:
        rows = rows[1:]
    named_rows = sum(len(row) == width + 1 for row in rows) > 0.95 * len(rows) and bool(rows)
    if named_rows:
        trailing = all(not row[-1] for row in rows if len(row) == width + 1)
        rows = [row[:-1] if trailing else row[1:] for row in rows]
    short = sum(len(row) < width for row in rows)
    whole = [row for row in rows if len(row) <= width or not any(row[width:])]
    lost = len(rows) - len(whole)
    if lost + short > limits.BAD_ROWS_SHARE * max(20, len(rows)):
        raise DataRefused(
            f"{path}: {lost + short:,} of {len(rows):,} rows have another number of fields than the header",
            "Check the delimiter and the quotes.",
        )
    notes = []
    if named_rows and not trailing:
        notes.append("the first field of each row has no name in the header: row names, left out")
    if short:
        notes.append(f"{short:,} rows have fewer fields than the header: the rest is missing")
    if lost:
        notes.append(f"{lost:,} rows have more fields than the header and were left out")
    return _columns_of(whole, width), tuple(notes)


def _records(text: bytes, dialect: Dialect) -> list[list[str]]:
    decoded = text.decode("utf-8", errors="replace")
    if dialect.delimiter == " ":
        return [line.split() for line in decoded.splitlines() if line.strip()]
    csv.field_size_limit(limits.CELL_BYTES)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if decoded.count('"') % 2 == 0 else csv.QUOTE_NONE
    try:
        return [row for row in csv.reader(io.StringIO(decoded, newline=""), delimiter=dialect.delimiter, quoting=quoting) if any(row)]
    except csv.Error:
        return [line.split(dialect.delimiter) for line in decoded.splitlines() if line.strip()]


def _columns_of(rows: list[list[str]], width: int) -> pa.Table:
    import pyarrow as pa

    padded = [row[:width] + [""] * (width - len(row)) for row in rows]
    columns = list(zip(*padded, strict=True)) or [()] * width
    return pa.table({f"f{i}": pa.array([cell or None for cell in column], pa.string()) for i, column in enumerate(columns)})


def to_frame(table: pa.Table, names: list[str]) -> pd.DataFrame:
    """Text columns as numbers where every cell is one and none is a code with leading zeros."""
    import pyarrow as pa

    columns = [typed(table.column(i)) for i in range(table.num_columns)]
    return pa.table(columns, names=names).to_pandas()


def typed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers or floats when the cast is lossless, the text itself otherwise."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for head in (column.slice(0, 64).drop_null(), column):
        if head is not column and not len(head):
            continue
        trimmed = pc.utf8_trim_whitespace(head)
        try:
            cast = trimmed.cast(pa.int64())
        except pa.ArrowInvalid:
            try:
                cast = trimmed.cast(pa.float64())
            except pa.ArrowInvalid:
                return column
    if column.null_count == len(column) or pc.any(pc.match_substring_regex(trimmed, r"^[+-]?0\d|^\d{16,}")).as_py():
        return column
    return cast
