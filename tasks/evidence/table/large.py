"""A text table larger than memory: streamed by DuckDB, counted over all rows, trained on a uniform sample."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.errors import DataRefused
from tasks.evidence.dataset.delimited import Dialect
from tasks.evidence.table import limits
from tasks.evidence.table.column_names import unique_names
from tasks.evidence.table.delimited import ColumnCounts, RawTable, check_width, dialect_of, header_of, to_frame
from tasks.evidence.table.encodings import encoding_of_head, without_mark
from tasks.evidence.table.sampling import RowSample
from tasks.evidence.table.source import Content

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY = "1GB"
BATCH_ROWS = 50_000
SAMPLE_BYTES = 3 * 2**30
_PIECE = 8 * 2**20


def read_large(path: Path, content: Content, max_rows: int, max_cells: int, seed: int) -> RawTable:
    """A seeded uniform sample of a large CSV or JSON text, with the rows, nulls and distinct values of the whole.

    Rows of another width than the header are left out and told. The sample does not depend on the number of threads: rows are numbered
    in the order of the file.
    """
    import duckdb

    assert content.large is not None
    is_json = content.data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")
    with tempfile.TemporaryDirectory(prefix="axiom-large-") as folder, duckdb.connect(config=_settings(folder)) as connection:
        try:
            if is_json:
                return _json(path, content.large, connection, max_rows, max_cells, seed)
            with _as_utf8(path, content, Path(folder)) as (text, encoding, notes):
                return _delimited(path, text, encoding, notes, connection, max_rows, max_cells, seed)
        except duckdb.Error as error:
            cause = str(error).splitlines()[0][:160]
            raise DataRefused(f"{path} cannot be streamed ({cause})", "Check the delimiter and quotes, or give it as Parquet.") from None
        except MemoryError:
            raise DataRefused(f"{path}: the sample takes more than {SAMPLE_BYTES:,} bytes", "Give fewer columns, or as Parquet.") from None


def _settings(folder: str) -> dict[str, Any]:
    return {
        "memory_limit": MEMORY,
        "temp_directory": folder,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }


@contextmanager
def _as_utf8(path: Path, content: Content, folder: Path) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """The file itself, or a copy in UTF-8."""
    assert content.large is not None
    encoding = encoding_of_head(path, content.data)
    if encoding in ("utf-8", "utf-8-sig"):
        yield content.large, encoding, ()
        return
    copy = folder / "utf8.csv"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with content.large.open("rb") as source, copy.open("wb") as out:
        while piece := source.read(_PIECE):
            out.write(decoder.decode(piece).replace("\0", "").encode())
    yield copy, encoding, (f"not UTF-8; read as {encoding}",)


def _delimited(
    path: Path,
    text: Path,
    encoding: str,
    notes: tuple[str, ...],
    connection: duckdb.DuckDBPyConnection,
    max_rows: int,
    max_cells: int,
    seed: int,
) -> RawTable:
    with text.open("rb") as stream:
        head = without_mark(stream.read(2**20))
    dialect = dialect_of(path, head)
    names, more = unique_names(header_of(path, head, dialect))
    check_width(path, len(names))
    source = _csv_source(text, dialect, len(names))
    sample = _sample(connection, source, len(names), max_rows, max_cells, seed)
    rejected = _rejected(connection)
    if rejected > limits.BAD_ROWS_SHARE * (sample.seen + rejected):
        raise DataRefused(
            f"{path}: {rejected:,} of {sample.seen + rejected:,} rows have another number of fields than the header",
            "Check the delimiter and the quotes.",
        )
    if rejected:
        more = (*more, f"{rejected:,} rows have another number of fields than the header and were left out")
    counts = _counts(connection, source, [f"f{i}" for i in range(len(names))], names)
    frame = to_frame(_combined(sample), names)
    return _result(frame, "tsv" if dialect.delimiter == "\t" else "csv", encoding, (*notes, *more), sample, counts, seed)


def _csv_source(text: Path, dialect: Dialect, width: int) -> str:
    columns = ", ".join(f"'f{i}': 'VARCHAR'" for i in range(width))
    return (
        f"read_csv('{_quoted(str(text))}', delim='{_quoted(dialect.delimiter)}', quote='\"', escape='\"', header={str(dialect.header).lower()}, "
        f"auto_detect=false, columns={{{columns}}}, nullstr='', ignore_errors=true, store_rejects=true, max_line_size={limits.CELL_BYTES})"
    )


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _sample(connection: duckdb.DuckDBPyConnection, source: str, columns: int, max_rows: int, max_cells: int, seed: int) -> RowSample:
    from tasks.evidence.table.reading import rows_allowed

    sample = RowSample(rows_allowed(columns, max_rows, max_cells), seed, SAMPLE_BYTES)
    for batch in connection.sql(f"SELECT * FROM {source}").to_arrow_reader(BATCH_ROWS):
        sample.add(batch)
    return sample


def _combined(sample: RowSample) -> pa.Table:
    return sample.table(sample.schema())


def _rejected(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchone()
    return int(row[0]) if row else 0


def _counts(connection: duckdb.DuckDBPyConnection, source: str, fields: list[str], names: list[str]) -> dict[str, ColumnCounts]:
    """Nulls and about how many distinct values (HyperLogLog) of every column over all rows."""
    asked = ", ".join(f'count("{f}"), approx_count_distinct("{f}")' for f in (_named(field) for field in fields))
    row = connection.execute(f"SELECT count(*), {asked} FROM {source}").fetchone()
    assert row is not None
    return {name: ColumnCounts(row[0], row[0] - row[1 + 2 * i], row[2 + 2 * i]) for i, name in enumerate(names)}


def count_parquet(file: Path, names: list[str]) -> dict[str, ColumnCounts]:
    """The same for a Parquet file; nothing when DuckDB cannot read it."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="axiom-large-") as folder, duckdb.connect(config=_settings(folder)) as connection:
        try:
            return _counts(connection, f"read_parquet('{_quoted(str(file))}')", names, names)
        except duckdb.Error:
            return {}


def _named(field: str) -> str:
    return field.replace('"', '""')


def _json(path: Path, text: Path, connection: duckdb.DuckDBPyConnection, max_rows: int, max_cells: int, seed: int) -> RawTable:
    """Records of a large JSON array or of JSON lines; objects flattened one level, lists as JSON text."""
    from tasks.evidence.table.columnar import plain_table

    source = f"read_json('{_quoted(str(text))}', maximum_object_size={limits.CELL_BYTES}, convert_strings_to_integers=false)"
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    check_width(path, len(described))
    sample = _sample(connection, source, len(described), max_rows, max_cells, seed)
    table = plain_table(_combined(sample))
    names, notes = unique_names(table.column_names)
    fields = [row[0] for row in described]
    counts = _counts(connection, source, fields, fields)
    frame = table.rename_columns(names).to_pandas(ignore_metadata=True)
    return _result(frame, "json", "utf-8", notes, sample, counts, seed)


def _result(
    frame: Any, kind: str, encoding: str, notes: tuple[str, ...], sample: RowSample, counts: dict[str, ColumnCounts], seed: int
) -> RawTable:
    sampled = len(frame) < sample.seen
    told = f"a uniform sample of {len(frame):,} of {sample.seen:,} rows (seed {seed})" if sampled else f"all {sample.seen:,} rows streamed"
    return RawTable(frame, kind, sample.seen, encoding, (*notes, told), sampled, counts if sampled else {})
