"""Evidence of small repositories on disk, read by the real readers in this process."""

from __future__ import annotations

import importlib

import pytest

from tasks.evidence.snapshot import Snapshot
from tasks.rules.evidence import Evidence
from tasks.rules.execution.planning import plan_execution
from tasks.rules.execution.request import ExecutionRequest
from tests.repositories import write_files

SECTIONS = ("project", "dataset", "requirements", "launch")


@pytest.fixture
def read(tmp_path):
    """Snapshot and evidence of a mapping of paths to contents."""

    def make(files):
        write_files(tmp_path / "tree", files)
        snapshot = Snapshot.of_folder(tmp_path / "tree")
        facts = {f"{s}_facts": importlib.import_module(f"tasks.evidence.{s}").collect(snapshot) for s in SECTIONS}
        return snapshot, Evidence(**facts)

    return make


@pytest.fixture
def plan(read):
    """The plan of a mapping of paths to contents."""

    def make(files, entrypoint=None, **limits):
        snapshot, evidence = read(files)
        request = ExecutionRequest(entrypoint=entrypoint, **({"limits": limits} if limits else {}))
        return plan_execution(evidence, snapshot.manifest, request, lambda file: (None, ""))

    return make
