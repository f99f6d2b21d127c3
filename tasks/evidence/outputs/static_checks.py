"""Static checks of model files that have a checkable form: safetensors headers and ONNX messages. No library, nothing loaded.

Sources: https://huggingface.co/docs/safetensors (format) and onnx/onnx.proto (ModelProto, GraphProto).
"""

from __future__ import annotations

import json
import math
import mmap
import struct
from pathlib import Path
from typing import Any, TypeGuard

from tasks.evidence.outputs.files import open_regular
from tasks.evidence.outputs.protobuf_wire import WireError, fields_of

MAX_HEADER_BYTES = 100_000_000
"""The format's own bound."""
_WIDTHS = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4,
    "F64": 8, "I64": 8, "U64": 8, "C64": 8,
}  # fmt: skip


def check_safetensors(path: Path, size: int) -> tuple[bool, str]:
    """Whether the header is true to the file: every tensor within bounds, of its stated size, none over another, no gap."""
    with open_regular(path) as file:
        head = file.read(8)
        length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
        if not 2 <= length <= min(MAX_HEADER_BYTES, size - 8):
            return False, f"broken: a header of {length} bytes in a file of {size}"
        raw = file.read(length)
    try:
        tensors = json.loads(raw)
    except (ValueError, RecursionError):
        return False, "broken: the header is no JSON"
    if not isinstance(tensors, dict):
        return False, "broken: the header is no object"
    tensors.pop("__metadata__", None)
    return _layout(tensors, size - 8 - length)


def _layout(tensors: dict[str, Any], room: int) -> tuple[bool, str]:
    spans = []
    for name, tensor in tensors.items():
        span = _span(tensor)
        if span is None:
            return False, f"broken: tensor {name[:60]!r} has no true size"
        spans.append(span)
    at = 0
    for begin, end in sorted(spans):
        if begin != at:
            return False, f"broken: tensors {'overlap' if begin < at else 'leave a gap'} at byte {min(begin, at)}"
        at = end
    if at != room:
        return False, f"broken: tensors end at {at} of {room} bytes"
    return True, f"ok: {len(spans)} tensors, {room} bytes, no overlap"


def _span(tensor: Any) -> tuple[int, int] | None:
    if not isinstance(tensor, dict):
        return None
    width, shape, offsets = _WIDTHS.get(str(tensor.get("dtype"))), tensor.get("shape"), tensor.get("data_offsets")
    if width is None or not _naturals(shape) or not _naturals(offsets) or len(offsets) != 2 or len(shape) > 64:
        return None
    begin, end = offsets
    return (begin, end) if end - begin == math.prod(shape) * width else None


def _naturals(value: Any) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(v) is int and 0 <= v < 1 << 60 for v in value)


def check_onnx(path: Path, size: int) -> tuple[bool, str]:
    """Whether the file is a model message with a version, an operator set and a graph with nodes or weights."""
    if size == 0:
        return False, "broken: empty"
    with open_regular(path) as file:
        # Closed by the garbage collector: closing while a view is alive raises.
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        return _model(memoryview(mapped))
    except WireError as error:
        return False, f"broken: {error}"


def _model(whole: memoryview) -> tuple[bool, str]:
    version, operator_sets, nodes, weights, graphs = 0, 0, 0, 0, 0
    for field in fields_of(whole):
        if field.number == 1:
            version = field.value
        operator_sets += field.number == 8
        if field.number == 7:
            graphs += 1
            for part in fields_of(field.data):
                nodes += part.number == 1
                weights += part.number == 5
    if not 1 <= version <= 100 or not graphs:
        return False, f"broken: {'no graph' if version else 'no format version'}"
    told = f"format version {version}, {nodes} nodes, {weights} weights"
    return (True, f"ok: {told}") if operator_sets and nodes else (False, f"broken: {told}, {operator_sets} operator sets")
