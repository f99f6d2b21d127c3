"""Output of untrusted code: bounded, cleaned whatever the pieces it arrives in, never waiting for who watches."""

import itertools
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.container.log import CONTROLS, Cleaner, KeptLog, LineCutter, LogReader


def clean(*pieces):
    cleaner = Cleaner()
    return "".join([cleaner.feed(piece) for piece in pieces] + [cleaner.feed(b"", last=True)])


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\x1b[1;31mred\x1b[0m", "red"),
        (b"\x1b]0;window title\x07text", "text"),
        (b"\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        (b"\x1bP1$tx\x1b\\a", "a"),
        (b"\x1b(Bb\x1b=c\x1b7", "bc"),
        (b"a\r\nb\n", "a\nb\n"),
        (b"50%\r60%\r\n", "50%\r60%\n"),
        (b"1/2\x08\x08\x082/2", "1/2\r2/2"),
        (b"a\x00\x07\x7fb\xc2\x9b31mc", "ab31mc"),
        ("a\u202eb\u2066c".encode(), "abc"),
        (b"\xff\xc3", "\ufffd\ufffd"),
        ("é😀".encode(), "é😀"),
        (b"unfinished \x1b]0;for ever", "unfinished ]0;for ever"),
        (b"col\tumn", "col\tumn"),
    ],
)
def test_codes_for_terminals_are_taken_out(raw, text):
    assert clean(raw) == text
    assert clean(*[raw[i : i + 1] for i in range(len(raw))]) == text


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"\x1b[", b"\x1b]0;", b"\r", b"\n", b"\x1b", "é".encode()])))
def test_no_control_character_gets_through_and_memory_stays_small(pieces):
    cleaner = Cleaner()
    text = "".join(cleaner.feed(piece) for piece in pieces) + cleaner.feed(b"", last=True)
    assert not CONTROLS.search(text)
    assert "\x1b" not in text


def test_an_escape_that_never_ends_is_let_go_as_text():
    cleaner = Cleaner()
    assert len(cleaner.feed(b"\x1b]0;" + b"x" * 100) + "".join(cleaner.feed(b"x" * 1000) for _ in range(10))) > 5000


def test_a_log_within_its_bound_is_kept_whole(tmp_path):
    log = KeptLog(tmp_path / "log", 100)
    for n in range(10):
        log.add(f"line {n}\n")
    assert log.close() == 0
    assert (tmp_path / "log").read_text() == "".join(f"line {n}\n" for n in range(10))


def test_a_log_beyond_its_bound_keeps_both_ends_and_counts_what_is_between(tmp_path):
    log = KeptLog(tmp_path / "log", 100)
    for n in range(1000):
        log.add(f"{n:09d}\n")
    assert log.close() == 10_000 - 100
    text = (tmp_path / "log").read_text()
    assert text.startswith("000000000\n000000001\n")
    assert "9,900 bytes of log are not kept" in text
    assert text.endswith("000000998\n000000999\n")


def test_one_piece_larger_than_the_bound_is_cut(tmp_path):
    log = KeptLog(tmp_path / "log", 100)
    log.add("a" * 60 + "b" * 1000 + "c" * 60)
    assert log.close() == 1120 - 100
    assert (tmp_path / "log").read_text().startswith("a" * 50 + "\n[axiom")
    assert (tmp_path / "log").read_text().endswith("]\n" + "c" * 50)


def test_lines_are_cut_and_ended_where_they_end():
    lines = []
    cutter = LineCutter(lines.append)
    for piece in ("one\ntw", "o\n", "x" * 1500, "x" * 1500, "\n", "\n", "last"):
        cutter.feed(piece)
    cutter.close()
    assert [line if len(line) < 50 else len(line) for line in lines] == ["one", "two", 2048, "", "last"]
    assert lines[2].endswith("x…")


def test_of_a_progress_bar_its_end_and_few_pictures_are_shown():
    lines = []
    cutter = LineCutter(lines.append)
    for percent in range(100):
        cutter.feed(f"{percent}%\r")
    cutter.feed("100%\n")
    assert lines == ["0%", "100%"]


def test_a_watcher_that_hangs_does_not_stop_the_reading(tmp_path, monkeypatch):
    monkeypatch.setattr("tasks.adapters.container.log.TAIL_SECONDS", 0.1)
    hang = threading.Event()
    began = time.monotonic()
    reader = LogReader([b"line\n" * 1000] * 20, tmp_path / "log", 1_000_000, lambda _: hang.wait(30))
    assert reader.finish(10) == 0
    assert time.monotonic() - began < 5
    assert (tmp_path / "log").stat().st_size == 100_000
    hang.set()


def test_a_watcher_that_fails_costs_its_own_lines_only(tmp_path):
    reader = LogReader([b"a\n", b"b\n"], tmp_path / "log", 100_000, lambda _: 1 / 0)
    assert reader.finish(10) == 0
    assert (tmp_path / "log").read_text() == "a\nb\n"


def test_a_full_disk_of_the_host_does_not_stop_the_reading():
    log = KeptLog(Path("/dev/full"), 1000)
    for _ in range(100):
        log.add("x" * 100)
    assert log.last(5) == "xxxxx"
    assert log.close() == 10_000


def test_a_connection_that_breaks_is_told_in_the_log(tmp_path):
    def broken():
        yield b"epoch 1\n"
        raise ConnectionResetError

    LogReader(broken(), tmp_path / "log", 100_000, None).finish(10)
    assert (tmp_path / "log").read_text() == "epoch 1\n\n[axiom: the log breaks off here: ConnectionResetError]\n"


def test_a_stream_without_an_end_is_let_go(tmp_path):
    chunks = (time.sleep(0.01) or b"x\n" for _ in itertools.count())
    reader = LogReader(chunks, tmp_path / "log", 100_000, None)
    assert reader.finish(0.1) == 0
    size = (tmp_path / "log").stat().st_size
    time.sleep(0.05)
    assert (tmp_path / "log").stat().st_size == size > 0
