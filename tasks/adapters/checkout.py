"""A repository's commit on disk, and the facts read from it, each fetched or read once.

Clones are keyed by address and commit, facts by commit and rule version, both under `AXIOM_HOME/cache`. Two processes
that want the same wait for each other; what a killed process left half done is done again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter

from tasks.adapters.git import Located, SourceRules, clone_commit, locate_commit
from tasks.adapters.git_history import LastChange, last_changes
from tasks.adapters.git_process import CloneLimits
from tasks.adapters.store import lock_of, locked, partial_of, rule_version, safe_name, trim_cache, write_atomically
from tasks.evidence.child import GROUPS, ReadingLimits, read_in_child
from tasks.evidence.snapshot import Manifest
from tasks.rules.evidence import Evidence

HASHED_BYTES = 4_000_000_000
"""Data beyond this total is not hashed: it would take longer than most trainings."""


class Checkout(BaseModel):
    """An exported commit: small, JSON, safe to hand between tasks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    url: str
    commit: str | None
    commit_date: str | None
    files: int
    bytes: int
    folder: str
    """Cache folder that holds `tree/`, `manifest.json` and `facts/`."""

    @property
    def tree(self) -> Path:
        return Path(self.folder) / "tree"

    def manifest(self) -> Manifest:
        """The full listing, links and skipped files included."""
        return Manifest.model_validate_json((Path(self.folder) / "manifest.json").read_bytes())


def hash_files(checkout: Checkout, paths: Sequence[str], limit_bytes: int = HASHED_BYTES) -> dict[str, str]:
    """SHA-256 of files of the commit by path, in order, until `limit_bytes` were read; links are not followed."""
    hashes: dict[str, str] = {}
    for path in paths:
        with open(os.open(checkout.tree / path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            limit_bytes -= os.fstat(file.fileno()).st_size
            if limit_bytes < 0:
                break
            hashes[path] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes


class SectionReading(BaseModel):
    """One section's facts as they came from the reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: str
    facts: dict[str, Any] | None
    """None when the section could not be read; `error` says why."""
    problems: dict[str, str]
    seconds: float
    """Seconds the reader took, also when this came from the cache."""
    peak_bytes: int
    error: str = ""


def check_out(
    home: Path,
    source: str,
    ref: str | None = None,
    *,
    allowed_hosts: Sequence[str] = (),
    local_root: Path | None = None,
    allow_local: bool = True,
    limits: CloneLimits = CloneLimits(),
) -> Checkout:
    """The commit that `ref` (default: the default branch) names, cloned unless the cache has it.

    Raises what `locate_commit` and `clone_commit` raise.
    """
    rules = SourceRules(allowed_hosts=tuple(allowed_hosts), local_root=local_root, allow_local=allow_local)
    located = locate_commit(source, ref, rules, limits)
    clones = home / "cache" / "clones"
    key = hashlib.sha256(f"{located.source.url}\0{located.commit or ''}".encode()).hexdigest()[:16]
    folder = clones / f"{safe_name(located.source.name.rsplit('/', 1)[-1])[:60]}-{key}"
    with locked(lock_of(folder)):
        if located.commit is None or not (folder / "manifest.json").exists():
            _clone_into(folder, located, limits)
        os.utime(folder)
    trim_cache(clones, keep=folder)
    manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    files = [e for e in manifest.entries if e.kind in ("file", "skipped")]
    return Checkout(
        name=manifest.name,
        url=manifest.url,
        commit=manifest.commit,
        commit_date=manifest.commit_date,
        files=len(files),
        bytes=sum(e.size for e in files),
        folder=str(folder),
    )


def _clone_into(folder: Path, located: Located, limits: CloneLimits) -> None:
    partial = partial_of(folder)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        manifest = clone_commit(located, partial, limits)
        (partial / "bytes").write_text(str(sum(e.size for e in manifest.entries if e.kind == "file")))
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def last_change(checkout: Checkout, path: str) -> tuple[LastChange | None, str]:
    """When a file of the commit last changed, else when the commit was made, and what is to be said of it.

    Asks the repository's server once for each file; the answer is kept with the clone. None without a commit.
    """
    if not checkout.commit or not checkout.commit_date:
        return None, "the repository has no commit"
    file = Path(checkout.folder) / "dates.json"
    with locked(file.with_suffix(".lock")):
        known = _DATES.validate_json(file.read_bytes()) if file.exists() else {}
        if path not in known:
            # The address passed the policy when it was checked out; its own host may be asked again.
            rules = SourceRules(allowed_hosts=tuple(filter(None, [urlsplit(checkout.url).netloc.rpartition("@")[2]])))
            found, problem = last_changes(checkout.url, checkout.commit, [path], rules)
            if path not in found:
                whole = LastChange(day=date.fromisoformat(checkout.commit_date[:10]), is_exact=False)
                return whole, f"date of the commit: {problem or 'the history does not know the file'}"
            known[path] = found[path]
            write_atomically(file, _DATES.dump_json(known))
    return known[path], f"last change of {path}" if known[path].is_exact else f"{path} has not changed since"


def entry_date(checkout: Checkout, path: str) -> tuple[date | None, str]:
    """The day that unpinned packages of an entry file are resolved as of, and what day that is, see `last_change`."""
    change, what = last_change(checkout, path)
    return change.day if change else None, what


_DATES = TypeAdapter(dict[str, LastChange])


def read_section(checkout: Checkout, section: str, limits: ReadingLimits = ReadingLimits()) -> SectionReading:
    """One section's facts, from the cache or from a reader child, which reads its whole group (`GROUPS`).

    A section that could not be read has no facts; that outcome is not cached, so the next run tries again.
    """
    group = next(name for name, sections in GROUPS.items() if section in sections)
    folder = Path(checkout.folder) / "facts" / rule_version()
    path = folder / f"{section}.json"
    with locked(folder / f"{group}.lock"):
        if path.exists():
            return SectionReading.model_validate_json(path.read_bytes())
        failed = {}
        for name, reading in read_in_child(group, checkout.tree, limits).items():
            answer = SectionReading(section=name, **asdict(reading))
            if answer.facts is None:
                failed[name] = answer
            else:
                write_atomically(folder / f"{name}.json", answer.model_dump_json().encode())
    return failed[section] if section in failed else SectionReading.model_validate_json(path.read_bytes())


def read_evidence(checkout: Checkout, sections: Sequence[str]) -> tuple[Evidence, dict[str, str]]:
    """The facts of the named sections, and for each section or file that could not be read the reason."""
    facts: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for section in sections:
        reading = read_section(checkout, section)
        problems |= reading.problems
        if reading.facts is None:
            problems[f"{section} facts"] = reading.error
        else:
            facts[f"{section}_facts"] = reading.facts
    return Evidence.model_validate(facts), problems
