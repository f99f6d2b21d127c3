"""How much of a user's table is read, stated where it bites."""

from __future__ import annotations

IN_MEMORY_BYTES = 300 * 2**20
"""Content up to this size, after decompression, is read whole; beyond it is streamed and sampled."""
EXPANDED_BYTES = 64 * 2**30
"""What one compressed file may expand to."""
COMPRESSION_RATIO = 1_200
"""Deflate cannot do better than 1,032; a file that expands further after the first 300 MB is a bomb."""
WORKBOOK_BYTES = 1_500 * 2**20
WORKBOOK_RATIO = 400
COLUMNS_MOST = 10_000
"""A wider table is refused: every column is profiled, and that many cannot be looked at in the time of a build."""
CELL_BYTES = 2**24
"""Longest text of one cell."""
BAD_ROWS_SHARE = 0.05
"""With more rows of another width than the header, the delimiter or the quotes are not what they seem."""
