"""Event files from bytes made by hand, after the published formats."""

import struct

import pytest

from tasks.evidence.outputs.files import OutputFile
from tasks.evidence.outputs.protobuf_wire import WireError, fields_of
from tasks.evidence.outputs.tensorboard import read_events


def field(number, data):
    return bytes([number << 3 | 2, len(data)]) + data


def event(step, *values):
    summary = b"".join(field(1, v) for v in values)
    return b"\x09" + struct.pack("<d", 1.0) + b"\x10" + bytes([step]) + field(5, summary)


def simple(tag, value):
    return field(1, tag.encode()) + b"\x15" + struct.pack("<f", value)


def tensor(tag, value):
    return field(1, tag.encode()) + field(8, b"\x08\x01" + field(4, struct.pack("<f", value)))


def record(data, length=None):
    return struct.pack("<Q", len(data) if length is None else length) + b"crc1" + data + b"crc2"


@pytest.fixture
def events(tmp_path):
    def read(content):
        path = tmp_path / "events.out.tfevents.1"
        path.write_bytes(content)
        return list(read_events(OutputFile("runs/events.out.tfevents.1", path, len(content))))

    return read


def test_both_ways_of_writing_a_scalar(events):
    found = events(record(event(0, simple("Loss/train", 0.5))) + record(event(7, tensor("val_acc", 0.75), simple("lr", 0.1))))
    assert [(s.name, s.original, s.value, s.step) for s in found] == [
        ("train_loss", "Loss/train", 0.5, 0),
        ("validation_accuracy", "val_acc", 0.75, 7),
    ]


def test_a_record_longer_than_the_file_is_refused_after_what_came_before(tmp_path):
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(record(event(1, simple("loss", 0.5))) + record(b"x" * 10, length=1 << 50))
    reading = read_events(OutputFile("e.tfevents.1", path, path.stat().st_size))
    assert next(reading).value == 0.5
    with pytest.raises(WireError, match="a record of 1125899906842624 bytes"):
        next(reading)


def test_a_huge_record_is_stepped_over(events):
    assert [s.value for s in events(record(b"\0" * 2_000_000) + record(event(1, simple("loss", 0.5))))] == [0.5]


def test_broken_messages_are_left_out(events):
    assert events(record(b"\xff" * 40) + record(b"")) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"\x0a\x7fab", "127 bytes where 2"), (b"\x80" * 11, "ten bytes"), (b"\x0f", "wire type 7"), (b"\x00\x01", "number 0")],
)
def test_lying_lengths(data, reason):
    with pytest.raises(WireError, match=reason):
        list(fields_of(memoryview(data)))


def test_a_varint_by_hand():
    (field,) = fields_of(memoryview(b"\x08\x96\x01"))  # 150: the example of the format's documentation
    assert (field.number, field.value) == (1, 150)
