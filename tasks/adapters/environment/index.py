"""Where packages come from: the user's index, proxy and certificate settings, as uv reads them. Nothing else of our environment.

uv does not read pip's settings, and many machines have only those; both are taken, uv's own first.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PASSED_ON = (
    "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX_STRATEGY", "UV_INSECURE_HOST", "UV_NATIVE_TLS",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
)  # fmt: skip
BUNDLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
BUNDLE_BYTES = 5_000_000
PIP_FILES = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")
"""Later ones win."""


@dataclass(frozen=True)
class IndexSettings:
    """How this machine reaches packages."""

    variables: dict[str, str] = field(default_factory=dict)
    """For uv's environment."""
    certificates: Path | None = None
    """A bundle of certificate authorities, in PEM."""
    wheel_folders: tuple[Path, ...] = ()
    """Folders of wheels that pip looks into."""

    def without_credentials(self) -> dict[str, str]:
        """The variables whose addresses hold no user and password: for a container in which a package's own code runs."""
        return {name: value for name, value in self.variables.items() if not any(_has_user(word) for word in value.split())}


def read_index_settings(environ: Mapping[str, str] | None = None, files: tuple[str, ...] = PIP_FILES) -> IndexSettings:
    """The settings in force here."""
    environ = os.environ if environ is None else environ
    pip = _pip_settings(environ, files)
    variables = {name: environ[name] for name in PASSED_ON if environ.get(name)}
    if pip.get("index-url") and not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & variables.keys():
        variables["UV_DEFAULT_INDEX"] = pip["index-url"]
    # An index in a folder of this machine cannot be reached from a container.
    extra = " ".join(url for url in pip.get("extra-index-url", "").split() if url.startswith(("http://", "https://")))
    if extra and not {"UV_INDEX", "UV_EXTRA_INDEX_URL"} & variables.keys():
        variables |= {"UV_EXTRA_INDEX_URL": extra, "UV_INDEX_STRATEGY": variables.get("UV_INDEX_STRATEGY", "unsafe-best-match")}
    if pip.get("trusted-host") and "UV_INSECURE_HOST" not in variables:
        variables["UV_INSECURE_HOST"] = pip["trusted-host"]
    links = [*environ.get("UV_FIND_LINKS", "").replace(",", " ").split(), *pip.get("find-links", "").split()]
    folders = (Path(link.removeprefix("file://")).expanduser() for link in links if "://" not in link.removeprefix("file://"))
    return IndexSettings(variables, _certificates(environ), tuple(dict.fromkeys(f for f in folders if f.is_absolute() and f.is_dir())))


def _pip_settings(environ: Mapping[str, str], files: tuple[str, ...]) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    named = environ.get("PIP_CONFIG_FILE")
    try:
        parser.read([Path(file).expanduser() for file in ([*files, named] if named else files)], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        parser = configparser.RawConfigParser()
    settings = dict(parser["global"]) if parser.has_section("global") else {}
    for name in ("index-url", "extra-index-url", "find-links", "trusted-host"):
        if value := environ.get(f"PIP_{name.upper().replace('-', '_')}"):
            settings[name] = value
    return settings


def _certificates(environ: Mapping[str, str]) -> Path | None:
    for name in BUNDLES:
        path = Path(environ.get(name) or "/")
        if path.is_file() and path.stat().st_size <= BUNDLE_BYTES:
            return path
    return None


def _has_user(word: str) -> bool:
    try:
        return "@" in urlsplit(word.split("=", 1)[-1] if "=" in word.split("://")[0] else word).netloc
    except ValueError:
        return True
