"""A registered version's files in a folder of one's own, each checked against the hash of its registration."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tasks.adapters.registry.files import check_files, fetch_file
from tasks.adapters.registry.ledger import open_registry
from tasks.adapters.registry.models import facts_of, read_model
from tasks.adapters.tracking import asked
from tasks.errors import InfrastructureError, SettingError


def fetch_version(home: Path, name: str, version: str | None, folder: Path) -> str:
    """Copy the files of a version, or of the one in production, else the latest; its number.

    Raises `UserError` for a model or version that is not there, `InfrastructureError` when a file was changed.
    """
    model = read_model(home, name)
    states = model.ledger.states
    production = next((v for v, state in states.items() if state == "production"), None)
    chosen = version if version not in (None, "production") else production or max(states, key=int, default=None)
    if chosen is None or chosen not in states or (version == "production" and production is None):
        known = ", ".join(f"{v} ({state})" for v, state in states.items())
        raise SettingError(f"{name} has no version {version or ''}".rstrip(), f"It has {known or 'none'}.")
    facts = facts_of(home, model, chosen)
    with asked(home):
        client = open_registry(home)
        problem = check_files(client, home, model.ledger, chosen, facts)
        if problem:
            raise InfrastructureError(f"Version {chosen} of {name} cannot be trusted: {problem}", "Build and register it again.")
        for file in facts.files:
            with tempfile.TemporaryDirectory() as place:
                target = folder / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(fetch_file(client, home, model.ledger, chosen, file.path, place), target)
    return chosen
