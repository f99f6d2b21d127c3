"""Rows of a file without a frame: for tables that are only listed, and for compressed ones that are read in part."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.delimited import Dialect, sniff
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.dataset.reading import expanded_bytes, mislabelled, read_table
from tasks.evidence.dataset.records import count_pieces, count_streamed
from tasks.evidence.snapshot import Snapshot

HEAD_BYTES = 2 * 2**10
FIRST_LINE_BYTES = 2**24


class Counted(NamedTuple):
    format: str
    rows: int | None
    columns: int = 0
    problem: str = ""


def count_table(snapshot: Snapshot, file: DataFile) -> Counted | None:
    """Format, rows and number of columns; None when the content is not a dataset."""

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

    if not file.size:
        return Counted(file.format, 0, 0, "empty file")
    data, more = expanded_bytes(snapshot, file, limits.WHOLE_FILE_BYTES)
    head = data[:HEAD_BYTES]
    head = head[: head.rfind(b"\n") + 1] or head
    if problem := mislabelled(head):
        return Counted(file.format, None, 0, problem)
    dialect = sniff(head, file.format)
    if dialect is None:
        return None
    columns = len(_first_row(head.decode(dialect.encoding, errors="replace"), dialect))
    if more:
        return Counted(dialect.name, count_streamed(snapshot, file, dialect), columns)
    if dialect.encoding.startswith("utf-16"):
        data = data.decode(dialect.encoding, errors="replace").encode()
    return Counted(dialect.name, (count_pieces([data]) or 0) - (1 if dialect.header else 0), columns)


def _first_row(text: str, dialect: Dialect) -> list[str]:
    lines = text[:FIRST_LINE_BYTES].replace("\r\n", "\n").replace("\r", "\n").split("\n", 50)
    line = next((part for part in lines if part.strip()), "")
    if dialect.delimiter == " ":
        return line.split()
    return next(csv.reader(io.StringIO(line), delimiter=dialect.delimiter), [])


def _count_parquet(snapshot: Snapshot, file: DataFile) -> Counted:
    import pyarrow.parquet as pq

    metadata = pq.ParquetFile(snapshot.local_path(file.path)).metadata
    return Counted("parquet", metadata.num_rows, metadata.num_columns)
