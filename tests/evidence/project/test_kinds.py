"""The kind of a repository, each made small: what a person would call it after five minutes of reading."""

import json
import time

import pytest

from tasks.evidence.project import collect
from tasks.evidence.snapshot import Snapshot

FIT = "from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression()\nmodel.fit(X, y)\n"
NOTEBOOK = json.dumps(
    {"cells": [{"cell_type": "code", "source": FIT.splitlines(keepends=True), "outputs": []}], "metadata": {}, "nbformat": 4}
)
FLASK = "from flask import Flask, request\nimport pickle\napp = Flask(__name__)\nmodel = pickle.load(open('model.pkl', 'rb'))\n"
ROUTE = "@app.route('/predict', methods=['POST'])\ndef predict():\n    return str(model.predict([request.json['x']]))\n"


def facts(folder, files):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return collect(Snapshot.of_folder(folder))


def links(n):
    return "".join(f"- [Tool {i}](https://example.org/{i}) does things\n" for i in range(n))


REPOSITORIES = {
    "empty": ("empty", {}),
    "only a licence": ("empty", {"LICENSE": "MIT", ".gitignore": "*.pyc"}),
    "readme": ("readme_only", {"README.md": "# My model\nWe train an XGBoost with 99 % accuracy. Code follows."}),
    "awesome list": ("awesome_list", {"README.md": "# Awesome MLOps\n" + links(60), "CONTRIBUTING.md": "Send links."}),
    "awesome list with a script": ("awesome_list", {"README.md": "# Awesome ML\n" + links(60), "scripts/check.py": "import requests\n"}),
    "script": ("training_project", {"train.py": FIT, "requirements.txt": "scikit-learn"}),
    "lua": ("training_project", {"train.lua": "require 'torch'\nrequire 'optim'\noptim.rmsprop(feval, params, optim_state)\n"}),
    "julia": ("training_project", {"train.jl": "using Flux\nm = Chain(Dense(2, 1))\nFlux.train!(loss, Flux.params(m), data, opt)\n"}),
    "r script": ("training_project", {"model.R": "library(caret)\nfit <- train(y ~ ., data = d, method = 'rf')\n"}),
    "kaggle notebooks": ("notebook_project", {"eda.ipynb": NOTEBOOK, "titanic/submission.ipynb": NOTEBOOK, "README.md": "Kaggle"}),
    "notebook with an app": ("notebook_project", {"model.ipynb": NOTEBOOK, "app.py": FLASK + ROUTE}),
    "pickled model": ("ml_app_no_training", {"app.py": FLASK + ROUTE, "requirements.txt": "flask\nscikit-learn"}),
    "language model app": ("ml_app_no_training", {"app.py": "from openai import OpenAI\nprint(OpenAI().responses.create(model='m'))\n"}),
    "javascript app": ("ml_app_no_training", {"index.js": "import OpenAI from 'openai';\nconst client = new OpenAI();\n"}),
    "inference only": ("ml_app_no_training", {"detect.py": "import torch\nm = torch.load('m.pt')\nprint(m(torch.zeros(1)))\n"}),
    "training in a handler": (
        "ml_app_trains_on_request",
        {"main.py": "from flask import Flask\n" + FIT.split("\n")[0] + "\napp = Flask(__name__)\n\n@app.route('/train')\ndef train():\n"
         "    model = LogisticRegression()\n    model.fit(X, y)\n    return 'ok'\n"},
    ),
    "web site": ("non_ml", {"app.py": "from flask import Flask\napp = Flask(__name__)\n\n@app.route('/')\ndef index():\n    return ''\n"}),
    "railway": ("non_ml", {"trains.py": "import requests\n\ndef train(number):\n    return requests.get(f'/train/{number}').json()\n"}),
    "cookiecutter": ("template", {"cookiecutter.json": "{}", "{{ cookiecutter.repo }}/a.py": "x = 1\n"}),
    "template by name": ("template", {"README.md": "# PyTorch Template\n", "train.py": FIT}),
    "prefect": ("pipeline_project", {"main.py": "from prefect import flow\n" + FIT}),
    "kedro": ("pipeline_project", {"src/iris/nodes.py": FIT, "src/iris/pipeline.py": "from kedro.pipeline import Pipeline, node\n"}),
    "dvc stages": ("pipeline_project", {"train.py": FIT, "dvc.yaml": "stages:\n  prepare:\n    cmd: a\n  train:\n    cmd: b\n"}),
    "one dvc stage": ("training_project", {"train.py": FIT, "dvc.yaml": "stages:\n  train:\n    cmd: b\n"}),
    "templates inside a library": (
        "ml_library_demo",
        {"README.md": "# Box\n    pip install box-ml\n", "setup.py": "from setuptools import setup\nsetup(name='box_ml')\n", "box/__init__.py": "",
         "box/model.py": FIT, "box/templates/basic/{{cookiecutter.app}}/a.py": "x = 1\n"},
    ),
    "published library with a program": (
        "ml_library_demo",
        {"README.md": "# Box\n    pip install box-ml\n", "pyproject.toml": "[project]\nname = 'box-ml'\n",
         **{f"box/{m}.py": "import torch\n" for m in ("__init__", *"abcdefghij")}, "train_box.py": "import box\n" + FIT},
    ),
    "julia package": (
        "ml_library_demo",
        {"Project.toml": 'name = "Box"\n', "src/Box.jl": "using Flux\nFlux.train!(loss, ps, data, opt)\n", "README.md": "# Box.jl\n"},
    ),
    "julia package that trains nothing": (
        "ml_library_demo",
        {"Project.toml": 'name = "Box"\n', "src/Box.jl": "using Flux\nmodel() = Chain(Dense(2, 1))\n", "README.md": "# Box.jl\njulia> ]add Box\n"},
    ),
    "training reached by a handler through modules": (
        "ml_app_trains_on_request",
        {"main.py": "from fastapi import FastAPI\nfrom steps import run\napp = FastAPI()\n\n@app.get('/train')\ndef train():\n    return run()\n",
         "steps.py": "from finder import best\nimport logs\n\ndef run():\n    return best()\n", "logs.py": "import steps\n",
         "finder.py": "from sklearn.svm import SVC\nimport logs\n\ndef best():\n    return SVC().fit(X, y)\n"},
    ),
    "package with a service of its own": (
        "training_project",
        {"setup.py": "from setuptools import setup\nsetup(name='shop')\n", "shop/__init__.py": "",
         "shop/model.py": "from sklearn.svm import SVC\n\ndef train(X, y):\n    return SVC().fit(X, y)\n", "server.py": FLASK + ROUTE},
    ),
    "notebooks by topic beside a pipeline": (
        "pipeline_project",
        {"src/nodes.py": "from kedro.pipeline import node\n" + FIT, **{f"notebooks/{n}/a.ipynb": NOTEBOOK for n in ("classes", "numbers", "groups")}},
    ),
    "pointers to data kept elsewhere": ("data_collection", {"README.md": "# Data Registry\n", "a/a.csv.dvc": "outs: []\n", "b/b.xml.dvc": "outs: []\n"}),
    "numbered programs of lectures": (
        "course_monorepo", {"README.md": "# From Zero\nLecture materials.\n", **{f"{n:02}_net.py": FIT for n in range(1, 7)}},
    ),
    "numbered steps of a solution": (
        "training_project",
        {"README.md": "# Halls\nWhich lecture hall is full.\n", **{f"{n:02}_step.py": FIT if n > 5 else "import pandas\n" for n in range(1, 7)}},
    ),
    "notebooks that ask language models": (
        "course_monorepo",
        {"README.md": "# Chain Tutorials\n",
         **{f"{n}.ipynb": NOTEBOOK.replace("from sklearn.linear_model import LogisticRegression", "import openai").replace("model.fit", "print") for n in "abcdef"}},
    ),
    "numbered lessons in one folder": (
        "course_monorepo",
        {"README.md": "# Tutorials of nets\n", **{f"contents/{n}_net.py": FIT for n in range(301, 308)}},
    ),
    "notebooks of a tutorial": ("course_monorepo", {"README.md": "# Learning Tutorial\n", **{f"{n}.ipynb": NOTEBOOK for n in ("gbm", "glm", "rf", "nn", "knn", "gam")}}),
    "chapters of a book": ("course_monorepo", {"README.md": "# Pocket Reference\nCode of the book.\n", **{f"ch0{n}.ipynb": NOTEBOOK for n in range(1, 8)}}),
    "list in another markup": (
        "awesome_list",
        {"README.rst": "Public data\n===========\n" + "".join(f"* `D{i} <https://example.org/{i}>`_ - of rain\n" for i in range(60))},
    ),
    "list with a script and another name": (
        "awesome_list", {"README.md": "# Papers Roadmap\n" + links(100), "download.py": "import requests\n"},
    ),
    "small dataset": ("data_collection", {"README.md": "# Companies Dataset\n", "data/a.csv": "x\n1\n", "data/b.csv": "x\n1\n", "scripts/scrape.py": "import bs4\n"}),
    "course without training": (
        "course_monorepo",
        {"README.md": "# Machine Learning in Practice\nThis course gives students lectures, homework and assignments. The syllabus: lectures.\n",
         "tech.ipynb": NOTEBOOK.replace("model.fit", "print")},
    ),
    "numbered examples without learning": (
        "non_ml", {"README.md": "# Netgraph\nA gallery and tutorials.\n", **{f"examples/plot_{n:02}_edges.py": "import matplotlib\nprint(1)\n" for n in range(9)}},
    ),
    "published library with tasks that use it": (
        "ml_library_demo",
        {"README.md": "# Net\n    pip install box-ml\n", "setup.py": "from setuptools import setup\nsetup(name='box-ml')\n", "box/__init__.py": "import torch\n",
         **{f"tasks/{n}/main.py": "from box import Net\n" + FIT for n in ("adding", "copy_memory", "mnist_pixel")}},
    ),
    "notebook run by a DAG": (
        "pipeline_project",
        {"a.ipynb": NOTEBOOK, "dags/d.py": "from airflow.operators.python import PythonOperator\n" + "".join(f"t{n} = PythonOperator(task_id='{n}')\n" for n in range(3))},
    ),
    "folders of tutorials": (
        "course_monorepo",
        {"README.md": "# Learn\nTutorials of the bootcamp with homework.\n", **{f"{n}/main.py": FIT for n in ("svm", "trees", "nets")}},
    ),
    "folders of a shop": ("example_monorepo", {"README.md": "# Learn\nThree programs.\n", **{f"{n}/main.py": FIT for n in ("svm", "trees", "nets")}}),
    "solutions of exercises": ("course_monorepo", {"README.md": "# Coursera ML\n", **{f"ex{n}/ex{n}.py": FIT for n in range(1, 5)}}),
    "labs of a course": (
        "course_monorepo",
        {"README.md": "# MLOps\nThe course has lectures; students hand in assignments.\n", **{f"Labs/{n}/train.py": FIT for n in "abc"}},
    ),
    "data with one article's regression": (
        "data_collection",
        {"README.md": "# data\n", "a/model.ipynb": NOTEBOOK, **{f"a/{n}.csv": "x\n1\n" for n in range(60)}},
    ),
    "curves fitted by name": ("non_ml", {"lib.py": "class Model:\n    def fit(self, y, p):\n        pass\n", "a.py": "m.fit(y, p)\nmodel.fit(y, p)\n"}),
    "examples": ("example_monorepo", {f"{name}/main.py": FIT for name in ("mnist", "word_language", "vae")}),
    "numbered weeks": ("course_monorepo", {f"week_{n}/train.py": FIT for n in range(4)}),
    "numbered R lessons": ("course_monorepo", {f"{n}-pipelines/functions.R": "library(keras)\nfit(model, x, y)\n" for n in range(1, 5)}),
    "parts of one project": ("training_project", {"src/train.py": FIT, "models/rf.py": FIT, "notebooks/eda.ipynb": NOTEBOOK}),
    "library": (
        "ml_library_demo",
        {"setup.py": "from setuptools import setup\nsetup(name='gpt')\n", "gpt/__init__.py": "",
         "gpt/trainer.py": "def run():\n    pass\n" + FIT,
         "examples/adder.py": "from gpt.trainer import run\nif __name__ == '__main__':\n    run()\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REPOSITORIES)
def test_kind_of(tmp_path, name):
    expected, files = REPOSITORIES[name]
    found = facts(tmp_path / "work", files) if files else collect(Snapshot.of_folder(tmp_path))
    assert (found.kind, bool(found.kind_reasons)) == (expected, True)


def test_stages_that_run_by_themselves_make_a_pipeline(tmp_path):
    steps = ("download_data", "validate_data", "preprocess", "train", "evaluate_model")
    main = "\nif __name__ == '__main__':\n    print(1)\n"
    found = facts(tmp_path, {f"src/{s}.py": (FIT if s == "train" else "x = 1\n") + main for s in steps})
    assert found.kind == "pipeline_project" and "5 stages" in found.kind_reasons[0]


def test_four_stages_do_not(tmp_path):
    main = "\nif __name__ == '__main__':\n    print(1)\n"
    found = facts(tmp_path, {f"src/{s}.py": FIT + main for s in ("download_data", "preprocess", "train", "evaluate_model")})
    assert found.kind == "training_project"


@pytest.mark.parametrize(("operators", "kind"), [(2, "training_project"), (3, "pipeline_project")])
def test_an_airflow_dag_is_a_pipeline_from_three_tasks_on(tmp_path, operators, kind):
    tasks = "".join(f"t{n} = PythonOperator(task_id='{n}')\n" for n in range(operators))
    found = facts(tmp_path, {"train.py": FIT, "dags/dag.py": "from airflow.operators.python import PythonOperator\n" + tasks})
    assert found.kind == kind and found.orchestrator == ("airflow",)


def test_a_data_collection_is_not_about_models(tmp_path):
    data = {f"topic{n}/data.csv": "a,b\n1,2\n" for n in range(30)}
    found = facts(tmp_path, data | {"topic1/analyse.R": "fit <- lm(a ~ b, data = d)\n", "README.md": "# Data"})
    assert (found.kind, found.is_ml, found.has_training) == ("data_collection", False, False)


def test_a_training_script_beside_many_data_files_is_training(tmp_path):
    found = facts(tmp_path, {f"data/{n}.csv": "a,b\n1,2\n" for n in range(60)} | {"train.py": FIT})
    assert (found.kind, found.has_training) == ("training_project", True)


@pytest.mark.parametrize(
    ("name", "is_ml", "has_training"),
    [("script", True, True), ("pickled model", True, False), ("language model app", False, False), ("inference only", True, False),
     ("web site", False, False), ("railway", False, False), ("awesome list", False, False), ("readme", False, False), ("lua", True, True)],
)  # fmt: skip
def test_about_models_and_trains_one(tmp_path, name, is_ml, has_training):
    found = facts(tmp_path, REPOSITORIES[name][1])
    assert (found.is_ml, found.has_training) == (is_ml, has_training)


def test_one_optional_import_does_not_make_a_large_program_ml(tmp_path):
    files = {f"app/module{n}.py": "x = 1\n" for n in range(40)}
    found = facts(tmp_path, files | {"app/extra.py": "try:\n    import torch\nexcept ImportError:\n    torch = None\n"})
    assert (found.kind, found.is_ml) == ("non_ml", False)


def test_a_fit_in_tests_alone_is_no_training(tmp_path):
    found = facts(tmp_path, {"tests/test_model.py": FIT, "app.py": FLASK + ROUTE})
    assert found.has_training is False


def test_numbered_folders_of_a_corner_do_not_make_a_course(tmp_path):
    corner = {f"tutorials/{n}_part/run.py": "x = 1\n" for n in range(3)}
    found = facts(tmp_path, corner | {f"src/module{n}.py": FIT for n in range(12)})
    assert found.kind == "training_project"


def test_a_committed_environment_is_not_the_repository(tmp_path):
    inside = {f"env/lib/python3.8/site-packages/sklearn/m{n}.py": FIT for n in range(5)}
    found = facts(tmp_path, inside | {"env/pyvenv.cfg": "home = /usr/bin", "trains.py": "import requests\nrequests.get('/train')\n"})
    assert (found.kind, found.frameworks, found.is_ml) == ("non_ml", (), False)


def test_each_project_of_a_row_is_described(tmp_path):
    files = {f"week_{n}/train.py": FIT for n in range(3)} | {"week_3/notes.py": "x = 1\n"}
    projects = facts(tmp_path, files).projects
    assert [(p.path, p.kind) for p in projects] == [
        ("week_0", "training_project"), ("week_1", "training_project"), ("week_2", "training_project"), ("week_3", "non_ml")
    ]  # fmt: skip
    assert projects[0].frameworks == ("sklearn",)


def test_one_project_is_described_as_the_root(tmp_path):
    assert [p.path for p in facts(tmp_path, {"train.py": FIT}).projects] == [""]


def test_hostile_files_are_read_without_an_exception(tmp_path):
    (tmp_path / "bad.ipynb").write_bytes(b"\xff\xfe{\x00")
    (tmp_path / "latin.py").write_bytes("# coding: latin-1\nimport torch\ns = '\xe9'\n".encode("latin-1"))
    files = {"dvc.yaml": "- a\n- b\n", "pyproject.toml": "project = 3\n[tool]\npoetry = 'x'\n", "conf/config.yaml": "{{ jinja }}: [",
             "py2.py": "print 'x'\nimport sklearn\n", "list.ipynb": "[1, 2]", "MLproject": "- x", "package.json": "[]"}  # fmt: skip
    assert facts(tmp_path, files).frameworks == ("sklearn", "torch")


def test_many_files_take_seconds(tmp_path):
    for n in range(3000):
        folder = tmp_path / f"d{n % 100}"
        folder.mkdir(exist_ok=True)
        (folder / f"f{n}.csv").write_text("a,b\n1,2\n")
        if n % 10 == 0:
            (folder / f"m{n}.py").write_text("import numpy\nx = numpy.zeros(3)\n")
    began = time.perf_counter()
    assert collect(Snapshot.of_folder(tmp_path)).kind == "data_collection"
    assert time.perf_counter() - began < 10
