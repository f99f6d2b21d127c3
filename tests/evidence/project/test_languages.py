"""Lines of code by language: notebooks by kernel, no data, no markup."""

import json

from tasks.evidence.project.languages import find_languages, kernel_language, language_of
from tasks.evidence.snapshot import Snapshot


def test_lines_and_shares(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\ny = 2\nz = 3")
    (tmp_path / "b.R").write_text("x <- 1")
    (tmp_path / "data.csv").write_text("a\n" * 500)
    assert [(x.name, x.lines, x.share) for x in find_languages(Snapshot.of_folder(tmp_path))] == [("python", 3, 0.75), ("r", 1, 0.25)]


def test_a_notebook_counts_its_code_cells_as_its_kernel(tmp_path):
    cells = [{"cell_type": "code", "source": "a\nb"}, {"cell_type": "markdown", "source": "x\n" * 9}]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells, "metadata": {"language_info": {"name": "R"}}}))
    assert [(x.name, x.lines) for x in find_languages(Snapshot.of_folder(tmp_path))] == [("r", 2)]


def test_an_empty_repository_has_no_language(tmp_path):
    assert find_languages(Snapshot.of_folder(tmp_path)) == ()


def test_endings_and_kernels():
    assert [language_of(p) for p in ("a.jl", "a.SQL", "static/x.min.js", "README.md", "Makefile")] == ["julia", "sql", None, None, None]
    assert [kernel_language(k) for k in ("ir", "R", "julia-1.9", "python3", "sos")] == ["r", "r", "julia", "python", "sos"]
