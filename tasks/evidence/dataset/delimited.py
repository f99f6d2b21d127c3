"""The dialect of a delimited text file from its first bytes: encoding, delimiter, header."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import NamedTuple

DELIMITERS = (",", "\t", ";", "|", " ")
LINES_LOOKED_AT = 200
AGREEMENT = 0.85
"""Proportion of lines that must have the same number of fields for a text file to be a table."""
TEXT_TABLE_ROWS = 10


class Dialect(NamedTuple):
    name: str
    encoding: str
    delimiter: str
    header: bool


def sniff(head: bytes, format_name: str) -> Dialect | None:
    """The dialect; None for a pointer, for binary content, and for a `text` file that is prose."""
    if not head.strip() or head.startswith((b"version https://git-lfs", b"/annex/", b"../.git/annex", b"PAR1")):
        return None
    encoding = encoding_of(head)
    text = head.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text[:4096]:
        return None
    lines = [line for line in text.split("\n")[:LINES_LOOKED_AT] if line.strip()]
    delimiter, share = _delimiter(lines, format_name)
    rows = [row for row in _rows(lines, delimiter) if row]
    if format_name == "text" and not _is_table(rows, share, delimiter):
        return None
    if not rows:
        return None
    name = "tsv" if delimiter == "\t" else "csv"
    return Dialect(name, encoding, delimiter, has_header(rows))


def encoding_of(head: bytes) -> str:
    """UTF-16 by its mark or its zero bytes, UTF-8 when it decodes, else Latin-1 as Windows writes it."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = head[:4096]
    if sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    try:
        head[: len(head) - 4 if len(head) > 8 else len(head)].decode("utf-8")
    except UnicodeDecodeError as error:
        return "cp1252" if error.start < len(head) - 8 else "utf-8-sig"
    return "utf-8-sig"


def _delimiter(lines: list[str], format_name: str) -> tuple[str, float]:
    """The delimiter whose field count agrees most over the lines, and that agreement."""
    if format_name == "tsv" and any("\t" in line for line in lines[:5]):
        return "\t", 1.0
    best, best_key, best_share = ",", (0.0, 0), 0.0
    for order, delimiter in enumerate(DELIMITERS):
        if not any(delimiter in line for line in lines[:3]):
            continue
        counts = Counter(len(row) for row in _rows(lines, delimiter) if row)
        if not counts:
            continue
        width, agreeing = max(counts.items(), key=lambda item: (item[1], item[0]))
        share = agreeing / sum(counts.values())
        key = (share if width > 1 else 0.0) - (0.4 if delimiter == " " else 0.0), -order
        if key > best_key and width > 1:
            best, best_key, best_share = delimiter, key, share
    return best, best_share


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    if delimiter == " ":
        return [line.split() for line in lines]
    try:
        return list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in lines]


def _is_table(rows: list[list[str]], share: float, delimiter: str) -> bool:
    if len(rows) < TEXT_TABLE_ROWS or share < AGREEMENT or len(rows[0]) < 2:
        return False
    numbers = sum(_is_number(cell) for row in rows[1:] for cell in row)
    cells = sum(len(row) for row in rows[1:])
    return numbers >= (0.5 if delimiter in (" ", ",") else 0.2) * max(1, cells) or (delimiter == "\t" and share > 0.98)


def has_header(rows: list[list[str]]) -> bool:
    """No header when the first line holds numbers as the lines below do."""
    first, below = rows[0], rows[1:20]
    if not below:
        return not any(_is_number(cell) for cell in first if cell.strip())
    numbers = sum(_is_number(cell) for cell in first)
    if not numbers:
        return True
    usual = sum(sum(_is_number(cell) for cell in row) for row in below) / len(below)
    if numbers == len(first) and len(first) > 1 and _counts_up(first):
        return True
    return numbers < 0.5 * usual


def _counts_up(cells: list[str]) -> bool:
    """Column numbers 0, 1, 2 … as pandas writes them for a frame without names."""
    values = [cell.strip() for cell in cells]
    return values == [str(i) for i in range(len(values))]


def _is_number(cell: str) -> bool:
    try:
        float(cell.strip().strip('"'))
    except ValueError:
        return False
    return True
