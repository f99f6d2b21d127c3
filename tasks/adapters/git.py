"""Bringing one commit of a repository here: located, fetched alone at depth 1, exported as plain files.

git never checks anything out: no hook, filter, attribute, submodule or link of the repository takes part. It connects
only to addresses that were checked, and follows no redirect by itself.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tasks.adapters.git_errors import REDIRECTED, TOO_LARGE, disk_full, explain_failure, explain_stop
from tasks.adapters.git_export import Listed, export_files, list_files
from tasks.adapters.git_process import CloneLimits, GitFailed, GitSession, GitStopped
from tasks.adapters.git_redirects import redirected_url
from tasks.adapters.host_addresses import Route, find_route
from tasks.errors import CloneFailed, InfrastructureError
from tasks.evidence.snapshot import Manifest
from tasks.rules.ref_policy import COMMIT, check_ref, is_abbreviated, ref_names
from tasks.rules.source_policy import Source, parse_source

MAX_REDIRECTS = 3
BRANCHES_SHOWN = 5
DISK_RESERVE = 200_000_000
"""Bytes left free on the disk when a commit is written."""


class SourceRules(BaseModel):
    """Where repositories may come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed_hosts: tuple[str, ...] = ()
    """Beyond the public code hosts: `host` or `host:port`."""
    local_root: Path | None = None
    """Local folders below this one may be read when `allow_local` is off."""
    allow_local: bool = True


@dataclass(frozen=True)
class Located:
    """A commit of a repository that may be read; nothing of it is here yet."""

    source: Source
    """As given; its name and address are the repository's in every report."""
    reached: Source
    """After redirects."""
    route: Route
    commit: str | None
    """None for a repository without a commit."""
    ref: str
    """Full name the commit was found under; the commit itself when it was asked for."""


def locate_commit(source: str, ref: str | None, rules: SourceRules = SourceRules(), limits: CloneLimits = CloneLimits()) -> Located:
    """The commit that `ref` (default: the default branch) names.

    Raises SourceRefused for an address that may not be read, SettingError for a name that cannot be one, CloneFailed
    when the repository or the name does not exist or the server does not answer.
    """
    wanted = check_ref(ref) if ref else None
    given = reached = parse_source(source, allowed_hosts=rules.allowed_hosts, local_root=rules.local_root, allow_local=rules.allow_local)
    for _ in range(MAX_REDIRECTS + 1):
        route = find_route(reached)
        with tempfile.TemporaryDirectory(prefix="axiom-git-") as folder:
            session = GitSession(Path(folder), reached, route, limits, seconds=min(limits.answer_seconds, limits.seconds))
            try:
                with _told_of(reached, limits):
                    name, commit = _find_commit(session, reached, wanted)
                return Located(given, reached, route, commit, name)
            except _RedirectedError:
                target = redirected_url(reached, route)
        reached = parse_source(target, allow_local=False, allow_ssh=False, allowed_hosts=rules.allowed_hosts)
    raise CloneFailed(f"{given.host} redirects more than {MAX_REDIRECTS} times", "Check the address in a browser.")


class _RedirectedError(Exception):
    """The server sends us elsewhere."""


def _find_commit(session: GitSession, source: Source, ref: str | None) -> tuple[str, str | None]:
    if ref is None:
        return _default_commit(session, source)
    if COMMIT.fullmatch(ref):
        _list_refs(session, source, "HEAD")
        return ref, ref
    found = _list_refs(session, source, *ref_names(ref))
    for name in ref_names(ref):
        if name in found:
            return name, found[name]
    remedy = "A commit must be given in full, all 40 digits." if is_abbreviated(ref) else "Check its spelling with `git ls-remote`."
    raise CloneFailed(f"{source.name} has no branch or tag {ref}", remedy)


def _default_commit(session: GitSession, source: Source) -> tuple[str, str | None]:
    """What HEAD names; the only branch when HEAD names one that does not exist; None without any commit."""
    head = _list_refs(session, source, "HEAD").get("HEAD")
    if head:
        return "HEAD", head
    branches = {n: c for n, c in _list_refs(session, source, "refs/heads/*").items() if n.startswith("refs/heads/")}
    if not branches:
        return "HEAD", None
    for name in ("refs/heads/main", "refs/heads/master", *branches):
        if name in branches and (len(branches) == 1 or name.endswith(("/main", "/master"))):
            return name, branches[name]
    shown = ", ".join(n.removeprefix("refs/heads/") for n in sorted(branches)[:BRANCHES_SHOWN])
    raise CloneFailed(f"{source.name} names no default branch", f"Choose one with --ref, such as {shown}.")


def _list_refs(session: GitSession, source: Source, *patterns: str) -> dict[str, str]:
    """Commits by full name; patterns match the end of a name, so more may come back than was asked for."""
    output = session.run("ls-remote", "--quiet", "--", source.url, *patterns).decode("utf-8", "replace")
    found = {}
    for line in output.splitlines():
        commit, _, name = line.partition("\t")
        if COMMIT.fullmatch(commit) and name.isprintable():
            found[name] = commit
    return found


def clone_commit(located: Located, folder: Path, limits: CloneLimits = CloneLimits()) -> Manifest:
    """Write the commit's files to `folder/tree` and what they are to `folder/manifest.json`; `folder` exists and is empty.

    Raises CloneFailed for what the repository or its server does, InfrastructureError when the disk is full.
    """
    source, work = located.source, folder / "git"
    work.mkdir()
    try:
        with _told_of(located.reached, limits):
            session = GitSession(work, located.reached, located.route, limits)
            commit, date = _fetch(session, located) if located.commit else (None, None)
            listed = list_files(session, commit) if commit else []
            _check_room(listed, folder)
            entries = export_files(session, listed, folder / "tree") if commit else _empty(folder / "tree")
    except _RedirectedError:
        raise CloneFailed(f"{located.reached.host} redirects in the middle of a clone", "Check the address in a browser.") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    manifest = Manifest(url=_plain_url(source), name=source.name, commit=commit, commit_date=date, entries=entries)
    (folder / "manifest.json").write_text(manifest.model_dump_json())
    return manifest


def _fetch(session: GitSession, located: Located) -> tuple[str, str | None]:
    """The commit and its date, after it alone was brought into the session's repository."""
    assert located.commit is not None
    form = "sha256" if len(located.commit) == 64 else "sha1"
    session.run("init", "--quiet", "--bare", "--template=", f"--object-format={form}", str(session.repository))
    by_name = False
    try:
        _fetch_one(session, located.reached.url, located.commit)
    except GitFailed as error:
        # Servers of protocol 0 hand out only what has a name.
        if located.ref == located.commit or not ("not our ref" in error.text or "unadvertised object" in error.text):
            raise
        _fetch_one(session, located.reached.url, located.ref.removesuffix("^{}"))
        by_name = True
    try:
        shown = session.run(*_in(session), "log", "-1", "--no-show-signature", "--format=%H %cI", "FETCH_HEAD^{commit}")
    except GitFailed:
        raise CloneFailed(f"{located.commit} is no commit", "Give --ref a branch, a tag or a commit.") from None
    commit, _, date = shown.decode("ascii", "replace").strip().partition(" ")
    if by_name and commit != located.commit:
        raise CloneFailed(f"{located.source.name} changed while it was read", "Run the same again.")
    return commit, date or None


def _fetch_one(session: GitSession, url: str, wanted: str) -> None:
    options = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-commit-graph")
    session.run(*_in(session), "fetch", *options, "--", url, wanted, watched=session.repository)


def _in(session: GitSession) -> tuple[str, str]:
    return "--git-dir", str(session.repository)


def _empty(tree: Path) -> tuple[()]:
    tree.mkdir()
    return ()


def _check_room(listed: Sequence[Listed], folder: Path) -> None:
    needed = sum(item.entry.size for item in listed if item.entry.kind == "file")
    free = shutil.disk_usage(folder).free
    if needed + DISK_RESERVE > free:
        raise InfrastructureError(
            f"The repository's files need {needed:,} bytes and the disk under AXIOM_HOME has {free:,} free",
            "Free space, or set AXIOM_HOME to a folder on another disk.",
        )


def _plain_url(source: Source) -> str:
    """One spelling for one repository: its history in MLflow is found by this."""
    return source.url.rstrip("/").removesuffix(".git") if source.kind in ("https", "http") else source.url


@contextmanager
def _told_of(source: Source, limits: CloneLimits) -> Iterator[None]:
    """git's failures and the system's as errors a user can act on."""
    try:
        yield
    except GitStopped as error:
        raise explain_stop(error, source, limits) from None
    except GitFailed as error:
        if REDIRECTED.search(error.text) and source.kind in ("https", "http"):
            raise _RedirectedError from None
        if TOO_LARGE.search(error.text):
            raise explain_stop(GitStopped("bytes"), source, limits) from None
        raise explain_failure(error, source) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full() from None
        raise
