"""Parquet and Arrow files as a raw frame, batch by batch, the decoded size bounded and not believed from a footer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.errors import DataRefused
from tasks.evidence.table.column_names import unique_names
from tasks.evidence.table.delimited import RawTable, check_width
from tasks.evidence.table.sampling import RowSample
from tasks.evidence.table.source import Content

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 16_384
DECODED_BYTES = 3 * 2**30
"""Of the rows that are kept; a file whose rows decode to more is a bomb, or needs a smaller sample."""


def read_columnar(path: Path, content: Content, max_rows: int, max_cells: int, seed: int) -> RawTable:
    """The table of a Parquet, Arrow or Feather file."""
    import pyarrow as pa

    from tasks.evidence.table.reading import rows_allowed

    kind = "parquet" if content.data.startswith(b"PAR1") else "arrow"
    try:
        source = pa.memory_map(str(content.large)) if content.large else pa.BufferReader(content.data)
        schema, batches = _parquet(source) if kind == "parquet" else _arrow(source, content.data)
        check_width(path, len(schema.names))
        sample = RowSample(rows_allowed(len(schema.names), max_rows, max_cells), seed, DECODED_BYTES)
        for batch in batches:
            sample.add(batch)
    except MemoryError:
        raise DataRefused(f"{path} decodes to more than {DECODED_BYTES:,} bytes", "Give fewer columns, or a part of the rows.") from None
    except (pa.ArrowException, OSError) as error:
        cause = str(error).splitlines()[0][:160]
        raise DataRefused(f"{path} is a damaged or cut-off {kind} file ({cause})", "Write or download it again.") from None
    table = plain_table(sample.table(schema))
    names, notes = unique_names(table.column_names)
    frame = table.rename_columns(names).to_pandas(ignore_metadata=True)
    sampled = sample.seen > len(frame)
    counts = {}
    if sampled and kind == "parquet" and (content.large or not content.compression):
        from tasks.evidence.table.large import count_parquet

        counts = count_parquet(content.large or path, schema.names)
    return RawTable(frame, kind, sample.seen, "", notes, sampled, counts)


def _parquet(source: Any) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow.parquet as pq

    handle = pq.ParquetFile(source)
    return handle.schema_arrow, handle.iter_batches(batch_size=BATCH_ROWS)


def _arrow(source: Any, head: bytes) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow as pa
    import pyarrow.feather as feather

    if head.startswith(b"FEA1"):
        table = feather.read_table(source)
        return table.schema, iter(table.to_batches(max_chunksize=BATCH_ROWS))
    if head.startswith(b"ARROW1"):
        reader = pa.ipc.open_file(source)
        return reader.schema, (reader.get_batch(i) for i in range(reader.num_record_batches))
    stream = pa.ipc.open_stream(source)
    return stream.schema, iter(stream)


def plain_table(table: pa.Table) -> pa.Table:
    """Structures flattened one level, lists as JSON text, decimals as floats, days as moments, dictionaries as their values."""
    import json

    import pyarrow as pa

    if any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    columns = []
    for column in table.columns:
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
        elif pa.types.is_decimal(kind) or pa.types.is_float16(kind):
            column = column.cast(pa.float64())
        elif pa.types.is_date(kind):
            column = column.cast(pa.timestamp("ms"))
        elif pa.types.is_duration(kind):
            column = column.cast(pa.int64())
        elif pa.types.is_time(kind):
            column = column.cast(pa.string())
        elif pa.types.is_nested(kind):
            column = pa.chunked_array(
                [pa.array([None if v is None else json.dumps(v, default=str) for v in column.to_pylist()], pa.string())]
            )
        elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
            column = pa.chunked_array(
                [pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())]
            )
        columns.append(column)
    return pa.table(columns, names=[str(name) for name in table.column_names])
