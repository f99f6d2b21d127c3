"""`axiom up`, `axiom down`, `axiom status`: what a person sees of the local platform."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from typing import IO, NoReturn

import click

from flows.local_platform.address import (
    HOST,
    Platform,
    forget_platform,
    lock_file,
    login_file,
    platform_folder,
    read_login,
    running_platform,
    write_platform,
)
from flows.local_platform.orphans import remove_orphans
from flows.local_platform.services import bootstrap, mlflow_server, prefect_server, process_worker, sandbox_worker
from flows.local_platform.supervisor import Supervisor
from tasks.adapters.store import free
from tasks.errors import InfrastructureError, SandboxRefused, SettingError, UserError

START_SECONDS = 300.0
"""Servers that have to make their databases on a busy machine; a quiet one needs twenty."""
DOWN_SECONDS = 90.0
LOOK_SECONDS = 0.5
EXIT_USER = 2


def up(prefect_port: int, mlflow_port: int) -> None:
    """Start the platform, say where it is, and keep it up until Ctrl-C or `axiom down`."""
    with free(lock_file()) as ours:
        if not ours:
            raise SettingError(_says_it_runs(running_platform()), "`axiom status` shows it, `axiom down` ends it.")
        for port, option in ((prefect_port, "--port"), (mlflow_port, "--mlflow-port")):
            _prove_free(port, option)
        signal.signal(signal.SIGTERM, _as_ctrl_c)
        signal.signal(signal.SIGHUP, _as_ctrl_c)
        supervisor = Supervisor(_say)
        platform = Platform(os.getpid(), prefect_port, mlflow_port, sandbox=_engine_answers())
        try:
            write_platform(platform)
            _bring_up(supervisor, platform)
            while True:
                supervisor.keep_up()
                time.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:
            _say("Ending …")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            supervisor.stop()
            forget_platform()
    _say("Everything has ended.")


def _as_ctrl_c(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


def _says_it_runs(platform: Platform | None) -> str:
    where = f" (process {platform.pid}, {platform.prefect_page} and {platform.mlflow})" if platform else ""
    return f"The platform of this AXIOM_HOME runs already{where}"


def _prove_free(port: int, option: str) -> None:
    """Raise `SettingError` when somebody listens there."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise SettingError(
            f"Port {port} cannot be used: {os.strerror(error.errno or 0).lower()}",
            f"End what listens there, or choose another with {option}.",
        ) from error


def _engine_answers() -> bool:
    from tasks.adapters.container.engine import engine_status

    try:
        engine_status()
    except SandboxRefused as error:
        _say(f"No worker for untrusted commands, so nothing is executed: {error}")
        return False
    remove_orphans()
    return True


def _bring_up(supervisor: Supervisor, platform: Platform) -> None:
    _say("Starting the Prefect server, MLflow and the workers …")
    servers = (prefect_server(platform), mlflow_server(platform))
    for server in servers:
        supervisor.start(server)
    filling = bootstrap(platform)
    words = supervisor.start(filling, listen=True)
    assert words is not None
    supervisor.wait_for(servers[0], START_SECONDS)
    _wait_for_word(words, "pools", supervisor, platform)
    supervisor.start(process_worker(platform))
    if platform.sandbox:
        supervisor.start(sandbox_worker(platform))
    _wait_for_word(words, "ready", supervisor, platform)
    supervisor.forget(filling)
    supervisor.wait_for(servers[1], START_SECONDS)
    write_platform(Platform(platform.pid, platform.prefect_port, platform.mlflow_port, ready=True, sandbox=platform.sandbox))
    _introduce(platform)


def _wait_for_word(words: IO[bytes], word: str, supervisor: Supervisor, platform: Platform) -> None:
    """Read the bootstrap's lines until this one; raises `InfrastructureError` when it ends without."""
    for line in words:
        if line.strip() == word.encode():
            return
    log = bootstrap(platform).log
    raise InfrastructureError("The Prefect server could not be filled with pools and deployments", f"The reason is in {log}")


def _introduce(platform: Platform) -> None:
    user = read_login().partition(":")[0]
    _say(f"Prefect  {platform.prefect_page}  (log in with the line in {login_file()}: {user}:…)")
    _say(f"MLflow   {platform.mlflow_page}")
    _say(f"Logs     {platform_folder()}")
    _say("Ctrl-C here, or `axiom down` elsewhere, ends all of it.")


def up_in_background(prefect_port: int, mlflow_port: int) -> None:
    """`axiom up --detach`: return when the platform is ready, or fail with its last words."""
    log = platform_folder() / "up.log"
    command = [sys.executable, "-m", "flows.cli", "up", "--port", str(prefect_port), "--mlflow-port", str(mlflow_port)]
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    while process.poll() is None:
        platform = running_platform()
        if platform is not None and platform.pid == process.pid and platform.ready:
            _introduce(platform)
            return
        time.sleep(LOOK_SECONDS)
    words = log.read_text(errors="replace").strip().splitlines()
    said = words[-1].removeprefix("axiom: ") if words else f"The platform did not start; its output is in {log}"
    raise UserError(said) if process.returncode == EXIT_USER else InfrastructureError(said)


def down() -> None:
    """End the platform from another shell, and return when it has ended."""
    platform = running_platform()
    if platform is None:
        _say("Nothing runs here.")
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(platform.pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_SECONDS
    while time.monotonic() < deadline:
        with free(lock_file()) as ended:
            if ended:
                _say("Everything has ended.")
                return
        time.sleep(LOOK_SECONDS)
    raise InfrastructureError(f"The platform, process {platform.pid}, has not ended for {DOWN_SECONDS:.0f} s", f"See {platform_folder()}")
