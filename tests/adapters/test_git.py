"""Real git against a real server on loopback, and against hostile folders."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from tasks.adapters import git_export, git_process, host_addresses
from tasks.adapters.git import SourceRules, clone_commit, locate_commit
from tasks.adapters.git_process import CloneLimits
from tasks.errors import AxiomError, CloneFailed, InfrastructureError, SettingError, SourceRefused
from tasks.evidence.snapshot import Manifest
from tests.git_server import GitServer, drip, endless_pack, hang, page, redirect, serve_git, status
from tests.repositories import commit_all, run_git

QUICK = CloneLimits(seconds=3, answer_seconds=1.5)


def bring(source: object, folder: Path, ref: str | None = None, limits: CloneLimits = CloneLimits(), *hosts: str) -> Manifest:
    located = locate_commit(str(source), ref, SourceRules(allowed_hosts=hosts), limits)
    folder.mkdir(parents=True, exist_ok=True)
    return clone_commit(located, folder, limits)


def kinds(manifest: Manifest) -> dict[str, str]:
    return {e.path: e.kind for e in manifest.entries}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """The machine's own would take the place of the look-up."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "export"


@pytest.fixture
def project(make_repository):
    folder = make_repository({"train.py": "print(1)\n", "data/a.csv": "x\n1\n"})
    run_git(folder, "tag", "-a", "v1", "-m", "one")
    (folder / "later.py").write_text("2")
    commit_all(folder, "second")
    run_git(folder, "branch", "topic/one", "HEAD~1")
    return folder


@pytest.fixture
def server(project):
    with serve_git(owner__name=project) as running:
        yield running


def fails(server: GitServer, home: Path, name: str = "owner/name", limits: CloneLimits = QUICK) -> AxiomError:
    """The error of bringing a repository of the server; it takes no longer than the limits."""
    started = time.monotonic()
    with pytest.raises(AxiomError) as caught:
        bring(server.url(name), home, None, limits, server.host)
    assert time.monotonic() - started < limits.seconds + 1
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
    return caught.value


def test_the_commit_arrives_alone_without_git(server, home):
    manifest = bring(server.url("owner/name"), home, None, CloneLimits(), server.host)
    assert sorted(p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file()) == [
        "manifest.json", "tree/data/a.csv", "tree/later.py", "tree/train.py"]  # fmt: skip
    assert (manifest.name, manifest.url) == ("owner/name", server.url("owner/name"))
    assert manifest.commit_date == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(("ref", "later"), [("main", True), ("v1", False), ("topic/one", False), ("refs/tags/v1", False), (None, True)])
def test_a_name_is_a_branch_or_the_commit_of_a_tag(server, project, home, ref, later):
    manifest = bring(server.url("owner/name"), home, ref, CloneLimits(), server.host)
    assert manifest.commit == run_git(project, "rev-parse", "main" if later else "main~1").strip()
    assert (home / "tree/later.py").exists() is later


def test_a_full_commit_is_found_and_a_short_one_is_explained(server, project, home):
    commit = run_git(project, "rev-parse", "main~1").strip()
    assert bring(server.url("owner/name"), home, commit.upper(), CloneLimits(), server.host).commit == commit
    with pytest.raises(CloneFailed, match="40 digits"):
        bring(server.url("owner/name"), home, commit[:9], CloneLimits(), server.host)


@pytest.mark.parametrize("ref", ["--upload-pack=touch x", "-c", "a b", "@{-1}", "a..b", "x\n", "*", "", "main^", "\x1b[31m"])
def test_what_cannot_be_a_ref_is_refused_before_git_starts(project, ref, home):
    if ref:
        with pytest.raises(SettingError, match="--ref"):
            bring(project, home, ref)
    else:
        assert bring(project, home, ref).commit


def test_a_ref_that_does_not_exist_is_named(server, home):
    with pytest.raises(CloneFailed, match="no branch or tag nothing-here"):
        bring(server.url("owner/name"), home, "nothing-here", CloneLimits(), server.host)


def test_an_old_server_hands_out_what_has_a_name(project, server, home):
    run_git(project, "config", "protocol.version", "0")

    def without_version(handler, tail, body):
        del handler.headers["Git-Protocol"]
        return False

    server.behave["owner/name"] = without_version
    assert bring(server.url("owner/name"), home, "v1", CloneLimits(), server.host).commit


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (status(404), "no repository"),
        (status(401, **{"WWW-Authenticate": 'Basic realm="x"'}), "private or does not exist"),
        (status(403), "private or does not exist"),
        (status(503), "error 503"),
        (status(429), "error 429"),
        (page("<html>\n<p>hello\n</html>\n"), "no repository"),
        (hang(), "took too long"),
        (drip(), "took too long"),
        (status(302, Location="/login"), "leads elsewhere"),
        (status(301), "leads elsewhere"),
    ],
    ids=["404", "401", "403", "503", "429", "no git", "hang", "drip", "login page", "nowhere"],
)
def test_a_server_that_does_not_give_is_one_line(server, home, behaviour, words):
    server.behave["owner/name"] = behaviour
    error = fails(server, home)
    assert isinstance(error, CloneFailed | SourceRefused) and words in str(error)


def test_nobody_listening_is_one_line(home):
    with pytest.raises(CloneFailed, match="does not answer"):
        bring("http://127.0.0.1:9/a/b", home, None, QUICK, "127.0.0.1:9")


def test_no_credentials_of_the_user_are_sent_or_asked_for(server, home, tmp_path, monkeypatch):
    asked = tmp_path / "asked"
    helper = tmp_path / "helper"
    helper.write_text(f"#!/bin/sh\ntouch {asked}\necho password=hunter2\n")
    helper.chmod(0o755)
    (tmp_path / ".gitconfig").write_text(f"[credential]\n\thelper = {helper}\n[http]\n\textraHeader = X-Secret: hunter2\n")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    for name, value in {
        "HOME": tmp_path,
        "GIT_ASKPASS": helper,
        "SSH_ASKPASS": helper,
        "GIT_CONFIG_GLOBAL": tmp_path / ".gitconfig",
    }.items():
        monkeypatch.setenv(name, str(value))
    server.behave["owner/name"] = status(401, **{"WWW-Authenticate": 'Basic realm="x"'})
    fails(server, home)
    assert not asked.exists()
    assert "hunter2" not in str(server.headers) and "bWU6aHVudGVyMg" not in str(server.headers)


def test_a_pack_without_end_is_stopped_at_the_size_limit(server, home):
    server.behave["owner/name"] = endless_pack()
    error = fails(server, home, limits=CloneLimits(seconds=60, clone_bytes=5_000_000))
    assert "larger than 5,000,000 bytes" in str(error)
    assert not list(home.iterdir())


def test_a_pack_that_outruns_the_watcher_is_stopped_by_the_kernel_and_told_alike(server, home, monkeypatch):
    monkeypatch.setattr(git_process, "WATCH_SECONDS", 30)
    server.behave["owner/name"] = endless_pack()
    assert "larger than 5,000,000 bytes" in str(fails(server, home, limits=CloneLimits(seconds=60, clone_bytes=5_000_000)))
    assert not list(home.iterdir())


def test_a_pack_without_end_is_stopped_at_the_time_limit(server, home):
    server.behave["owner/name"] = endless_pack()
    assert "took too long" in str(fails(server, home, limits=CloneLimits(seconds=1.5)))


def test_a_redirect_on_the_list_is_followed_and_the_given_address_stays(server, home):
    server.behave["old/name"] = redirect(server.url("owner/name"))
    manifest = bring(server.url("old/name"), home, None, CloneLimits(), server.host)
    assert (manifest.url, manifest.commit is not None) == (server.url("old/name"), True)


def test_a_redirect_off_the_list_is_refused_and_never_contacted(server, home, project):
    with serve_git(owner__name=project) as other:
        server.behave["owner/name"] = redirect(other.url("owner/name"))
        assert isinstance(fails(server, home), SourceRefused)
        server.behave["owner/name"] = redirect("http://169.254.169.254/latest")
        assert isinstance(fails(server, home), SourceRefused)
        server.behave["owner/name"] = redirect("file:///etc")
        assert isinstance(fails(server, home), SourceRefused)
    assert other.requests == []


def test_a_redirect_with_a_password_is_refused_without_repeating_it(server, home):
    server.behave["owner/name"] = redirect(f"http://me:hunter2@{server.host}/owner/name")
    assert "hunter2" not in str(fails(server, home))


def test_redirects_in_a_circle_end(server, home):
    server.behave["owner/name"] = redirect(server.url("owner/name"))
    assert "redirects more than 3 times" in str(fails(server, home))


def test_a_redirect_in_the_middle_of_a_clone_is_refused(server, home, project):
    with serve_git(owner__name=project) as other:

        def later(handler, tail, body):
            return redirect(other.url("owner/name"))(handler, tail, body) if b"command=fetch" in body else False

        server.behave["owner/name"] = later
        assert "in the middle" in str(fails(server, home))
    assert other.requests == []


def test_a_name_is_looked_up_once_and_the_connection_goes_where_was_checked(server, home, monkeypatch):
    """DNS rebinding: the second answer would be another address."""
    looked_up = []

    def look_up(host, port):
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["127.0.0.99"]

    monkeypatch.setattr(host_addresses, "_look_up", look_up)
    bring(f"http://code.test:{server.port}/owner/name", home, None, CloneLimits(), f"code.test:{server.port}")
    assert looked_up == ["code.test"]


def test_an_allowed_host_that_resolves_inside_is_refused_and_not_contacted(server, home, monkeypatch):
    monkeypatch.setattr(host_addresses, "_look_up", lambda host, port: ["140.82.112.3", "127.0.0.1"])
    with pytest.raises(SourceRefused, match="inside this network"):
        bring("https://github.com/owner/name", home)
    assert server.requests == []


def test_ssh_goes_to_the_checked_address_with_every_option_closed(project, home, tmp_path, monkeypatch):
    called = tmp_path / "called"
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {called}\nexec git-upload-pack {project}\n')
    ssh.chmod(0o755)
    exec_path = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    monkeypatch.setenv("PATH", f"{ssh.parent}:{os.environ['PATH']}:{exec_path}")
    monkeypatch.setattr(host_addresses, "_look_up", lambda host, port: ["140.82.112.3"])
    assert bring("git@github.com:owner/name.git", home).name == "owner/name"
    arguments = called.read_text()
    assert "-oHostName=140.82.112.3\n" in arguments and "-oBatchMode=yes\n" in arguments and "-oHostKeyAlias=github.com\n" in arguments


def test_an_empty_repository_is_a_manifest_without_a_commit(make_repository, home):
    manifest = bring(make_repository({}), home)
    assert (manifest.commit, manifest.commit_date, manifest.entries) == (None, None, ())
    assert (home / "tree").is_dir()


def test_an_empty_repository_on_a_server_too(make_repository, home):
    with serve_git(owner__name=make_repository({})) as server:
        assert bring(server.url("owner/name"), home, None, CloneLimits(), server.host).commit is None


def test_a_head_that_names_no_branch_falls_back_to_the_only_one(project, home):
    run_git(project, "branch", "-D", "topic/one")
    run_git(project, "symbolic-ref", "HEAD", "refs/heads/gone")
    assert bring(project, home).commit == run_git(project, "rev-parse", "main").strip()
    run_git(project, "branch", "-m", "main", "left")
    run_git(project, "branch", "right", "left")
    with pytest.raises(CloneFailed, match="--ref, such as left, right"):
        bring(project, home / "other")


def test_a_shallow_clone_as_continuous_integration_makes_it_can_be_read(project, home, tmp_path):
    run_git(tmp_path, "clone", "-q", "--depth", "1", f"file://{project}", "shallow")
    assert bring(tmp_path / "shallow", home).commit == run_git(project, "rev-parse", "main").strip()


def test_a_work_tree_of_another_repository_can_be_read(project, home, tmp_path):
    run_git(project, "worktree", "add", "-q", str(tmp_path / "second"), "topic/one")
    assert bring(tmp_path / "second", home).commit == run_git(project, "rev-parse", "topic/one").strip()


@pytest.mark.parametrize("content", ["gitdir: /nowhere\n", "rubbish", ""])
def test_a_git_file_that_leads_nowhere_is_one_line(tmp_path, home, content):
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / ".git").write_text(content)
    with pytest.raises(CloneFailed, match=r"not a git repository|git could not read"):
        bring(folder, home)


def test_a_folder_that_is_no_repository_says_how_to_make_it_one(tmp_path, home):
    (tmp_path / "plain").mkdir()
    with pytest.raises(CloneFailed, match="git init"):
        bring(tmp_path / "plain", home)


def test_sha256_repositories_are_read(tmp_path, home):
    folder = tmp_path / "modern"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main", "--object-format=sha256")
    (folder / "a.py").write_text("1")
    commit_all(folder)
    assert len(bring(folder, home).commit) == 64


def test_hooks_filters_and_settings_of_a_hostile_repository_do_not_run(project, home, tmp_path):
    marker = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    script.chmod(0o755)
    (project / ".gitattributes").write_text("*.py filter=evil diff=evil merge=evil\n* export-subst\n")
    (project / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% ran\n')
    (project / ".lfsconfig").write_text("[lfs]\n\turl = http://127.0.0.1:9/\n")
    commit_all(project, "hostile")
    settings = [
        "core.fsmonitor",
        "core.sshCommand",
        "core.askPass",
        "core.pager",
        "core.editor",
        "filter.evil.smudge",
        "filter.evil.process",
        "filter.evil.clean",
        "diff.external",
        "uploadpack.packObjectsHook",
        "credential.helper",
        "gpg.program",
        "core.gitProxy",
        "alias.fetch",
        "remote.origin.uploadpack",
        "core.alternateRefsCommand",
    ]
    for name in settings:
        run_git(project, "config", name, str(script))
    run_git(project, "config", "core.hooksPath", str(tmp_path / "hooks"))
    for folder in (project / ".git/hooks", tmp_path / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in ("post-checkout", "reference-transaction", "post-merge", "pre-auto-gc", "post-index-change", "fsmonitor-watchman"):
            (folder / name).write_text(script.read_text())
            (folder / name).chmod(0o755)
    manifest = bring(project, home)
    assert (home / "tree/train.py").read_text() == "print(1)\n"
    assert len(manifest.entries) == 6
    assert not marker.exists()
    subprocess.run(["git", "status"], cwd=project, capture_output=True, check=False)
    assert marker.exists()  # without our environment it would have run


@pytest.mark.parametrize("how", ["ext", "uploadpack"])
def test_a_partial_clone_does_not_fetch_what_it_lacks(project, home, tmp_path, how):
    marker = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {marker}\n")
    script.chmod(0o755)
    blob = run_git(project, "rev-parse", "HEAD:train.py").strip()
    (project / ".git/objects" / blob[:2] / blob[2:]).unlink()
    settings = {
        "remote.evil.url": f"ext::{script}" if how == "ext" else str(tmp_path),
        "remote.evil.uploadpack": str(script),
        "remote.evil.promisor": "true",
        "protocol.ext.allow": "always",
        "extensions.partialClone": "evil",
        "core.repositoryFormatVersion": "1",
    }
    for name, value in settings.items():
        run_git(project, "config", name, value)
    with pytest.raises(CloneFailed):
        bring(project, home)
    assert not marker.exists()
    subprocess.run(["git", "cat-file", "-p", blob], cwd=project, capture_output=True, check=False)
    assert marker.exists()  # without our environment it would have run


def test_links_submodules_and_git_folders_are_listed_and_not_written(make_repository, home, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2")
    folder = make_repository({"train.py/model.py": "1", "a.py": "2"})
    for name, target in {"file": secret, "up": "..", "self": "self", "etc": "/etc"}.items():
        (folder / name).symlink_to(target)
    inner = make_repository({"x.py": "1"}, name="project/inner")
    run_git(folder, "update-index", "--add", "--cacheinfo", f"160000,{run_git(inner, 'rev-parse', 'HEAD').strip()},inner")
    run_git(folder, "add", "file", "up", "self", "etc", "a.py", "train.py")
    run_git(folder, "commit", "-qm", "links")
    assert kinds(bring(folder, home)) == {
        "a.py": "file",
        "train.py/model.py": "file",
        "file": "symlink",
        "up": "symlink",
        "self": "symlink",
        "etc": "symlink",
        "inner": "submodule",
    }
    assert not any(p.is_symlink() for p in home.rglob("*"))
    assert "hunter2" not in str([p.read_bytes() for p in home.rglob("*") if p.is_file()])


def test_names_git_would_not_check_out_are_skipped(project, home):
    """A tree made by hand: git itself refuses to add such paths."""
    blob = run_git(project, "rev-parse", "HEAD:train.py").strip()
    names = [b"..", b".git", b".GIT", b"git~1", b".g\xe2\x80\x8cit", b".git ", b"ok.py", b"x" * 300]
    tree = b"".join(b"100644 " + name + b"\0" + bytes.fromhex(blob) for name in names)
    written = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"], input=tree, cwd=project, capture_output=True
    )
    commit = run_git(project, "commit-tree", "-m", "odd", written.stdout.decode().strip()).strip()
    run_git(project, "update-ref", "refs/heads/odd", commit)
    manifest = bring(project, home, "odd")
    assert [e.path for e in manifest.entries if e.kind == "file"] == ["ok.py"]
    assert {p.name for p in (home / "tree").iterdir()} == {"ok.py"}
    assert not (home / "train.py").exists()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"a\nb.py", r"a\nb.py"),
        (b"caf\xe9.py", r"caf\xe9.py"),
        (b"with space {x} ${y}.py", "with space {x} ${y}.py"),
        (b"\x1b[31mred.py", r"\x1b[31mred.py"),
        ("naïve.py".encode(), "naïve.py"),
        (b"-rf.py", "-rf.py"),
        (b"x" * 250 + b".py", "x" * 250 + ".py"),
    ],
)
def test_odd_file_names_are_written_under_printable_ones(make_repository, home, name, path):
    folder = make_repository({"a.py": "1"})
    with open(os.fsencode(folder) + b"/" + name, "w") as file:
        file.write("odd")
    commit_all(folder, "odd")
    manifest = bring(folder, home)
    assert path in kinds(manifest)
    assert (home / "tree" / path).read_text() == "odd"
    Manifest.model_validate_json((home / "manifest.json").read_bytes())


def test_devices_and_pipes_beside_the_commit_are_not_touched(project, home):
    os.mkfifo(project / "pipe.csv")
    assert "pipe.csv" not in kinds(bring(project, home))


def test_a_huge_file_is_listed_with_its_size_and_not_written(make_repository, home):
    folder = make_repository({"big.bin": b"\0" * 3_000_000, "a.py": "1"})
    manifest = bring(folder, home, None, CloneLimits(file_bytes=1_000_000))
    big = next(e for e in manifest.entries if e.path == "big.bin")
    assert (big.kind, big.size, big.reason) == ("skipped", 3_000_000, "3,000,000 bytes, limit 1,000,000")
    assert not (home / "tree/big.bin").exists()


def test_a_commit_larger_than_the_limit_is_refused_before_it_is_written(make_repository, home):
    folder = make_repository({f"{i}.bin": b"\0" * 400_000 for i in range(4)})
    with pytest.raises(CloneFailed, match="larger than 1,000,000 bytes together"):
        bring(folder, home, None, CloneLimits(tree_bytes=1_000_000))
    assert not (home / "tree").exists()


def test_a_hundred_million_files_in_a_small_repository_are_refused_at_once(project, home):
    """Eight levels of ten times the same tree (security note, case P10)."""
    entry = run_git(project, "rev-parse", "HEAD:train.py").strip()
    mode = b"100644"
    for _ in range(8):
        tree = b"".join(mode + b" " + str(i).encode() + b"\0" + bytes.fromhex(entry) for i in range(10))
        made = subprocess.run(
            ["git", "hash-object", "-t", "tree", "-w", "--stdin"], input=tree, cwd=project, capture_output=True, check=True
        )
        entry, mode = made.stdout.decode().strip(), b"40000"
    run_git(project, "update-ref", "refs/heads/bomb", run_git(project, "commit-tree", "-m", "bomb", entry).strip())
    started = time.monotonic()
    with pytest.raises(CloneFailed, match="more than 20,000 files"):
        bring(project, home, "bomb", CloneLimits(files=20_000))
    assert time.monotonic() - started < 5


def test_ten_thousand_files_arrive(make_repository, home):
    folder = make_repository({f"d{i // 100}/f{i}.py": f"x = {i}\n" for i in range(10_000)})
    manifest = bring(folder, home)
    assert sum(e.kind == "file" for e in manifest.entries) == 10_000
    assert (home / "tree/d99/f9999.py").read_text() == "x = 9999\n"


def test_an_object_that_is_not_there_is_one_line(project, home):
    blob = run_git(project, "rev-parse", "HEAD:train.py").strip()
    (project / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(CloneFailed, match="git fsck"):
        bring(project, home)
    assert not list(home.iterdir())


def test_a_full_disk_is_one_line_and_leaves_nothing(project, home, monkeypatch):
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(git_export.os, "write", full)
    with pytest.raises(InfrastructureError, match="disk under AXIOM_HOME is full"):
        bring(project, home)
    assert not (home / "manifest.json").exists()


def test_a_commit_that_will_not_fit_is_refused_before_it_is_written(project, home, monkeypatch):
    monkeypatch.setattr("tasks.adapters.git.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1_000})())
    with pytest.raises(InfrastructureError, match="1,000 free"):
        bring(project, home)
    assert not (home / "tree").exists()
