"""Data handed from one module to another through a file: what was learnt from it before it was written travels along."""

from __future__ import annotations

from dataclasses import replace

from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Data

WRITERS = frozenset(["to_csv", "to_parquet", "to_pickle", "to_feather", "to_excel", "to_hdf", "write_csv", "write_parquet"])


def written(run: Run, data: Data, path: str) -> None:
    """Remember what stands in data that goes into a file of this name."""
    name = _same(path)
    if name and data.taints:
        run.program.written[name] = run.program.written.get(name, frozenset()) | data.taints


def read(run: Run, data: Data, path: str) -> Data:
    """The data of a file, with what was in it when another module wrote it."""
    name = _same(path)
    if not name:
        return data
    run.program.readers.setdefault(name, set()).add(run.module.path)
    taints = run.program.written.get(name, frozenset())
    data.taints |= frozenset(replace(t, rows=data.rows) for t in taints)
    return data


def _same(path: str) -> str:
    """The path without what depends on the working directory; nothing when a part of it is only known at run time."""
    parts = [p for p in path.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    return "/".join(parts[-2:]) if parts and "*" not in parts[-1] and "." in parts[-1] else ""
