"""The folder of one build: every finished step as a file, so that a build killed anywhere goes on where it was.

    identity  request.json  clock.json  steps/<step>.json  data/{table,development,sealed}.joblib
    search/  loops/  plots/  final/

The sealed rows lie in a file of their own that only `open_sealed` reads, and only once: it leaves a mark.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)


class Workspace:
    """Paths and finished steps of one build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "steps").mkdir(mode=0o700, parents=True, exist_ok=True)

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def finished(self, step: str) -> Any:
        """JSON of a finished step; None when it has not been finished."""
        try:
            return json.loads((self.folder / "steps" / f"{step}.json").read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def finish(self, step: str, result: Any) -> Any:
        """Keep a step's result, whole or not at all."""
        replace(self.folder / "steps" / f"{step}.json", json.dumps(result).encode())
        return result

    def read(self, name: str, model: type[Model]) -> Model:
        """A model kept under this name; raises FileNotFoundError."""
        return model.model_validate_json((self.folder / name).read_bytes())

    def write(self, name: str, value: BaseModel) -> None:
        replace(self.folder / name, value.model_dump_json().encode())


class Clock:
    """The build's budget, over all processes that worked on it. What a person was waited for is nobody's time."""

    def __init__(self, workspace: Workspace, budget: float, began: float) -> None:
        """`began`: Unix time at which the user's command began, this time."""
        self._file = workspace / "clock.json"
        kept = self._read()
        again = kept.get("began") == began
        """Another process of the same command: the command's own time is not counted twice."""
        self.spent_before = kept.get("before" if again else "spent", 0.0)
        """Seconds that earlier commands spent."""
        self._paused = kept.get("paused", 0.0) if again else 0.0
        self._held: float | None = None
        self.budget = budget
        self.began = began

    @property
    def spent(self) -> float:
        """Seconds of the budget."""
        return self.spent_before + time.time() - self.began - self._pauses

    @property
    def deadline(self) -> float:
        """Unix time at which the budget is used up; while somebody is waited for, it moves on."""
        return self.began + self._pauses + self.budget - self.spent_before

    def hold(self) -> None:
        """From now on a person is waited for."""
        self._held = self._held or time.time()

    def go_on(self) -> None:
        """The person has answered."""
        self._paused, self._held = self._pauses, None

    def keep(self) -> None:
        """Write the time spent so far, for whoever goes on after a crash."""
        told = {"began": self.began, "before": self.spent_before, "paused": self._pauses, "spent": self.spent}
        replace(self._file, json.dumps(told).encode())

    @property
    def _pauses(self) -> float:
        return self._paused + (time.time() - self._held if self._held is not None else 0.0)

    def _read(self) -> dict[str, float]:
        try:
            return {k: float(v) for k, v in json.loads(self._file.read_bytes()).items()}
        except (FileNotFoundError, ValueError, AttributeError, TypeError):
            return {}


def replace(path: Path, data: bytes) -> None:
    """Write a file so that no reader ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(data)
    os.replace(partial, path)
