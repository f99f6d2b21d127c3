"""One file of the user: is it a regular file, what is it by its first bytes, and its content decompressed within limits."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from tasks.errors import DataRefused
from tasks.evidence.table import limits

_PIECE = 4 * 2**20
_COMPRESSIONS = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"PK\x03\x04", "zip"))
_OTHERS = (
    (b"SQLite format 3", "a SQLite database", "export the table as CSV or Parquet"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "save it as .xlsx or CSV"),
    (b"\x89HDF", "an HDF5 file", "save the table as CSV or Parquet"),
    (b"%PDF", "a PDF document", "give the table as CSV, Parquet, JSON, Arrow or XLSX"),
    (b"\x89PNG", "an image", "give a table as CSV, Parquet, JSON, Arrow or XLSX"),
    (b"\xff\xd8\xff", "an image", "give a table as CSV, Parquet, JSON, Arrow or XLSX"),
    (b"\x80\x02", "a pickle, which could run code", "save the table as CSV or Parquet"),
    (b"\x80\x03", "a pickle, which could run code", "save the table as CSV or Parquet"),
    (b"\x80\x04", "a pickle, which could run code", "save the table as CSV or Parquet"),
    (b"\x80\x05", "a pickle, which could run code", "save the table as CSV or Parquet"),
    (b"\x7fELF", "a program", "give a table as CSV, Parquet, JSON, Arrow or XLSX"),
    (b"7z\xbc\xaf", "a 7z archive", "compress the table as gz, bz2, xz, zst or zip"),
    (b"Rar!", "a RAR archive", "compress the table as gz, bz2, xz, zst or zip"),
    (b"RDX", "an R data file", "save the table as CSV or Parquet"),
    (b"version https://git-lfs", "a pointer to a file in Git LFS", "fetch the file itself with `git lfs pull`"),
)


class Content(NamedTuple):
    """What a file holds once it is decompressed: in memory, or in a file when it is large."""

    data: bytes
    """Everything, or the first mebibyte when `large` is set."""
    large: Path | None
    name: str
    """The file's name, or that of the member of a zip archive."""
    compression: str
    """Empty for none."""


def check_file(path: Path) -> os.stat_result:
    """The file's facts; refused when it is not there, not a regular file, empty or not readable."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        raise DataRefused(f"There is no file {path}", "Check the path.") from None
    except OSError as error:
        raise DataRefused(f"{path} cannot be opened: {error.strerror or error}", "Check the path and its permissions.") from None
    if stat.S_ISDIR(facts.st_mode):
        raise DataRefused(f"{path} is a folder", "Name the data files in it.")
    if not stat.S_ISREG(facts.st_mode):
        raise DataRefused(f"{path} is not a regular file", "Copy the data into a file first.")
    if not facts.st_size:
        raise DataRefused(f"{path} is empty", "Give a file with a header and rows.")
    if not os.access(path, os.R_OK):
        raise DataRefused(f"{path} may not be read", "Give yourself permission to read it.")
    return facts


def hash_file(path: Path) -> str:
    """SHA-256 of the file as it is stored."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[Content]:
    """The decompressed content; a large one lies in a temporary file that ends with the block, or is the file itself."""
    check_file(path)
    with path.open("rb") as stream:
        head = stream.read(16)
    compression = next((name for magic, name in _COMPRESSIONS if head.startswith(magic)), "")
    if compression == "zip" and is_workbook(path):
        compression = ""
    try:
        with _stream(path, compression) as (unpacked, name), tempfile.TemporaryDirectory(prefix="axiom-table-") as folder:
            yield _content(path, unpacked, name, compression, Path(folder))
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        cause = "ends early" if isinstance(error, EOFError) or "end" in str(error).lower() else f"is damaged ({error})"
        raise DataRefused(f"{path}: the {compression} data {cause}", "Download or compress the file again.") from None


def is_workbook(path: Path) -> bool:
    """A zip archive that is an XLSX workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.lower() == "xl/workbook.xml" for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def _content(path: Path, unpacked: IO[bytes], name: str, compression: str, folder: Path) -> Content:
    head = unpacked.read(2**20)
    refuse_other_formats(path, head)
    if not compression:
        if path.stat().st_size > limits.IN_MEMORY_BYTES:
            return Content(head, path, name, compression)
        return Content(head + unpacked.read(), None, name, compression)
    pieces, size = [head], len(head)
    while size <= limits.IN_MEMORY_BYTES and (piece := unpacked.read(_PIECE)):
        pieces.append(piece)
        size += len(piece)
    if not size:
        raise DataRefused(f"{path} holds an empty file", "Give a file with a header and rows.")
    if size <= limits.IN_MEMORY_BYTES:
        return Content(b"".join(pieces), None, name, compression)
    return Content(head, _spill(path, pieces, size, unpacked, folder), name, compression)


def _spill(path: Path, pieces: list[bytes], size: int, unpacked: IO[bytes], folder: Path) -> Path:
    """The rest of a large content on disk, within the limits and half of what is free there."""
    most = min(limits.EXPANDED_BYTES, limits.COMPRESSION_RATIO * path.stat().st_size, shutil.disk_usage(folder).free // 2)
    large = folder / "content"
    with large.open("wb") as out:
        for piece in pieces:
            out.write(piece)
        pieces.clear()
        while piece := unpacked.read(_PIECE):
            size += len(piece)
            if size > most:
                raise DataRefused(f"{path} expands to more than {most:,} bytes", "Give the table as Parquet, or a part of it.")
            out.write(piece)
    return large


@contextmanager
def _stream(path: Path, compression: str) -> Iterator[tuple[IO[bytes], str]]:
    """A reader of the decompressed bytes and the name of what it reads."""
    name = path.name
    if compression == "gzip":
        with gzip.open(path, "rb") as stream:
            yield stream, name  # type: ignore[misc]
    elif compression == "bzip2":
        with bz2.open(path, "rb") as stream:
            yield stream, name
    elif compression == "xz":
        with lzma.open(path, "rb") as stream:
            yield stream, name
    elif compression == "zstd":
        with path.open("rb") as raw:
            yield _zstd(path, raw), name
    elif compression == "zip":
        with zipfile.ZipFile(path) as archive, _member(path, archive) as stream:
            yield stream, stream.name
    else:
        with path.open("rb") as stream:
            yield stream, name


def _zstd(path: Path, raw: IO[bytes]) -> IO[bytes]:
    import pyarrow as pa

    class Readable(io.RawIOBase):
        def __init__(self) -> None:
            self.stream = pa.CompressedInputStream(raw, "zstd")

        def read(self, size: int = -1) -> bytes:
            try:
                return self.stream.read(None if size < 0 else size)
            except (OSError, pa.ArrowInvalid) as error:
                raise DataRefused(
                    f"{path}: the zstd data is damaged or ends early ({error})", "Download or compress the file again."
                ) from None

    return Readable()  # type: ignore[return-value]


def _member(path: Path, archive: zipfile.ZipFile) -> IO[bytes]:
    """The one file of an archive."""
    members = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX") and i.file_size]
    tables = [
        i for i in members if not Path(i.filename).name.startswith(".") and not i.filename.lower().endswith((".md", ".txt", ".pdf"))
    ] or members
    if len(tables) != 1:
        some = ", ".join(i.filename for i in tables[:4])
        raise DataRefused(f"{path} holds {len(tables)} files{f' ({some} …)' if some else ''}", "Unpack it and name the data files.")
    if tables[0].flag_bits & 1:
        raise DataRefused(f"{path} is encrypted", "Unpack it first.")
    return archive.open(tables[0])


def refuse_other_formats(path: Path, head: bytes) -> None:
    """Refused by its first bytes when it is something that is known not to be a table."""
    for magic, what, remedy in _OTHERS:
        if head.startswith(magic):
            raise DataRefused(f"{path} is {what}", f"{remedy[0].upper()}{remedy[1:]}.")
    start = head[:300].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise DataRefused(f"{path} holds a web page or XML, not records", "Download the file itself, or give the table as CSV.")
