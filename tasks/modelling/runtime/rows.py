"""Rows to predict, from a CSV, Parquet or JSON Lines file in pieces, and predictions as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from tasks.evidence.table.column_names import unique_names
from tasks.modelling.runtime.predictor import Predictor

ROWS_AT_ONCE = 50_000
DELIMITERS = ",;\t|"
HEAD_BYTES = 1 << 20
CELL_CHARACTERS = 10_000_000
PREDICTION = "prediction"
VALUE = "pred"


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Raw frames of at most `ROWS_AT_ONCE` rows; a file without rows gives one empty frame.

    `columns` are those the model reads: they tell which delimiter a CSV has. Raises ValueError for another format.
    """
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".pq"):
        yield from _read_parquet(path, columns)
    elif suffix in (".jsonl", ".ndjson"):
        with path.open("rb") as file:
            yield from _pieces(pd.read_json(file, lines=True, chunksize=ROWS_AT_ONCE, dtype=False, convert_dates=False))
    elif suffix in (".csv", ".tsv", ".txt"):
        yield from _read_csv(path, columns)
    else:
        raise ValueError(f"{path} is neither CSV, Parquet nor JSON Lines: name it .csv, .parquet or .jsonl")


def prediction_table(predictor: Predictor, frame: pd.DataFrame, canonical: bool = False) -> pd.DataFrame:
    """Column `pred` of a regression; otherwise a column of probabilities for each class, named by it, then `prediction`.

    `canonical`: the rows are parsed already.
    """
    rows = frame if canonical else predictor.canonical(frame)
    if not predictor.classes:
        return pd.DataFrame({VALUE: predictor.predict_canonical(rows)})
    probabilities = predictor.predict_proba_canonical(rows)
    table = pd.DataFrame(probabilities, columns=list(predictor.classes))
    # A class may be called like the column of labels; then the probabilities keep the name.
    label = PREDICTION if PREDICTION not in predictor.classes else f"{PREDICTION}_label"
    table[label] = predictor.decide(probabilities)
    return table


def write_predictions(predictor: Predictor, frames: Iterable[pd.DataFrame], out: IO[str]) -> int:
    """Predictions as CSV, one line a row in the order of the rows; gives how many."""
    rows = 0
    for number, frame in enumerate(frames):
        table = prediction_table(predictor, frame)
        table.to_csv(out, index=False, header=number == 0)
        rows += len(table)
    return rows


def _read_parquet(path: Path, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    wanted = [name for name in file.schema_arrow.names if name in set(columns)]
    yield from _pieces(batch.to_pandas() for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=wanted))


def _read_csv(path: Path, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Every cell as text but whole columns of numbers, as in training: `007` stays a code, `7.0` is 7."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    encoding = _encoding(head)
    delimiter, names = _header(head.decode(encoding, errors="replace"), columns)
    how = {"sep": delimiter, "names": names, "header": 0, "index_col": False, "skip_blank_lines": len(names) > 1}
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        pieces = pd.read_csv(text, dtype=str, keep_default_na=False, na_values=[""], chunksize=ROWS_AT_ONCE, **how)
        yield from _pieces(_typed(piece) for piece in pieces)


def _pieces(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    empty = True
    for frame in frames:
        empty = False
        yield frame.set_axis(unique_names(list(frame.columns))[0], axis=1)
    if empty:
        yield pd.DataFrame()


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _header(head: str, columns: Sequence[str]) -> tuple[str, list[str]]:
    """The delimiter that finds most of the model's columns in the first line, and the names there."""
    csv.field_size_limit(CELL_CHARACTERS)
    known = set(columns)

    def names(delimiter: str) -> list[str]:
        return unique_names(next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), []))[0]

    best = max(DELIMITERS, key=lambda delimiter: len(known.intersection(names(delimiter))))
    return best, names(best)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: _numbers_or_text(frame[name]) for name in frame.columns}, index=frame.index)


def _numbers_or_text(column: pd.Series) -> pd.Series:
    """Numbers where every cell is one and none is a code with leading zeros or more digits than a float holds."""
    given = column.dropna().str.strip()
    if not len(given):
        return column
    if np.isnan(pd.to_numeric(given.iloc[:64], errors="coerce")).any():
        return column
    numbers = pd.to_numeric(given, errors="coerce")
    if numbers.isna().any() or given.str.match(r"[+-]?0\d|\d{16,}").any():
        return column
    # `to_numeric` is a last digit off in one of three numbers, and a tree may split just there.
    return given.astype(float).reindex(column.index)
