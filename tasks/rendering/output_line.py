"""A line that untrusted code printed, as people see it: it is marked as such, opens nothing and shows no secret."""

from __future__ import annotations

from tasks.evidence.redaction import redact
from tasks.rendering.plain import printable

MARK = "| "
"""Before each line, so that none passes for one of ours."""


def output_line(line: str) -> str:
    r"""The line after its mark.

    >>> output_line("loss \x1b[31m0.5\n")
    '| loss 0.5'
    """
    return MARK + redact(printable(line)).rstrip()
