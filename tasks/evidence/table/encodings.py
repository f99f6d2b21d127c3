"""The encoding of a text table, and the text as UTF-8."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from tasks.errors import DataRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = [
    "cp1252",
    "latin_1",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "mac_roman",
    "shift_jis",
    "cp932",
    "gb18030",
    "big5",
    "euc_jp",
    "euc_kr",
]
SAMPLE_BYTES = 2**16
FOREIGN_SHARE = 0.3
"""Proportion of letters beyond ASCII, in lines that have any, from which an alphabet other than the Latin one is believed."""
LETTERS_OF_EVIDENCE = 8
"""Different bytes beyond ASCII without which another alphabet is not believed."""
_SPOKEN = re.compile(rb"[A-Za-z]*[\x80-\xff][\x80-\xffA-Za-z ]*")
_WESTERN = ("cp1252", "latin_1", "cp1250", "cp1254", "mac_roman")
BROKEN_MOST = 0.1
"""Proportion of the characters beyond ASCII that may be broken before UTF-8 is given up."""


class Decoded(NamedTuple):
    """UTF-8 bytes without a byte order mark and without NUL, the encoding they came in, and what had to be guessed."""

    data: bytes
    encoding: str
    notes: tuple[str, ...]


def to_utf8(path: Path, data: bytes) -> Decoded:
    """The text in UTF-8. Refused when it is no text in any encoding."""
    encoding = _marked(data)
    if encoding == "utf-8-sig":
        return _checked_utf8(path, data[3:], "utf-8-sig")
    if encoding:
        return _transcoded(path, data, encoding, ())
    if data[:4096].count(0) > 8 or b"\0" in data[:64]:
        raise DataRefused(f"{path} holds binary content of no known format", "Give a table as CSV, Parquet, JSON, Arrow or XLSX.")
    return _checked_utf8(path, data, "utf-8")


def without_mark(head: bytes) -> bytes:
    """UTF-8 bytes without the byte order mark."""
    return head.removeprefix(codecs.BOM_UTF8)


def encoding_of_head(path: Path, head: bytes) -> str:
    """The encoding of a large text by its beginning."""
    if mark := _marked(head):
        return mark
    cut = head[: max(1, len(head) - 4)]
    try:
        cut.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(path, head)
    return "utf-8"


def _marked(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[:4096]
    if len(sample) > 8 and sample.count(0) > 0.3 * len(sample):
        odd, even = sample[1::2].count(0), sample[::2].count(0)
        if odd > 0.6 * len(sample) / 2 and even < 0.1 * len(sample):
            return "utf-16-le"
        if even > 0.6 * len(sample) / 2 and odd < 0.1 * len(sample):
            return "utf-16-be"
    return ""


def _checked_utf8(path: Path, data: bytes, encoding: str) -> Decoded:
    if data.isascii():
        return Decoded(_without_nul(data), encoding, ())
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return Decoded(_without_nul(data), encoding, ())
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond = sum(1 for byte in data[: 2**20] if byte >= 0xC2) or 1
    if encoding == "utf-8-sig" or broken < BROKEN_MOST * beyond * max(1, len(data) / 2**20):
        return Decoded(_without_nul(text.encode()), encoding, (f"{broken} characters are not valid UTF-8 and were replaced",))
    guessed = _guessed(path, data)
    return _transcoded(path, data, guessed, (f"not UTF-8; read as {guessed}",))


def _without_nul(data: bytes) -> bytes:
    return data.replace(b"\0", b"") if b"\0" in data else data


def _transcoded(path: Path, data: bytes, encoding: str, notes: tuple[str, ...]) -> Decoded:
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    odd = sum(text[: 2**16].count(char) for char in _CONTROLS)
    if odd > 0.005 * min(len(text), 2**16):
        raise DataRefused(f"{path} is no text in any encoding known here", "Save it as UTF-8 CSV, or as Parquet.")
    if replaced := text.count("\ufffd"):
        notes = (*notes, f"{replaced} characters are not valid {encoding} and were replaced")
    return Decoded(text.replace("\0", "").encode(), encoding, notes)


_CONTROLS = (*(chr(code) for code in range(32) if chr(code) not in "\t\n\r\x0c\x1a"), "\x7f", "\ufffd")


def _guessed(path: Path, data: bytes) -> str:
    """The likeliest encoding of the lines that hold more than ASCII; Windows-1252 where Western encodings cannot be told apart."""
    from charset_normalizer import from_bytes

    lines: list[bytes] = []
    size = 0
    for line in data.splitlines():
        if not line.isascii():
            lines.append(line[:1000])
            size += len(lines[-1])
            if size > SAMPLE_BYTES:
                break
    sample = b"\n".join(dict.fromkeys(lines))
    beyond = [byte for byte in sample if byte >= 0x80]
    foreign = len(beyond) / max(1, len(beyond) + sum(65 <= byte <= 122 for byte in sample)) > FOREIGN_SHARE
    if not foreign or len(set(beyond)) < LETTERS_OF_EVIDENCE:
        return _latin(sample)
    spoken = b" ".join(dict.fromkeys(_SPOKEN.findall(sample)))
    matches = [m.encoding for m in from_bytes(sample, cp_isolation=_LIKELY) or from_bytes(spoken, threshold=0.5, cp_isolation=_LIKELY)]
    if not matches and sum(byte < 32 and byte not in b"\t\n\r" for byte in data[:4096]) > 40:
        raise DataRefused(f"{path} is no text in any encoding known here", "Save it as UTF-8 CSV, or as Parquet.")
    return next((encoding for encoding in matches if encoding not in _WESTERN), _latin(sample))


def _latin(sample: bytes) -> str:
    """Western, or Central European when only that reads the signs beyond ASCII as letters."""
    signs = {e: sum(ord(char) > 127 and not char.isalpha() for char in sample.decode(e, errors="replace")) for e in ("cp1252", "cp1250")}
    return "cp1250" if signs["cp1252"] > 2 and signs["cp1250"] < 0.5 * signs["cp1252"] else "cp1252"
