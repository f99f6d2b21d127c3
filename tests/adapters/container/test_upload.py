"""What a workspace starts with: the tree, what lies over it, and nothing that a link points to."""

import hashlib
import io
import tarfile

import pytest

from tasks.adapters.container.upload import InputRefused, plan_upload
from tasks.rules.sandbox.job import FolderCopy, Job, Limits


@pytest.fixture
def make_upload(tmp_path):
    def make(files, **fields):
        tree = tmp_path / "tree"
        for name, content in files.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(content)
        tree.mkdir(exist_ok=True)
        values = {"id": "test-upload", "run": "r", "role": "train", "image": "i", "command": ("true",), "tree": str(tree)}
        return plan_upload(Job(**(values | fields)))

    return make


def unpack(upload):
    with tarfile.open(fileobj=io.BytesIO(b"".join(upload.stream()))) as archive:
        members = archive.getmembers()
        return {m.name: archive.extractfile(m).read() if m.isreg() else None for m in members}, members


def test_stream_holds_the_files_owned_by_nobody_with_their_folders_first(make_upload):
    upload = make_upload({"a/b/c.txt": b"c", "big.bin": b"x" * 2_500_000, "empty": b""})
    content, members = unpack(upload)
    assert content["repo/a/b/c.txt"] == b"c"
    assert content["repo/big.bin"] == b"x" * 2_500_000
    assert content["repo/empty"] == b""
    assert {(m.uid, m.gid) for m in members} == {(65534, 65534)}
    names = [m.name for m in members]
    assert names.index("repo/a") < names.index("repo/a/b") < names.index("repo/a/b/c.txt")
    assert {"home", "axiom"} <= set(names)
    assert upload.hashes["repo/a/b/c.txt"] == hashlib.sha256(b"c").digest()


def test_links_and_pipes_do_not_go_in(make_upload, tmp_path):
    import os

    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "passwd").symlink_to("/etc/passwd")
    (tmp_path / "tree" / "etc").symlink_to("/etc")
    os.mkfifo(tmp_path / "tree" / "pipe")
    content, _ = unpack(make_upload({"train.py": b"1"}))
    assert set(content) == {"repo", "home", "axiom", "repo/train.py"}


def test_a_file_that_became_a_link_after_planning_is_not_followed(make_upload, tmp_path):
    upload = make_upload({"train.py": b"1"})
    (tmp_path / "tree" / "train.py").unlink()
    (tmp_path / "tree" / "train.py").symlink_to("/etc/passwd")
    with pytest.raises(InputRefused, match="cannot be read"):
        list(upload.stream())


def test_overlays_win_in_their_order_and_only_the_tree_is_committed(make_upload, tmp_path):
    for name, text in (("one", b"1"), ("two", b"2")):
        (tmp_path / name / ".axiom").mkdir(parents=True)
        (tmp_path / name / "model.pkl").write_bytes(text)
        (tmp_path / name / ".axiom" / "db").write_bytes(text)
    upload = make_upload({"model.pkl": b"0", "train.py": b""}, overlays=(str(tmp_path / "one"), str(tmp_path / "two")))
    content, _ = unpack(upload)
    assert (content["repo/model.pkl"], content["axiom/db"]) == (b"2", b"2")
    assert upload.committed == {"repo/model.pkl", "repo/train.py"}


def test_copies_of_files_and_folders_and_new_folders(make_upload):
    copies = (FolderCopy(source="data", target="src/data"), FolderCopy(source="data/a.csv", target="data\\a.csv"))
    content, _ = unpack(
        make_upload({"data/a.csv": b"a", "x.txt": b"x"}, copies=copies, folders=("out/plots", "x.txt/below"), workdir="src")
    )
    assert content["repo/src/data/a.csv"] == content["repo/data\\a.csv"] == b"a"
    assert "repo/out/plots" in content
    assert "repo/x.txt/below" not in content


@pytest.mark.parametrize("path", ["..", "../x", "/etc", "a/../../x", "a\0b"])
def test_paths_out_of_the_repository_are_refused(make_upload, path):
    with pytest.raises(InputRefused, match="does not lie in the repository") as refused:
        make_upload({}, folders=(path,))
    assert refused.value.cause == "input"


def test_files_take_whole_pages_of_the_workspace(make_upload):
    limits = Limits(workspace_bytes=16 * 1024**2, workspace_files=5000)
    assert make_upload({"big": bytes(4094 * 4096), "one": b"x"}, limits=limits).size == 4095 * 4096
    with pytest.raises(InputRefused, match="do not fit") as refused:
        make_upload({"another": b"x"}, limits=limits)
    assert refused.value.cause == "size"


def test_too_many_files_are_refused(make_upload):
    with pytest.raises(InputRefused, match="limit of 1,000"):
        make_upload({f"{n}": b"" for n in range(996)}, limits=Limits(workspace_files=1000))
