import pytest

from tasks.evidence.dataset import collect
from tasks.evidence.snapshot import Snapshot


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("drive/My Drive/Projects/heart.csv", False),
        ("/content/drive/MyDrive/heart.csv", False),
        ("../input/heart-disease/heart.csv", False),
        ("drive/My Drive/other.csv", True),
        ("raw/heart.csv", True),
    ],
)
def test_a_mounted_folder_of_a_notebook_service_names_another_disk(tmp_path, path, missing):
    (tmp_path / "heart.csv").write_text("age,target\n" + "60,1\n" * 20)
    (tmp_path / "a.py").write_text(f"import pandas as pd\npd.read_csv('{path}')\n")
    assert bool(collect(Snapshot.of_folder(tmp_path)).missing_files) is missing
