"""Targets of a Makefile as shell lines: variables filled in, prerequisites first. Only what plain text tells."""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.launch.facts import Recipe

TARGETS_LIMIT = 100
LINES_LIMIT = 60
_TARGET = re.compile(r"^([A-Za-z0-9_][\w./-]{0,60})[ \t]*:(?![=:])[ \t]*([^=#]{0,400})")
_VARIABLE = re.compile(r"^(?:export[ \t]+)?([A-Za-z_]\w{0,60})[ \t]*(?::=|\?=|=|::=)[ \t]*(.{0,400})$")
_USE = re.compile(r"\$[({]([A-Za-z_]\w{0,60})[)}]")
_INSTALLS = re.compile(
    r"(?:^|\s)(?:pip3?|conda|poetry|pipenv|uv|apt(?:-get)?|sudo|virtualenv|docker|git)(?:\s|$)|-m\s+(?:pip|venv)\b|activate"
)
"""Lines that make an environment, which here is the image's."""


def read_makefile(path: str, text: str) -> list[Recipe]:
    """One recipe per target; lines that install packages or start containers are left out."""
    variables: dict[str, str] = {"PYTHON": "python", "PYTHON_INTERPRETER": "python3", "MAKE": "make"}
    bodies: dict[str, list[str]] = {}
    needs: dict[str, list[str]] = {}
    current = ""
    for line in re.sub(r"\\\n[ \t]*", " ", text[:400_000]).split("\n"):
        if line.startswith("\t"):
            if current:
                bodies[current].append(line.strip()[:2000])
            continue
        if match := _VARIABLE.match(line):
            variables.setdefault(match.group(1), match.group(2).split(" #")[0].strip())
            current = ""
        elif (match := _TARGET.match(line)) and len(bodies) < TARGETS_LIMIT:
            current = match.group(1)
            bodies.setdefault(current, [])
            needs[current] = match.group(2).split()
    folder = posixpath.dirname(path) or "."
    found = []
    for target in bodies:
        lines = [_clean(line, variables) for line in _expanded(target, bodies, needs, [])]
        kept = tuple(line for line in lines if line and not _INSTALLS.search(line))
        if kept:
            open_ = tuple(dict.fromkeys(n for line in kept for n in _USE.findall(line)))
            found.append(Recipe(kind="make", file=path, name=target, lines=kept[:LINES_LIMIT], workdir=folder, open_parameters=open_))
    return found


def _expanded(target: str, bodies: dict[str, list[str]], needs: dict[str, list[str]], seen: list[str]) -> list[str]:
    if target in seen or len(seen) > 30:
        return []
    seen.append(target)
    before = [line for need in needs.get(target, []) if need in bodies for line in _expanded(need, bodies, needs, seen)]
    return [*before, *bodies[target]][:LINES_LIMIT]


def _clean(line: str, variables: dict[str, str]) -> str:
    line = line.lstrip("@-+ ")
    for _ in range(4):
        line = _USE.sub(lambda m: variables.get(m.group(1), m.group(0)), line)[:2000]
    return line.replace("$$", "$")
