"""Which repository addresses may be read: a short list of https and ssh hosts, what the operator adds, and local folders.

Pure: no name is resolved and nothing is opened here. The caller resolves the host and asks `check_addresses` before it
connects. A refusal never repeats what stands before an `@` or behind a `?`: that is where credentials are.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NoReturn
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict

from tasks.errors import SettingError, SourceRefused

ALLOWED_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "huggingface.co")
"""Public code hosts. The operator adds others with AXIOM_ALLOWED_HOSTS."""
DEFAULT_PORTS = {"https": 443, "http": 80, "ssh": 22}
ADDRESS_CHARACTERS = 2000
"""Longer addresses are refused: servers and proxies stop at about this length."""

HOST_ENTRY = re.compile(r"(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
URL_PATH = re.compile(r"(?:/[A-Za-z0-9_.~+%-]+)+/?")
SSH_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
SHORT_SSH = re.compile(r"(?P<user>[^@:/]+)@(?P<host>[A-Za-z0-9.-]+):(?P<path>[^:]+)")
CREDENTIALS_FIRST = re.compile(r"[^/]*@[^/]*:")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in the last 32 bits, as DNS64 gives it on IPv6-only networks."""
EMBEDDING = tuple(ipaddress.IPv6Network(n) for n in ("::/96", "::ffff:0:0/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv4-compatible, IPv4-mapped, local NAT64, 6to4 and Teredo: no code host is there, but a private address can hide in one."""
INSIDE = tuple(
    ipaddress.ip_network(n)
    for n in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
"""Loopback and private networks (RFC 1918, 4193, 6598)."""


class Source(BaseModel):
    """An address that may be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["https", "http", "ssh", "local"]
    url: str
    """Without credentials; of a local folder its resolved path."""
    name: str
    """`owner/name`, or the folder's name."""
    host: str | None = None
    """Lower case; an IPv6 address in brackets. None for a local folder."""
    port: int | None = None
    may_be_inside: bool = False
    """The operator named exactly this `host:port`: it may lead into this network."""


def parse_source(
    source: str, *, allowed_hosts: Sequence[str] = (), local_root: Path | None = None, allow_local: bool = True, allow_ssh: bool = True
) -> Source:
    """The address, if it may be read; raises SourceRefused with cause and remedy otherwise.

    `git@github.com:owner/name.git` and `https://github.com/owner/name` are both named `owner/name`.
    """
    if not source.strip() or len(source) > ADDRESS_CHARACTERS or UNPRINTABLE.search(source):
        raise SourceRefused("The address is empty, too long or holds control characters", "Write https://host/owner/name.")
    if source.startswith("-"):
        raise SourceRefused("An address cannot start with a dash", "Write https://host/owner/name, or ./ before a folder's name.")
    if "://" in source:
        return _parse_url(source, allowed_hosts, local_root, allow_local, allow_ssh)
    if re.match(r"[A-Za-z0-9+.-]+::", source):
        raise SourceRefused("Git's transport helpers (name::address) are not allowed", "Use an https address.")
    if CREDENTIALS_FIRST.match(source):
        return _parse_short_ssh(source, allowed_hosts, allow_ssh)
    return _parse_local(source, local_root, allow_local)


def _parse_url(source: str, allowed_hosts: Sequence[str], local_root: Path | None, allow_local: bool, allow_ssh: bool) -> Source:
    scheme = source.partition("://")[0].lower()
    if scheme == "file" and allow_local and source[7:8] == "/":
        return _parse_local(source[7:], local_root, allow_local)
    if scheme not in DEFAULT_PORTS:
        raise SourceRefused(f"Addresses of the kind {_shown(scheme)}:// are not allowed here", "Use an https address.")
    if "?" in source or "#" in source or (scheme != "ssh" and "@" in source):
        _refuse_credentials()
    try:
        parts = urlsplit(source)
        port = DEFAULT_PORTS[scheme] if parts.port is None else parts.port
    except ValueError:
        raise SourceRefused("The address is not a valid URL", "Write https://host/owner/name.") from None
    if parts.password is not None or (parts.username is not None and not SSH_USER.fullmatch(parts.username)):
        _refuse_credentials()
    return _allowed(scheme, source, parts, port, allowed_hosts, allow_ssh)


def _parse_short_ssh(source: str, allowed_hosts: Sequence[str], allow_ssh: bool) -> Source:
    match = SHORT_SSH.fullmatch(source)
    if match is None or not SSH_USER.fullmatch(match["user"]):
        _refuse_credentials()
    parts = urlsplit(f"ssh://{match['user']}@{match['host']}/{match['path'].lstrip('/')}")
    return _allowed("ssh", source, parts, DEFAULT_PORTS["ssh"], allowed_hosts, allow_ssh)


def _allowed(scheme: str, source: str, parts: SplitResult, port: int, allowed_hosts: Sequence[str], allow_ssh: bool) -> Source:
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    if scheme == "ssh" and not allow_ssh:
        raise SourceRefused("Addresses over ssh are not allowed here", "Use an https address.")
    named = _host_entries(allowed_hosts)
    with_port = (host, port) in named
    public = port == DEFAULT_PORTS[scheme] and scheme != "http" and (host in ALLOWED_HOSTS or (host, None) in named)
    if not with_port and not public:
        _refuse_host(scheme, host, port)
    segments = [s for s in parts.path.split("/") if s]
    if not URL_PATH.fullmatch(parts.path) or {".", ".."} & set(segments):
        raise SourceRefused(f"The address names no repository on {host}", f"Write https://{host}/owner/name.")
    if host == "github.com" and len(segments) < 2:
        raise SourceRefused("The address names no repository on github.com", "Write https://github.com/owner/name.")
    if host == "github.com" and len(segments) > 2:
        short = "/".join(segments[:2])
        raise SourceRefused(
            "The address is not that of a repository", f"Write https://github.com/{short} and name a branch or tag with --ref."
        )
    name = "/".join(segments[-2:]).removesuffix(".git")
    return Source(kind=scheme, url=source, name=name, host=host, port=port, may_be_inside=with_port)  # type: ignore[arg-type]


def _host_entries(allowed_hosts: Sequence[str]) -> set[tuple[str, int | None]]:
    entries: set[tuple[str, int | None]] = set()
    for text in allowed_hosts:
        match = HOST_ENTRY.fullmatch(text)
        if match is None:
            raise SettingError(f"The allowed host {_shown(text)} cannot be used", "Write host or host:port in AXIOM_ALLOWED_HOSTS.")
        entries.add((match["host"].lower(), int(match["port"]) if match["port"] else None))
    return entries


def _refuse_credentials() -> NoReturn:
    raise SourceRefused(
        "The address holds a credential or a query, which would end up in logs and reports",
        "Give it without user, password and '?'; for a private repository use git@host:owner/name or a local clone.",
    )


def _refuse_host(scheme: str, host: str, port: int) -> NoReturn:
    if scheme == "http":
        raise SourceRefused(f"http is not allowed for {_shown(host)}", f"Use https, or add {_shown(host)}:{port} to AXIOM_ALLOWED_HOSTS.")
    shown = _shown(host) if port == DEFAULT_PORTS[scheme] else f"{_shown(host)}:{port}"
    raise SourceRefused(
        f"{shown} is not an allowed host", f"Allowed are {', '.join(ALLOWED_HOSTS)} and what AXIOM_ALLOWED_HOSTS adds (host[:port])."
    )


def _parse_local(text: str, local_root: Path | None, allow_local: bool) -> Source:
    if not allow_local and local_root is None:
        raise SourceRefused("Local folders are not analysed here", "Use an https address, or have the operator set AXIOM_LOCAL_ROOT.")
    try:
        folder = _own_folder(text) if allow_local else _folder_below(Path(str(local_root)).resolve(), text)
        found = folder.is_dir()
    except (OSError, RuntimeError):
        found = False  # a name too long, a loop of links, a `~user` nobody has
    if not found:
        if os.path.isfile(text):
            raise SourceRefused(f"{_shown(text)} is a file", "Give the folder of a git repository.")
        raise SourceRefused(f"There is no folder {_shown(text)}", "For a repository on the web write https://host/owner/name.")
    return Source(kind="local", url=str(folder), name=folder.name.removesuffix(".git") or folder.name or "repository")


def _own_folder(text: str) -> Path:
    folder = Path(text).expanduser().resolve()
    return folder.parent if folder.name == ".git" else folder


def _folder_below(root: Path, text: str) -> Path:
    folder = (root / text).resolve()
    if not folder.is_relative_to(root) or _leads_outside(folder, root):
        raise SourceRefused("The folder is not below the local folder of this deployment", "Name one below AXIOM_LOCAL_ROOT.")
    return folder


def _leads_outside(folder: Path, root: Path) -> bool:
    """Whether git would read objects from elsewhere: a linked `.git`, a work tree's pointer file or borrowed objects."""
    store = folder / ".git" if (folder / ".git").exists() else folder
    borrowing = [store / name for name in ("commondir", "objects/info/alternates")]
    linked = [store, store / "objects", store / "objects/pack", store / "objects/info", store / "refs"]
    outside = any(not path.resolve().is_relative_to(root) for path in linked)
    return store.is_file() or outside or any(path.exists() for path in borrowing)


def check_addresses(source: Source, addresses: Sequence[str]) -> tuple[str, ...]:
    """The resolved addresses of the source's host when all of them may be contacted; raises SourceRefused otherwise."""
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        if not is_public(address) and not (source.may_be_inside and is_inside(address)):
            raise SourceRefused(
                f"{source.host} leads to an address inside this network",
                f"Use a public host, or name {source.host}:{source.port} in AXIOM_ALLOWED_HOSTS if it is a server of yours.",
            )
    return tuple(addresses)


def is_inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one a server of one's own may have. Link-local is none: cloud metadata is there."""
    return any(address in network for network in INSIDE if network.version == address.version)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is on the open internet, also behind the notations that carry an IPv4 address in an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if address.is_site_local or any(address in network for network in EMBEDDING):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _shown(text: str) -> str:
    """Text of the user fit for one line of an error, without what may be a credential."""
    return re.sub(r"[^/\s]*@", "…@", UNPRINTABLE.sub("?", text).partition("?")[0])[:120]
