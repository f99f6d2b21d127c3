"""Libraries are those that own code imports, in any language, under the field's names."""

import json

import pytest

from tasks.evidence.project.frameworks import find_frameworks
from tasks.evidence.snapshot import Snapshot


def found(folder, files):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return find_frameworks(Snapshot.of_folder(folder))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.py", "from sklearn.svm import SVC\nimport numpy", {"sklearn"}),
        ("a.py", "def step():\n    import xgboost as xgb\n", {"xgboost"}),
        ("a.py", "from tensorflow.keras import layers", {"tensorflow"}),
        ("a.py", "from langchain_openai import ChatOpenAI", {"langchain"}),
        ("a.py", "import importlib\nm = importlib.import_module('lightgbm')", {"lightgbm"}),
        ("a.py", "!pip install torch\nimport torch\n", {"torch"}),
        ("a.py", "# import torch\ns = 'import torch'\n", set()),
        ("a.R", "library(caret)\nrequire('rsample')\nkeras::layer_dense(m)\n# library(xgboost)", {"r:caret", "r:rsample", "r:keras"}),
        ("_targets.R", 'tar_option_set(packages = c("keras", "recipes"))', {"r:keras", "r:recipes"}),
        ("a.Rmd", "We praise `library(caret)`.\n\n```{r}\nlibrary(recipes)\n```\n", {"r:recipes"}),
        ("a.jl", "using Flux, Statistics\nusing MLJ: fit!", {"julia:flux", "julia:mlj"}),
        ("a.lua", "require 'torch'\nrequire('nn')", {"lua:torch"}),
        ("a.js", 'import OpenAI from "openai";\nconst tf = require("@tensorflow/tfjs");', {"openai", "js:tensorflow"}),
        ("A.scala", "import org.apache.spark.ml.Pipeline", {"jvm:spark"}),
        ("README.md", "Uses torch and `import sklearn`.", set()),
        ("requirements.txt", "torch\nscikit-learn\n", set()),
    ],
)
def test_imports_of(tmp_path, name, text, expected):
    assert set(found(tmp_path, {name: text}).names) == expected


def test_notebook_cells_count_and_keep_their_place(tmp_path):
    cells = [{"cell_type": "markdown", "source": "import torch"}, {"cell_type": "code", "source": "%pip install x\nimport catboost"}]
    frameworks = found(tmp_path, {"n.ipynb": json.dumps({"cells": cells, "metadata": {}})})
    assert (frameworks.names, frameworks.places["catboost"].cell) == (("catboost",), 1)


def test_a_notebook_with_an_r_kernel_is_r(tmp_path):
    cells = [{"cell_type": "code", "source": "library(caret)"}]
    assert found(tmp_path, {"n.ipynb": json.dumps({"cells": cells, "metadata": {"kernelspec": {"language": "R"}}})}).names == ("r:caret",)


def test_an_own_package_with_a_librarys_name_is_not_the_library(tmp_path):
    files = {"datasets/__init__.py": "", "datasets/loader.py": "", "train.py": "from datasets.loader import x\nimport datasets\n"}
    assert found(tmp_path, files).names == ()


def test_a_plain_folder_gives_way_to_the_library_unless_the_module_is_in_it(tmp_path):
    files = {"xgboost/train.py": "import xgboost as xgb\n", "evaluate/metrics.py": "", "main.py": "from evaluate.metrics import f1\n"}
    assert found(tmp_path, files).names == ("xgboost",)


def test_a_module_of_a_package_does_not_hide_the_library_from_its_neighbours(tmp_path):
    files = {"models/__init__.py": "", "models/xgboost.py": "import xgboost\n", "models/base.py": "import xgboost\n"}
    assert found(tmp_path, files).files["xgboost"] == {"models/xgboost.py", "models/base.py"}


def test_relative_imports_are_own(tmp_path):
    assert found(tmp_path, {"p/__init__.py": "", "p/a.py": "from .transformers import x\nfrom . import keras\n"}).names == ()


def test_the_most_used_comes_first(tmp_path):
    assert found(tmp_path, {"a.py": "import torch", "b.py": "import torch", "c.py": "import catboost"}).names == ("torch", "catboost")
