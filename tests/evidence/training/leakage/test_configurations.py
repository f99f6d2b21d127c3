import pytest

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks


@pytest.mark.parametrize(("val", "lines"), [("images/train", [3]), ("images/val", [])])
def test_a_description_with_one_path_for_training_and_validation_is_an_overlap(tmp_path, val, lines):
    (tmp_path / "data.yaml").write_text(f"path: ../sets\ntrain: images/train  # 128 images\nval: {val}\nnames: [cat, dog]\n")
    assert [leak.place.line for leak in find_leaks(Snapshot.of_folder(tmp_path))] == lines


def test_a_list_of_jobs_called_train_and_test_is_no_description(tmp_path):
    (tmp_path / "ci.yaml").write_text("train: make/all\ntest: make/all\n")
    assert find_leaks(Snapshot.of_folder(tmp_path)) == ()
