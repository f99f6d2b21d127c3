"""A data file as a frame, within limits: exact row count where possible, a bounded sample when it is large.

A file that cannot be read is a `problem`, never an exception. Nothing is unpickled and no macro or link is followed.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.delimited import Dialect, encoding_of, sniff
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.dataset.records import count_streamed
from tasks.evidence.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas as pd

RECORDS_LEAST = 5
"""A JSON document with fewer records is configuration."""
RECORDS_LEAST_NESTED = 20
_KEYS_AGREE = 0.8
_RECORD_KEYS = ("data", "examples", "records", "rows", "train", "items", "instances", "samples", "intents")


class Table(NamedTuple):
    """What was read. `frame` None with no problem means that it is not a dataset after all."""

    format: str
    frame: pd.DataFrame | None = None
    rows: int | None = None
    sampled: bool = False
    why: str = ""
    problem: str = ""
    header: bool = True


def read_table(snapshot: Snapshot, file: DataFile) -> Table | None:
    """The table in a file; None when its content is not a dataset (a pointer, a configuration)."""
    if not file.size:
        return Table(file.format, rows=0, problem="empty file")
    try:
        return _READERS[file.format](snapshot, file)
    except MemoryError:
        return Table(file.format, problem="not read: it does not fit in memory")
    except EOFError:
        return Table(file.format, problem="not readable: the compressed data ends early")
    except Exception as error:  # a broken file must not end the analysis; its kind is told, not its content
        return Table(file.format, problem=f"not readable as {file.format}: {type(error).__name__}")


def expanded_bytes(snapshot: Snapshot, file: DataFile, limit: int) -> tuple[bytes, bool]:
    """Content up to `limit` bytes after decompression, and whether there is more."""
    raw = snapshot.bytes(file.path, limit + 1)
    if not file.gzip:
        return raw[:limit], len(raw) > limit
    out, rest = [], raw
    left = limit + 1
    while rest and left > 0:
        unpack = zlib.decompressobj(31)
        part = unpack.decompress(rest, left)
        out.append(part)
        left -= len(part)
        if not unpack.eof:
            if left > 0 and not unpack.unconsumed_tail:
                raise EOFError
            break
        rest = unpack.unused_data
    data = b"".join(out)
    return data[:limit], len(data) > limit


def _read_delimited(snapshot: Snapshot, file: DataFile) -> Table | None:
    head, _ = expanded_bytes(snapshot, file, 2**20)
    if not head.strip():
        return Table(file.format, rows=0, problem="empty file")
    if problem := mislabelled(head):
        return Table(file.format, problem=problem)
    dialect = sniff(head, file.format)
    if dialect is None:
        return None
    data, more = expanded_bytes(snapshot, file, limits.WHOLE_FILE_BYTES)
    if not more:
        return _whole(data, dialect)
    if file.gzip:
        why = f"expands beyond {limits.WHOLE_FILE_BYTES:,} bytes; the first part was profiled"
        return _first_part(snapshot, file, data, dialect, why)
    return _streamed(snapshot, file, data, dialect)


def mislabelled(head: bytes) -> str:
    """Why a file with the ending of a text table holds none; empty when it may."""
    start = head[:200].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return "holds a web page or XML, not records"
    if head.startswith((b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"%PDF", b"\xd0\xcf\x11\xe0")):
        return "holds another format than its ending says"
    if b"\0" in head[:4096] and not encoding_of(head).startswith("utf-16") and head[:4096].count(0) > 8:
        return "holds binary content, not text"
    return ""


def _streamed(snapshot: Snapshot, file: DataFile, data: bytes, dialect: Dialect) -> Table:
    import pyarrow as pa

    from tasks.evidence.dataset.streaming import stream_delimited

    try:
        frame, rows, complete = stream_delimited(str(snapshot.local_path(file.path)), dialect)
    except pa.ArrowInvalid:  # rows of uneven width or runs of spaces: counted by the slower reader
        return _first_part(snapshot, file, data, dialect, f"{file.size:,} bytes; the first part was profiled")
    why = f"{file.size:,} bytes: {len(frame):,} rows sampled over the whole file"
    return Table(dialect.name, frame, rows if complete else None, True, why, header=dialect.header)


def _first_part(snapshot: Snapshot, file: DataFile, data: bytes, dialect: Dialect, why: str) -> Table:
    """The head as the sample, the rows counted over the whole file when its limit allows."""

    part = data[: data.rfind(b"\n", 0, limits.SAMPLE_BYTES) + 1] or data[: limits.SAMPLE_BYTES]
    frame = _frame(part, dialect, limits.SAMPLE_ROWS)
    return Table(dialect.name, frame, count_streamed(snapshot, file, dialect), True, why, header=dialect.header)


def _whole(data: bytes, dialect: Dialect) -> Table:
    text = data.decode(dialect.encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    rows = count_records(text, dialect.delimiter) - (1 if dialect.header else 0)
    frame = _frame(text.encode("utf-8"), dialect._replace(encoding="utf-8"))
    kept = _rows_for(frame.shape[1])
    skipped = rows - len(frame)
    return Table(
        dialect.name,
        frame.head(kept),
        max(rows, len(frame)),
        len(frame) > kept,
        f"{len(frame):,} rows: the first {kept:,} were profiled" if len(frame) > kept else "",
        problem=f"{skipped:,} of {rows:,} rows have more fields than the first" if skipped > 0 else "",
        header=dialect.header,
    )


def _rows_for(columns: int) -> int:
    return max(1_000, min(limits.SAMPLE_ROWS * 5, limits.SAMPLE_CELLS // max(1, columns)))


def count_records(text: str, delimiter: str) -> int:
    """Non-empty records, quoted newlines not counted apart."""
    if '"' not in text:
        return sum(1 for line in text.split("\n") if line.strip())
    csv.field_size_limit(2**24)
    try:
        return sum(1 for row in csv.reader(io.StringIO(text), delimiter=delimiter if len(delimiter) == 1 else " ") if row)
    except csv.Error:
        return sum(1 for line in text.split("\n") if line.strip())


def _frame(data: bytes, dialect: Dialect, rows: int | None = None) -> pd.DataFrame:
    import warnings

    import pandas as pd

    spaces = dialect.delimiter == " "
    options: dict[str, Any] = {"sep": r"\s+" if spaces else dialect.delimiter, "header": 0 if dialect.header else None}
    with warnings.catch_warnings(action="ignore"):
        frame = pd.read_csv(
            io.BytesIO(data),
            encoding=dialect.encoding,
            on_bad_lines="skip",
            low_memory=False,
            encoding_errors="replace",
            index_col=False,
            nrows=rows,
            **options,
        )
    frame.columns = [str(c)[:120] for c in frame.columns]
    return frame.iloc[:, : limits.COLUMNS_READ]


def _read_text(snapshot: Snapshot, file: DataFile) -> Table | None:
    """A table under another ending, or else lines of text."""
    head, _ = expanded_bytes(snapshot, file, 2**20)
    dialect = sniff(head, "text")
    if dialect is not None:
        return _read_delimited(snapshot, file)
    if b"\0" in head[:4096] or head.startswith(b"version https://git-lfs"):
        return None
    import pandas as pd

    data, more = expanded_bytes(snapshot, file, limits.WHOLE_FILE_BYTES)
    lines = data.decode("utf-8", errors="replace").splitlines()
    frame = pd.DataFrame({"text": lines[: limits.SAMPLE_ROWS]})
    return Table(
        "text",
        frame,
        None if more else len(lines),
        more or len(lines) > limits.SAMPLE_ROWS,
        "only the first part was read" if more else "",
        header=False,
    )


def _read_unnamed(snapshot: Snapshot, file: DataFile) -> Table | None:
    """A table under an ending of its own; other text only when code reads it."""
    table = _read_text(snapshot, file)
    return table if table is None or table.format != "text" or file.loaded else None


def _read_json(snapshot: Snapshot, file: DataFile) -> Table | None:
    data, more = expanded_bytes(snapshot, file, limits.JSON_BYTES)
    if more:
        return Table("json", problem=f"not read: more than {limits.JSON_BYTES:,} bytes", sampled=True)
    stripped = data.lstrip()
    if stripped[:1] not in (b"[", b"{"):
        return None
    try:
        document = json.loads(data.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        lines = _lines_of_json(data, more, quiet=True)
        return Table("json", problem="not readable as json: broken") if lines is None and file.loaded else lines
    records = _records(document, RECORDS_LEAST if file.loaded else RECORDS_LEAST_NESTED)
    return None if records is None else _of_records("json", records, len(records))


def _records(document: Any, least: int) -> list[dict] | None:
    """The flat records of a document: a list of similar objects, such a list under a data key, or equal columns."""
    if isinstance(document, list):
        return document if len(document) >= RECORDS_LEAST and _similar(document) else None
    if not isinstance(document, dict):
        return None
    for key in _RECORD_KEYS:
        inner = document.get(key)
        if isinstance(inner, list) and len(inner) >= least and _similar(inner):
            return inner
    columns = list(document.values())
    if (
        len(columns) >= 2
        and all(isinstance(c, list) for c in columns)
        and len({len(c) for c in columns}) == 1
        and len(columns[0]) >= RECORDS_LEAST_NESTED
    ):
        return [dict(zip(document, row, strict=True)) for row in zip(*columns, strict=True)]
    return None


def _similar(records: list) -> bool:
    sample = records[:500]
    if not all(isinstance(r, dict) for r in sample):
        return False
    keys: dict[str, int] = {}
    for record in sample:
        for key in record:
            keys[key] = keys.get(key, 0) + 1
    common = [k for k, n in keys.items() if n >= _KEYS_AGREE * len(sample)]
    return bool(common) and len(keys) <= limits.COLUMNS_READ and len(common) >= 0.3 * len(keys)


def _read_json_lines(snapshot: Snapshot, file: DataFile) -> Table | None:
    data, more = expanded_bytes(snapshot, file, limits.JSON_BYTES)
    table = _lines_of_json(data, more)
    if table is None or not more or file.gzip:
        return table
    return table._replace(rows=count_lines(snapshot, file), why=f"{file.size:,} bytes: the first {limits.JSON_BYTES:,} were profiled")


def _lines_of_json(data: bytes, more: bool, quiet: bool = False) -> Table | None:
    lines = [line for line in data.split(b"\n") if line.strip()]
    if more:
        lines = lines[:-1]
    records, broken = [], 0
    for line in lines[: limits.SAMPLE_ROWS]:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            broken += 1
            continue
        if isinstance(record, dict):
            records.append(record)
    if len(records) < 2 or (quiet and broken):
        return None if quiet or not broken else Table("jsonl", problem="no line is a JSON object")
    table = _of_records("jsonl", records, None if more else len(lines))
    return table._replace(sampled=more or len(lines) > limits.SAMPLE_ROWS, problem=f"{broken} lines are not JSON" if broken else "")


def count_lines(snapshot: Snapshot, file: DataFile) -> int | None:
    """Lines that are not empty, streamed; None beyond the stream limit."""
    if file.size > limits.STREAM_BYTES:
        return None
    with snapshot.local_path(file.path).open("rb") as stream:
        return sum(1 for line in stream if line.strip())


def _of_records(kind: str, records: list[dict], rows: int | None) -> Table:
    import pandas as pd

    frame = pd.DataFrame.from_records(records[: limits.SAMPLE_ROWS])
    frame.columns = [str(c)[:120] for c in frame.columns]
    return Table(kind, frame, rows, len(records) > limits.SAMPLE_ROWS)


def _read_parquet(snapshot: Snapshot, file: DataFile) -> Table:
    """The footer gives the rows; row groups are read until the sample is full."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    handle = pq.ParquetFile(snapshot.local_path(file.path))
    total, names = handle.metadata.num_rows, handle.schema_arrow.names[: limits.COLUMNS_READ]
    wanted = _rows_for(len(names))
    batches, taken = [], 0
    for batch in handle.iter_batches(batch_size=min(65_536, wanted), columns=names):
        batches.append(batch)
        taken += batch.num_rows
        if taken >= wanted or sum(b.nbytes for b in batches) > limits.EXPANDED_BYTES:
            break
    schema = batches[0].schema if batches else handle.schema_arrow
    frame = pa.Table.from_batches(batches, schema).to_pandas(ignore_metadata=False)
    sampled = len(frame) < total
    return Table(
        "parquet", _with_index(frame), total, sampled, f"{total:,} rows: the first {len(frame):,} were profiled" if sampled else ""
    )


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """A named index is a stored column."""
    frame = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    frame.columns = [str(c)[:120] for c in frame.columns]
    return frame


def _read_arrow(snapshot: Snapshot, file: DataFile) -> Table:
    import pyarrow as pa

    with pa.memory_map(str(snapshot.local_path(file.path))) as source:
        try:
            reader = pa.ipc.open_file(source)
            batches: list[Any] = []
            rows = 0
            for i in range(reader.num_record_batches):
                batch = reader.get_batch(i)
                rows += batch.num_rows
                if sum(b.num_rows for b in batches) < limits.SAMPLE_ROWS:
                    batches.append(batch)
        except pa.ArrowInvalid:
            source.seek(0)
            batches, rows = [], 0
            for batch in pa.ipc.open_stream(source):
                rows += batch.num_rows
                if sum(b.num_rows for b in batches) < limits.SAMPLE_ROWS:
                    batches.append(batch)
        frame = pa.Table.from_batches(batches).to_pandas()
    return Table("arrow", _with_index(frame), rows, len(frame) < rows)


def _read_workbook(snapshot: Snapshot, file: DataFile) -> Table | None:
    import pandas as pd

    path = snapshot.local_path(file.path)
    with zipfile.ZipFile(path) as archive:
        expanded = sum(info.file_size for info in archive.infolist())
    if expanded > limits.WORKBOOK_BYTES or expanded > limits.COMPRESSION_RATIO * max(file.size, 4096):
        return Table("xlsx", problem=f"not read: it expands from {file.size:,} to {expanded:,} bytes")
    try:
        frame = pd.read_excel(path, engine="openpyxl")
    except ImportError:
        return Table("xlsx", problem="not read: no reader for workbooks is installed")
    frame.columns = [str(c)[:120] for c in frame.columns]
    return Table("xlsx", frame, len(frame)) if len(frame) else None


def _refuse_old_workbook(snapshot: Snapshot, file: DataFile) -> Table:
    return Table("xls", problem="not read: the old binary workbook format")


_READERS = {
    "csv": _read_delimited, "tsv": _read_delimited, "text": _read_text, "table": _read_unnamed, "json": _read_json, "jsonl": _read_json_lines,
    "parquet": _read_parquet, "arrow": _read_arrow, "xlsx": _read_workbook, "xls": _refuse_old_workbook,
}  # fmt: skip
