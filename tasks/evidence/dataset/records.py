"""How many records a delimited file holds, read in pieces: line breaks inside quotes do not count."""

from __future__ import annotations

import gzip
from collections.abc import Iterable

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.delimited import Dialect
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.snapshot import Snapshot

PIECE_BYTES = 8 * 2**20


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
