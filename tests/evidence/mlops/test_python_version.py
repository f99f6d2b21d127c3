"""Which Python is asked for, and which place counts most."""

import json

import pytest

from tasks.evidence.mlops.python_version import find_python_versions


def first(snapshot):
    found = find_python_versions(snapshot)
    return (found[0].version, found[0].source) if found else None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", '[project]\nrequires-python = ">=3.10"\n', (">=3.10", "requires-python")),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.8"\n', ("^3.8", "requires-python")),
        ("setup.py", 'setup(python_requires=">=3.7, <4")\n', (">=3.7, <4", "requires-python")),
        ("setup.cfg", "[options]\npython_requires = >=3.9\n", (">=3.9", "requires-python")),
        ("Pipfile", '[requires]\npython_version = "3.6"\n', ("3.6", "requires-python")),
        (".python-version", "3.11.4\n", ("3.11.4", "python-version file")),
        ("runtime.txt", "python-3.9.13\n", ("3.9.13", "runtime.txt")),
        (".tool-versions", "nodejs 18\npython 3.10.2\n", ("3.10.2", "python-version file")),
        ("environment.yml", "dependencies:\n  - python=3.8.5\n  - pip\n", ("3.8.5", "environment")),
        ("env.yml", "dependencies:\n  - python=3.10.8=h257c98d_0_cpython\n", ("3.10.8", "environment")),
        ("conda.yaml", "dependencies:\n- python>=3.7\n", (">=3.7", "environment")),
        ("Dockerfile", "FROM python:3.10-slim\n", ("3.10", "docker")),
        ("Dockerfile", "# FROM python:2.7\nARG PYTHON_VERSION=3.9\nFROM python:${PYTHON_VERSION}\n", ("3.9", "docker")),
        ("Dockerfile", "FROM continuumio/miniconda3\nRUN conda install python=3.7\n", ("3.7", "docker")),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n    - with:\n        python-version: '3.7'\n", ("3.7", "ci")),
        (".github/workflows/ci.yml", 'jobs:\n  a:\n    strategy:\n      matrix:\n        python-version: ["3.8", 3.9]\n', ("3.8", "ci")),
        (".travis.yml", "python:\n  - 3.6\n", ("3.6", "ci")),
        (".gitlab-ci.yml", "image: python:3.9\n", ("3.9", "ci")),
        ("README.md", "conda create -n venv python=3.8 -y\n", ("3.8", "readme")),
        ("README.md", "Requires Python 3.6+\n", ("3.6", "readme")),
        ("README.md", "[![Python](https://img.shields.io/badge/python-3.9-blue)]()\n", ("3.9", "readme")),
    ],
)
def test_declaration_is_read(repository, name, text, expected):
    assert first(repository({name: text})) == expected


def test_metadata_comes_before_container_and_ci(repository):
    files = {
        "Dockerfile": "FROM python:3.9\n",
        "pyproject.toml": '[project]\nrequires-python = ">=3.11"\n',
        ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n    - with:\n        python-version: 3.12\n",
    }
    assert [d.version for d in find_python_versions(repository(files))] == [">=3.11", "3.9", "3.12"]


def notebook(code):
    return json.dumps(
        {
            "cells": [{"cell_type": "code", "source": [code], "outputs": []}],
            "metadata": {"language_info": {"name": "python", "version": "3.8.10"}},
            "nbformat": 4,
        }
    )


def test_kernel_counts_where_only_notebooks_fit_a_model(repository):
    assert first(repository({"a.ipynb": notebook("model.fit(X, y)")})) == ("3.8", "kernel")


def test_kernel_of_one_notebook_among_hundreds_of_data_files_does_not_count(repository):
    tables = {f"d{i}.csv": "a\n1\n" for i in range(150)}
    assert first(repository({"a.ipynb": notebook("model.fit(X, y)"), **tables})) is None


def test_kernel_of_a_notebook_beside_a_training_script_or_without_a_model_does_not_count(repository):
    assert first(repository({"a.ipynb": notebook("model.fit(X, y)"), "train.py": "model.fit(X, y)\n"})) is None


def test_kernel_of_a_notebook_that_only_looks_does_not_count(repository):
    assert first(repository({"a.ipynb": notebook("df.head()")})) is None


@pytest.mark.parametrize(
    "text", ["FROM pythonistas/app:3.1\n", "Version 3.5 of the paper. Spark 2.4.\n", "Importing it is deprecated since Python 3.3\n"]
)
def test_other_versions_are_no_python(repository, text):
    assert first(repository({"README.md": text, "Dockerfile": "FROM ubuntu:20.04\n"})) is None


@pytest.mark.parametrize("text", ["[project]\nrequires-python = 3\n", "project = []\n", "[[tool.poetry]]\na = 1\n", "= ="])
def test_broken_metadata_is_no_declaration(repository, text):
    assert first(repository({"pyproject.toml": text})) is None
