"""Names of outputs: where a file of the workspace goes in the outputs folder and back, and which names are refused."""

from __future__ import annotations

import unicodedata

OUTSIDE = ".axiom/"
"""Prefix, in an outputs folder, of what lay beside the repository: `.axiom/x` was `/work/axiom/x`, `.axiom/work/y` was `/work/y`."""
BESIDE = ".axiom/work/"
CACHES = frozenset({"__pycache__", ".cache", ".pip", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".config", ".git"})
"""Folders of tools, not results. `.git`: nothing of ours may ever run git where untrusted code wrote."""
NAME_BYTES = 255
PATH_CHARACTERS = 1000
DEPTH = 40
BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def to_output(path: str) -> str:
    """Name in the outputs folder of a path below `/work`."""
    if path.startswith("repo/"):
        return path.removeprefix("repo/")
    return OUTSIDE + path.removeprefix("axiom/") if path.startswith("axiom/") else BESIDE + path


def to_workspace(output: str) -> str:
    """The inverse of `to_output`."""
    if output.startswith(BESIDE):
        return output.removeprefix(BESIDE)
    return "axiom/" + output.removeprefix(OUTSIDE) if output.startswith(OUTSIDE) else f"repo/{output}"


def is_cache(path: str) -> bool:
    """Whether a path below `/work` belongs to a tool's cache or to the home folder, which nobody asked for."""
    return path.startswith("home/") or any(part in CACHES for part in path.split("/"))


def refuse_name(path: str) -> str:
    """Why a path must not be made on the host, or nothing."""
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        return "its name leads elsewhere"
    if path.startswith("repo/.axiom/"):
        return "its name is kept for our own files"
    if len(path) > PATH_CHARACTERS or len(parts) > DEPTH:
        return "its path is too long"
    if any("\ud800" <= c <= "\udfff" for c in path):
        return "its name is not UTF-8"
    if any(len(part.encode()) > NAME_BYTES for part in parts):
        return "its name is too long"
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in BIDI for c in path):
        return "its name holds control characters"
    return ""


def shown(path: str) -> str:
    """A name for people: control characters and broken bytes escaped, short."""
    text = "".join(c if c.isprintable() and c not in BIDI else ascii(c)[1:-1] for c in path)
    return text if len(text) <= 200 else f"{text[:200]}…"
