"""Scalars of TensorBoard event files, read from the bytes: TFRecord framing around `Event` messages.

Source: tensorflow/core/lib/io/record_writer.h and tensorflow/core/util/event.proto, framework/summary.proto and tensor.proto.
Checksums are not compared: a wrong value is judged like any other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from tasks.evidence.outputs.files import OutputFile, open_regular
from tasks.evidence.outputs.naming import metric_name
from tasks.evidence.outputs.protobuf_wire import FIXED32, FIXED64, Field, WireError, fields_of
from tasks.evidence.outputs.seen import Seen

MAX_RECORD_BYTES = 1_000_000
"""Larger records hold images or graphs, never a scalar."""
MAX_RECORDS = 200_000
_FLOAT, _DOUBLE = 1, 2


def read_events(file: OutputFile) -> Iterator[Seen]:
    """Scalars in order. Raises `WireError` at a record that claims to be longer than the file."""
    with open_regular(file.full) as stream:
        for record in _records(stream, file.size):
            try:
                yield from _scalars(memoryview(record), file.path)
            except WireError:
                continue


def _records(stream: BinaryIO, size: int) -> Iterator[bytes]:
    at = 0
    for _ in range(MAX_RECORDS):
        head = stream.read(12)
        if len(head) < 12:
            return
        length = struct.unpack_from("<Q", head)[0]
        at += 12 + length + 4
        if at > size:
            raise WireError(f"a record of {length} bytes in a file of {size}")
        if length > MAX_RECORD_BYTES:
            stream.seek(at)
            continue
        yield stream.read(length)
        stream.seek(4, 1)


def _scalars(event: memoryview, path: str) -> Iterator[Seen]:
    step, summaries = 0, []
    for field in fields_of(event):
        if field.number == 2 and not field.data:
            step = field.value
        elif field.number == 5:
            summaries.append(field.data)
    for summary in summaries:
        for field in fields_of(summary):
            if field.number == 1 and (found := _scalar(field.data)):
                tag, value = found
                if name := metric_name(tag, declared=True):
                    yield Seen(name, tag, value, step=step if step < 1 << 62 else None, place=path, origin=path)


def _scalar(message: memoryview) -> tuple[str, float] | None:
    tag, value = "", None
    for field in fields_of(message):
        if field.number == 1:
            tag = bytes(field.data[:200]).decode("utf-8", errors="replace")
        elif field.number == 2 and field.kind == FIXED32:
            value = _float(field)
        elif field.number == 8:
            value = _tensor(field.data)
    return (tag, value) if tag and value is not None else None


def _tensor(message: memoryview) -> float | None:
    """The only number of a tensor, as TensorFlow 2 and PyTorch's new style write scalars."""
    kind, content = 0, None
    for field in fields_of(message):
        if field.number == 1 and not field.data:
            kind = field.value
        elif field.number in (4, 5, 6):
            content = field
    if content is None:
        return None
    if kind == _FLOAT and len(content.data) == 4:
        return _float(content)
    return float(struct.unpack("<d", content.data)[0]) if kind == _DOUBLE and len(content.data) == 8 else None


def _float(field: Field) -> float:
    return float(struct.unpack("<d" if field.kind == FIXED64 else "<f", field.data)[0])
