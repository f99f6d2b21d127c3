"""A small repository on disk from a mapping of paths to texts."""

import pytest

from tasks.evidence.snapshot import Snapshot


@pytest.fixture
def repository(tmp_path):
    def make(files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Snapshot.of_folder(tmp_path)

    return make
