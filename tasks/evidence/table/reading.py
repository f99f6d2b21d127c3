"""The raw table of one or several files, whatever format their first bytes show, within memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.errors import DataRefused
from tasks.evidence.table.delimited import ColumnCounts, RawTable, read_delimited
from tasks.evidence.table.facts import JoinFacts, SourceFile
from tasks.evidence.table.source import Content, check_file, hash_file, opened

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 2_000_000
MAX_CELLS = 100_000_000
FEWEST_ROWS = 2


@dataclass(frozen=True)
class Reading:
    """A raw table and where it comes from."""

    frame: pd.DataFrame
    """Columns are unique text names; numbers where the file holds numbers, text as it stands otherwise."""
    sources: tuple[SourceFile, ...]
    rows_in_files: int
    sampled: bool
    notes: tuple[str, ...]
    joins: tuple[JoinFacts, ...]
    counts: Mapping[str, ColumnCounts] = field(default_factory=dict)
    """Of columns counted over all rows of a file of which only a sample is held."""


def read_tables(
    paths: Sequence[Path], *, max_rows: int = MAX_ROWS, max_cells: int = MAX_CELLS, seed: int = 0, target: str | None = None
) -> Reading:
    """One raw table of the files, joined or stacked when there are several.

    A file that cannot be read, or holds no rows, is DataRefused with one line. More rows than `max_rows` or `max_cells` allow are a
    uniform sample by `seed`, in the order of the file.
    """
    if not paths:
        raise DataRefused("No data file is named", "Name a CSV, Parquet, JSON, Arrow or XLSX file.")
    tables = [_read_one(Path(path), max_rows, max_cells, seed) for path in paths]
    if len(tables) == 1:
        table, source = tables[0]
        return Reading(table.frame, (source,), table.rows, table.sampled, source.notes, (), table.counts)
    from tasks.evidence.table.joining import join_tables

    joined = join_tables([(name, table.frame) for name, (table, _) in zip(_short_names(paths), tables)], target=target)
    sources = tuple(source for _, source in tables)
    notes = (*(f"{Path(s.path).name}: {note}" for s in sources for note in s.notes), *joined.notes)
    rows = sum(t.rows for t, _ in tables) if joined.stacked else tables[joined.base][0].rows
    return Reading(joined.frame, sources, rows, any(t.sampled for t, _ in tables), notes, joined.joins)


def _short_names(paths: Sequence[Path]) -> list[str]:
    """The files' names, with as much of the folder as keeps them apart."""
    names = [Path(path).name for path in paths]
    return [name if names.count(name) == 1 else f"{position}: {name}" for position, name in enumerate(names, start=1)]


def _read_one(path: Path, max_rows: int, max_cells: int, seed: int) -> tuple[RawTable, SourceFile]:
    size = check_file(path).st_size
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(hash_file, path)
        with opened(path) as content:
            table = _table(path, content, max_rows, max_cells, seed)
            notes = (f"{content.compression} compressed", *table.notes) if content.compression else table.notes
        if len(table.frame.columns) == 0 or len(table.frame) == 0:
            raise DataRefused(f"{path} has {len(table.frame.columns)} columns and no rows", "Give a table with rows.")
        table = _sampled(table, max_rows, max_cells, seed)
        if table.sampled and not any("sample" in note for note in notes):
            notes = (*notes, f"a uniform sample of {len(table.frame):,} of {table.rows:,} rows (seed {seed})")
        source = SourceFile(
            path=str(path),
            format=table.format,
            bytes=size,
            sha256=digest.result(),
            rows=table.rows,
            columns=len(table.frame.columns),
            encoding=table.encoding,
            notes=notes,
        )
    return table, source


def _table(path: Path, content: Content, max_rows: int, max_cells: int, seed: int) -> RawTable:
    """The table by the first bytes of its content."""
    data = content.data
    if data.startswith((b"PAR1", b"ARROW1", b"FEA1")) or _is_arrow_stream(data):
        from tasks.evidence.table.columnar import read_columnar

        return read_columnar(path, content, max_rows, max_cells, seed)
    if data.startswith(b"PK\x03\x04"):
        from tasks.evidence.table.workbook import read_workbook

        return read_workbook(path, content)
    if content.large is not None:
        from tasks.evidence.table.large import read_large

        return read_large(path, content, max_rows, max_cells, seed)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        from tasks.evidence.table.json_records import read_json

        return read_json(path, data)
    return read_delimited(path, data)


def _is_arrow_stream(data: bytes) -> bool:
    return data[:4] == b"\xff\xff\xff\xff" and len(data) > 8


def _sampled(table: RawTable, max_rows: int, max_cells: int, seed: int) -> RawTable:
    import numpy as np

    most = rows_allowed(len(table.frame.columns), max_rows, max_cells)
    if len(table.frame) <= most:
        return table
    picked = np.sort(np.random.default_rng(seed).choice(len(table.frame), most, replace=False))
    return table._replace(frame=table.frame.iloc[picked].reset_index(drop=True), sampled=True)


def rows_allowed(columns: int, max_rows: int, max_cells: int) -> int:
    """Rows that fit into both limits."""
    return max(FEWEST_ROWS, min(max_rows, max_cells // max(1, columns)))
