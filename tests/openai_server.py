"""A local server that speaks `/v1/chat/completions` and misbehaves on order. Answers follow a script, one step a request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PROMPT_TOKENS = 100
ANSWER_TOKENS = 20


@dataclass(frozen=True)
class Step:
    """One reply of the server."""

    text: str = ""
    """Content of the message."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    refusal: str | None = None
    error: str = "scripted"
    hang: float = 0.0
    """Seconds of silence before anything is sent."""
    drip: float = 0.0
    """Seconds between single bytes of the body."""
    body: bytes | None = None
    """Sent as it is instead of an answer."""
    write: Callable[[dict[str, Any]], str] | None = None
    """Makes the content from the request's body, instead of `text`."""


def ok(opinion: dict[str, Any], **how: Any) -> Step:
    """A well-formed answer."""
    return Step(text=json.dumps(opinion), **how)


def fenced(opinion: dict[str, Any]) -> Step:
    """The answer inside a Markdown code fence."""
    return Step(text=f"```json\n{json.dumps(opinion, indent=1)}\n```")


def truncated(opinion: dict[str, Any], finish: str = "stop") -> Step:
    """The answer's first half."""
    whole = json.dumps(opinion)
    return Step(text=whole[: len(whole) // 2], finish=finish)


def failure(status: int, **headers: str) -> Step:
    """An error with this status; `Retry_After="1"` becomes a header."""
    return Step(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def hostile(*words: str) -> Step:
    """Whatever is asked, an answer of the asked form with these words in every text and the last of every closed choice."""

    def write(body: dict[str, Any]) -> str:
        schema = body["response_format"]["json_schema"]["schema"]
        said = " ".join(words)
        kinds = {"string": said, "array": ["TRN999"], "boolean": True}
        return json.dumps({n: p["enum"][-1] if "enum" in p else kinds[p["type"]] for n, p in schema["properties"].items()})

    return Step(write=write)


def agreeing(words: str) -> Step:
    """Whatever is asked, these words, and the first of every closed choice: the most severe."""

    def write(body: dict[str, Any]) -> str:
        schema = body["response_format"]["json_schema"]["schema"]
        kinds: dict[str, Any] = {"string": words, "array": []}
        return json.dumps({n: p["enum"][0] if "enum" in p else kinds[p["type"]] for n, p in schema["properties"].items()})

    return Step(write=write)


@dataclass
class OpenAIServer:
    """Plays its script in order; the last step repeats."""

    script: list[Step]
    requests: list[dict[str, Any]] = field(default_factory=list)
    """Bodies, as received."""
    times: list[float] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    broken_pipes: int = 0
    """Connections the client closed before the answer was out."""
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def next_step(self, body: dict[str, Any], key: str) -> Step:
        with self._lock:
            step = self.script[min(len(self.requests), len(self.script) - 1)]
            self.requests.append(body)
            self.times.append(time.monotonic())
            self.keys.append(key)
            return step


@contextmanager
def serve(*script: Step) -> Iterator[OpenAIServer]:
    """A running server with this script."""
    state = OpenAIServer(list(script))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            step = state.next_step(body, self.headers.get("Authorization", ""))
            payload = step.body if step.body is not None else _payload(step, body)
            try:
                time.sleep(step.hang)
                self.send_response(step.status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(payload)), **step.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in [payload[i : i + 1] for i in range(len(payload))] if step.drip else [payload]:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(step.drip)
            except (BrokenPipeError, ConnectionResetError):
                state.broken_pipes += 1

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def _payload(step: Step, body: dict[str, Any]) -> bytes:
    if step.status != 200:
        return json.dumps({"error": {"message": step.error, "type": "scripted", "code": step.status}}).encode()
    text = step.write(body) if step.write else step.text
    message = {"role": "assistant", "content": text, "refusal": step.refusal}
    return json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": body.get("model", "test"), "service_tier": "default",
        "choices": [{"index": 0, "message": message, "finish_reason": step.finish, "logprobs": None}],
        "usage": {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": ANSWER_TOKENS, "total_tokens": PROMPT_TOKENS + ANSWER_TOKENS},
    }).encode()  # fmt: skip
