"""Where a server sends those who ask it for a repository. git itself follows no redirect: each is judged like a new address.

The one request made here goes to the addresses that were checked, follows nothing and reads no body.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from tasks.errors import CloneFailed, SourceRefused
from tasks.rules.source_policy import Source

SERVICE = "/info/refs?service=git-upload-pack"
ANSWER_SECONDS = 15.0
LOCATION_CHARACTERS = 2000


def redirected_url(source: Source, addresses: Sequence[str]) -> str:
    """The address the server names instead of the source's; raises CloneFailed when it names none of a repository."""
    asked = source.url.rstrip("/") + SERVICE
    try:
        location = _ask(source, addresses[0], asked)
    except (OSError, http.client.HTTPException, ValueError):
        raise CloneFailed(f"{source.host} does not answer", "Check the address and the network, then try again.") from None
    target = urljoin(asked, location[:LOCATION_CHARACTERS])
    if not location or not target.endswith(SERVICE):
        raise SourceRefused(f"{source.host} leads elsewhere than to a repository", "Check the address in a browser.")
    return target.removesuffix(SERVICE)


def _ask(source: Source, address: str, url: str) -> str:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), source.port, timeout=ANSWER_SECONDS)
    connection.sock = socket.create_connection((address, source.port or 443), timeout=ANSWER_SECONDS)
    try:
        if source.kind == "https":
            connection.sock = _tls().wrap_socket(connection.sock, server_hostname=parts.hostname)
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"User-Agent": "git/2", "Accept": "*/*"})
        answer = connection.getresponse()
        return (answer.getheader("Location") or "").strip() if 300 <= answer.status < 400 else ""
    finally:
        connection.close()


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=os.environ.get("GIT_SSL_CAINFO") or None)
