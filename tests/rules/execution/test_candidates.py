"""Collections of examples: those that hold their data are tried first."""

import pytest

STEP = """
import argparse
import torch
p = argparse.ArgumentParser()
{options}
a = p.parse_args()
m = torch.nn.Linear(1, 1)
o = torch.optim.SGD(m.parameters(), lr=0.1)
for epoch in range(3):
    loss = m(torch.rand(4, 1)).sum()
    loss.backward()
    o.step()
    print('loss', loss.item())
torch.save(m.state_dict(), 'm.pt')
"""
README = "# Examples\n\nA collection of examples, each in its folder.\n"


def collection(options):
    """Six examples; the first has options of its own."""
    others = {f"{name}/main.py": STEP.format(options="p.add_argument('--lr', default=0.1)") for name in ("boost", "circle", "drift")}
    files = {"README.md": README, "alpha/main.py": STEP.format(options=options), **others}
    for folder in ("alpha", *(n.split("/")[0] for n in others)):
        files[f"{folder}/README.md"] = f"# {folder}\n\n```\npython main.py\n```\n"
    return files


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ("p.add_argument('--lr', default=0.1)", "alpha/main.py"),
        ("p.add_argument('data', nargs='?', default='alpha')", "boost/main.py"),
        ("p.add_argument('--data-dir', default='./corpus')", "boost/main.py"),
        ("p.add_argument('--dataset', default='cora')", "alpha/main.py"),
    ],
)
def test_an_example_whose_data_nobody_holds_comes_after_the_others(plan, options, first):
    planned = plan(collection(options))
    assert planned.train.file == first


def test_a_folder_that_is_written_and_there_is_where_a_program_starts(plan):
    script = "import pandas as pd\nfrom sklearn.svm import SVC\ndef load(path='../data/cora/'):\n    return pd.read_csv(path + 'x' + '.csv')\nd = load()\nSVC().fit(d, d.y)\n"
    assert plan({"lib/train.py": script, "data/cora/x.csv": "x,y\n1,2\n"}).train.workdir == "lib"
