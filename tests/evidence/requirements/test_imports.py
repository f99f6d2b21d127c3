import json

import pytest

from tasks.evidence.requirements.imports import read_imports


@pytest.fixture
def files(repository):
    return lambda contents: {f.file: f for f in read_imports(repository(contents))[0]}


def test_libraries_are_told_from_own_modules_and_the_standard_library(files):
    found = files(
        {"train.py": "import os, numpy as np\nfrom helpers import x\nfrom sklearn.svm import SVC\n", "helpers.py": "import yaml\n"}
    )
    assert [(i.module, i.line) for i in found["train.py"].imports] == [("numpy", 1), ("sklearn", 3)]
    assert found["train.py"].own == ("helpers.py",)


def test_relative_imports_and_packages_are_followed(files):
    found = files(
        {"p/__init__.py": "", "p/a.py": "from . import b\nfrom .c.d import e\n", "p/b.py": "", "p/c/__init__.py": "", "p/c/d.py": ""}
    )
    assert found["p/a.py"].own == ("p/__init__.py", "p/b.py", "p/c/__init__.py", "p/c/d.py")


def test_a_folder_without_init_on_the_root_is_followed(files):
    found = files({"src/pipe/run.py": "from src.data.load import f\n", "src/data/load.py": "import pandas\n"})
    assert found["src/pipe/run.py"].own == ("src/data/load.py",)


def test_an_import_in_a_function_names_it_and_its_callers(files):
    found = files(
        {"m.py": "class G:\n  def load(self):\n    import transformers\n", "a.py": "from m import G\nG().load()\n", "b.py": "import m\n"}
    )
    assert [(i.module, i.within) for i in found["m.py"].imports] == [("transformers", "load")]
    assert (found["a.py"].calls, found["b.py"].calls) == (("load",), ())


def test_a_module_level_import_counts_before_a_guarded_one(files):
    found = files({"a.py": "try:\n  import torch\nexcept ImportError:\n  pass\nimport torch\n"})
    assert [(i.line, i.guarded) for i in found["a.py"].imports] == [(5, False)]


def test_calls_that_need_an_engine(files):
    found = files({"a.py": "import pandas as pd\npd.read_excel('a.xls')\npd.read_excel('b.xlsx')\ndf = pd.read_parquet('c')\n"})
    assert [c.call for c in found["a.py"].implied] == ["read_excel.xls", "read_excel", "read_parquet"]


def test_a_notebook_gives_lines_of_its_file(files):
    text = json.dumps({"cells": [{"cell_type": "code", "source": ["import seaborn\n"], "outputs": []}], "metadata": {}}, indent=1)
    (item,) = files({"a.ipynb": text})["a.ipynb"].imports
    assert "import seaborn" in text.split("\n")[item.line - 1]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 1\nprint 'a'\n", 2),
        ("import urllib2\n", 1),
        ("'''\nprint the result\n'''\n", None),
        ("import sys\nif sys.version_info[0] < 3:\n  import urllib2\n", None),
        ("try:\n  import cPickle\nexcept ImportError:\n  import pickle\n", None),
        ("print('a')\n", None),
    ],
)
def test_python_2_is_known_by_its_print_and_modules(files, code, line):
    assert files({"a.py": code})["a.py"].python2 == line


@pytest.mark.parametrize(("kernel", "old"), [("3.8.5", False), ("2.7.12", True)])
def test_a_broken_cell_makes_no_python_2_of_a_notebook(files, kernel, old):
    cells = [{"cell_type": "code", "source": "print 'a'", "outputs": []}]
    text = json.dumps({"cells": cells, "metadata": {"language_info": {"name": "python", "version": kernel}}})
    assert (files({"a.ipynb": text})["a.ipynb"].python2 is not None) is old


def test_an_own_module_called_like_one_of_python_2_is_none(files):
    assert files({"a.py": "import urlparse\n", "urlparse.py": ""})["a.py"].python2 is None


@pytest.mark.parametrize(("code", "call"), [("import tensorflow as tf\ntf.placeholder(1)\n", "tensorflow.placeholder"),
    ("import tensorflow.compat.v1 as tf\ntf.placeholder(1)\n", None)])  # fmt: skip
def test_tensorflow_1_is_known_by_its_calls(files, code, call):
    found = files({"a.py": code})["a.py"].tensorflow1
    assert (found.call if found else None) == call


def test_a_script_without_an_ending_is_read(files):
    assert [
        i.module for i in files({"train": "#!/usr/bin/env python\nimport xgboost\n", "data": "#!/bin/sh\nimport x\n"})["train"].imports
    ] == ["xgboost"]


def test_files_of_tools_lead_to_the_python_they_start(files):
    found = files({
        "MLproject": "entry_points:\n  main:\n    command: python train.py\n", "ml/Makefile": "train:\n\tpython -m pkg.fit\n",
        "train.py": "", "ml/pkg/fit.py": "", "setup.cfg": "[metadata]\n"})  # fmt: skip
    assert (found["MLproject"].own, found["ml/Makefile"].own) == (("train.py",), ("ml/pkg/fit.py",))
    assert "setup.cfg" not in found
