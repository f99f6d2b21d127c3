"""How data is versioned: DVC, Git LFS, git-annex and others, told from the data itself.

A pointer stands where a file would be; it holds an address, not records, and is never read as a dataset.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

from tasks.evidence.dataset.discovery import format_of
from tasks.evidence.dataset.facts import DataVersioning
from tasks.evidence.snapshot import Snapshot

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1"
POINTER_BYTES = 1_024
_ANNEX = re.compile(rb"(?:^|/)\.git/annex/objects/|^/annex/objects/")
_PATTERNS_LIMIT = 200
_IMPORTS = {
    "lakefs": "lakefs",
    "lakefs_client": "lakefs",
    "lakefs_sdk": "lakefs",
    "quilt3": "quilt",
    "delta": "delta",
    "deltalake": "delta",
}
_DATA_SUFFIX = re.compile(r"(?i)\.(?:csv|tsv|parquet|jsonl?|xlsx?|arrow|feather|txt|zip|gz|tgz|tar|npz|npy|h5|hdf5|pkl|data|db|sqlite)$")
_MODEL_OUT = re.compile(r"(?i)models?(?:$|[/_.])|\.(?:onnx|pt|pth|joblib|h5|keras|ckpt|pkl|bin)$")


class Pointers(NamedTuple):
    """What stands in for data: found tools, and the names of the files whose content lies elsewhere."""

    found: tuple[DataVersioning, ...]
    paths: frozenset[str]
    """Pointer files themselves."""
    names: frozenset[str]
    """Lower-case base names a tool can bring."""


def find_versioning(snapshot: Snapshot) -> Pointers:
    """Tools in the order DVC, LFS, annex, others; one entry per file."""
    dvc, names = _dvc(snapshot)
    lfs = _lfs_pointers(snapshot)
    annex = _annex(snapshot)
    found = [*dvc, *_attributes(snapshot), *lfs, *annex, *_others(snapshot)]
    pointers = frozenset(v.path for v in [*lfs, *annex] if format_of(v.path)[0])
    names |= {v.path.rsplit("/", 1)[-1].lower() for v in [*lfs, *annex]}
    return Pointers(tuple(found[:500]), pointers, frozenset(names))


def _dvc(snapshot: Snapshot) -> tuple[list[DataVersioning], set[str]]:
    found, names = [], set()
    for path in snapshot.own:
        name = path.rsplit("/", 1)[-1]
        if path.endswith(".dvc/config"):
            remote = re.search(r"(?m)^\s*url\s*=\s*(\S+)", snapshot.text(path) or "")
            found.append(DataVersioning(tool="dvc", path=path, detail=f"remote {_scheme(remote[1])}" if remote else "no remote"))
        elif name.endswith(".dvc") and name != ".dvc":
            outs = _outs(_document(snapshot, path))
            names |= {o.rsplit("/", 1)[-1].lower() for o in outs}
            model = bool(outs) and all(_MODEL_OUT.search(o) for o in outs)
            found.append(
                DataVersioning(
                    tool="dvc", path=path, detail="a model" if model else f"points to {', '.join(outs)[:120]}" if outs else "pointer"
                )
            )
        elif name == "dvc.yaml":
            outs = _stage_outs(_document(snapshot, path))
            names |= {o.rsplit("/", 1)[-1].lower() for o in outs}
            found.append(DataVersioning(tool="dvc", path=path, detail=f"a pipeline with {len(outs)} outputs"))
    return found, names


def _scheme(url: str) -> str:
    return url.split("://", 1)[0] if "://" in url else "in a folder"


def _document(snapshot: Snapshot, path: str) -> object:
    text = snapshot.text(path)
    if not text or len(text) > 1_000_000:
        return None
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _outs(document: object) -> list[str]:
    outs = document.get("outs") if isinstance(document, dict) else None
    if not isinstance(outs, list):
        return []
    return [str(o["path"]) for o in outs if isinstance(o, dict) and isinstance(o.get("path"), str)]


def _stage_outs(document: object) -> list[str]:
    stages = document.get("stages") if isinstance(document, dict) else None
    found: list[str] = []
    for stage in stages.values() if isinstance(stages, dict) else ():
        outs = stage.get("outs") if isinstance(stage, dict) else None
        for out in outs if isinstance(outs, list) else ():
            found += [str(next(iter(out)))] if isinstance(out, dict) and out else [out] if isinstance(out, str) else []
    return found


def _attributes(snapshot: Snapshot) -> list[DataVersioning]:
    found = []
    for path in snapshot.own:
        if path.rsplit("/", 1)[-1] != ".gitattributes":
            continue
        text = snapshot.text(path) or ""
        patterns = [line.split()[0] for line in text.split("\n") if "filter=lfs" in line and line.split()]
        if patterns:
            found.append(DataVersioning(tool="git-lfs", path=path, detail=", ".join(patterns[:_PATTERNS_LIMIT])[:160]))
        if "annex.backend" in text or "annex.largefiles" in text:
            found.append(DataVersioning(tool="git-annex", path=path))
    return found


def _lfs_pointers(snapshot: Snapshot) -> list[DataVersioning]:
    found = []
    for path in snapshot.own:
        if 0 < snapshot.size(path) <= POINTER_BYTES and _DATA_SUFFIX.search(path):
            head = snapshot.bytes(path, POINTER_BYTES)
            if head.startswith(LFS_POINTER):
                size = re.search(rb"size (\d{1,15})", head)
                found.append(DataVersioning(tool="git-lfs", path=path, detail=f"pointer to {int(size[1]):,} bytes" if size else "pointer"))
    return found


def _annex(snapshot: Snapshot) -> list[DataVersioning]:
    """Unlocked pointers by content; locked files are links into `.git/annex`, of which the snapshot knows the path only."""
    annexed = any(p.rsplit("/", 1)[-1] == ".gitattributes" and "annex" in (snapshot.text(p) or "") for p in snapshot.own)
    annexed = annexed or any(p.startswith(".datalad/") for p in snapshot.entries)
    found = [
        DataVersioning(tool="git-annex", path=e.path, detail="link to content kept elsewhere")
        for e in snapshot.manifest.entries
        if annexed and e.kind == "symlink" and _DATA_SUFFIX.search(e.path)
    ]
    for path in snapshot.own:
        if 0 < snapshot.size(path) <= POINTER_BYTES and _DATA_SUFFIX.search(path) and _ANNEX.search(snapshot.bytes(path, 256)):
            found.append(DataVersioning(tool="git-annex", path=path, detail="pointer to content kept elsewhere"))
    return found


def _others(snapshot: Snapshot) -> list[DataVersioning]:
    found = {}
    for path in snapshot.own:
        if "/_delta_log/" in f"/{path}" and path.endswith(".json"):
            table = f"/{path}".split("/_delta_log/")[0].lstrip("/")
            found["delta", table] = DataVersioning(tool="delta", path=table or ".", detail="a Delta table")
        elif path.rsplit("/", 1)[-1] in (".lakectl.yaml", ".lakefs_ref.yaml"):
            found["lakefs", path] = DataVersioning(tool="lakefs", path=path)
        elif path.rsplit("/", 1)[-1] == "quilt_summarize.json":
            found["quilt", path] = DataVersioning(tool="quilt", path=path)
    for source in snapshot.sources:
        for module in sorted(source.modules & set(_IMPORTS)):
            found.setdefault((_IMPORTS[module], ""), DataVersioning(tool=_IMPORTS[module], path=source.path, detail=f"imports {module}"))
    return list(found.values())
