"""The notebook runner, with a stand-in for nbclient: what it prints, what it leaves out, how it ends."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path("tasks/adapters/environment/harness/run_notebook.py").resolve()
CLIENT = """
import contextlib, io, traceback
class NotebookClient:
    def __init__(self, nb, **named):
        self.scope = {}
    @contextlib.contextmanager
    def setup_kernel(self):
        yield
    def process_message(self, msg, cell, cell_index):
        pass
    def execute_cell(self, cell, index):
        from nbclient.exceptions import CellExecutionError
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(cell.source, self.scope)
        except BaseException as error:
            self.say("stream", cell, index, name="stdout", text=out.getvalue())
            self.say("error", cell, index, traceback=["%s: %s" % (type(error).__name__, error)])
            failed = CellExecutionError(str(error))
            failed.ename, failed.evalue = type(error).__name__, str(error)
            raise failed
        self.say("stream", cell, index, name="stdout", text=out.getvalue())
    def say(self, kind, cell, index, **content):
        self.process_message({"header": {"msg_type": kind}, "content": content}, cell, index)
"""
FORMAT = """
import json, types
def reads(text, as_version):
    raw = json.loads(text)
    return types.SimpleNamespace(cells=[types.SimpleNamespace(**c) for c in raw["cells"]])
def write(notebook, path):
    open(path, "w").write("{}")
"""


@pytest.fixture
def run(tmp_path):
    """Exit code and printed lines of a notebook of some code cells."""
    (tmp_path / "nbclient").mkdir()
    (tmp_path / "nbclient/__init__.py").write_text(CLIENT)
    (tmp_path / "nbclient/exceptions.py").write_text(
        "class CellExecutionError(Exception): pass\nclass DeadKernelError(RuntimeError): pass\n"
    )
    (tmp_path / "nbformat.py").write_text(FORMAT)

    def make(*cells):
        raw = {"cells": [{"cell_type": "code", "source": c, "outputs": [], "execution_count": None} for c in cells]}
        (tmp_path / "a.ipynb").write_text(json.dumps(raw))
        command = [sys.executable, str(RUNNER), "a.ipynb"]
        done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout.splitlines()

    return make


def test_output_is_told_with_its_cell_and_the_rest_goes_on_after_a_failure(run):
    code, lines = run("x = 1", "print('acc:', x / 2)", "1 / 0", "print('last')")
    assert code == 0
    assert "[cell 1] acc: 0.5" in lines and "[cell 3] last" in lines
    assert "cell 2 failed: ZeroDivisionError: division by zero" in lines
    assert "notebook: 3 of 4 cells with code ran, 1 failed" in lines


def test_a_notebook_most_of_which_fails_has_failed(run):
    code, lines = run("import not_there", "not_there.fit()", "print(1)")
    assert code == 1 and "notebook: 1 of 3 cells with code ran, 2 failed" in lines


def test_installing_lines_are_left_out(run):
    code, lines = run("!pip install \\\n  torch\nprint('ran')\n%conda install x\n!{sys.executable} -m pip install y")
    assert code == 0 and "[cell 0] ran" in lines


def test_a_line_printed_in_parts_stays_one_line(run):
    assert "[cell 0] loss 0.5" in run("print('loss ', end='')\nprint(0.5)")[1]


@pytest.mark.parametrize("path", sorted(RUNNER.parent.glob("*.py")), ids=lambda p: p.name)
def test_scripts_for_the_container_are_readable_by_python_3_6(path):
    ast.parse(path.read_text(), feature_version=(3, 6))
