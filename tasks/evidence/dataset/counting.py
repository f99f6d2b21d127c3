"""Rows of a file without a frame: for tables that are only listed, and for compressed ones that are read in part."""

from __future__ import annotations

import csv
import gzip
import io
from typing import NamedTuple

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.delimited import Dialect, sniff
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.snapshot import Snapshot

HEAD_BYTES = 16 * 2**10
FIELD_BYTES = 2**24
"""A longer field ends the count."""


class Counted(NamedTuple):
    format: str
    rows: int | None
    columns: int = 0
    problem: str = ""


def count_table(snapshot: Snapshot, file: DataFile) -> Counted | None:
    """Format, rows and number of columns; None when the content is not a dataset."""
    from tasks.evidence.dataset.reading import read_table

    try:
        if file.format in ("csv", "tsv"):
            return _count_delimited(snapshot, file)
        if file.format == "parquet":
            return _count_parquet(snapshot, file)
    except Exception as error:  # a broken file must not end the analysis; its kind is told, not its content
        return Counted(file.format, None, 0, f"not readable as {file.format}: {type(error).__name__}")
    table = read_table(snapshot, file)
    if table is None or (table.frame is None and not table.problem):
        return None
    return Counted(table.format, table.rows, table.frame.shape[1] if table.frame is not None else 0, table.problem)


def _count_delimited(snapshot: Snapshot, file: DataFile) -> Counted | None:
    from tasks.evidence.dataset.reading import count_records, expanded_bytes

    if not file.size:
        return Counted(file.format, 0, 0, "empty file")
    data, more = expanded_bytes(snapshot, file, limits.WHOLE_FILE_BYTES)
    dialect = sniff(data[:HEAD_BYTES], file.format)
    if dialect is None:
        return None
    text = data.decode(dialect.encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    columns = len(_first_row(text, dialect))
    rows = count_streamed(snapshot, file, dialect) if more else count_records(text, dialect.delimiter) - (1 if dialect.header else 0)
    return Counted(dialect.name, rows, columns)


def _first_row(text: str, dialect: Dialect) -> list[str]:
    line = next((part for part in text[:FIELD_BYTES].split("\n", 50) if part.strip()), "")
    if dialect.delimiter == " ":
        return line.split()
    return next(csv.reader(io.StringIO(line), delimiter=dialect.delimiter), [])


def _count_parquet(snapshot: Snapshot, file: DataFile) -> Counted:
    import pyarrow.parquet as pq

    metadata = pq.ParquetFile(snapshot.local_path(file.path)).metadata
    return Counted("parquet", metadata.num_rows, metadata.num_columns)


def count_streamed(snapshot: Snapshot, file: DataFile, dialect: Dialect) -> int | None:
    """Records without the header, the file read in pieces; None beyond the limits or when the stream breaks."""
    limit = limits.EXPANDED_BYTES if file.gzip else limits.STREAM_BYTES
    path = snapshot.local_path(file.path)
    seen = 0
    try:
        with gzip.open(path, "rb") if file.gzip else path.open("rb") as raw:  # type: ignore[union-attr]
            csv.field_size_limit(FIELD_BYTES)
            lines = io.TextIOWrapper(raw, encoding=dialect.encoding, errors="replace", newline="")  # type: ignore[arg-type]
            for number, record in enumerate(csv.reader(_without_nul(lines), delimiter=dialect.delimiter)):
                seen += 1 if record else 0
                if number % 100_000 == 0 and raw.tell() > limit:
                    return None
    except (OSError, EOFError, csv.Error, UnicodeError, ValueError):
        return None
    return seen - (1 if dialect.header else 0)


def _without_nul(lines):
    return (line.replace("\0", "") if "\0" in line else line for line in lines)
