import multiprocessing
import os
import time

import pytest

from tasks.adapters.store import (
    axiom_home,
    hash_rooms,
    lock_of,
    locked,
    partial_of,
    rule_version,
    safe_name,
    trim_cache,
    write_atomically,
)


def test_the_home_is_for_its_owner_only(axiom_home):
    from tasks.adapters import store

    assert store.axiom_home() == axiom_home
    assert axiom_home.stat().st_mode & 0o077 == 0


def test_a_name_becomes_a_file_name():
    assert safe_name("owner/na me..") == "owner-na-me"
    assert safe_name("../..") == "repository"


def test_the_rule_version_is_twelve_hex_digits():
    assert len(rule_version()) == 12
    int(rule_version(), 16)


def test_a_write_leaves_no_partial_file(tmp_path):
    write_atomically(tmp_path / "a" / "b.json", b"{}")
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b.json"]


def _hold(path, started):
    with locked(path):
        started.set()
        time.sleep(60)


def test_a_lock_is_released_when_its_holder_is_killed(tmp_path):
    context = multiprocessing.get_context("fork")
    started = context.Event()
    process = context.Process(target=_hold, args=(tmp_path / "lock", started))
    process.start()
    started.wait(10)
    process.kill()
    process.join()
    with locked(tmp_path / "lock"):
        pass


def test_the_least_recently_used_entries_are_dropped_first(tmp_path):
    for age, name in ((300, "old"), (200, "middle"), (0, "new")):
        _entry(tmp_path, name, age)
    trim_cache(tmp_path, keep=tmp_path / "new", limit_bytes=200, in_use_seconds=100)
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == ["middle", "new"]


def test_home_defaults_to_a_folder_of_the_user(monkeypatch, tmp_path):
    monkeypatch.delenv("AXIOM_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert axiom_home() == tmp_path / ".axiom"


def _versions(tmp_path, change):
    room = tmp_path / "rules"
    (room / "deep").mkdir(parents=True)
    (room / "deep/psi.py").write_text("HIGH = 0.25\n")
    before = hash_rooms([room])
    change(room)
    return before, hash_rooms([room])


@pytest.mark.parametrize(
    "change",
    [
        lambda room: (room / "deep/psi.py").write_text("HIGH = 0.26\n"),
        lambda room: (room / "deep/psi.py").rename(room / "psi.py"),
        lambda room: (room / "words.txt").write_text("new"),
        lambda room: (room / "deep/psi.py").unlink(),
    ],
    ids=["edited", "moved", "new data file", "removed"],
)
def test_the_rule_version_changes_with_any_file(tmp_path, change):
    before, after = _versions(tmp_path, change)
    assert before != after


def test_the_rule_version_does_not_depend_on_compiled_files(tmp_path):
    def compile_it(room):
        (room / "__pycache__").mkdir()
        (room / "__pycache__/psi.pyc").write_bytes(b"x")

    before, after = _versions(tmp_path, compile_it)
    assert before == after


def test_a_write_on_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    write_atomically(tmp_path / "b.json", b"old")

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "b.json", b"new")
    monkeypatch.undo()
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("b.json", b"old")]


def _entry(folder, name, age):
    entry = folder / name
    entry.mkdir()
    (entry / "bytes").write_text("100")
    os.utime(entry, (time.time() - age, time.time() - age))
    return entry


def test_what_another_run_may_be_reading_is_not_dropped(tmp_path):
    new = _entry(tmp_path, "new", 0)
    recent, old = _entry(tmp_path, "recent", 60), _entry(tmp_path, "old", 7200)
    trim_cache(tmp_path, keep=new, limit_bytes=0)
    assert (recent.exists(), old.exists(), new.exists()) == (True, False, True)


def test_what_is_locked_is_not_dropped_and_what_a_killed_process_left_is(tmp_path):
    new, held = _entry(tmp_path, "new", 0), _entry(tmp_path, "held", 7200)
    ours, theirs = partial_of(tmp_path / "dead"), partial_of(held)
    ours.mkdir()
    theirs.mkdir()
    with locked(lock_of(held)):
        trim_cache(tmp_path, keep=new, limit_bytes=0)
        assert (held.exists(), theirs.exists(), ours.exists()) == (True, True, False)
