"""Outputs from a tar whose names, types and sizes were chosen by somebody else."""

import hashlib
import io
import tarfile

import pytest

from tasks.adapters.container.harvest import MAX_SKIPPED, HarvestLimits, harvest
from tasks.adapters.container.names import refuse_name, shown, to_output, to_workspace
from tasks.adapters.container.upload import Upload

AMPLE = HarvestLimits(bytes=1_000_000, stream_bytes=10_000_000)


def tar_of(*members):
    """Pairs of name and content; content may be a tar type instead."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if len(content) == 1 and content in tarfile.SUPPORTED_TYPES:
                info.type, info.linkname = content, "/etc/shadow"
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    data = buffer.getvalue()
    return (data[i : i + 700] for i in range(0, len(data), 700))


def files_below(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def outputs(tmp_path):
    (tmp_path / "outputs").mkdir()
    return tmp_path / "outputs"


def test_new_and_changed_files_are_taken_and_unchanged_ones_are_not(outputs):
    large = b"l" * 3_000_000
    before = {"repo/same.txt": b"same", "repo/other.txt": b"old", "repo/large.bin": large, "repo/from_training.txt": b"1"}
    upload = Upload(committed={"repo/same.txt", "repo/other.txt"}, hashes={k: hashlib.sha256(v).digest() for k, v in before.items()})
    members = [("work/repo/same.txt", b"same"), ("work/repo/other.txt", b"new"), ("work/repo/large.bin", large)]
    members += [("work/repo/a/b.txt", b"b"), ("work/repo/from_training.txt", b"new"), ("work/axiom/mlflow.db", b"db")]
    found = harvest(tar_of(*members), upload, outputs, HarvestLimits(10_000_000, 20_000_000))
    assert files_below(outputs) == {"other.txt": b"new", "a/b.txt": b"b", "from_training.txt": b"new", ".axiom/mlflow.db": b"db"}
    assert found.changed == ["other.txt"]
    assert found.skipped == {}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_what_is_no_regular_file_is_not_made(outputs, kind):
    found = harvest(tar_of(("work/repo/model.pkl", kind), ("work/repo/ok", b"ok")), Upload(), outputs, AMPLE)
    assert files_below(outputs) == {"ok": b"ok"}
    assert "not a regular file" in found.skipped["model.pkl"]


@pytest.mark.parametrize(
    "name", ["work/repo/../../../etc/cron.d/x", "/etc/x", "work/repo/a/../../../../x", "work/repo//x", "work/repo/./x"]
)
def test_a_name_that_leads_elsewhere_is_not_followed(outputs, tmp_path, name):
    before = sorted(tmp_path.rglob("*"))
    found = harvest(tar_of((name, b"x")), Upload(), outputs, AMPLE)
    assert sorted(tmp_path.rglob("*")) == before
    assert "leads elsewhere" in next(iter(found.skipped.values()))


def test_a_link_that_stands_in_the_way_is_not_written_through(outputs, tmp_path):
    (tmp_path / "victim").write_text("untouched")
    (outputs / "x").symlink_to(tmp_path / "victim")
    found = harvest(tar_of(("work/repo/x", b"evil")), Upload(), outputs, AMPLE)
    assert (tmp_path / "victim").read_text() == "untouched"
    assert "could not be written" in found.skipped["x"]


def test_bytes_files_and_the_stream_itself_are_bounded(outputs):
    members = [(f"work/repo/{n}", b"x" * 1000) for n in range(10)]
    few = harvest(tar_of(*members), Upload(), outputs, HarvestLimits(bytes=3500, stream_bytes=10**6))
    assert sorted(files_below(outputs)) == ["0", "1", "2"]
    assert "beyond the 3,500" in few.skipped["3"]
    (outputs / "n").mkdir()
    counted = harvest(tar_of(*members), Upload(), outputs / "n", HarvestLimits(bytes=10**6, stream_bytes=10**6, files=4))
    assert (len(files_below(outputs / "n")), counted.skipped["9"]) == (4, "more than 4 outputs")
    (outputs / "s").mkdir()
    stopped = harvest(tar_of(*members), Upload(), outputs / "s", HarvestLimits(bytes=10**6, stream_bytes=5000))
    assert "reading them was stopped" in stopped.skipped["(the rest)"]


def test_a_broken_stream_keeps_what_came_whole(outputs):
    data = b"".join(tar_of(("work/repo/a", b"a" * 600), ("work/repo/b", b"b" * 5000)))
    found = harvest(iter([data[:4000]]), Upload(), outputs, AMPLE)
    assert files_below(outputs)["a"] == b"a" * 600
    assert "b" not in files_below(outputs)
    assert found.skipped


def test_only_so_many_skipped_outputs_are_named(outputs):
    found = harvest(tar_of(*[(f"work/repo/{n}", tarfile.FIFOTYPE) for n in range(MAX_SKIPPED + 50)]), Upload(), outputs, AMPLE)
    assert len(found.skipped) == MAX_SKIPPED + 1
    assert found.skipped["(the rest)"] == "50 more that were not taken"


def test_caches_and_the_home_folder_are_no_outputs(outputs):
    names = ["home/.keras/x", "repo/a/__pycache__/b.pyc", "repo/.cache/pip/x", "repo/.git/config", "repo/.ipynb_checkpoints/a.ipynb"]
    found = harvest(tar_of(*[(f"work/{name}", b"x") for name in names]), Upload(), outputs, AMPLE)
    assert (files_below(outputs), found.skipped) == ({}, {})


@pytest.mark.parametrize("path", ["repo/a/b.txt", "axiom/mlflow.db", "models/m.pkl", "x"])
def test_where_an_output_lay_is_told_by_its_name(path):
    assert to_workspace(to_output(path)) == path


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("repo/" + "n" * 255, ""),
        ("repo/" + "n" * 256, "name is too long"),
        ("repo/" + "é" * 128, "name is too long"),
        ("repo/" + "/".join("d" * 39), ""),
        ("repo/" + "/".join("d" * 40), "path is too long"),
        ("repo/a\nb", "control"),
        ("repo/a\u202eb", "control"),
        ("repo/a\x85b", "control"),
        ("repo/\udcff", "UTF-8"),
        ("repo/.axiom/x", "our own"),
        ("repo/模型 v2 😀.pt", ""),
    ],
)
def test_names_are_refused_for_a_reason(path, words):
    assert words in refuse_name(path)
    assert bool(refuse_name(path)) == bool(words)
    assert shown(path).isprintable()
