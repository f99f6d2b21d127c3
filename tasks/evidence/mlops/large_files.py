"""Large and binary files kept in git."""

from __future__ import annotations

import re

from tasks.evidence.mlops.facts import LargeFile
from tasks.evidence.snapshot import Snapshot

LARGE_BYTES = 5_000_000
"""From this size on a file weighs on every clone: half of the size at which pre-commit's and GitHub's advice is Git LFS."""
LIMIT = 100
"""Files that are told."""
KINDS = {
    "model": "pkl pickle joblib pt pth ckpt h5 hdf5 keras onnx pb tflite safetensors bin bst cbm mar pmml dill "
    "skops gguf ggml t7 caffemodel params",
    "archive": "zip tar gz tgz bz2 xz 7z rar zst whl jar egg",
    "database": "db sqlite sqlite3 duckdb mdb",
    "array": "npy npz mat rds rda rdata feather arrow tfrecord tfrecords idx pcd",
    "data": "csv tsv json jsonl ndjson parquet xlsx xls txt xml orc avro sql arff dta sav geojson log libsvm svm data",
    "media": "png jpg jpeg gif bmp tif tiff svg mp4 avi mov mkv webm mp3 wav flac ogg pdf ppt pptx psd ico webp heic",
}  # fmt: skip
KIND_OF = {ending: kind for kind, endings in KINDS.items() for ending in endings.split()}
_TEXT = re.compile(r"\.(?:py|ipynb|md|rst|js|css|html|lock|toml|ya?ml|r|lua|jl|ts|map|ltx|tex)$", re.IGNORECASE)


def find_large_files(snapshot: Snapshot) -> tuple[LargeFile, ...]:
    """Files above the limit, largest first, those whose content was not exported included."""
    own = frozenset(snapshot.own)
    large = [e for e in snapshot.entries.values() if e.size >= LARGE_BYTES and (e.path in own or e.kind == "skipped")]
    found = [LargeFile(file=e.path, size=e.size, kind=kind_of(e.path)) for e in large]
    return tuple(sorted(found, key=lambda f: (-f.size, f.file))[:LIMIT])


def kind_of(path: str) -> str:
    """What a file is by its ending; `binary` for one that says nothing, `data` for text."""
    ending = path.rpartition("/")[2].rpartition(".")[2].lower()
    return KIND_OF.get(ending) or ("data" if _TEXT.search(path) else "binary")
