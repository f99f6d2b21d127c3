"""Development and sealed rows on disk, each in a file of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tasks.modelling.workspace import Workspace, replace

TABLE = "data/table.joblib"
DEVELOPMENT, SEALED, OPENED = "data/development.joblib", "data/sealed.joblib", "data/sealed-opened.json"


@dataclass(frozen=True)
class Development:
    """All rows that training, critic and plots may look at, in canonical form."""

    frame: pd.DataFrame
    """Without the target."""
    y: NDArray[Any]
    """Codes of the contract's classes, or values, `(n,)`."""
    folds: NDArray[np.int16]
    """Fold of each row, `(n,)`; -1: trained on only."""
    groups: NDArray[Any] | None
    """Codes of what rows belong to, `(n,)`, when the split is by groups."""
    raw: pd.DataFrame
    """A few rows as they were read, for the input example."""


@dataclass(frozen=True)
class Sealed:
    """Rows that nothing has seen."""

    frame: pd.DataFrame
    y: NDArray[Any]
    groups: NDArray[Any] | None
    opened_before: bool


def save(workspace: Workspace, name: str, value: Any) -> None:
    """Keep a table of ours, whole or not at all."""
    import joblib

    path = workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}")
    joblib.dump(value, partial)
    partial.replace(path)


def load_development(workspace: Workspace) -> Development:
    """As the split left them."""
    return load(workspace, DEVELOPMENT)


def load_sealed(workspace: Workspace) -> Sealed:
    """Open the sealed rows. The mark is written before they are read; a build taken up after a crash reads them again, and says so."""
    mark = workspace / OPENED
    before = mark.exists()
    if not before:
        replace(mark, b'{"opened": %d}' % int(time.time()))
    frame, y, groups = load(workspace, SEALED)
    return Sealed(frame, y, groups, before)


def load(workspace: Workspace, name: str) -> Any:
    """A table kept by `save`."""
    import joblib

    return joblib.load(workspace / name)
