"""What a file is by its first bytes, with the name deciding only where bytes cannot."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from tasks.evidence.outputs.files import OutputFile, open_regular, read_start

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"%PDF-", "pdf"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"FEA1", "feather"),
    (b"\x93NUMPY", "npy"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"CBM1", "catboost"),
    (b"GGUF", "gguf"),
    (b"Obj\x01", "avro"),
    (b"tree\nversion=", "lightgbm"),
    (b'{"learner"', "xgboost"),
    (b"{L\x00\x00\x00\x00\x00\x00\x00\x01i\x07learner", "xgboost"),
    (b"binf", "xgboost"),
    (b"BZh", "bzip2"),
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_PICKLE_NAMES = frozenset([".pkl", ".pickle", ".joblib", ".dill", ".sav", ".p", ".model", ".pt", ".pth", ".bin", ".ckpt"])
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_BY_SUFFIX = {
    ".onnx": "onnx", ".safetensors": "safetensors", ".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".yaml": "yaml", ".yml": "yaml", ".txt": "text", ".log": "log", ".md": "markdown", ".html": "html", ".htm": "html", ".svg": "svg",
    ".out": "log", ".err": "log", ".cbm": "catboost", ".ubj": "xgboost", ".pmml": "pmml", ".tflite": "tflite", ".ipynb": "notebook",
    ".xml": "xml", ".toml": "toml", ".py": "python", ".index": "index", ".h5": "unreadable hdf5", ".keras": "unreadable keras",
    ".pb": "protobuf",
}  # fmt: skip


def format_of(file: OutputFile) -> str:
    """`pickle`, `joblib`, `torch`, `keras`, `hdf5`, `onnx`, `png`, …; `empty`, or `unknown`."""
    if file.size == 0:
        return "empty"
    start = read_start(file.full, 512)
    if ".tfevents." in file.name:
        return "tensorboard"
    if start.startswith(b"PK\x03\x04"):
        return _zip(file.full)
    for magic, name in _MAGIC:
        if start.startswith(magic):
            return _told_by_name(file, name)
    if start[4:8] == b"TFL3":
        return "tflite"
    if _PICKLE.match(start) or (file.suffix in _PICKLE_NAMES and start[:2] in _ZLIB):
        return _pickle(file, start)
    if file.suffix == ".safetensors" or (start[8:9] == b"{" and int.from_bytes(start[:8], "little") < file.size and b'"dtype"' in start):
        return "safetensors"
    return _text(file, start)


def _told_by_name(file: OutputFile, name: str) -> str:
    if (
        name == "hdf5"
        and file.suffix in (".h5", ".keras", ".hdf5")
        and _mentions(file.full, (b"keras_version", b"model_weights", b"layer_names"))
    ):
        return "keras hdf5"
    if name in ("gzip", "bzip2", "xz", "lz4") and re.search(r"\.(?:joblib|pkl|pickle)(?:\.\w{1,4})?$", file.name.lower()):
        return f"joblib {name}"
    return name


def _mentions(path: Path, words: tuple[bytes, ...]) -> bool:
    start = read_start(path, 1_000_000)
    return any(w in start for w in words)


def _pickle(file: OutputFile, start: bytes) -> str:
    if start[:2] in _ZLIB:
        return "joblib zlib"
    if b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19" in start[:40]:
        return "torch"
    if file.suffix == ".joblib" or b"joblib.numpy_pickle" in read_start(file.full, 20_000):
        return "joblib"
    return "pickle"


def _zip(path: Path) -> str:
    try:
        with open_regular(path) as stream, zipfile.ZipFile(stream) as archive:
            names = archive.namelist()[:5000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError):
        return "broken zip"
    if any(n == "data.pkl" or n.endswith("/data.pkl") for n in names):
        return "torch"
    if "config.json" in names and any(n.endswith(".weights.h5") for n in names):
        return "keras"
    if "schema.json" in names:
        return "skops"
    if names and all(n.endswith(".npy") for n in names):
        return "npz"
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _text(file: OutputFile, start: bytes) -> str:
    head = start.lstrip().lower()
    if b"<svg" in head[:400]:
        return "svg"
    if head.startswith((b"<!doctype html", b"<html")):
        return "html"
    if b"<pmml" in head:
        return "pmml"
    if file.suffix in _BY_SUFFIX:
        return _BY_SUFFIX[file.suffix]
    if b"\x00" in start:
        return "pickle" if file.suffix in (".pkl", ".pickle") else "unknown"
    if file.suffix in (".pkl", ".pickle") and re.match(rb"[(\]}cGIFNLVS]", start):
        return "pickle"
    return "text" if _is_printable(start) else "unknown"


def _is_printable(start: bytes) -> bool:
    text = start.decode("utf-8", errors="replace")
    return sum(c.isprintable() or c.isspace() for c in text) >= 0.97 * len(text)
