"""Which names of branches, tags and commits may be asked for: what git accepts as one, and nothing git could take for an option."""

from __future__ import annotations

import re

from tasks.errors import SettingError

REF_CHARACTERS = 250
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""A full object name, SHA-1 or SHA-256."""
_ABBREVIATED = re.compile(r"[0-9a-f]{7,63}")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f~^:?*\[\\\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\.\.|@\{|//|/\.|\.lock(?:/|$)")
"""As `git check-ref-format` has it, and characters that do not show."""


def check_ref(ref: str) -> str:
    """The name of a branch or tag, or a full commit in lower case; raises SettingError for what cannot be one."""
    if COMMIT.fullmatch(ref.lower()):
        return ref.lower()
    if not ref or len(ref) > REF_CHARACTERS or ref[0] in "-./" or ref[-1] in "./" or ref == "@" or _FORBIDDEN.search(ref):
        shown = "".join(c if c.isprintable() else "?" for c in ref)[:80]
        raise SettingError(f"{shown!r} cannot be the name of a branch, tag or commit", "Give --ref a branch, a tag or a full commit.")
    return ref


def ref_names(ref: str) -> tuple[str, ...]:
    """The full names a short one may stand for, in the order `git clone --branch` prefers; a tag's commit before the tag."""
    if ref == "HEAD":
        return ("HEAD",)
    if ref.startswith("refs/"):
        return (f"{ref}^{{}}", ref)
    return (f"refs/heads/{ref}", f"refs/tags/{ref}^{{}}", f"refs/tags/{ref}", f"refs/remotes/{ref}")


def is_abbreviated(ref: str) -> bool:
    """Whether a name looks like the beginning of a commit."""
    return _ABBREVIATED.fullmatch(ref) is not None
