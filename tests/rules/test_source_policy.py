"""Which addresses may be read, decided without looking a name up."""

from __future__ import annotations

import ipaddress

import pytest

from tasks.errors import SettingError, SourceRefused
from tasks.rules.source_policy import Source, check_addresses, is_public, parse_source


@pytest.mark.parametrize(
    ("text", "kind", "name", "port"),
    [
        ("https://github.com/owner/name", "https", "owner/name", 443),
        ("https://GitHub.com/owner/name.git/", "https", "owner/name", 443),
        ("https://gitlab.com/group/sub/name.git", "https", "sub/name", 443),
        ("https://huggingface.co/datasets/owner/name", "https", "owner/name", 443),
        ("ssh://git@github.com/owner/name", "ssh", "owner/name", 22),
        ("git@github.com:owner/name.git", "ssh", "owner/name", 22),
    ],
)
def test_public_code_hosts_may_be_read(text: str, kind: str, name: str, port: int) -> None:
    source = parse_source(text)
    assert (source.kind, source.name, source.port, source.may_be_inside) == (kind, name, port, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "-u",
        "--upload-pack=touch x",
        "ext::sh -c touch% x",
        "ext::https://github.com/a/b",
        "fd::17",
        "git://github.com/a/b",
        "ftp://github.com/a/b",
        "http://github.com/a/b",
        "http://169.254.169.254/a/b",
        "https://localhost/a/b",
        "https://127.1/a/b",
        "https://0x7f.1/a/b",
        "https://2130706433/a/b",
        "https://[::1]/a/b",
        "https://[::ffff:127.0.0.1]/a/b",
        "https://github.com.evil.example/a/b",
        "https://evil.example/github.com/a/b",
        "https://github.com./a/b",
        "https://gіthub.com/a/b",  # a Cyrillic letter
        "https://github.com:8443/a/b",
        "https://github.com:0/a/b",
        "https://github.com:x/a/b",
        "https://github.com\\@evil.example/a/b",
        "https://github.com/a/b/../../c",
        "https://github.com/a",
        "https://github.com/",
        "https://github.com/a/b/tree/main",
        "https://github.com/a/b?x=1",
        "https://github.com/a/b#x",
        "https://github.com/a/b\n",
        "https://github.com/a b/c",
        "ssh://-oProxyCommand=x/a/b",
        "ssh://git@-oProxyCommand=x/a/b",
        "git@evil.example:a/b",
        "-x@github.com:a/b",
        "https://github.com/" + "a" * 3000,
        "/no/such/folder/anywhere",
        "~nobody-of-this-name/project",
        "/tmp/" + "x" * 300,
        "/dev/null",
        "file://relative/path",
        "file://evil.example/share",
    ],
)
def test_everything_else_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(SourceRefused) as caught:
        parse_source(text)
    assert caught.value.remedy and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hunter2@github.com/a/b",
        "https://hunter2@github.com/a/b",
        "https://github.com/a/b?token=hunter2",
        "ssh://git:hunter2@github.com/a/b",
        "me:hunter2@github.com:a/b",
        "https//hunter2@github.com/a/b",
        "https:/me:hunter2@github.com/a/b",
        "ftp://hunter2@github.com/a/b",
        "hunter2@github.com/a/b",
    ],
)
def test_a_credential_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(SourceRefused) as caught:
        parse_source(text)
    assert "hunter2" not in str(caught.value)


def test_the_operator_adds_hosts_and_ports() -> None:
    hosts = ["git.example.org", "127.0.0.1:8080", "[::1]:8080", "internal.example:443"]
    assert not parse_source("https://git.example.org/a/b", allowed_hosts=hosts).may_be_inside
    assert parse_source("http://127.0.0.1:8080/a/b", allowed_hosts=hosts).may_be_inside
    assert parse_source("http://[::1]:8080/a/b", allowed_hosts=hosts).host == "[::1]"
    assert parse_source("https://internal.example/a/b", allowed_hosts=hosts).may_be_inside
    for refused in ("http://git.example.org/a/b", "http://127.0.0.1:8081/a/b", "https://git.example.org:8443/a/b"):
        with pytest.raises(SourceRefused):
            parse_source(refused, allowed_hosts=hosts)
    with pytest.raises(SettingError, match="AXIOM_ALLOWED_HOSTS"):
        parse_source("https://github.com/a/b", allowed_hosts=["https://x.org"])


def test_a_deployment_reads_only_below_its_folder(tmp_path) -> None:
    root = tmp_path / "root"
    (root / "inside").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "borrowing/.git/objects/info").mkdir(parents=True)
    (root / "borrowing/.git/objects/info/alternates").write_text("/elsewhere\n")
    (root / "pointing").mkdir()
    (root / "pointing/.git").write_text("gitdir: /elsewhere\n")
    assert parse_source("inside", local_root=root, allow_local=False).name == "inside"
    for refused in ("../outside", str(tmp_path / "outside"), "link", "borrowing", "pointing", "file:///etc", "/etc"):
        with pytest.raises(SourceRefused):
            parse_source(refused, local_root=root, allow_local=False)
    with pytest.raises(SourceRefused, match="AXIOM_LOCAL_ROOT"):
        parse_source(str(root / "inside"), allow_local=False)


def test_a_local_folder_is_named_after_itself(tmp_path) -> None:
    (tmp_path / "project/.git").mkdir(parents=True)
    (tmp_path / "bare.git").mkdir()
    assert parse_source(str(tmp_path / "project")).name == "project"
    assert parse_source(f"file://{tmp_path}/project/.git").name == "project"
    assert parse_source(str(tmp_path / "bare.git")).name == "bare"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
        ),
        *("192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1"),
        *("64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::", "2001:db8::1"),
    ],
)
def test_addresses_inside_a_network_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["140.82.112.3", "8.8.8.8", "2606:50c0:8000::153", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def test_one_inside_address_among_public_ones_refuses_the_host() -> None:
    source = Source(kind="https", url="https://github.com/a/b", name="a/b", host="github.com", port=443)
    assert check_addresses(source, ["140.82.112.3"]) == ("140.82.112.3",)
    with pytest.raises(SourceRefused, match=r"github\.com:443 in AXIOM_ALLOWED_HOSTS"):
        check_addresses(source, ["140.82.112.3", "127.0.0.1"])


def test_a_named_server_may_be_inside_but_never_link_local() -> None:
    source = Source(kind="http", url="http://code.corp:80/a/b", name="a/b", host="code.corp", port=80, may_be_inside=True)
    assert check_addresses(source, ["127.0.0.1", "10.0.0.5", "192.168.0.9", "fd00::1", "::1", "140.82.112.3"])
    for metadata in ("169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254", "224.0.0.1", "0.0.0.0"):
        with pytest.raises(SourceRefused):
            check_addresses(source, [metadata])
