"""The server of one command: a real one, reached as Prefect reaches it."""

import base64
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from flows.ephemeral_server import EphemeralServer
from tasks.errors import InfrastructureError

HOLDER = """
import sys, time
from pathlib import Path
from flows.ephemeral_server import EphemeralServer
print(EphemeralServer(Path(sys.argv[1]))._process.pid, flush=True)
time.sleep(60)
"""


def status(api, login=""):
    header = f"Basic {base64.b64encode(login.encode()).decode()}"
    request = urllib.request.Request(f"{api}/admin/version", headers={"Authorization": header})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_it_listens_on_loopback_and_lets_only_its_command_in(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    server = EphemeralServer(tmp_path / "server.log")
    try:
        server.wait(120)
        assert server.api.startswith("http://127.0.0.1:")
        assert (status(server.api), status(server.api, "axiom:guess"), status(server.api, server.login)) == (401, 401, 200)
    finally:
        server.stop()
    with pytest.raises(urllib.error.URLError):
        status(server.api, server.login)


def test_it_ends_when_its_command_is_killed(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    server = int(holder.stdout.readline())
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    deadline = time.monotonic() + 60
    while alive(server) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(server)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_that_cannot_start_names_its_log(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("PREFECT_HOME", str(blocked))
    server = EphemeralServer(tmp_path / "server.log")
    with pytest.raises(InfrastructureError, match=r"server\.log"):
        server.wait(120)
    server.stop()
