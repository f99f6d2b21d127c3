import textwrap

import pytest

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks

HEAD = """
import torch
from torch.utils.data import DataLoader, Dataset, Subset, random_split
from torchvision import datasets
data = datasets.ImageFolder("pets")
order = torch.randperm(len(data)).tolist()
net = torch.nn.Linear(3, 2)
adam = torch.optim.Adam(net.parameters())
def fit(loader):
    for x, y in loader:
        loss = torch.nn.functional.cross_entropy(net(x), y)
        loss.backward()
        adam.step()
def hits(loader):
    return sum((net(x).argmax(1) == y).sum().item() for x, y in loader)
"""


@pytest.fixture
def kinds(tmp_path):
    def build(code, **others):
        (tmp_path / "train.py").write_text(HEAD + textwrap.dedent(code))
        for name, text in others.items():
            (tmp_path / f"{name}.py").write_text(text)
        return {leak.kind for leak in find_leaks(Snapshot.of_folder(tmp_path)) if leak.certainty != "possible"}

    return build


def test_a_loader_of_all_rows_contains_those_of_the_test_loader(kinds):
    code = "test_set = Subset(data, order[80:])\nfit(DataLoader(Subset(data, order)))\nprint(hits(DataLoader(test_set)))\n"
    assert kinds(code) == {"train_test_overlap"}


def test_two_parts_of_the_row_numbers_share_nothing(kinds):
    code = "train_set, test_set = Subset(data, order[:80]), Subset(data, order[80:])\nfit(DataLoader(train_set))\nprint(hits(DataLoader(test_set)))\n"
    assert kinds(code) == set()


def test_accuracy_on_the_training_loader_alone_is_evaluated_on_training_data(kinds):
    assert kinds("fit(DataLoader(data))\nprint(hits(DataLoader(data)))\n") == {"evaluated_on_training_data"}


def test_accuracy_while_training_is_no_result(kinds):
    code = """
        for epoch in range(3):
            for x, y in DataLoader(data):
                out = net(x)
                torch.nn.functional.cross_entropy(out, y).backward()
                print((out.argmax(1) == y).float().mean())
    """
    assert kinds(code) == set()


def test_training_rows_may_be_measured_when_another_module_measures_the_rest(kinds):
    code = "train_loader = DataLoader(load())\nfit(train_loader)\nprint(hits(train_loader))\n"
    assert kinds(code) == {"evaluated_on_training_data"}
    other = "import torch\nfrom sklearn.metrics import accuracy_score\nprint(accuracy_score(truth, guess))\n"
    assert kinds(code, evaluate=other) == set()


def test_windows_cut_by_a_data_set_of_ones_own_are_not_split_by_chance(kinds):
    code = """
        class Windows(Dataset):
            def __init__(self, values):
                self.values = values
            def __getitem__(self, i):
                return self.values[i : i + 30], self.values[i + 30]
        windows = Windows(load_data("series.csv"))
        train_set, test_set = random_split(windows, [800, 200])
    """
    assert kinds(code) == {"random_split_of_time_series"}
