"""Plans of small repositories on disk: what goes in, what stays out, with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from tasks.evidence.requirements import collect
from tasks.evidence.snapshot import Snapshot
from tasks.rules.environment.planning import applies, plan_environment
from tasks.rules.execution.plan import CannotRun
from tests.repositories import write_files

DAY = date(2022, 5, 1)


@dataclass(frozen=True)
class Entry:
    file: str = "train.py"
    kind: str = "script"


@pytest.fixture
def plan(tmp_path):
    def make(files, entry="train.py", kind="script", day=DAY):
        write_files(tmp_path / "tree", files)
        return plan_environment(collect(Snapshot.of_folder(tmp_path / "tree")), Entry(entry, kind), day)

    return make


def lines(planned):
    return [r.line() for r in planned.requirements]


def reasons(planned):
    return {s.what: s.reason for s in planned.skipped}


def test_imports_complete_what_is_declared(plan):
    planned = plan({"requirements.txt": "scipy==1.8.0\n", "train.py": "import scipy, yaml, utils.io\n", "utils/io.py": "import dill\n"})
    assert lines(planned) == ["scipy==1.8.0", "pyyaml", "dill"]
    assert [r.source for r in planned.requirements] == ["requirements.txt:1", "import in train.py:1", "import in utils/io.py:1"]


def test_files_that_the_entry_does_not_reach_add_nothing(plan):
    assert lines(plan({"train.py": "import scipy\n", "app.py": "import flask\n"})) == ["scipy"]


def test_dead_names_are_renamed_and_windows_left_out(plan):
    planned = plan({"requirements.txt": "sklearn==0.0\nopencv-python==4.5.1.48\nPIL\n", "train.py": "import cv2\n"})
    assert [r.name for r in planned.requirements] == ["scikit-learn", "opencv-python-headless", "pillow"]
    assert planned.requirements[0].specifier == "<1.2"
    assert planned.requirements[1].specifier == "==4.5.1.48"


def test_what_training_does_not_need_is_left_out_with_a_reason(plan):
    names = "apache-airflow==2.8.0\nflask\nmkdocs\nflake8-docstrings\njupyterlab\nazureml-sdk\nnvidia-cudnn-cu11\npywin32\nscipy\n"
    planned = plan({"requirements.txt": names, "train.py": "import scipy\n"})
    assert lines(planned) == ["scipy"]
    assert set(reasons(planned)) == {
        "apache-airflow", "flask", "mkdocs", "flake8-docstrings", "jupyterlab", "azureml-sdk", "nvidia-cudnn-cu11", "pywin32"}  # fmt: skip


def test_a_server_that_the_entry_imports_stays(plan):
    assert lines(plan({"requirements.txt": "flask==2.0\n", "train.py": "import flask\n"})) == ["flask==2.0"]


def test_a_large_library_stays_when_imports_cannot_all_be_followed(plan):
    files = {"requirements.txt": "spacy\n", "train.py": "import importlib\nimportlib.import_module(name)\n"}
    assert lines(plan(files)) == ["spacy"]
    assert lines(plan(files | {"train.py": "print(1)\n"})) == []


def test_a_whole_environment_written_down_gives_only_what_is_imported(plan):
    frozen = "".join(f"package{n}==1.0\n" for n in range(70)) + "scipy==1.8.0\n"
    planned = plan({"requirements.txt": frozen, "train.py": "import scipy\n"})
    assert lines(planned) == ["scipy==1.8.0"]
    assert "70 further pins" in reasons(planned)


def test_addresses_are_told_and_tried_by_name_when_imported(plan):
    text = "peft @ git+https://example.org/peft.git\ngit+https://example.org/tool.git\n/home/me/x.whl\n"
    planned = plan({"requirements.txt": text, "train.py": "import peft\n"})
    assert lines(planned) == ["peft"]
    assert set(reasons(planned)) == {"peft", "tool", "/home/me/x.whl"}


def test_the_own_package_brings_what_it_declares(plan):
    files = {
        "requirements.txt": "-e .\n",
        "setup.py": "from setuptools import setup\nsetup(install_requires=['scipy>=1.5'])\n",
        "train.py": "",
    }
    assert lines(plan(files)) == ["scipy>=1.5"]


def test_calls_and_libraries_imply_packages(plan):
    planned = plan({"train.py": "import pandas as pd\nimport keras\npd.read_excel('a.xlsx')\n"})
    assert {"openpyxl", "tensorflow"} <= {r.name for r in planned.requirements}
    assert next(r.source for r in planned.requirements if r.name == "openpyxl") == "read_excel in train.py:3"


def test_a_late_import_counts_when_its_function_is_called(plan):
    lazy = {"m.py": "def load():\n  import transformers\n"}
    assert lines(plan(lazy | {"train.py": "import m\n"})) == []
    assert lines(plan(lazy | {"train.py": "import m\nm.load()\n"})) == ["transformers"]


def test_optional_groups_serve_only_what_is_imported(plan):
    text = '[project]\nname = "x"\ndependencies = ["scipy"]\n[project.optional-dependencies]\nml = ["xgboost==1.6.1", "shap"]\n'
    assert lines(plan({"pyproject.toml": text, "train.py": "import xgboost\n"}))[:2] == ["scipy", "xgboost==1.6.1"]


def test_constraints_bound_and_markers_decide(plan):
    files = {"requirements.txt": "-c c.txt\nscipy\ntyping; python_version < '3.5'\n", "c.txt": "scipy==1.8.1\n", "train.py": ""}
    planned = plan(files)
    assert lines(planned) == ["scipy==1.8.1"]
    assert "typing" in reasons(planned)


def test_pins_that_a_compiled_list_holds_are_used(plan):
    files = {"requirements.in": "scipy\n", "requirements.txt": "scipy==1.8.1\nsix==1.16\n", "train.py": ""}
    assert lines(plan(files)) == ["scipy==1.8.1"]


def test_notebooks_get_a_kernel_and_use_their_own_cells(plan):
    import json

    cells = [{"cell_type": "code", "source": "!pip install catboost==1.0\nimport catboost", "outputs": []}]
    planned = plan({"a.ipynb": json.dumps({"cells": cells, "metadata": {}})}, "a.ipynb", "notebook")
    assert planned.kernel
    assert lines(planned) == ["catboost==1.0"]
    assert not plan({"train.py": ""}).kernel


def test_the_date_is_the_entrys_and_says_so(plan):
    planned = plan({"train.py": "import scipy\n"})
    assert (planned.as_of, planned.as_of_reason) == (DAY, "last change of train.py")
    assert plan({"train.py": "import scipy\n"}, day=None).as_of is None


def test_code_of_tensorflow_1_gets_it(plan):
    planned = plan({"train.py": "import tensorflow as tf\nx = tf.placeholder(1)\n"})
    assert (planned.python, lines(planned)) == ("3.7", ["tensorflow<2"])


def test_what_other_packages_bring_is_not_pinned_for_them(plan):
    planned = plan({"requirements.txt": "click==7.1.2\nsix==1.15\nscipy==1.8.0\n", "train.py": "import scipy, six\n"})
    assert lines(planned) == ["six==1.15", "scipy==1.8.0"]


def test_an_implied_library_is_not_called_needless(plan):
    planned = plan({"requirements.txt": "keras==2.3.1\ntensorflow==2.0.0\n", "train.py": "import keras\n"})
    assert lines(planned) == ["keras==2.3.1", "tensorflow==2.0.0"]
    assert "tensorflow" not in reasons(planned)


def test_a_tool_that_starts_the_entry_stays_also_in_a_frozen_list(plan):
    frozen = "".join(f"package{n}==1.0\n" for n in range(70)) + "kedro==0.18.14\n"
    assert lines(plan({"requirements.txt": frozen, "pyproject.toml": "", "src/a.py": "import os\n"}, "pyproject.toml", "kedro")) == [
        "kedro==0.18.14"
    ]


def test_modules_beside_the_entry_are_own_even_for_files_deep_in_packages(plan):
    files = {
        "ml/__init__.py": "",
        "ml/run.py": "import stages.training\n",
        "ml/stages/__init__.py": "",
        "ml/stages/training.py": "import steps.fit\n",
        "ml/steps/__init__.py": "",
        "ml/steps/fit.py": "import xgboost\n",
    }
    assert [r.name for r in plan(files, "ml/run.py").requirements] == ["xgboost", "scikit-learn"]


def test_python_2_cannot_run_here(plan):
    planned = plan({"train.py": "import scipy\nprint 'x'\n"})
    assert isinstance(planned, CannotRun)
    assert (planned.reason, planned.detail) == ("python_version", "train.py:2 is Python 2")


def test_a_conda_file_gives_names_of_pypi(plan):
    planned = plan({"conda.yaml": "dependencies:\n - python=3.7\n - pytorch\n - pip:\n   - mlflow\n", "train.py": "import torch, mlflow\n"})
    assert [r.name for r in planned.requirements] == ["torch", "mlflow"]


def test_a_tools_file_leads_to_what_it_starts(plan):
    files = {
        "MLproject": "entry_points:\n main:\n  command: python ml/fit.py\n",
        "ml/fit.py": "import xgboost\n",
        "other.py": "import dask\n",
    }
    assert [r.name for r in plan(files, "MLproject", "mlproject").requirements] == ["xgboost", "scikit-learn"]


@pytest.mark.parametrize(
    ("marker", "expected"),
    [("sys_platform == 'win32'", False), ("python_version >= '3.8'", True), ("extra == 'dev'", False), ("no marker at all", True)],
)
def test_markers_are_read_for_linux(marker, expected):
    assert applies(marker, "3.11") is expected


def test_the_repositorys_own_package_is_not_taken_from_elsewhere(plan):
    planned = plan(
        {"README.md": "```\npip install tinynet\n```\n", "tinynet/core.py": "", "train.py": "import numpy\nfrom tinynet.core import x\n"}
    )
    assert "tinynet" not in [r.name for r in planned.requirements]
