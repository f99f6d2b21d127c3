"""Files on their way to MLflow: linked into the execution's folder, under names every store takes, within a total.

A link costs no disk, and the job's folder may be cleaned meanwhile. Nothing is opened but to be copied.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tasks.evidence.outputs.facts import Artifact

TOTAL_BYTES = 2 * 1024**3
"""Of one execution's artifacts; more is listed and not copied."""
TOTAL_FILES = 500
ORDER = ("model", "metrics", "report", "plot", "checkpoint", "tracking", "log", "data", "other")
"""What is kept first when not everything fits."""
PATH_LIMIT = 200


def stored_path(path: str) -> str:
    """The path as stores and their addresses take it; one that had to change carries a hash of what it was.

    >>> stored_path("models/model.pkl")
    'models/model.pkl'
    """
    parts = [p for p in PurePosixPath(path).parts if p not in ("", ".", "..", "/")]
    clean = "/".join(re.sub(r"[^A-Za-z0-9._ -]", "_", p).strip(" ") or "_" for p in parts)
    if clean == path and len(clean) <= PATH_LIMIT:
        return clean
    mark = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    name = PurePosixPath(clean[-PATH_LIMIT:].lstrip("/") or "file")
    return str(name.with_name(f"{name.stem}-{mark}{name.suffix}"))


def choose(artifacts: Sequence[Artifact], used_bytes: int = 0, used_files: int = 0) -> dict[str, str]:
    """Why an artifact is not copied, by path; small ones of the kinds that matter most are taken first."""
    left_out: dict[str, str] = {}
    for artifact in sorted(artifacts, key=lambda a: (ORDER.index(a.type), a.size, a.path)):
        if used_bytes + artifact.size > TOTAL_BYTES:
            left_out[artifact.path] = f"beyond the {TOTAL_BYTES / 1024**3:g} GiB kept of one execution"
        elif used_files >= TOTAL_FILES:
            left_out[artifact.path] = f"beyond the {TOTAL_FILES} files kept of one execution"
        else:
            used_bytes, used_files = used_bytes + artifact.size, used_files + 1
    return left_out


def stage(source: Path, target: Path) -> int:
    """Have a regular file under another name, on disk; its size. Raises `OSError` for anything else."""
    found = source.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(f"{source.name} is no regular file")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(source, target, follow_symlinks=False)
    return found.st_size
