import json

import pytest

from tasks.evidence.mlops.install_commands import find_installed


def installed(snapshot):
    return [(p.name, p.pin, p.place.file, p.place.line) for p in find_installed(snapshot)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("README.md", "# Use\n```\n$ pip install torch numpy==1.2 -q\n```\n", [("torch", "unpinned", 3), ("numpy", "exact", 3)]),
        ("README.md", "Run `pip3 install -r requirements.txt` first, then pip install it.", []),
        ("README.md", '`pip install --upgrade "jax[cpu]"`', [("jax", "unpinned", 1)]),
        ("README.md", "conda install pytorch torchvision -c pytorch", [("pytorch", "unpinned", 1), ("torchvision", "unpinned", 1)]),
        (
            "docker/Dockerfile",
            "RUN pip install \\\n  scikit-learn \\\n  pandas\n",
            [("scikit-learn", "unpinned", 1), ("pandas", "unpinned", 1)],
        ),
        ("src/train.py", "# pip install torch\n", []),
    ],
)
def test_packages_of_a_command(repository, name, text, expected):
    assert installed(repository({name: text})) == [(package, pin, name, line) for package, pin, line in expected]


def test_a_notebook_installs_in_its_own_line(repository):
    cells = [{"cell_type": "code", "source": ["import x\n", "!pip install xgboost"], "outputs": []}]
    snapshot = repository({"a.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1)})
    ((name, _, file, line),) = installed(snapshot)
    assert (name, file) == ("xgboost", "a.ipynb")
    assert "xgboost" in (snapshot.text("a.ipynb") or "").split("\n")[line - 1]
