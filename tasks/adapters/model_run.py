"""The language model's part of one run: one ledger and one journal of calls for all its agents.

Both are files under `AXIOM_HOME/model`, so that threads, processes and a resumed run share them. The journal holds
redacted text only, and goes when MLflow has taken it.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

from tasks.adapters.language_model import LanguageModel, ModelLimits
from tasks.adapters.model_ledger import Ledger, Spent
from tasks.adapters.store import locked, safe_name

KEPT_SECONDS = 7 * 86_400.0
"""Journals nobody came back for are dropped after this."""


class ModelRun:
    """What all agents of the run with this id share."""

    def __init__(self, home: Path, run_id: str) -> None:
        self.folder = home / "model" / safe_name(run_id)

    def open_model(self, model: str, api_key: str | None, api_base: str | None, limits: ModelLimits) -> LanguageModel:
        """A model whose calls count against this run's ceilings and are written to its journal."""
        return LanguageModel(model, api_key, api_base, limits, self._ledger(limits), trace=self.record)

    def spent(self, limits: ModelLimits = ModelLimits()) -> Spent:
        """What the run has spent so far."""
        return self._ledger(limits).spent

    def record(self, call: dict[str, Any]) -> None:
        """Append one call to the journal."""
        with locked(self.folder / "calls.lock"), open(self.folder / "calls.jsonl", "a", encoding="utf-8") as file:
            # The line end comes first: it also ends what a killed process had left half written.
            file.write("\n" + json.dumps(call))

    def calls(self) -> list[dict[str, Any]]:
        """All calls in the order they ended; a line that a killed process left half written is none."""
        try:
            lines = (self.folder / "calls.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        calls = []
        for line in lines:
            try:
                calls.append(json.loads(line))
            except ValueError:
                continue
        return [call for call in calls if isinstance(call, dict)]

    def forget(self) -> None:
        """Drop this run's files, and those of runs that ended long ago without coming here."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in self.folder.parent.glob("*/"):
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)

    def _ledger(self, limits: ModelLimits) -> Ledger:
        return Ledger(limits.max_tokens_per_run, limits.max_usd_per_run, self.folder / "ledger.json")
