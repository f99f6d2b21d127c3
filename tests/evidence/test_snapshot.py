import os

import pytest

from tasks.evidence.snapshot import TEXT_LIMIT_BYTES, Entry, Manifest, Snapshot, decode, is_vendored


@pytest.fixture
def folder(tmp_path):
    for name, data in {
        "a.py": b"x = 1\r\n",
        "venv/pyvenv.cfg": b"",
        "venv/lib/x.py": b"",
        "node_modules/y.js": b"",
        "src/b.py": b"",
    }.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "tree"


def test_committed_environments_and_vendored_packages_are_not_the_repositorys_own(folder):
    snapshot = Snapshot.of_folder(folder)
    assert snapshot.own == ("a.py", "src/b.py")
    assert snapshot.environments == ("venv/",)
    assert len(snapshot.paths) == 5


def test_line_ends_are_unified(folder):
    assert Snapshot.of_folder(folder).text("a.py") == "x = 1\n"


def test_a_link_out_of_the_tree_is_listed_and_never_followed(folder, tmp_path):
    (tmp_path / "secret").write_text("secret")
    os.symlink(tmp_path / "secret", folder / "link.py")
    snapshot = Snapshot.of_folder(folder)
    assert snapshot.entries["link.py"].kind == "symlink"
    assert snapshot.text("link.py") is None
    assert snapshot.bytes("link.py") == b""


def test_a_file_over_the_limit_is_a_problem_and_no_text(folder):
    entry = Entry(path="a.py", size=TEXT_LIMIT_BYTES + 1)
    snapshot = Snapshot(folder, Manifest(url="", name="", commit=None, commit_date=None, entries=(entry,)))
    assert snapshot.text("a.py") is None
    assert "limit" in snapshot.problems["a.py"]


def test_a_file_that_ended_a_reader_is_left_out_with_its_reason(folder):
    snapshot = Snapshot(folder, Snapshot.of_folder(folder).manifest, excluded={"a.py": "left out: it ended the reader"})
    assert "a.py" not in snapshot.own
    assert snapshot.problems == {"a.py": "left out: it ended the reader"}


def test_every_file_is_announced_before_it_is_opened(folder):
    opened = []
    Snapshot(folder, Snapshot.of_folder(folder).manifest, announce=opened.append).text("a.py")
    assert opened == ["a.py"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        ("Größe".encode(), "Größe"),
        ("Größe".encode("utf-16"), "Größe"),
        ("x = 1".encode("utf-16-le"), "x = 1"),
        (b"\xef\xbb\xbfx", "x"),
        ("naïve café, déjà vu à l'école".encode("latin-1"), "naïve café, déjà vu à l'école"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None),
        (b"", ""),
    ],
)
def test_text_is_decoded_whatever_its_encoding_and_binary_is_not_text(data, text):
    assert decode(data) == text


@pytest.mark.parametrize(("path", "vendored"), [("lib/site-packages/a.py", True), ("site-packages.py", False), ("src/venv.py", False)])
def test_vendored_is_a_matter_of_folders(path, vendored):
    assert is_vendored(path) is vendored
