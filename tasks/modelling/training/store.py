"""Where a search keeps what is finished: written whole or not at all, found again after a crash.

    candidates/<id>/result.json            the Candidate, once it is decided
    candidates/<id>/oof.npy                its out-of-fold predictions, NaN where it has none
    candidates/<id>/fold-<k>.{json,npy,joblib}   one fold: facts, predictions of the held rows, the fitted estimator
    views/<recipe>/<view>-<k>.joblib       the fitted transformer of a fold, and its matrices beside it

A fold counts when its `.json`, written last, is there.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import joblib
import numpy as np

from tasks.evidence.scores.facts import Candidate
from tasks.modelling.runtime.recipe import FeatureRecipe
from tasks.modelling.training.configuration import Configuration


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Other processes see the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, value: object) -> None:
    write_whole(path, lambda file: file.write(json.dumps(value, allow_nan=False).encode()))


def write_array(path: Path, value: np.ndarray) -> None:
    write_whole(path, lambda file: np.save(file, value))


def write_object(path: Path, value: object) -> None:
    write_whole(path, lambda file: joblib.dump(value, file))


class Store:
    """The folder of a build, as the search sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def candidate(self, id: str) -> Path:
        return self.folder / "candidates" / id

    def view(self, recipe: str, view: str, fold: int) -> Path:
        """Without suffix."""
        return self.folder / "views" / recipe / f"{view}-{fold}"

    def fold(self, id: str, fold: int) -> dict[str, Any] | None:
        """Facts of a finished fold."""
        path = self.candidate(id) / f"fold-{fold}.json"
        return json.loads(path.read_bytes()) if path.exists() else None

    def held(self, id: str, fold: int) -> np.ndarray:
        return np.load(self.candidate(id) / f"fold-{fold}.npy")

    def estimator(self, id: str, fold: int) -> Any:
        """Written by this build's own workers, so it may be unpickled."""
        return joblib.load(self.candidate(id) / f"fold-{fold}.joblib")

    def transformer(self, recipe: str, view: str, fold: int) -> Any:
        return joblib.load(self.view(recipe, view, fold).with_suffix(".joblib"))

    def write_recipe(self, recipe: FeatureRecipe) -> None:
        write_json(self.folder / "views" / recipe.digest() / "recipe.json", recipe.model_dump(mode="json"))

    def read_recipe(self, digest: str) -> FeatureRecipe:
        return FeatureRecipe.model_validate_json((self.folder / "views" / digest / "recipe.json").read_bytes())

    def keep(self, configuration: Configuration, candidate: Candidate, oof: np.ndarray | None) -> None:
        path = self.candidate(candidate.id)
        write_json(path / "configuration.json", {"recipe": configuration.recipe})
        if oof is not None:
            write_array(path / "oof.npy", oof.astype(np.float32 if oof.ndim == 2 else np.float64))
        write_json(path / "result.json", candidate.model_dump(mode="json"))

    def result(self, id: str) -> Candidate | None:
        path = self.candidate(id) / "result.json"
        return Candidate.model_validate_json(path.read_bytes()) if path.exists() else None

    def oof(self, id: str) -> np.ndarray:
        return np.load(self.candidate(id) / "oof.npy").astype(float)

    def recipe_of(self, id: str) -> str:
        return str(json.loads((self.candidate(id) / "configuration.json").read_bytes())["recipe"])

    def results(self) -> list[Candidate]:
        """Every decided candidate of every loop, by id."""
        paths = sorted(self.folder.glob("candidates/*/result.json"))
        return [Candidate.model_validate_json(path.read_bytes()) for path in paths]
