"""The language model of one run: all its agents share one ledger, and every call is kept in a file until it is tracked."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tasks.adapters.language_model import LanguageModel, ModelLimits
from tasks.adapters.model_ledger import Ledger

RUNS_REMEMBERED = 20
"""Ledgers kept in one process; a run that old is over."""
_ledgers: OrderedDict[str, Ledger] = OrderedDict()
_lock = threading.Lock()


def open_model(
    name: str, run: str, calls: Path, limits: ModelLimits, *, api_key: str | None = None, api_base: str | None = None
) -> LanguageModel:
    """A model whose ceilings hold for the whole of `run`, whichever of its agents asks; calls are appended to the file `calls`."""
    return LanguageModel(name, api_key, api_base, limits, _ledger_of(run, limits), lambda call: _append(calls, call))


def _ledger_of(run: str, limits: ModelLimits) -> Ledger:
    with _lock:
        if run not in _ledgers:
            _ledgers[run] = Ledger(limits.max_tokens_per_run, limits.max_usd_per_run)
            while len(_ledgers) > RUNS_REMEMBERED:
                _ledgers.popitem(last=False)
        return _ledgers[run]


def _append(path: Path, call: Mapping[str, Any]) -> None:
    with _lock:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a") as file:
            file.write(json.dumps(call) + "\n")


def read_calls(path: Path) -> list[dict[str, Any]]:
    """The calls in the file, oldest first; a line that a killed process left half written is left out."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text().splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found
