"""The wire format of protocol buffers, read field by field without a schema.

Source: https://protobuf.dev/programming-guides/encoding/. Lengths are checked against what is there before anything is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
MAX_FIELDS = 1_000_000


class WireError(ValueError):
    """The bytes are no well-formed message."""


class Field(NamedTuple):
    number: int
    kind: int
    value: int
    """Of a varint; else 0."""
    data: memoryview
    """Of the other kinds; empty for a varint."""


def fields_of(message: memoryview) -> Iterator[Field]:
    """Fields in order; raises `WireError` at the first malformed one."""
    at, empty = 0, message[:0]
    for _ in range(MAX_FIELDS):
        if at == len(message):
            return
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise WireError("field number 0")
        if kind == VARINT:
            value, at = _varint(message, at)
            yield Field(number, kind, value, empty)
            continue
        if kind == BYTES:
            size, at = _varint(message, at)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
        else:
            raise WireError(f"wire type {kind}")
        if size > len(message) - at:
            raise WireError(f"a field of {size} bytes where {len(message) - at} are left")
        yield Field(number, kind, 0, message[at : at + size])
        at += size
    raise WireError("too many fields")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise WireError("cut short")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & (1 << 64) - 1, at
    raise WireError("a number of more than ten bytes")
