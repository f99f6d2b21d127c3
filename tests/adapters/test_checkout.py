"""The cache of commits and facts: fetched once, shared by processes, whole after any crash."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from tasks.adapters import checkout as checkouts
from tasks.adapters.checkout import Checkout, check_out, read_section
from tasks.errors import CloneFailed
from tasks.evidence.child import Reading
from tests.git_server import GitServer, endless_pack, serve_git
from tests.repositories import commit_all, run_git


@pytest.fixture
def project(make_repository):
    return make_repository({"train.py": "print(1)\n"})


@pytest.fixture
def server(project):
    with serve_git(owner__name=project) as running:
        yield running


def fetch(home: Path, server: GitServer, ref: str | None = None) -> Checkout:
    return check_out(home, server.url("owner/name"), ref, allowed_hosts=[server.host])


def fetches(server: GitServer) -> int:
    """Requests in which references were listed or a pack was sent, beyond the advertisement."""
    return sum(path.endswith("/git-upload-pack") for path in server.requests)


def test_an_unchanged_commit_is_fetched_once(axiom_home, server):
    first = fetch(axiom_home, server)
    asked = fetches(server)
    assert fetch(axiom_home, server) == first
    assert fetches(server) == asked + 1  # the listing of references, and no pack
    assert (first.files, first.bytes, first.name) == (1, 9, "owner/name")


def test_a_new_commit_is_another_entry_and_the_old_one_stays(axiom_home, server, project):
    first = fetch(axiom_home, server)
    (project / "train.py").write_text("print(2)\n")
    commit_all(project, "second")
    second = fetch(axiom_home, server)
    assert second.folder != first.folder
    assert (Path(first.folder) / "tree/train.py").read_text() == "print(1)\n"


def test_branch_tag_and_commit_of_the_same_name_the_same_entry(axiom_home, server, project):
    run_git(project, "tag", "-a", "v1", "-m", "one")
    commit = run_git(project, "rev-parse", "HEAD").strip()
    assert len({fetch(axiom_home, server, ref).folder for ref in (None, "main", "v1", commit)}) == 1


def _fetch_in_process(home, url, host, folder):
    folder.put(check_out(home, url, allowed_hosts=[host]).folder)


def test_processes_at_once_fetch_once_and_see_the_same(axiom_home, server):
    context = multiprocessing.get_context("fork")
    folders = context.Queue()
    arguments = (axiom_home, server.url("owner/name"), server.host, folders)
    processes = [context.Process(target=_fetch_in_process, args=arguments) for _ in range(4)]
    for process in processes:
        process.start()
    found = {folders.get(timeout=30) for _ in processes}
    for process in processes:
        process.join()
    assert len(found) == 1
    assert fetches(server) == 4 + 1  # four listings, one pack


def test_a_killed_clone_leaves_nothing_that_counts_and_is_done_again(axiom_home, server):
    server.behave["owner/name"] = endless_pack()
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_fetch_in_process, args=(axiom_home, server.url("owner/name"), server.host, context.Queue()))
    process.start()
    clones = axiom_home / "cache" / "clones"
    deadline = time.monotonic() + 20
    while not list(clones.glob(".*.partial/git/repository.git/objects/pack/tmp_*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.pid is not None
    os.kill(process.pid, 9)
    process.join()
    assert [p.name for p in clones.iterdir() if p.is_dir() and not p.name.startswith(".")] == []
    del server.behave["owner/name"]
    assert (fetch(axiom_home, server).tree / "train.py").read_text() == "print(1)\n"
    assert [p for p in clones.iterdir() if p.name.endswith(".partial")] == []


def test_a_failed_clone_leaves_nothing(axiom_home, server):
    with pytest.raises(CloneFailed):
        check_out(axiom_home, server.url("owner/other"), allowed_hosts=[server.host])
    assert not list(axiom_home.rglob("*.partial"))


def test_facts_are_read_once_and_failures_are_tried_again(axiom_home, project, monkeypatch):
    calls = []

    def read(group, tree, limits):
        calls.append(group)
        return {"dataset": Reading({"rows": 1} if len(calls) > 1 else None, {}, 0.1, 1, error="" if len(calls) > 1 else "ended")}

    monkeypatch.setattr(checkouts, "read_in_child", read)
    here = check_out(axiom_home, str(project))
    assert [read_section(here, "dataset").facts for _ in range(4)] == [None, {"rows": 1}, {"rows": 1}, {"rows": 1}]
    assert calls == ["data", "data"]


def test_another_version_of_the_rules_reads_again(axiom_home, project, monkeypatch):
    monkeypatch.setattr(checkouts, "read_in_child", lambda *_: {"dataset": Reading({"version": checkouts.rule_version()}, {}, 0, 1)})
    here = check_out(axiom_home, str(project))
    for version in ("aaa", "bbb", "aaa"):
        monkeypatch.setattr(checkouts, "rule_version", lambda v=version: v)
        assert read_section(here, "dataset").facts == {"version": version}


def test_a_checkout_is_small_json(axiom_home, server):
    here = fetch(axiom_home, server)
    assert Checkout.model_validate_json(here.model_dump_json()) == here
    assert len(here.model_dump_json()) < 1000
