"""Rows of a file without a frame: for tables that are only listed, and for compressed ones that are read in part."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable
from typing import NamedTuple

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.delimited import Dialect, sniff
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.snapshot import Snapshot

HEAD_BYTES = 2 * 2**10
FIRST_LINE_BYTES = 2**24
PIECE_BYTES = 8 * 2**20


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
    from tasks.evidence.dataset.reading import expanded_bytes, mislabelled

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


def count_streamed(snapshot: Snapshot, file: DataFile, dialect: Dialect) -> int | None:
    """Records without the header, the file read in pieces; None beyond the limits, for UTF-16, or when the stream breaks.

    Line breaks inside quotes do not count. When quotes do not pair up over the file, they are characters like others.
    """
    if dialect.encoding.startswith("utf-16"):
        return None
    limit = limits.EXPANDED_BYTES if file.gzip else limits.STREAM_BYTES
    path = snapshot.local_path(file.path)
    try:
        with gzip.open(path, "rb") if file.gzip else path.open("rb") as raw:
            records = count_pieces(iter(lambda: raw.read(PIECE_BYTES), b""), limit)
    except (OSError, EOFError):
        return None
    return None if records is None else records - (1 if dialect.header else 0)


def count_pieces(pieces: Iterable[bytes], limit: int | None = None) -> int | None:
    """Records in consecutive pieces of a text; None when they are longer than `limit`."""
    plain = outside = seen = 0
    quoted, last = False, b"\n"
    for piece in pieces:
        seen += len(piece)
        if limit is not None and seen > limit:
            return None
        lines, last = _unified(last + piece)
        parts = lines.split(b'"') if b'"' in lines else [lines]
        plain += lines.count(b"\n")
        outside += sum(part.count(b"\n") for part in parts[int(quoted) :: 2])
        quoted ^= len(parts) % 2 == 0
    return (plain if quoted else outside) + (0 if last == b"\n" else 1)


def _unified(text: bytes) -> tuple[bytes, bytes]:
    """Line ends as `\\n`, blank lines dropped; the first byte stands for the piece before, the last is kept for the next."""
    text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    while b"\n\n" in text:
        text = text.replace(b"\n\n", b"\n")
    return text[1:], text[-1:]
