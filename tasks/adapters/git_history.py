"""When files of a commit were last changed: asked of a second, bare copy of the history without file contents.

The clone that is analysed has one commit and is thrown away after its export. Here only commits and folders are fetched
(`--filter=blob:none`), a hundred commits first and more only while a file's last change is not among them; git runs in
our own bare repository, never where untrusted code could have written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tasks.adapters.git import SourceRules, locate_commit
from tasks.adapters.git_process import CloneLimits, GitFailed, GitSession, GitStopped
from tasks.errors import CloneFailed, SettingError, SourceRefused

HISTORY_LIMITS = CloneLimits(seconds=90, clone_bytes=500_000_000)
"""What a date may cost; without one the commit's own is used."""
DEPTHS = ("--depth=100", "--depth=1500", "--unshallow")
"""Most entry files changed within a hundred commits; each step costs a connection."""
FIRST_DAY = date(2000, 1, 1)
"""An earlier date, or one that is still to come, is a broken clock's."""
_OPTIONS = ("--quiet", "--filter=blob:none", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-commit-graph")


class LastChange(BaseModel):
    """The day of the commit that last changed a file's content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    is_exact: bool = True
    """False: the change is not later than this day; the history that was read ends there."""


def last_changes(
    source: str, commit: str, paths: Sequence[str], rules: SourceRules = SourceRules(), limits: CloneLimits = HISTORY_LIMITS
) -> tuple[dict[str, LastChange], str]:
    """Last changes by path, a mere move not counting, and why some are missing or not exact; "" when none is.

    Nothing here is worth failing for: a server that does not answer costs the dates.
    """
    if not paths:
        return {}, ""
    try:
        located = locate_commit(source, commit, rules, limits)
        with tempfile.TemporaryDirectory(prefix="axiom-history-") as folder:
            session = GitSession(Path(folder), located.reached, located.route, limits)
            return _read(session, located.reached.url, commit, paths)
    except (CloneFailed, SourceRefused, SettingError, GitFailed, GitStopped) as error:
        return {}, f"the history could not be read: {_one_line(error)}"


def _read(session: GitSession, url: str, commit: str, paths: Sequence[str]) -> tuple[dict[str, LastChange], str]:
    form = "sha256" if len(commit) == 64 else "sha1"
    session.run("init", "--quiet", "--bare", "--template=", f"--object-format={form}", str(session.repository))
    found: dict[str, LastChange] = {}
    problem = ""
    for depth in DEPTHS:
        try:
            _fetch(session, url, commit, depth)
            ends = _ends(session)
            found |= {
                p: change for p in paths if (p not in found or not found[p].is_exact) and (change := _change(session, commit, p, ends))
            }
        except (GitFailed, GitStopped) as error:
            problem = f"the history could not be read in full: {_one_line(error)}"
            break
        if not ends or all(p in found and found[p].is_exact for p in paths):
            break
    return found, problem


def _fetch(session: GitSession, url: str, commit: str, depth: str) -> None:
    where = ("--git-dir", str(session.repository))
    try:
        session.run(*where, "fetch", *_OPTIONS, depth, "--", url, commit, watched=session.repository)
    except GitFailed as error:
        # Servers of protocol 0 hand out only what has a name; the commit is looked for below the default branch.
        if not ("not our ref" in error.text or "unadvertised object" in error.text):
            raise
        session.run(*where, "fetch", *_OPTIONS, depth, "--", url, "HEAD", watched=session.repository)


def _ends(session: GitSession) -> frozenset[str]:
    """Commits whose parents were not fetched; none when the history is whole."""
    shallow = session.repository / "shallow"
    return frozenset(shallow.read_text("ascii").split()) if shallow.exists() else frozenset()


def _change(session: GitSession, commit: str, path: str, ends: frozenset[str]) -> LastChange | None:
    """None when the path has no commit, or one with a date that cannot be."""
    options = ("-1", "--no-show-signature", "--follow", "-M100%", "--diff-filter=AM", "--format=%H %cs")
    shown = session.run(
        "--git-dir", str(session.repository), "--literal-pathspecs", "log", *options, commit, "--", path, output_bytes=1000
    ).decode("ascii", "replace")
    found, _, text = shown.strip().partition(" ")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_DAY <= day <= date.today() + timedelta(days=1):
        return None
    return LastChange(day=day, is_exact=found not in ends)


def _one_line(error: Exception) -> str:
    text = error.text if isinstance(error, GitFailed) else str(error)
    return " ".join(text.split())[:200]
