import pytest

from tasks.evidence.requirements.lists import find_lists


def packages(found):
    return [f"{p.name}{p.specifier}" for p in found.packages]


@pytest.fixture
def one(repository):
    return lambda name, text: find_lists(repository({name: text}))[0]


def test_requirement_lines_with_extras_and_markers(one):
    found = one("requirements.txt", "Ray[air]==2.7.0\nscikit_learn>=1 ; python_version < '3.9'\n# note\nnumpy\n")
    assert packages(found) == ["ray==2.7.0", "scikit-learn>=1", "numpy"]
    assert [p.extras for p in found.packages] == [("air",), (), ()]
    assert [p.marker for p in found.packages] == ["", "python_version < '3.9'", ""]
    assert [p.line for p in found.packages] == [1, 2, 4]


@pytest.mark.parametrize("name", ["requirments.txt", "requirement.txt", "app/requirements.txt", "requirements/train.txt"])
def test_misspelt_and_nested_files_are_read(one, name):
    assert packages(one(name, "pandas==1.5\n")) == ["pandas==1.5"]


def test_utf16_of_a_windows_shell_is_read(one):
    assert packages(one("requirements.txt", "pandas==1.5\r\nnumpy\r\n".encode("utf-16"))) == ["pandas==1.5", "numpy"]


def test_includes_and_constraints_stay_inside_the_repository(repository):
    files = {
        "requirements/base.txt": "numpy\n",
        "requirements/train.txt": "-r base.txt\n-c bounds.txt\n-r ../../outside.txt\n-r /etc/passwd\ntorch\n",
        "requirements/bounds.txt": "numpy<2\n",
    }
    found = {x.file: x for x in find_lists(repository(files))}["requirements/train.txt"]
    assert found.reads == ("requirements/base.txt",)
    assert found.constraints == ("requirements/bounds.txt",)


def test_included_lists_of_any_name_are_read(repository):
    found = find_lists(repository({"requirements.txt": "-r deps/core.txt\n", "deps/core.txt": "-r ../requirements.txt\nscipy\n"}))
    assert [(x.file, packages(x)) for x in found] == [("requirements.txt", []), ("deps/core.txt", ["scipy"])]


def test_lines_that_name_no_package_of_pypi_are_told(one):
    found = one(
        "requirements.txt",
        "-e .\n-e git+https://example.org/u/tool.git@main#egg=tool\n./wheels/a-1.0-py3-none-any.whl\npeft @ git+https://example.org/peft\n",
    )
    assert found.installs_itself
    assert [(p.name, bool(p.url)) for p in found.packages] == [("tool", True), ("peft", True)]
    assert [u.what for u in found.unusable] == ["./wheels/a-1.0-py3-none-any.whl"]


def test_a_url_with_a_login_is_not_repeated(one):
    found = one("requirements.txt", "tool @ git+https://user:hunter2@example.org/tool\n")
    assert "hunter2" not in found.model_dump_json()


def test_poetry_carets_extras_and_groups(one):
    found = one(
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.8"\npandas = "^1.3"\nray = {version = "~2.7", extras = ["tune"]}\n'
        'shap = {version = "*", optional = true}\n[tool.poetry.group.dev.dependencies]\npytest = "^7"\n',
    )
    assert packages(found) == ["pandas>=1.3,<2", "ray>=2.7,<2.8", "shap", "pytest>=7,<8"]
    assert [p.group for p in found.packages] == ["", "", "optional", "dev"]
    assert found.packages[1].extras == ("tune",)


def test_pep621_with_optional_and_dependency_groups(one):
    found = one(
        "pyproject.toml",
        '[project]\nname = "x"\ndependencies = ["numpy>=1.2"]\n[project.optional-dependencies]\ntrain = ["torch"]\n'
        '[dependency-groups]\ndev = ["ruff"]\n',
    )
    assert [(p.name, p.group) for p in found.packages] == [("numpy", ""), ("torch", "train"), ("ruff", "dev")]


def test_setup_py_is_read_and_never_run(one, tmp_path):
    found = one("setup.py", f"open({str(tmp_path / 'ran')!r}, 'w')\nfrom setuptools import setup\nsetup(install_requires=['torch>=1.0'])\n")
    assert packages(found) == ["torch>=1.0"]
    assert not (tmp_path / "ran").exists()


def test_pipfile_and_setup_cfg(repository):
    files = {"Pipfile": '[packages]\nnumpy = "==1.2"\npandas = "*"\n', "setup.cfg": "[options]\ninstall_requires =\n  scipy>=1\n"}
    assert {x.file: packages(x) for x in find_lists(repository(files))} == {"Pipfile": ["numpy==1.2", "pandas"], "setup.cfg": ["scipy>=1"]}


def test_conda_names_become_those_of_pypi(one):
    found = one(
        "environment.yml",
        "dependencies:\n  - python=3.8\n  - pytorch=1.10\n  - opencv\n  - cudatoolkit=11\n  - numpy 1.20.*\n  - conda-forge::lightgbm>=3\n"
        "  - pip:\n    - mlflow==1.2\n    - -r more.txt\n",
    )
    assert packages(found) == ["torch==1.10.*", "opencv-python-headless", "numpy==1.20.*", "lightgbm>=3", "mlflow==1.2"]
    assert [u.what for u in found.unusable] == ["cudatoolkit"]


def test_conda_pip_list_is_followed(repository):
    found = find_lists(repository({"environment.yml": "dependencies:\n  - pip:\n    - -r more.txt\n  - numpy\n", "more.txt": "torch\n"}))
    assert found[0].reads == ("more.txt",)


def test_what_commands_install_comes_last_and_in_order(repository, notebook_text):
    files = {
        "Dockerfile": "FROM python:3.8\nRUN pip install --no-cache-dir torch==1.2 && apt-get clean\n",
        "README.md": "First `pip install xgboost`\n",
        "a.ipynb": notebook_text("!pip install -q lightgbm==3.3.2\nimport lightgbm"),
        "requirements.txt": "numpy\n",
        ".github/workflows/x.yml": "jobs:\n  a:\n    steps:\n      - run: pip install dvc\n",
    }
    found = find_lists(repository(files))
    assert [(x.kind, packages(x)) for x in found] == [
        ("requirements", ["numpy"]), ("cells", ["lightgbm==3.3.2"]), ("readme", ["xgboost"]), ("docker", ["torch==1.2"]), ("ci", ["dvc"])]  # fmt: skip


@pytest.fixture
def notebook_text():
    import json

    return lambda *cells: json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 4,
            "metadata": {},
            "cells": [{"cell_type": "code", "source": c, "outputs": [], "execution_count": None, "metadata": {}} for c in cells],
        }
    )
