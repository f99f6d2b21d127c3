"""Real histories: who changed last, through moves, beyond the first fetch, and when nobody answers."""

from __future__ import annotations

import os
import subprocess
from datetime import date

import pytest

from tasks.adapters import git_history
from tasks.adapters.checkout import check_out, entry_date, last_change
from tasks.adapters.git import SourceRules
from tasks.adapters.git_history import last_changes
from tasks.adapters.git_process import CloneLimits, folder_bytes
from tests.git_server import hang, serve_git
from tests.repositories import run_git


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """The machine's own would take the place of the look-up."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def commit(folder, day, **files):
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    environment |= {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    for arguments in (["add", "-A"], ["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "x"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True, env=environment)
    return run_git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    commit(folder, "2021-03-04", train__py="print(1)\n" * 30, model__py="x = 1\n")
    commit(folder, "2022-05-06", README__md="one", model__py="x = 2\n")
    commit(folder, "2023-07-08", README__md="two")
    return folder


@pytest.fixture
def served(project):
    with serve_git(owner__name=project) as server:
        yield server


def head(folder):
    return run_git(folder, "rev-parse", "HEAD").strip()


def test_each_file_has_the_day_of_its_own_last_change(served, project):
    found, problem = last_changes(
        served.url("owner/name"), head(project), ["train.py", "model.py", "README.md"], SourceRules(allowed_hosts=(served.host,))
    )
    assert {p: c.day for p, c in found.items()} == {
        "train.py": date(2021, 3, 4), "model.py": date(2022, 5, 6), "README.md": date(2023, 7, 8)}  # fmt: skip
    assert all(c.is_exact for c in found.values())
    assert problem == ""


def test_a_mere_move_is_no_change(project):
    run_git(project, "mv", "train.py", "main.py")
    moved = commit(project, "2024-09-10")
    assert last_changes(str(project), moved, ["main.py"])[0]["main.py"].day == date(2021, 3, 4)


def test_history_is_fetched_deeper_until_the_change_is_found(served, project, monkeypatch):
    monkeypatch.setattr(git_history, "DEPTHS", ("--depth=1", "--depth=2", "--unshallow"))
    rules = SourceRules(allowed_hosts=(served.host,))
    assert last_changes(served.url("owner/name"), head(project), ["train.py"], rules)[0]["train.py"].day == date(2021, 3, 4)


def test_a_change_at_the_end_of_what_was_fetched_is_an_upper_bound(served, project, monkeypatch):
    monkeypatch.setattr(git_history, "DEPTHS", ("--depth=2",))
    found, _ = last_changes(served.url("owner/name"), head(project), ["train.py"], SourceRules(allowed_hosts=(served.host,)))
    assert (found["train.py"].day, found["train.py"].is_exact) == (date(2022, 5, 6), False)


def test_a_path_that_looks_like_a_pattern_is_only_a_path(project):
    commit(project, "2025-01-02", **{"[m]*__py": "y"})
    assert last_changes(str(project), head(project), ["[m]*.py"])[0]["[m]*.py"].day == date(2025, 1, 2)


@pytest.mark.parametrize("day", ["1971-01-01", "2090-01-01"])
def test_a_day_that_cannot_be_is_none(project, day):
    commit(project, day, odd__py="1")
    assert last_changes(str(project), head(project), ["odd.py"])[0] == {}


def test_a_server_that_hangs_costs_the_dates_and_says_so(served, project):
    served.behave["owner/name"] = hang(5)
    rules, limits = SourceRules(allowed_hosts=(served.host,)), CloneLimits(seconds=1, answer_seconds=1)
    found, problem = last_changes(served.url("owner/name"), head(project), ["train.py"], rules, limits)
    assert found == {}
    assert "could not be read" in problem
    assert "\n" not in problem


def test_contents_are_not_fetched_where_the_server_can_leave_them_out(served, project, monkeypatch):
    commit(project, "2024-01-01", data__bin=os.urandom(300_000).hex())
    run_git(project, "config", "uploadpack.allowFilter", "true")
    fetched = []
    read = git_history._ends
    monkeypatch.setattr(git_history, "_ends", lambda session: fetched.append(folder_bytes(session.repository)) or read(session))
    last_changes(served.url("owner/name"), head(project), ["train.py"], SourceRules(allowed_hosts=(served.host,)))
    assert max(fetched) < 200_000


def test_a_checkout_asks_once_and_keeps_the_answer(served, project, axiom_home):
    checkout = check_out(axiom_home, served.url("owner/name"), allowed_hosts=(served.host,))
    assert entry_date(checkout, "train.py") == (date(2021, 3, 4), "last change of train.py")
    asked = len(served.requests)
    change, said = last_change(checkout, "train.py")
    assert change is not None
    assert (change.day, said) == (date(2021, 3, 4), "last change of train.py")
    assert len(served.requests) == asked


def test_without_history_the_date_of_the_commit_serves_and_is_called_so(served, project, axiom_home):
    checkout = check_out(axiom_home, served.url("owner/name"), allowed_hosts=(served.host,))
    change, said = last_change(checkout, "no_such.py")
    assert change is not None
    assert (change.day, change.is_exact) == (date(2023, 7, 8), False)
    assert said.startswith("date of the commit")
