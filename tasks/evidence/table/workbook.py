"""An XLSX workbook as a raw frame: the sheet with most cells, which is told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.errors import DataRefused
from tasks.evidence.table import limits
from tasks.evidence.table.column_names import unique_names
from tasks.evidence.table.delimited import RawTable, check_width
from tasks.evidence.table.json_records import typed_column
from tasks.evidence.table.source import Content

if TYPE_CHECKING:
    from openpyxl import Workbook

HEADER_ROWS = 20
"""So many rows may stand above the header: a title, a date, an empty line."""


def read_workbook(path: Path, content: Content) -> RawTable:
    """The table of the largest sheet; formulas by the values that were saved with them, no macro or link followed."""
    import openpyxl

    data = content.data
    if content.large is not None:
        raise DataRefused(f"{path} is a workbook of {path.stat().st_size:,} bytes", "Save the sheet as CSV or Parquet.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            expanded = sum(info.file_size for info in archive.infolist())
        if expanded > min(limits.WORKBOOK_BYTES, limits.WORKBOOK_RATIO * max(len(data), 65_536)):
            raise DataRefused(f"{path} expands from {len(data):,} to {expanded:,} bytes", "Save the sheet as CSV or Parquet.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        rows, note = _largest(book)
    except DataRefused:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise DataRefused(f"{path} is a damaged workbook ({type(error).__name__})", "Save it again, or save the sheet as CSV.") from None
    return _table(path, rows, note)


def _largest(book: Workbook) -> tuple[list[tuple[Any, ...]], str]:
    """Rows of the sheet with most filled cells."""
    best: list[tuple[Any, ...]] = []
    most, name, filled = -1, "", []
    for sheet in book.worksheets:
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()  # the declared size may be anything
        rows = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None and cell != "" for cell in row)]
        cells = sum(sum(cell is not None for cell in row) for row in rows)
        if rows:
            filled.append(sheet.title)
        if cells > most:
            best, most, name = rows, cells, sheet.title
    others = [title for title in filled if title != name]
    return best, f"sheet `{name}`" + (f", the largest; not read: {', '.join(others[:5])}" if others else "")


def _table(path: Path, rows: list[tuple[Any, ...]], note: str) -> RawTable:
    import pandas as pd

    if not rows:
        raise DataRefused(f"{path} has no filled cells", "Give a workbook with a header and rows.")
    width = max(len(row) for row in rows)
    check_width(path, width)
    usual = sorted(_filled(row) for row in rows)[len(rows) // 2]
    start = next((i for i, row in enumerate(rows[:HEADER_ROWS]) if _filled(row) >= max(1, 0.6 * usual)), 0)
    body = [row + (None,) * (width - len(row)) for row in rows[start:]]
    headed = all(cell is None or isinstance(cell, str) for cell in body[0]) or len(body) == 1
    used = [i for i in range(width) if any(row[i] is not None for row in body)]
    names, notes = unique_names([body[0][i] if headed else "" for i in used])
    records = body[1:] if headed else body
    if start:
        notes = (*notes, f"{start} rows above the header were left out")
    frame = pd.DataFrame({name: typed_column([_cell(row[i]) for row in records]) for name, i in zip(names, used)})
    return RawTable(frame, "xlsx", len(frame), "", (note, *notes))


def _filled(row: tuple[Any, ...]) -> int:
    return sum(cell is not None and cell != "" for cell in row)


def _cell(value: Any) -> Any:
    return value.isoformat(sep=" ") if hasattr(value, "isoformat") and hasattr(value, "hour") and hasattr(value, "year") else value
