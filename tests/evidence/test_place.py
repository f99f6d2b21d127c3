import json

from tasks.evidence.place import SNIPPET_LIMIT, clip, place_in
from tasks.evidence.snapshot import Snapshot


def test_a_script_is_quoted_at_its_line(tmp_path):
    (tmp_path / "train.py").write_text("import x\n    y = 1\n")
    place = place_in(Snapshot.of_folder(tmp_path), "train.py", 2, "second")
    assert (place.line, place.snippet, place.note, place.cell) == (2, "y = 1", "second", None)


def test_a_notebook_is_quoted_at_the_line_of_its_file_with_the_cell(tmp_path):
    cells = [{"cell_type": "markdown", "source": ["# T"]}, {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "outputs": []}]
    text = json.dumps({"cells": cells}, indent=1)
    (tmp_path / "n.ipynb").write_text(text)
    place = place_in(Snapshot.of_folder(tmp_path), "n.ipynb", 2)
    assert (place.snippet, place.cell) == ("b = 2", 1)
    assert "b = 2" in text.split("\n")[place.line - 1]


def test_a_line_beyond_the_end_has_no_snippet(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    assert place_in(Snapshot.of_folder(tmp_path), "a.py", 99).snippet == ""


def test_a_snippet_is_one_printable_line_of_bounded_length():
    assert clip("a\tb\x1b[31m") == "a b [31m"
    assert len(clip("x" * 5_000)) == SNIPPET_LIMIT


def test_a_secret_in_a_snippet_is_blanked():
    assert "AKIA" not in clip("key = 'AKIA" + "ABCDEFGHIJKLMNOP'")
