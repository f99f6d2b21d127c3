import pytest

from tasks.evidence.snapshot import Snapshot


@pytest.fixture
def snapshot(tmp_path):
    """A snapshot of the given files: `snapshot(train_py="…")` or `snapshot(**{"src/a.py": "…"})`."""

    def build(**files):
        for name, data in files.items():
            path = tmp_path / (name if "." in name else name.replace("_py", ".py"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return Snapshot.of_folder(tmp_path)

    return build
