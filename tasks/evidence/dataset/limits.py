"""How much of a repository's data is read. All limits are stated in the facts."""

from __future__ import annotations

WHOLE_FILE_BYTES = 64 * 2**20
"""Files up to this size are profiled whole; larger ones stream, counted exactly and profiled on a sample."""
STREAM_BYTES = 8 * 2**30
"""Uncompressed bytes after which counting the rows stops."""
EXPANDED_BYTES = 512 * 2**20
"""What one compressed file may expand to."""
COMPRESSION_RATIO = 200
"""A workbook that expands further is refused."""
WORKBOOK_BYTES = 100 * 2**20
JSON_BYTES = 64 * 2**20
SAMPLE_ROWS = 200_000
SAMPLE_BYTES = 48 * 2**20
"""Text kept as the sample of a large file."""
SAMPLE_CELLS = 20_000_000
PREDICTOR_ROWS = 50_000
FILES_PROFILED = 60
"""The rest is listed with its rows."""
FILES_LISTED = 8_000
COLUMNS_LISTED = 200
COLUMNS_READ = 5_000
SECONDS = 60
"""CPU time for profiling, so that a busy machine gives the same facts; after it files are listed with their rows only."""
PAIRS_LIMIT = 20

STATED = {
    "whole_file_bytes": WHOLE_FILE_BYTES,
    "stream_bytes": STREAM_BYTES,
    "expanded_bytes": EXPANDED_BYTES,
    "compression_ratio": COMPRESSION_RATIO,
    "workbook_bytes": WORKBOOK_BYTES,
    "json_bytes": JSON_BYTES,
    "sample_rows": SAMPLE_ROWS,
    "predictor_rows": PREDICTOR_ROWS,
    "files_profiled": FILES_PROFILED,
    "files_listed": FILES_LISTED,
    "columns_listed": COLUMNS_LISTED,
    "profiling_seconds": SECONDS,
}
