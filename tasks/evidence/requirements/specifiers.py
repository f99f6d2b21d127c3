"""Version constraints of Poetry, Pipenv and conda in the words of PEP 440."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet

LENGTH_LIMIT = 200
_BUILD = re.compile(r"^(=?=?\s*[\w.!+*-]+)=[\w*.]+$")
"""Conda's build behind a version: `=1.2.3=py37_0`."""
_CARET = re.compile(r"^\^\s*v?(\d+(?:\.\d+)*)([-.\w]*)$")
_TILDE = re.compile(r"^~\s*v?(\d+(?:\.\d+)*)([-.\w]*)$")
_FUZZY = re.compile(r"^=\s*(\d+(?:\.\d+)*)(?:\.\*)?$")
_BARE = re.compile(r"^v?(\d[\w.!+-]*?)(\.\*)?$")
_OPERATOR = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*v?")
FULL_RELEASE = 3
"""Numbers of a conda version that name one release: `=1.2.3` is one, `=1.2` is a series."""


def to_pep440(constraint: str) -> str | None:
    """The same versions as a PEP 440 specifier; "" for any, None when it cannot be said.

    >>> to_pep440("^1.2"), to_pep440("~0.3.1"), to_pep440("=3.7"), to_pep440("1.4.2")
    ('>=1.2,<2', '>=0.3.1,<0.4', '==3.7.*', '==1.4.2')
    """
    text = constraint.strip()[:LENGTH_LIMIT]
    if text in ("", "*", "latest", "any"):
        return ""
    clauses = [_clause(part.strip()) for part in text.split(",") if part.strip()]
    if any(c is None for c in clauses):
        return None
    joined = ",".join(c for c in clauses if c)
    try:
        SpecifierSet(joined)
    except InvalidSpecifier:
        return None
    return joined


def _clause(text: str) -> str | None:
    if match := _BUILD.match(text):
        text = match.group(1)
    if match := _CARET.match(text):
        return f">={match.group(1)}{match.group(2)},<{_next_for_caret(match.group(1))}"
    if (match := _TILDE.match(text)) and not text.startswith("~="):
        return f">={match.group(1)}{match.group(2)},<{_next_for_tilde(match.group(1))}"
    if match := _FUZZY.match(text):
        exact = match.group(1).count(".") + 1 >= FULL_RELEASE and not text.endswith(".*")
        return f"=={match.group(1)}" if exact else f"=={match.group(1)}.*"
    if _OPERATOR.match(text):
        return _OPERATOR.sub(r"\1", text, count=1).replace(" ", "") if " " not in _OPERATOR.sub("", text).strip() else None
    if match := _BARE.match(text):
        return f"=={match.group(1)}{match.group(2) or ''}"
    return None


def _next_for_caret(version: str) -> str:
    """First version that `^` excludes: the leftmost number that is not zero goes up."""
    numbers = [int(n) for n in version.split(".")]
    at = next((i for i, n in enumerate(numbers) if n), len(numbers) - 1)
    return ".".join(map(str, [*numbers[:at], numbers[at] + 1]))


def _next_for_tilde(version: str) -> str:
    numbers = [int(n) for n in version.split(".")]
    kept = numbers[:2]
    return ".".join(map(str, [*kept[:-1], kept[-1] + 1]))
