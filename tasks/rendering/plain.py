"""Text of a repository as characters that cannot move a cursor, reverse a line or hide."""

from __future__ import annotations

import re
import unicodedata

_ANSI = re.compile(r"\x1b(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)|[@-Z\\^_])?")
"""Terminal escape sequences: CSI, OSC (titles, links) and two-byte ones; a lone escape character too."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that print nothing of their own: controls, bidirectional and zero-width marks, surrogates."""


def plain(text: str) -> str:
    r"""One line without escape sequences, control, bidirectional and zero-width characters; runs of space become one.

    >>> plain("a\x1b[31mred\n\u202eb")
    'ared b'
    """
    return " ".join(printable(_ANSI.sub("", text)).split())


def printable(text: str) -> str:
    """The text with every invisible character dropped, but for white space, which becomes a space each."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if c.isspace() else c for c in _ANSI.sub("", text) if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
