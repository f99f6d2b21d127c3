"""A large delimited file in one pass: exact row count and rows spread over the whole file, in bounded memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.delimited import Dialect

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

BLOCK_BYTES = 8 * 2**20


def stream_delimited(path: str, dialect: Dialect) -> tuple[pd.DataFrame, int, bool]:
    """A frame of sampled rows, the number of rows, and whether the whole file was counted."""
    import os

    import pyarrow as pa
    import pyarrow.csv as pc

    size = os.path.getsize(path)
    share = min(1.0, limits.SAMPLE_BYTES / size)
    names = _names(path, dialect)
    reader = pc.open_csv(
        path,
        read_options=pc.ReadOptions(
            block_size=BLOCK_BYTES,
            use_threads=False,
            encoding="utf-8" if dialect.encoding == "utf-8-sig" else dialect.encoding,
            autogenerate_column_names=not dialect.header,
        ),
        parse_options=pc.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=True, invalid_row_handler=lambda row: "skip"),
        convert_options=pc.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False, check_utf8=False),
    )
    rows, kept, read, complete = 0, [], 0, True
    for batch in reader:
        rows += batch.num_rows
        read += batch.nbytes
        wanted = max(1, int(batch.num_rows * share))
        step = max(1, batch.num_rows // wanted)
        kept.append(batch.take(pa.array(range(0, batch.num_rows, step))))
        if read > limits.STREAM_BYTES:
            complete = False
            break
    return _typed(pa.Table.from_batches(kept, reader.schema)), rows, complete


def _names(path: str, dialect: Dialect) -> list[str]:
    import csv

    with open(path, "rb") as stream:
        line = io.StringIO(stream.readline(2**20).decode(dialect.encoding, errors="replace"))
    first = next(csv.reader(line, delimiter=dialect.delimiter), [])
    return list(dict.fromkeys(first)) if dialect.header else [f"f{i}" for i in range(len(first))]


def _typed(table: pa.Table) -> pd.DataFrame:
    """Types as a CSV reader infers them, from the sample's text."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.csv as pc

    sink = io.BytesIO()
    step = -(-len(table) // limits.SAMPLE_ROWS)
    if step > 1:
        table = table.take(pa.array(range(0, len(table), step)))
    pc.write_csv(table.cast(pa.schema([(f.name, pa.string()) for f in table.schema])), sink)
    sink.seek(0)
    return pd.read_csv(sink, low_memory=False, on_bad_lines="skip", encoding_errors="replace")
