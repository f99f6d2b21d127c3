import json

import pytest

from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot

CODE = '''"""Docstring."""
import pandas as pd
from sklearn.linear_model import Ridge as R
import torch.nn as nn

ALPHA = 0.5


class Net(nn.Module):
    def forward(self, x):
        return x


def train(path, *, seed=0):
    data = pd.read_csv(path, sep=";")
    model = R(alpha=ALPHA)
    return model.fit(data, seed)


if __name__ == "__main__":
    train("data.csv")
'''


@pytest.fixture
def read(tmp_path):
    def build(text, name="m.py"):
        (tmp_path / name).write_text(text)
        snapshot = Snapshot.of_folder(tmp_path)
        return snapshot.source(name), snapshot

    return build


def test_names_are_resolved_through_import_aliases(read):
    source, _ = read(CODE)
    assert [c.name for c in source.calls] == ["pandas.read_csv", "sklearn.linear_model.Ridge", "model.fit", "train"]


def test_a_method_knows_what_made_its_receiver(read):
    source, _ = read(CODE)
    (fit,) = source.calls_to(".fit")
    assert (fit.receiver, fit.line, fit.scope, fit.args) == ("sklearn.linear_model.Ridge", 17, "train", ("data", "seed"))


def test_definitions_carry_bases_and_parameters(read):
    source, _ = read(CODE)
    assert [(d.name, d.kind, d.parameters) for d in source.definitions] == [
        ("Net", "class", ("torch.nn.Module",)),
        ("Net.forward", "function", ("self", "x")),
        ("train", "function", ("path", "seed")),
    ]


def test_constants_and_the_main_block_are_known(read):
    source, _ = read(CODE)
    assert source.assignments == {"ALPHA": "0.5"}
    assert (source.has_main, source.main_line) == (True, 20)


def test_a_file_that_does_not_parse_says_so_and_keeps_its_imports(read):
    source, snapshot = read("import torch\nprint 'python 2'\nx = = 1\n")
    assert "Python 2" in source.error
    assert source.modules == {"torch"}
    assert "m.py" in snapshot.problems


def test_nesting_that_breaks_a_parser_is_an_outcome(read):
    source, _ = read("x = " + "(" * 5000 + ")" * 5000)
    assert source.error


def test_python_2_is_read_with_its_line_numbers(read):
    source, snapshot = read("print 'loss: %f' % (\n    loss)\ntry:\n\ttrain(x)\nexcept IOError, e:\n\traise ValueError, 'no'\n")
    assert (source.error, snapshot.problems) == (None, {})
    assert [(c.name, c.line) for c in source.calls] == [("print", 1), ("train", 4), ("ValueError", 6)]


def notebook(*cells, **metadata):
    made = [
        {"cell_type": "code", "source": [f"{line}\n" for line in text.split("\n")], "execution_count": count, "outputs": []}
        for text, count in cells
    ]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4}, indent=1)


def test_one_broken_cell_does_not_hide_a_notebook(read):
    source, _ = read(notebook(("import torch\nfit(1)", 1), ("this is no code", 2), ("print 'x'\nfit(2)", 3)), "n.ipynb")
    assert [(c.name, c.line) for c in source.calls] == [("fit", 2), ("print", 6), ("fit", 7)]


def test_a_notebook_is_read_as_one_source_with_magics_left_out(read):
    source, _ = read(notebook(("%matplotlib inline\nimport torch", 1), ("!pip install x\nmodel.fit(X)", 2)), "n.ipynb")
    assert source.modules == {"torch"}
    assert [c.name for c in source.calls] == ["model.fit"]
    assert [text for text, _ in source.notebook.shell_lines] == ["%matplotlib inline", "!pip install x"]


def test_a_place_in_a_notebook_is_the_line_of_the_file_on_disk(read, tmp_path):
    source, snapshot = read(notebook(("import torch", 1), ("x = 1\nmodel.fit(X)", 2)), "n.ipynb")
    (call,) = source.calls
    place = place_in(snapshot, "n.ipynb", call.line)
    assert "model.fit(X)" in (tmp_path / "n.ipynb").read_text().split("\n")[place.line - 1]
    assert (place.snippet, place.cell) == ("model.fit(X)", 1)


def test_a_notebook_in_another_language_has_no_python(read):
    source, _ = read(notebook(("library(caret)", 1), kernelspec={"language": "R"}), "n.ipynb")
    assert source.calls == []
    assert source.notebook.language == "r"


def test_a_broken_notebook_is_a_problem(read):
    source, snapshot = read('{"cells": [', "n.ipynb")
    assert source.notebook.error
    assert "n.ipynb" in snapshot.problems


def test_a_snippet_shows_no_secret(read):
    _, snapshot = read('key = "AKIAQ3EGRTYUIOPLKJHG"\n')
    assert place_in(snapshot, "m.py", 1).snippet == 'key = "[redacted: aws_access_key]"'
