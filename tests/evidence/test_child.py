"""The reader child on real trees, with a hostile file in each."""

import json
import os

import pytest

from tasks.evidence.child import Reading, ReadingLimits, read_in_child
from tasks.evidence.snapshot import Snapshot

TRAIN = "from sklearn.linear_model import Ridge\nmodel = Ridge().fit([[0.0]], [0.0])\n"


@pytest.fixture
def export(tmp_path):
    """A folder as the clone adapter leaves it: `tree/` and `manifest.json`."""
    tree = tmp_path / "export" / "tree"
    tree.mkdir(parents=True)

    def write(**files):
        for name, data in files.items():
            path = tree / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        manifest = Snapshot.of_folder(tree).manifest
        (tree.parent / "manifest.json").write_text(manifest.model_dump_json())
        return tree

    return write


def test_every_section_of_a_group_comes_back(export):
    readings = read_in_child("code", export(train_DOT_py=TRAIN))
    assert set(readings) == {"project", "training", "evaluation", "mlops", "monitoring", "deployment", "requests", "requirements"}
    assert all(r.facts is not None for r in readings.values())
    assert readings["project"].facts["has_training"] is True


def test_nothing_of_the_repository_is_executed(export, tmp_path):
    marker = tmp_path / "executed"
    tree = export(train_DOT_py=f"open({str(marker)!r}, 'w').close()\n" + TRAIN, sitecustomize_DOT_py=f"open({str(marker)!r}, 'w')")
    read_in_child("code", tree)
    assert not marker.exists()


def test_the_environment_of_the_parent_is_not_seen(export, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-for-the-child")
    readings = read_in_child("code", export(train_DOT_py=TRAIN))
    assert "not-for-the-child" not in json.dumps([r.facts for r in readings.values()])


def test_a_file_that_takes_too_long_costs_itself_and_nothing_else(export):
    deep = "x = " + "(" * 90 + "1" + ")" * 90 + "\n"
    tree = export(train_DOT_py=TRAIN, deep_DOT_py=deep)
    readings = read_in_child("code", tree)
    assert readings["project"].facts["has_training"] is True


def test_a_named_pipe_is_never_opened(export):
    tree = export(train_DOT_py=TRAIN)
    os.mkfifo(tree / "data.csv")
    manifest = json.loads((tree.parent / "manifest.json").read_text())
    manifest["entries"].append({"path": "data.csv", "size": 10, "kind": "file", "reason": None})
    (tree.parent / "manifest.json").write_text(json.dumps(manifest))
    readings = read_in_child("data", tree, ReadingLimits(seconds=60))
    assert isinstance(readings["dataset"], Reading)
    assert readings["dataset"].error == "" or "no end" not in readings["dataset"].error


def test_a_reader_without_time_is_an_outcome_not_an_exception(export):
    readings = read_in_child("code", export(train_DOT_py=TRAIN), ReadingLimits(seconds=0.01))
    assert all(r.facts is None and "no end after" in r.error for r in readings.values())
