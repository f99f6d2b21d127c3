"""How a source's host is reached: by its addresses, looked up and checked once, or through the proxy of this machine.

The connection is pinned to what was checked, so a name that changes its mind (DNS rebinding) changes nothing. A proxy
looks names up itself: then the list of allowed hosts alone decides, and servers inside this network go without it.
"""

from __future__ import annotations

import queue
import socket
import threading
import urllib.request
from typing import NamedTuple

from tasks.errors import CloneFailed
from tasks.rules.source_policy import Source, check_addresses

LOOKUP_SECONDS = 20.0
"""The system's own look-up has no limit that can be set."""
ADDRESSES = 8
"""More of one host are not tried."""


class Route(NamedTuple):
    """How the host is reached; both empty for a local folder."""

    addresses: tuple[str, ...] = ()
    proxy: str | None = None
    """May hold credentials: it goes to git and nowhere else."""


def find_route(source: Source) -> Route:
    """The way to the source's host; raises SourceRefused when it leads where it may not, CloneFailed when there is none."""
    if source.host is None:
        return Route()
    proxy = _proxy(source)
    if proxy:
        return Route(proxy=proxy)
    found = _look_up(source.host.strip("[]"), source.port)
    return Route(check_addresses(source, found)[:ADDRESSES])


def _proxy(source: Source) -> str | None:
    """`HTTPS_PROXY` or `ALL_PROXY`, unless `NO_PROXY` names the host."""
    if source.kind != "https" or source.may_be_inside:
        return None
    set_here = urllib.request.getproxies_environment()
    proxy = set_here.get("https") or set_here.get("all")
    return None if not proxy or urllib.request.proxy_bypass(str(source.host)) else proxy


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
