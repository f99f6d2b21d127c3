"""A Prefect server for one command: started before anything else, behind a login of its own, gone with the command.

Prefect's own temporary server starts only when the first flow is called, after seconds of imports in the caller, and
lets anybody on the machine in.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from tasks.errors import InfrastructureError

HOST = "127.0.0.1"
POLL_SECONDS = 0.1


class EphemeralServer:
    """The server's process. It ends with `stop`, and by itself when this process dies, however it dies."""

    def __init__(self, log: Path) -> None:
        """Start it; its output goes to the file `log`."""
        listener = socket.create_server((HOST, 0))
        self.api = f"http://{HOST}:{listener.getsockname()[1]}/api"
        self.login = f"axiom:{secrets.token_urlsafe(24)}"
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "wb") as output, listener:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "flows.ephemeral_server", str(listener.fileno())],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=(listener.fileno(),),
                cwd=log.parent,
                start_new_session=True,
                env=os.environ
                | {"PREFECT_SERVER_API_AUTH_STRING": self.login, "PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1"},
            )

    def wait(self, seconds: float) -> None:
        """Wait until it answers; raises `InfrastructureError` when it ends or does not answer in time."""
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.api}/health", timeout=5):
                    return
            except OSError:
                time.sleep(POLL_SECONDS)
        ended = f"ended with code {self._process.returncode}" if self._process.poll() is not None else f"did not answer for {seconds:.0f} s"
        raise InfrastructureError(f"The Prefect server of this command {ended}", f"Its output is in {self.log}; run the command again.")

    def stop(self) -> None:
        """End it; safe to call twice."""
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def main() -> None:
    """Entry of the server's process: serve on the inherited socket until standard input ends."""
    threading.Thread(target=_end_with_the_caller, daemon=True).start()
    import uvicorn

    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


def _end_with_the_caller() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
