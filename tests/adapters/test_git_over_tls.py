"""https as it is used in earnest: a certificate that is checked, a redirect, and the proxy of a company."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tasks.adapters import host_addresses
from tasks.adapters.git import SourceRules, clone_commit, locate_commit
from tasks.adapters.git_process import CloneLimits
from tasks.adapters.host_addresses import find_route
from tasks.errors import CloneFailed
from tasks.evidence.snapshot import Manifest
from tasks.rules.source_policy import parse_source
from tests.git_server import GitServer, redirect, serve_git, serve_proxy

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
LIMITS = CloneLimits(seconds=20, answer_seconds=10)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=code.test",
         "-addext", "subjectAltName=DNS:code.test", "-keyout", str(file), "-out", f"{file}.crt"], check=True, capture_output=True)  # fmt: skip
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
def server(make_repository, certificate, monkeypatch):
    monkeypatch.setattr(host_addresses, "_look_up", lambda host, port: ["127.0.0.1"])
    monkeypatch.setenv("GIT_SSL_CAINFO", f"{certificate}.crt")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serve_git(certificate=certificate, owner__name=make_repository({"train.py": "1\n"})) as running:
        yield running


def bring(url: str, folder: Path, *hosts: str) -> Manifest:
    folder.mkdir()
    return clone_commit(locate_commit(url, None, SourceRules(allowed_hosts=hosts), LIMITS), folder, LIMITS)


def own(server: GitServer, name: str = "owner/name") -> str:
    return f"https://code.test:{server.port}/{name}"


def test_a_company_server_with_its_own_authority_is_read(server, tmp_path):
    assert bring(own(server), tmp_path / "x", f"code.test:{server.port}").commit


def test_a_certificate_nobody_vouches_for_is_refused(server, tmp_path, monkeypatch):
    monkeypatch.delenv("GIT_SSL_CAINFO")
    with pytest.raises(CloneFailed, match="could not prove who it is"):
        bring(own(server), tmp_path / "x", f"code.test:{server.port}")
    assert server.requests == []


def test_a_redirect_over_tls_is_followed(server, tmp_path):
    server.behave["old/name"] = redirect(own(server))
    assert bring(own(server, "old/name"), tmp_path / "x", f"code.test:{server.port}").name == "old/name"


def test_behind_a_proxy_the_proxy_is_asked_and_its_password_goes_nowhere_else(server, tmp_path, monkeypatch):
    server.behave["old/name"] = redirect("https://code.test/owner/name")
    with serve_proxy(server.port) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        assert bring("https://code.test/old/name", tmp_path / "x", "code.test").commit
        server.behave["owner/name"] = lambda handler, tail, body: handler.send_error(500) or True
        with pytest.raises(CloneFailed) as caught:
            bring("https://code.test/owner/name", tmp_path / "y", "code.test")
    assert len(asked) > 3 and {a.split()[0] for a in asked} == {"code.test:443"}
    assert any(a.endswith("Basic bWU6aHVudGVyMg==") for a in asked)
    assert "hunter2" not in str(caught.value) and "hunter2" not in str(server.headers)


def test_a_proxy_that_is_not_there_is_one_line_without_its_password(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hunter2@127.0.0.1:9")
    with pytest.raises(CloneFailed) as caught:
        bring("https://code.test/owner/name", tmp_path / "x", "code.test")
    assert "hunter2" not in str(caught.value)


def test_servers_inside_the_network_and_named_exceptions_go_without_the_proxy(server, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    inside = parse_source(own(server), allowed_hosts=[f"code.test:{server.port}"])
    assert find_route(inside) == (("127.0.0.1",), None)
    outside = parse_source("https://github.com/a/b")
    assert find_route(outside) == ((), "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "github.com")
    monkeypatch.setattr(host_addresses, "_look_up", lambda host, port: ["140.82.112.3"])
    assert find_route(outside) == (("140.82.112.3",), None)
