import pytest

from tasks.evidence.snapshot import Snapshot
from tests.repositories import write_files


@pytest.fixture
def repository(tmp_path):
    """A snapshot of a mapping of paths to contents: `repository({"src/a.py": "…"})`."""

    def make(files):
        write_files(tmp_path, files)
        return Snapshot.of_folder(tmp_path)

    return make


@pytest.fixture
def snapshot(repository):
    """The same from keywords: `snapshot(train_py="…")`, or `snapshot(**{"src/a.py": "…"})`."""
    return lambda **files: repository({name if "." in name else name.replace("_py", ".py"): data for name, data in files.items()})
