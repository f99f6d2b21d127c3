"""Where a server sends those who ask it for a repository. git itself follows no redirect: each is judged like a new address.

The one request made here goes the checked way, follows nothing and reads no body.
"""

from __future__ import annotations

import base64
import http.client
import os
import socket
import ssl
from urllib.parse import unquote, urljoin, urlsplit

from tasks.adapters.host_addresses import Route
from tasks.errors import CloneFailed, SourceRefused
from tasks.rules.source_policy import Source

SERVICE = "/info/refs?service=git-upload-pack"
ANSWER_SECONDS = 15.0
LOCATION_CHARACTERS = 2000


def redirected_url(source: Source, route: Route) -> str:
    """The address the server names instead of the source's; raises CloneFailed when it names none of a repository."""
    asked = source.url.rstrip("/") + SERVICE
    try:
        location = _ask(source, route, asked)
    except (OSError, http.client.HTTPException, ValueError):
        raise CloneFailed(f"{source.host} does not answer", "Check the address and the network, then try again.") from None
    target = urljoin(asked, location[:LOCATION_CHARACTERS])
    if not location or not target.endswith(SERVICE):
        raise SourceRefused(f"{source.host} leads elsewhere than to a repository", "Check the address in a browser.")
    return target.removesuffix(SERVICE)


def _ask(source: Source, route: Route, url: str) -> str:
    parts = urlsplit(url)
    host, port = str(parts.hostname), source.port or 443
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
    connection.sock = (
        _tunnel(route.proxy, host, port) if route.proxy else socket.create_connection((route.addresses[0], port), ANSWER_SECONDS)
    )
    try:
        if source.kind == "https":
            connection.sock = _tls().wrap_socket(connection.sock, server_hostname=host)
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"User-Agent": "git/2", "Accept": "*/*"})
        answer = connection.getresponse()
        return (answer.getheader("Location") or "").strip() if 300 <= answer.status < 400 else ""
    finally:
        connection.close()


def _tunnel(proxy: str, host: str, port: int) -> socket.socket:
    """A connection through an http proxy; others (socks) are git's to speak, and a redirect through them is not followed."""
    parts = urlsplit(proxy)
    if parts.scheme != "http":
        raise ValueError("no http proxy")
    through = http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=ANSWER_SECONDS)
    login = base64.b64encode(f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()).decode()
    through.set_tunnel(host, port, {"Proxy-Authorization": f"Basic {login}"} if parts.username else {})
    through.connect()
    assert through.sock is not None
    return through.sock


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=os.environ.get("GIT_SSL_CAINFO") or None)
