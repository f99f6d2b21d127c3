"""What a pickled model would import, in one sentence. Torch archives and compressed joblib files are looked into."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from tasks.evidence.outputs.files import OutputFile, open_regular
from tasks.evidence.outputs.pickle_scan import PickleScan, scan_bytes, scan_pickle

MAX_UNPACKED_BYTES = 200_000_000
"""Of a compressed pickle; a bomb is cut here."""
_OPENERS: dict[str, Callable[[Any], Any]] = {
    "gzip": lambda stream: gzip.GzipFile(fileobj=stream),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}


def check_pickle(file: OutputFile, kind: str) -> tuple[str, bool, tuple[str, ...]]:
    """A sentence, whether anything in it is dangerous, and every import; `?` stands for what could not be seen."""
    try:
        with open_regular(file.full) as stream:
            scan = _scan(stream, kind)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError, NotImplementedError, MemoryError) as error:
        return f"not scanned: {type(error).__name__}", False, ("?",)
    if scan is None:
        return f"not scanned: {kind} is not looked into", False, ("?",)
    return _told(scan, kind), bool(scan.dangerous), scan.globals if scan.complete else (*scan.globals, "?")


def _scan(stream: Any, kind: str) -> PickleScan | None:
    if kind == "torch" and stream.read(4) == b"PK\x03\x04":
        with zipfile.ZipFile(stream) as archive:
            name = next(n for n in archive.namelist() if n == "data.pkl" or n.endswith("/data.pkl"))
            with archive.open(name) as member:
                return scan_bytes(member.read(MAX_UNPACKED_BYTES))
    stream.seek(0)
    packing = kind.partition(" ")[2]
    if packing == "zlib":
        return scan_bytes(zlib.decompressobj().decompress(stream.read(MAX_UNPACKED_BYTES), MAX_UNPACKED_BYTES))
    if packing in _OPENERS:
        with _OPENERS[packing](stream) as unpacked:
            return scan_pickle(io.BytesIO(unpacked.read(MAX_UNPACKED_BYTES)))
    return None if packing else scan_pickle(stream)


def _told(scan: PickleScan, kind: str) -> str:
    if scan.dangerous:
        return f"dangerous imports: {', '.join(scan.dangerous[:6])[:300]}"
    packages = sorted({g.split(".")[0] for g in scan.globals})
    told = f"imports {', '.join(packages[:8])[:200]}" if packages else "imports nothing"
    extent = "" if scan.complete else "; raw arrays searched by shape" if kind.startswith("joblib") else "; opcodes end early"
    return f"not loaded; {told}{extent}"
