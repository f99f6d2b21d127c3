"""Text of a repository in Markdown that cannot become markup.

Three ways in: `text` (escaped), `prose` (escaped, backtick pairs kept as code) and `code` (a code span).
"""

from __future__ import annotations

import re

from tasks.rendering.plain import plain

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~!$^]|(?<=:)//|(?<=\bwww)\.|(?<=\w)@(?=\w)", re.IGNORECASE)
"""Besides the punctuation of Markdown: what GitHub turns into a link of its own accord, and the marks of a formula."""
_BLOCK_START = re.compile(r"[-+=:]|\d{1,9}(?=[.)](?:\s|$))")


def text(value: object) -> str:
    r"""Any text as itself on one line of Markdown, in a table cell too.

    >>> print(text("![x](y) | <b>"))
    \!\[x\](y) \| \<b\>
    """
    line = plain(str(value)).replace("&", "&amp;")
    start = _BLOCK_START.match(line)
    escaped = _SPECIAL.sub(lambda m: "\\" + "\\".join(m[0]) if m[0] != "@" else "&#64;", line)
    if start is None:
        return escaped
    return f"{start[0]}\\{escaped[start.end() :]}" if start[0].isdigit() else f"\\{escaped}"


def code(value: object) -> str:
    """A code span that ends where it should, in a table cell too; a dash for nothing."""
    line = plain(str(value))
    if not line:
        return "–"
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    # A bar ends a table cell inside a code span too, and there a backslash before it is taken away again.
    return f"{fence}{pad}{line}{pad}{fence}".replace("|", "\\|")


def cell_free_code(value: object) -> str:
    """A code span outside of tables, where a bar is only a bar."""
    return code(value).replace("\\|", "|")


def prose(value: object) -> str:
    """Escaped text whose pairs of backticks are code."""
    parts = plain(str(value)).split("`")
    if len(parts) % 2 == 0:
        return text(value)
    return "".join(code(p) if i % 2 and p else _keep_spaces(p) for i, p in enumerate(parts))


def _keep_spaces(part: str) -> str:
    return f"{' ' if part[:1] == ' ' else ''}{text(part)}{' ' if part[-1:] == ' ' and part.strip() else ''}"
