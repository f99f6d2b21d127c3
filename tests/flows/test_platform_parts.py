"""The platform's parts without its servers: its guard, its address, its login."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from flows.local_platform.address import Platform, read_login, running_platform, use_platform, write_platform

PART = """
import subprocess, sys, time
command = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(300)"]
child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
child.stdout.readline()
print(child.pid, flush=True)
{then}
"""
GUARD = [sys.executable, "-I", "-m", "flows.local_platform.guard", sys.executable, "-c"]
CALLER = """
import subprocess, sys, time
subprocess.Popen({command!r}, stdin=subprocess.PIPE)
time.sleep(300)
"""


def lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def gone(pid, seconds=10):
    deadline = time.monotonic() + seconds
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not lives(pid)


@pytest.fixture
def guarded():
    """A part under its guard, and a grandchild that left the part's session: `start(then)` gives guard and grandchild."""
    started = []

    def start(then):
        guard = subprocess.Popen([*GUARD, PART.format(then=then)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(guard)
        return guard, int(guard.stdout.readline())

    yield start
    for guard in started:
        guard.kill()
        guard.wait()


def test_what_a_part_has_started_ends_when_the_guard_is_told_to_end(guarded):
    guard, grandchild = guarded("time.sleep(300)")
    guard.stdin.close()
    assert guard.wait(10) == signal.SIGTERM
    assert gone(grandchild)


def test_what_a_part_leaves_behind_ends_with_it_and_its_code_is_told(guarded):
    guard, grandchild = guarded("sys.exit(7)")
    assert guard.wait(10) == 7
    assert gone(grandchild)


def test_a_part_hears_the_end_of_its_caller_however_that_died():
    code = CALLER.format(command=[*GUARD, PART.format(then="time.sleep(300)")])
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    grandchild = int(caller.stdout.readline())
    caller.kill()
    caller.wait()
    assert gone(grandchild)


def test_the_login_is_made_once_and_for_its_owner(axiom_home):
    login = read_login()
    assert login == read_login()
    assert login.startswith("axiom:") and len(login) > 30
    assert (axiom_home / "platform" / "login").stat().st_mode & 0o777 == 0o600


def test_a_platform_whose_process_died_is_not_running(axiom_home, monkeypatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert running_platform() is None
    write_platform(Platform(os.getpid(), 4200, 5000, ready=True))
    # Its file is there, but nobody holds the lock.
    assert running_platform() is None
    assert use_platform() is None


def test_a_broken_note_of_the_platform_is_none(axiom_home):
    folder = axiom_home / "platform"
    folder.mkdir(parents=True)
    for text in ("", "[]", json.dumps({"pid": 1}), json.dumps({"pid": 1, "prefect_port": 2, "mlflow_port": 3, "more": 4})):
        (folder / "platform.json").write_text(text)
        assert running_platform() is None


def test_a_part_is_not_told_of_other_servers(axiom_home, monkeypatch):
    from flows.local_platform.services import mlflow_server, prefect_server, process_worker, sandbox_worker

    monkeypatch.setenv("PREFECT_API_URL", "https://elsewhere/api")
    monkeypatch.setenv("PREFECT_API_KEY", "secret")
    platform = Platform(1, 4300, 5300)
    for service in (prefect_server(platform), mlflow_server(platform)):
        assert "PREFECT_API_URL" not in service.environment()
    for service in (process_worker(platform), sandbox_worker(platform)):
        assert service.environment()["PREFECT_API_URL"] == "http://127.0.0.1:4300/api"
        assert "PREFECT_API_KEY" not in service.environment()
    # Without an engine jobs are not sent to a pool that nobody serves.
    assert "AXIOM_SANDBOX_POOL" not in process_worker(platform).environment()


def test_nothing_in_flows_is_named_like_a_library():
    from pathlib import Path

    names = {p.stem for p in (Path(__file__).parents[2] / "flows").iterdir() if p.suffix == ".py" or p.is_dir()} - {
        "__init__",
        "__pycache__",
    }
    assert not names & set(sys.stdlib_module_names)
