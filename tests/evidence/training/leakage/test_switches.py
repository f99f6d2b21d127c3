import pytest

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks

LOADER = """
import pandas as pd
from sklearn.svm import SVC
def load(inner=False):
    train, test = pd.read_csv('train.csv'), pd.read_csv('test.csv')
    part = train.sample(100)
    if inner:
        return train, part, test
    return train, test
"""


@pytest.mark.parametrize(
    ("call", "kinds"),
    [("train, test = load()", set()), ("train, test, _ = load(inner=True)", {"train_test_overlap"})],
)
def test_a_switch_among_the_parameters_decides_what_a_function_returns(tmp_path, call, kinds):
    use = "m = SVC()\nm.fit(train[['a']], train['y'])\nm.score(test[['a']], test['y'])\n"
    (tmp_path / "train.py").write_text(f"{LOADER}{call}\n{use}")
    assert {leak.kind for leak in find_leaks(Snapshot.of_folder(tmp_path))} == kinds
