import multiprocessing
import time

from tasks.adapters.store import axiom_home, locked, rule_version, safe_name, trim_cache, write_atomically


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
    import os

    for age, name in ((300, "old"), (200, "middle"), (0, "new")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "bytes").write_text("100")
        os.utime(folder, (time.time() - age, time.time() - age))
    trim_cache(tmp_path, keep=tmp_path / "new", limit_bytes=200)
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == ["middle", "new"]


def test_home_defaults_to_a_folder_of_the_user(monkeypatch, tmp_path):
    monkeypatch.delenv("AXIOM_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert axiom_home() == tmp_path / ".axiom"
