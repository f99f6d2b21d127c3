from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.evidence.project.entrypoints import Entrypoints, find_entrypoints
from tasks.evidence.snapshot import Snapshot
from tests.repositories import write_files

FIT = "from sklearn.linear_model import Ridge\n\ndef train_model(X, y):\n    model = Ridge()\n    model.fit(X, y)\n    return model\n"
SCRIPT = "from sklearn.linear_model import Ridge\nmodel = Ridge()\nmodel.fit(X, y)\n"


@pytest.fixture
def entries(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Entrypoints]:
    """The entries of a small repository given as path to content."""

    def build(files: dict[str, str | bytes]) -> Entrypoints:
        write_files(tmp_path, files)
        return find_entrypoints(Snapshot.of_folder(tmp_path))

    return build


@pytest.fixture
def fit() -> str:
    """A module that only defines a function which fits a model."""
    return FIT


@pytest.fixture
def script() -> str:
    """A script that fits a model when run."""
    return SCRIPT
