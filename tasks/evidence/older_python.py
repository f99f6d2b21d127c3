"""Python that today's parser refuses, made readable line by line: Python 2, templates of a generator, shell lines in a script.

Lines keep their numbers, so that every place still holds. Only a text that does not parse as it is comes here: what is
rewritten need not run, it must only show the same imports, calls and names.
"""

from __future__ import annotations

import re

LINE_LIMIT = 2000
"""Longer lines are left as they are."""
STATEMENT_LINES = 60
"""Lines that one print statement may span."""
_PRINT = re.compile(
    r"^(\s*(?:(?:if|elif|else|for|while|try|except|finally|with)\b[^#'\"]{0,200}:\s*)?)print\b[ \t]*(?=[^\s(=.,)\]\[:+*/%|&^<]|$)"
)
_PRINT_TO = re.compile(r"^(\s*(?:(?:if|elif|else|for|while|try|except|finally|with)\b[^#'\"]{0,200}:\s*)?)print[ \t]*>>[ \t]*")
_SHELL = re.compile(r"^(\s*)([!%].*)$")
_BLOCK_TAG = re.compile(r"\{%[^%\n]{0,300}%\}|\{#[^\n]{0,300}#\}")
_VALUE_TAG = re.compile(r"\{\{[^{}\n]{0,200}\}\}")
_REWRITES = (
    (re.compile(r"^(\s*except\s+[\w.]{1,80}|\s*except\s*\([^()\n]{0,200}\))\s*,\s*(\w+)\s*:"), r"\1 as \2:"),
    (re.compile(r"^(\s*(?:if\b[^#'\"]{0,200}:\s*)?raise\s+[\w.]{1,80})\s*,\s*([^#\n]{1,400})$"), r"\1(\2)"),
    (re.compile(r"^(\s*)exec\s+(?!\()([^#\n]{1,400})$"), r"\1exec(\2)"),
    (re.compile(r"<>"), "!="),
    (re.compile(r"`([^`\n]{1,200})`"), r"repr(\1)"),
    (re.compile(r"(?<![\w.])(\d+)[lL]\b"), r"\1"),
    (re.compile(r"(?<![\w.])0+([1-9]\d*)(?![\w.])"), r"\1"),
    (re.compile(r"(?<![\w])[uU][rR](?=['\"])"), "r"),
)


def modernised(code: str) -> str:
    """The same lines in today's syntax, as far as single lines tell: `print x, y` becomes `print(x, y)`."""
    lines = [_one_line(line) for line in code.split("\n")]
    number = 0
    while number < len(lines):
        number = _print_as_call(lines, number)
    return "\n".join(lines)


def _one_line(line: str) -> str:
    if len(line) > LINE_LIMIT:
        return line
    line = line.expandtabs(8)
    if match := _SHELL.match(line):
        return f"{match.group(1)}pass  # {match.group(2)}"
    if "{%" in line or "{#" in line:
        line = _BLOCK_TAG.sub("", line)
    if "{{" in line and "}}" in line:
        line = _VALUE_TAG.sub("_template_", line)
    for pattern, replacement in _REWRITES:
        line = pattern.sub(replacement, line)
    return line


def _print_as_call(lines: list[str], number: int) -> int:
    """Rewrite the print statement that begins on a line; the number of the line to go on with."""
    line = lines[number]
    match = _PRINT_TO.match(line) or _PRINT.match(line) if len(line) <= LINE_LIMIT else None
    if not match:
        return number + 1
    end = _end_of_statement(lines, number, match.end())
    if end is None:
        return number + 1
    last, column = end
    lines[last] = f"{lines[last][:column]}){lines[last][column:]}"
    lines[number] = f"{match.group(1)}print({lines[number][match.end() :]}"
    return last + 1


def _end_of_statement(lines: list[str], number: int, column: int) -> tuple[int, int] | None:
    """Line and column behind the last character of the statement; None when it does not end in sight."""
    depth, quote = 0, ""
    for at in range(number, min(number + STATEMENT_LINES, len(lines))):
        line, i = lines[at], column if at == number else 0
        while i < len(line):
            if quote:
                if line[i] == "\\":
                    i += 1
                elif line.startswith(quote, i):
                    i += len(quote) - 1
                    quote = ""
            elif line[i] in "'\"":
                quote = line[i] * 3 if line.startswith(line[i] * 3, i) else line[i]
                i += len(quote) - 1
            elif line[i] in "([{":
                depth += 1
            elif line[i] in ")]}":
                depth -= 1
            elif line[i] == "#" or (line[i] == ";" and depth == 0):
                if depth == 0:
                    return at, len(line[:i].rstrip())
                break
            i += 1
        if len(quote) == 1:
            quote = ""
        if depth <= 0 and not quote and not line.rstrip().endswith("\\"):
            return at, len(line.rstrip())
    return None
