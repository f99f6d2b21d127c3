import pytest

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training import collect

LOADED = "from sklearn import datasets, svm\ndata = datasets.load_iris(as_frame=True)\ndf = data.frame\n"


@pytest.mark.parametrize(
    ("inputs", "kinds"),
    [
        ("df[data.feature_names]", set()),
        ("df[data.feature_names.tolist()]", set()),
        ("df", {"target_in_features"}),
    ],
)
def test_the_feature_names_of_a_loaded_set_leave_the_target_out(tmp_path, inputs, kinds):
    (tmp_path / "train.py").write_text(f"{LOADED}svm.SVC().fit({inputs}, df['target'])\n")
    assert {leak.kind for leak in collect(Snapshot.of_folder(tmp_path)).leaks} == kinds
