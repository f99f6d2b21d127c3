"""Scripts a README tells the reader to run that are not in the repository."""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.place import Place, clip
from tasks.evidence.snapshot import Snapshot

PLACES_LIMIT = 20
_RUNS_A_FILE = re.compile(
    r"^(?:\w+=\S+ )*(?:uv run |poetry run |pipenv run )?(?:python[\d.]*|py|bash|sh|Rscript|julia|th|torchrun|papermill|streamlit run|"
    r"jupyter (?:notebook|lab|nbconvert)|pip[\d.]* install -r|accelerate launch)\s"
)
_FILE = re.compile(r"(?<![\w./<{$\\-])(?:\./)?((?:[\w-][\w.-]*/){0,8}[\w-][\w.-]*\.(?:py|sh|R|jl|lua|ipynb|txt))(?![\w/>}.-])")
_PLACEHOLDER = re.compile(r"(?i)path/|your|my[_-]?(?:script|file|model|project)|example\.|xxx|foo|some_|_name\b|script\.py$")
_FETCHES = re.compile(r"\b(?:curl|wget|cookiecutter|copier|unzip|tar|gdown|touch|cp|mv)\b")


def find_absent_files(snapshot: Snapshot, path: str, text: str, commands: list[str]) -> tuple[Place, ...]:
    """One place for each file that a command runs and no folder of the repository holds.

    Nothing is said where commands fetch or make files, bring a second repository, or where submodules hold some.
    """
    if ".gitmodules" in snapshot.entries or sum("git clone" in c for c in commands) > 1 or any(_FETCHES.search(c) for c in commands):
        return ()
    held = {f"/{p.lower()}" for p in snapshot.entries}
    lines = text.split("\n")
    found: dict[str, Place] = {}
    for command in commands:
        named = _first_file(command)
        if named and named not in found and len(found) < PLACES_LIMIT and not any(p.endswith(f"/{named.lower()}") for p in held):
            number = next((n for n, line in enumerate(lines, 1) if named in line.replace("\\", "/")), None)
            found[named] = Place(file=path, line=number, snippet=clip(command), note=f"{named} is not in the repository")
    return tuple(found.values())


def _first_file(command: str) -> str | None:
    """The file a command runs: its first argument that looks like one; what follows may be outputs."""
    text = command[:500].replace("\\", "/")
    head = _RUNS_A_FILE.match(text)
    match = _FILE.search(text, head.end()) if head else None
    if not match or _PLACEHOLDER.search(match.group(1)) or " -m " in text[: match.start()]:
        return None
    return posixpath.normpath(match.group(1))
