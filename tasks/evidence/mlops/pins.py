"""How firmly a version is held: of one requirement, and of a whole file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.evidence.mlops.facts import Requirement

EXACT_SHARE = 0.9
"""From this share of `==` lines a file counts as exact: one loose development tool does not make the rest loose."""
_COMMIT = re.compile(r"@[0-9a-f]{7,40}(?:$|[#&\s])|@v?\d+(?:\.\d+)+(?:$|[#&\s])|[-_/]v?\d+(?:\.\d+)+[^/]*\.(?:whl|tar\.gz|zip)(?:$|[#?\s])")
_EXACT = re.compile(r"^={2,3}\s*v?[\w.!+-]+$")


def pin_of(constraint: str) -> str:
    """Pin of a PEP 440 or conda constraint: `==1.2` is exact, `==1.*` and `>=1` are ranged, nothing is unpinned."""
    text = constraint.strip()
    if not text or text == "*":
        return "unpinned"
    return "exact" if _EXACT.match(text) and not text.endswith("*") else "ranged"


def pin_of_poetry(constraint: str) -> str:
    """Poetry's and Pipfile's own words: a bare version is exact, `^` and `~` are ranged."""
    text = constraint.strip()
    if text in ("", "*", "latest"):
        return "unpinned"
    return "exact" if re.match(r"^(?:={1,3}\s*)?v?\d[\w.!+-]*$", text) else "ranged"


def pin_of_conda(constraint: str) -> str:
    """Conda's match specs: `=1.2.3` names a release, `=1.2.*`, `=3` and `>=1` a range."""
    text = constraint.strip()
    if not text or text == "*":
        return "unpinned"
    if re.match(r"^={2}\s*[\w.!+-]+$", text) or re.match(r"^=\s*\d+\.\d+(?:\.\w+)+(?:=\w+)?$", text) or re.match(r"^=\s*[\w.]+=\w+$", text):
        return "exact"
    return "ranged"


def pin_of_url(url: str) -> str:
    """A direct reference is exact when it names a commit, a release tag or a versioned archive."""
    return "exact" if _COMMIT.search(url) else "unpinned"


def pin_class(requirements: Iterable[Requirement]) -> str:
    """Class of a file: `exact`, `ranged`, `unpinned`, `mixed`, or `none` when it lists nothing.

    Ranges beside unpinned names are `ranged` while ranges are not in the minority, else `mixed`.
    """
    pins = [r.pin for r in requirements]
    exact, ranged, unpinned = (pins.count(word) for word in ("exact", "ranged", "unpinned"))
    if not pins:
        return "none"
    if exact >= EXACT_SHARE * len(pins):
        return "exact"
    if exact:
        return "mixed"
    if not ranged:
        return "unpinned"
    return "ranged" if ranged >= unpinned else "mixed"


def pin_class_of_manifest(requirements: Iterable[Requirement]) -> str:
    """Class of a packaging manifest that holds a project apart from its lock: mostly ranges is `ranged`."""
    listed = list(requirements)
    if listed and sum(r.pin == "ranged" for r in listed) > len(listed) / 2:
        return "ranged"
    return pin_class(listed)
