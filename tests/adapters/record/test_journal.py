from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.adapters.record.journal import Journal


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "executions" / "k" / "journal.jsonl")


def entries(journal, offset=0):
    return [entry["n"] for entry, _ in journal.read(offset)]


def test_what_is_appended_is_read_in_order_and_from_any_entry_on(journal):
    journal.append([{"n": 1}, {"n": 2}])
    journal.append([{"n": 3}])
    after_first = next(end for _, end in journal.read())
    assert (entries(journal), entries(journal, after_first), entries(journal, journal.size())) == ([1, 2, 3], [2, 3], [])


def test_a_torn_last_line_is_not_read_and_the_next_entry_takes_its_place(journal):
    journal.append([{"n": 1}])
    with open(journal.path, "ab") as file:
        file.write(b'{"n":2,"te')
    assert entries(journal) == [1]
    journal.append([{"n": 3}])
    assert entries(journal) == [1, 3]


def test_a_torn_first_line_longer_than_a_block_is_cut_off(journal):
    journal.append([])
    journal.path.parent.mkdir(parents=True)
    journal.path.write_bytes(b"x" * 200_000)
    journal.append([{"n": 1}])
    assert entries(journal) == [1] and journal.size() == len(b'{"n":1}\n')


def test_a_line_that_is_no_entry_is_passed_over(journal):
    journal.append([{"n": 1}])
    with open(journal.path, "ab") as file:
        file.write(b"\x00\x00\n[1]\n")
    journal.append([{"n": 2}])
    assert entries(journal) == [1, 2]


def test_a_full_disk_leaves_nothing_of_an_entry(journal, monkeypatch):
    journal.append([{"n": 1}])

    def refuse(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match="No space"):
            journal.append([{"n": 2}])
    assert entries(journal) == [1]
    journal.append([{"n": 3}])
    assert entries(journal) == [1, 3]


def test_processes_that_append_at_once_lose_nothing(journal):
    program = (
        "import sys; from pathlib import Path; from tasks.adapters.record.journal import Journal; j = Journal(Path(sys.argv[1]))\n"
        "for i in range(200): j.append([{'n': [sys.argv[2], i]}], confirm=False)"
    )
    root = Path(__file__).parents[3]
    writers = [subprocess.Popen([sys.executable, "-c", program, str(journal.path), name], cwd=root) for name in "abc"]
    assert [w.wait() for w in writers] == [0, 0, 0]
    assert sorted(entries(journal)) == [[name, i] for name in "abc" for i in range(200)]
