"""A read-only smart-HTTP git server on loopback, around `git http-backend`, that misbehaves on order.

Repositories are served by path (`/owner/name`); `server.behave["owner/name"] = redirect(…)` and the like replace an answer.
"""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

Behaviour = Callable[[BaseHTTPRequestHandler, str, bytes], bool]
"""Answers a request, given the path after the repository and the body; False leaves it to git."""


@dataclass
class GitServer:
    """What is served and what was asked for."""

    repositories: dict[str, Path] = field(default_factory=dict)
    behave: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, name: str) -> str:
        return f"http://{self.host}/{name}"


@contextmanager
def serve_git(certificate: Path | None = None, **repositories: Path) -> Iterator[GitServer]:
    """A running server; `owner__name=folder` serves a work tree or bare repository as `/owner/name`.

    With a certificate (and its key in the same file) it speaks TLS.
    """
    state = GitServer({name.replace("__", "/"): path for name, path in repositories.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.handle_git(self.rfile.read(length))

        do_POST = do_GET

        def handle_git(self, body: bytes) -> None:
            state.requests.append(self.path)
            state.headers.append(str(self.headers))
            path = urlsplit(self.path).path
            name, tail = "/".join(path.split("/")[1:3]), "/".join(path.split("/")[3:])
            try:
                behaviour = state.behave.get(name)
                if behaviour is not None and behaviour(self, tail, body):
                    return
                if name.removesuffix(".git") not in state.repositories:
                    answer(self, 404)
                else:
                    _run_backend(self, state.repositories[name.removesuffix(".git")], tail, body)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    state.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def _run_backend(handler: BaseHTTPRequestHandler, folder: Path, tail: str, body: bytes) -> None:
    git = folder / ".git" if (folder / ".git").is_dir() else folder
    environment = {
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*", "GIT_HTTP_EXPORT_ALL": "1", "GIT_PROJECT_ROOT": str(git.parent), "PATH_INFO": f"/{git.name}/{tail}",
        "REQUEST_METHOD": handler.command, "QUERY_STRING": urlsplit(handler.path).query, "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": handler.headers.get("Content-Type", ""), "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""), "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    output = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=environment, check=False).stdout
    head, _, content = output.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
    answer(handler, int(headers.pop("Status", "200").split()[0]), content, **headers)


def answer(handler: BaseHTTPRequestHandler, status: int, content: bytes = b"", **headers: str) -> bool:
    """A whole response; the connection is closed after it."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
    return True


def status(code: int, **headers: str) -> Behaviour:
    """Always this status."""
    return lambda handler, tail, body: answer(handler, code, **headers)


def page(text: str) -> Behaviour:
    """A web page where git expects references."""
    return lambda handler, tail, body: answer(handler, 200, text.encode())


def redirect(target: str) -> Behaviour:
    """To the same path below another address."""
    return lambda handler, tail, body: answer(handler, 301, Location=f"{target}/{tail}?{urlsplit(handler.path).query}")


def hang(seconds: float = 60) -> Behaviour:
    """Silence."""

    def wait(handler: BaseHTTPRequestHandler, tail: str, body: bytes) -> bool:
        time.sleep(seconds)
        return True

    return wait


def drip(pause: float = 0.2) -> Behaviour:
    """One byte now and then, without end."""

    def send(handler: BaseHTTPRequestHandler, tail: str, body: bytes) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
        handler.end_headers()
        while True:
            handler.wfile.write(b"0")
            handler.wfile.flush()
            time.sleep(pause)

    return send


def endless_pack() -> Behaviour:
    """Tells its references honestly and answers a fetch with a pack whose one object never ends."""

    def send(handler: BaseHTTPRequestHandler, tail: str, body: bytes) -> bool:
        if b"command=fetch" not in body:
            return False
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-git-upload-pack-result")
        handler.end_headers()
        blob_of_a_terabyte = bytes([0x80 | 3 << 4, *[0x80] * 4, 0x40])
        handler.wfile.write(b"000dpackfile\n" + _band(b"PACK\0\0\0\2\0\0\0\1" + blob_of_a_terabyte + b"\x78\x01"))
        stored_block = b"\0\xff\xff\0\0" + os.urandom(65_535)
        while True:
            handler.wfile.write(_band(stored_block[:40_000]) + _band(stored_block[40_000:]))

    return send


def _band(data: bytes) -> bytes:
    return b"%04x\1" % (len(data) + 5) + data


@contextmanager
def serve_proxy(port: int) -> Iterator[tuple[str, list[str]]]:
    """An http proxy that leads every tunnel to one local port; its address with a password, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Proxy-Authorization', '')}")
            with socket.create_connection(("127.0.0.1", port)) as target:
                self.send_response(200)
                self.end_headers()
                back = threading.Thread(target=_pour, args=(target, self.connection), daemon=True)
                back.start()
                _pour(self.connection, target)
                back.join()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://me:hunter2@127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def _pour(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
