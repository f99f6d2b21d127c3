"""Which names may be asked for. git itself is the reference: what it refuses as a branch is refused here."""

from __future__ import annotations

import subprocess

import pytest

from tasks.errors import SettingError
from tasks.rules.ref_policy import check_ref, is_abbreviated, ref_names

BAD_FORM = [
    *("", "a b", "a..b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "@{-1}", "a@{1}", "a/", "/a", "a//b", "a."),
    *(".a", "a/.b", "a.lock", "a.lock/b", "a\n", "a\x7f"),
]
AMBIGUOUS = ["@", "-x", "--upload-pack=x", "a" * 300, "a\u202eb", "\ud800"]


@pytest.mark.parametrize("ref", [*BAD_FORM, *AMBIGUOUS])
def test_what_git_refuses_as_a_name_is_refused(ref: str) -> None:
    with pytest.raises(SettingError, match="--ref"):
        check_ref(ref)


@pytest.mark.parametrize("ref", BAD_FORM)
def test_git_agrees_that_these_are_no_branches(ref: str) -> None:
    assert subprocess.run(["git", "check-ref-format", f"refs/heads/{ref}"], capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("ref", ["main", "feature/x-1", "v1.0", "refs/pull/7/head", "naïve", "deadbeef", "a@b", "HEAD"])
def test_ordinary_names_are_taken_as_they_are(ref: str) -> None:
    assert check_ref(ref) == ref


def test_a_commit_is_lower_case_and_full() -> None:
    assert check_ref("ABCDEF" + "0" * 34) == "abcdef" + "0" * 34
    assert is_abbreviated("abcdef0") and not is_abbreviated("abcdef") and not is_abbreviated("release")


def test_a_tag_means_its_commit_and_a_branch_goes_first() -> None:
    assert ref_names("x") == ("refs/heads/x", "refs/tags/x^{}", "refs/tags/x", "refs/remotes/x")
    assert ref_names("HEAD") == ("HEAD",)
    assert ref_names("refs/tags/x") == ("refs/tags/x^{}", "refs/tags/x")
