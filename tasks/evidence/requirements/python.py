"""Python versions that the repository declares, the classifiers of its package among them."""

from __future__ import annotations

import re

from tasks.evidence.mlops.facts import PythonDeclaration
from tasks.evidence.mlops.python_version import find_python_versions
from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot

CLASSIFIED_FILES_LIMIT = 20
_CLASSIFIER = re.compile(r"Programming Language :: Python :: ([23]\.\d{1,2})(?!\d)")


def find_declared_python(snapshot: Snapshot) -> tuple[PythonDeclaration, ...]:
    """What `find_python_versions` finds, then the newest version that the classifiers of each package name."""
    return (*find_python_versions(snapshot), *_classifiers(snapshot))


def _classifiers(snapshot: Snapshot) -> tuple[PythonDeclaration, ...]:
    paths = [p for p in snapshot.own if p.rpartition("/")[2] in ("pyproject.toml", "setup.py", "setup.cfg")]
    found = []
    for path in paths[:CLASSIFIED_FILES_LIMIT]:
        text = snapshot.text(path) or ""
        matches = list(_CLASSIFIER.finditer(text))
        if matches:
            newest = max(matches, key=lambda m: tuple(map(int, m.group(1).split("."))))
            place = place_in(snapshot, path, text.count("\n", 0, newest.start()) + 1)
            found.append(PythonDeclaration(version=newest.group(1), source="classifier", place=place))
    return tuple(found)
