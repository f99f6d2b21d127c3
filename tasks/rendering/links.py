"""Addresses of a repository and of its files at the analysed commit, for the hosts whose form is known."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from tasks.rules.contract import Repository

FILE_PATHS = {
    "github.com": "/blob/{commit}/{path}",
    "gitlab.com": "/-/blob/{commit}/{path}",
    "bitbucket.org": "/src/{commit}/{path}",
    "codeberg.org": "/src/commit/{commit}/{path}",
    "huggingface.co": "/blob/{commit}/{path}",
}
LINES = {"bitbucket.org": "#lines-{line}"}
DEFAULT_LINE = "#L{line}"
RENDERED = (".ipynb", ".md", ".markdown", ".rst", ".csv", ".tsv", ".svg")
"""Files that a host shows as a page, where a line number leads nowhere unless the plain text is asked for."""
COMMIT_PATHS = {"gitlab.com": "/-/commit/{commit}", "bitbucket.org": "/commits/{commit}"}
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_SCP = re.compile(r"(?:[\w.-]{1,64}@)?([\w.-]{1,255}):(?!/)(.{1,500})")
"""The short ssh form, `git@host:owner/name.git`."""
_NAME = re.compile(r"[\w.~+-]{1,100}")


def repository_page(url: str) -> str | None:
    """The page of a repository on a known host, always https and without credentials; None for any other address.

    >>> repository_page("git@github.com:owner/name.git")
    'https://github.com/owner/name'
    """
    found = _host_and_parts(url)
    return f"https://{found[0]}/{'/'.join(found[1])}" if found else None


def shown_address(repository: Repository) -> str:
    """The address for a reader of the report; of a local folder its name, since a page is passed on and a path is nobody's business.

    >>> shown_address(Repository(url="/home/me/rentals", name="rentals", commit=None, commit_date=None, files=1, bytes=1))
    'a local folder, rentals'
    """
    return f"a local folder, {repository.name}" if repository.url.startswith("/") else repository.url


def commit_page(repository: Repository) -> str | None:
    """The page of the analysed commit."""
    page, commit = repository_page(repository.url), repository.commit or ""
    if page is None or not _COMMIT.fullmatch(commit):
        return None
    return page + COMMIT_PATHS.get(urlsplit(page).hostname or "", "/commit/{commit}").format(commit=commit)


def file_page(repository: Repository, file: str | None, line: int | None = None) -> str | None:
    """A file at the analysed commit, at its line; None where the host's form is not known."""
    page, commit = repository_page(repository.url), repository.commit or ""
    if page is None or not file or not _COMMIT.fullmatch(commit):
        return None
    host = urlsplit(page).hostname or ""
    address = page + FILE_PATHS[host].format(commit=commit, path=quote(file, safe="/"))
    if line is None or line < 1:
        return address
    plain = "?plain=1" if host in ("github.com", "gitlab.com") and file.lower().endswith(RENDERED) else ""
    return address + plain + LINES.get(host, DEFAULT_LINE).format(line=line)


def _host_and_parts(url: str) -> tuple[str, list[str]] | None:
    host, path = _split(url)
    parts = path.strip("/").removesuffix(".git").split("/")
    if host not in FILE_PATHS or len(parts) < 2 or not all(_NAME.fullmatch(p) and set(p) != {"."} for p in parts):
        return None
    return host, parts


def _split(url: str) -> tuple[str, str]:
    if "://" not in url:
        match = _SCP.fullmatch(url)
        return (match[1].lower(), match[2]) if match else ("", "")
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https", "ssh", "git") and parts.port in (None, 22, 80, 443)
    except ValueError:
        return "", ""
    return ((parts.hostname or "").lower(), parts.path) if known else ("", "")
