"""The addresses behind a host's name, looked up once: the connection is pinned to what was checked (no DNS rebinding)."""

from __future__ import annotations

import queue
import socket
import threading

from tasks.errors import CloneFailed
from tasks.rules.source_policy import Source, check_addresses

LOOKUP_SECONDS = 20.0
"""The system's own look-up has no limit that can be set."""
ADDRESSES = 8
"""More of one host are not tried."""


def checked_addresses(source: Source) -> tuple[str, ...]:
    """Addresses of the source's host, all of which may be contacted; empty for a local folder.

    Raises SourceRefused when one of them may not, CloneFailed when there is none.
    """
    if source.host is None:
        return ()
    found = _look_up(source.host.strip("[]"), source.port)
    return check_addresses(source, found)[:ADDRESSES]


def _look_up(host: str, port: int | None) -> list[str]:
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.put(OSError(str(error)))

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=LOOKUP_SECONDS)
    except queue.Empty:
        answer = OSError("no answer")
    if isinstance(answer, OSError) or not answer:
        raise CloneFailed(f"The host {host} could not be found", "Check the address and the network.")
    return answer
