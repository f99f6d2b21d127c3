"""Orchestrators in code and configuration, none in prose."""

import pytest

from tasks.evidence.project.orchestrators import find_orchestrators, orchestrator_of
from tasks.evidence.snapshot import Snapshot


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.py", "from prefect import flow\n", ("prefect",)),
        ("a.py", "from airflow.operators.python import PythonOperator\n", ("airflow",)),
        ("a.py", "from azureml.pipeline.core import Pipeline\n", ("azureml",)),
        ("a.py", "from azureml.core import Run\n", ()),
        ("a.py", "from sagemaker.mlops.workflow.pipeline import Pipeline\n", ("sagemaker_pipelines",)),
        ("a.py", "from sagemaker.workflow.pipeline import Pipeline\n", ("sagemaker_pipelines",)),
        ("a.py", "from kfp import dsl\n", ("kubeflow",)),
        ("tests/test_a.py", "import prefect\n", ()),
        ("dvc.yaml", "stages:\n  train:\n    cmd: python train.py\n", ("dvc",)),
        ("dvc.yaml", "", ()),
        ("data/raw.dvc", "outs:\n- path: raw\n", ("dvc",)),
        (".github/workflows/cml.yaml", "steps:\n- uses: iterative/setup-cml@v1\n", ("cml",)),
        (".github/workflows/ci.yaml", "steps:\n# - uses: iterative/setup-cml@v1\n", ()),
        (".github/workflows/w.yaml", "run: |\n  anyscale jobs submit a.yaml --wait\n", ("anyscale",)),
        ("_targets.R", "library(targets)\ntar_target(a, b())\n", ("r_targets",)),
        ("wf.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n", ("argo",)),
        ("Snakefile", "rule all:\n", ("snakemake",)),
        ("README.md", "Runs on airflow and prefect with dvc repro.", ()),
        ("requirements.txt", "apache-airflow\nprefect\n", ()),
    ],
)
def test_orchestrators_of(tmp_path, name, text, expected):
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert find_orchestrators(Snapshot.of_folder(tmp_path)) == expected


def test_an_own_module_named_like_an_orchestrator_is_none(tmp_path):
    (tmp_path / "prefect.py").write_text("x = 1\n")
    (tmp_path / "main.py").write_text("import prefect\n")
    assert find_orchestrators(Snapshot.of_folder(tmp_path)) == ()


def test_the_longest_module_decides():
    assert orchestrator_of("azureml.core.Run") is None and orchestrator_of("azureml.core.Experiment.x") == "azureml"
