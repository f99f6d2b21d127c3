"""Addresses of files at the analysed commit."""

import pytest

from tasks.rendering.links import commit_page, file_page, repository_page
from tasks.rendering.markdown import render_markdown
from tasks.rendering.page import render_page
from tests.rendering.reports import COMMIT, report, repository


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/o/r.git", f"https://github.com/o/r/blob/{COMMIT}/src/a%20b.py#L7"),
        ("https://gitlab.com/group/sub/r", f"https://gitlab.com/group/sub/r/-/blob/{COMMIT}/src/a%20b.py#L7"),
        ("https://bitbucket.org/o/r", f"https://bitbucket.org/o/r/src/{COMMIT}/src/a%20b.py#lines-7"),
        ("https://codeberg.org/o/r", f"https://codeberg.org/o/r/src/commit/{COMMIT}/src/a%20b.py#L7"),
        ("https://huggingface.co/datasets/o/r", f"https://huggingface.co/datasets/o/r/blob/{COMMIT}/src/a%20b.py#L7"),
        ("git@github.com:o/r.git", f"https://github.com/o/r/blob/{COMMIT}/src/a%20b.py#L7"),
        ("ssh://git@codeberg.org/o/r.git", f"https://codeberg.org/o/r/src/commit/{COMMIT}/src/a%20b.py#L7"),
    ],
)
def test_each_host_gets_its_own_form(url, expected):
    assert file_page(repository(url=url), "src/a b.py", 7) == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)//github.com/o/r",
        "https://github.com.evil.example/o/r",
        "https://evil.example/o/r",
        "https://github.com:8443/o/r",
        "https://github.com/o/../r",
        'https://github.com/o/r"onmouseover="x',
        "https://github.com/o",
        "https://[broken/o/r",
        "/home/me/project",
        "",
    ],
)
def test_no_other_address_becomes_a_link(url):
    assert repository_page(url) is None
    assert file_page(repository(url=url), "a.py", 1) is None


def test_credentials_do_not_reach_a_link():
    assert repository_page("https://user:token@github.com/o/r") == "https://github.com/o/r"


def test_a_commit_that_is_none_gives_no_link_to_files():
    assert file_page(repository(commit=None), "a.py") is None
    assert commit_page(repository(commit="not-a-hash")) is None


def test_a_line_of_a_notebook_is_shown_as_plain_text():
    assert file_page(repository(), "a.ipynb", 3).endswith("/a.ipynb?plain=1#L3")


def test_a_path_cannot_leave_its_place_in_the_address():
    assert file_page(repository(), "a?b#c%d.py").endswith("/a%3Fb%23c%25d.py")


def test_the_path_of_a_local_folder_is_not_passed_on_with_the_report():
    local = report(repository=repository(url="/home/me/secret-project/rentals", name="rentals"))
    for page in (render_page(local), render_markdown(local)):
        assert "/home/me" not in page
        assert "a local folder, rentals" in page
