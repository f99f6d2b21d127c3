"""Packages that a command installs outside any dependency file: in prose, a container, a script or a notebook's cell."""

from __future__ import annotations

import re

from tasks.evidence.mlops.facts import InstalledPackage
from tasks.evidence.mlops.requirement_lines import parse_requirement
from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot

FILES_LIMIT = 300
PACKAGES_LIMIT = 200
LINE_LIMIT = 1000
READ = re.compile(
    r"(?i)(?:^|/)(?:[^/]*readme[^/]*|install(?:ation)?[^/]*\.(?:md|rst|txt)|developers?\.md|contributing\.md|makefile|[^/]*dockerfile[^/]*)$|"
    r"\.sh$|^docs?/[^/]*install[^/]*$"
)
_COMMAND = re.compile(r"(?:^|[\s`$>!%&;(\"'])(?:pip[\d.]*|conda|mamba|uv\s+pip)\s+install\s+([^\n`;|<>#)]{1,600})")
_TAKES_A_VALUE = re.compile(
    r"^(?:-r|--requirement|-c|--constraint|-f|--find-links|-i|--index-url|--extra-index-url|-n|--name|-t|--target|-e|--editable)$"
)
_WORD = re.compile(r"^[A-Za-z][\w.-]*(?:\[[\w,-]+\])?(?:[=<>!~]=?[\w.*,<>=!]+)?$")
_NO_PACKAGE = frozenset(
    ["and", "or", "the", "to", "then", "with", "it", "from", "for", "in", "all", "your", "if", "using", "command", "pip", "anaconda"]
)


def find_installed(snapshot: Snapshot) -> tuple[InstalledPackage, ...]:
    """Each package once, at the first command that installs it."""
    found: dict[str, InstalledPackage] = {}
    for path in [p for p in snapshot.own if READ.search(p)][:FILES_LIMIT]:
        for number, line in enumerate(joined_lines(snapshot.text(path) or ""), 1):
            _read_line(snapshot, path, number, line, found)
    for source in snapshot.sources:
        for text, at in source.notebook.shell_lines if source.notebook else ():
            _read_line(snapshot, source.path, at, text, found)
    return tuple(found.values())[:PACKAGES_LIMIT]


def joined_lines(text: str) -> list[str]:
    """Lines, with continuation lines put behind the first and left empty."""
    lines = text.split("\n")
    for at in range(len(lines) - 2, -1, -1):
        if lines[at].rstrip().endswith("\\"):
            lines[at] = (lines[at].rstrip()[:-1] + " " + lines[at + 1])[:LINE_LIMIT]
            lines[at + 1] = ""
    return lines


def _read_line(snapshot: Snapshot, path: str, number: int, line: str, found: dict[str, InstalledPackage]) -> None:
    for word in install_words(line):
        if requirement := parse_requirement(word):
            place = place_in(snapshot, path, number, f"installs {requirement.name}")
            found.setdefault(requirement.name.lower(), InstalledPackage(name=requirement.name, pin=requirement.pin, place=place))


def install_words(line: str) -> list[str]:
    """The packages that the commands of a line install by name, as written."""
    found: list[str] = []
    for match in _COMMAND.finditer(line[:LINE_LIMIT]) if "install" in line else ():
        skip = False
        for word in match.group(1).split():
            word = word.strip("\"'\\,")
            if skip or word.startswith("-"):
                skip = not skip and bool(_TAKES_A_VALUE.match(word))
            elif word.lower() in _NO_PACKAGE or word.startswith("&"):
                break
            elif _WORD.match(word):
                found.append(word)
    return found
