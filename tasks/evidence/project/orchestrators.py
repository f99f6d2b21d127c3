"""Tools that run the steps of a pipeline: found in code and configuration, never in prose or requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.mlops.manifests import load_yaml, table
from tasks.evidence.project.config_files import config_texts
from tasks.evidence.project.fitting import is_aside
from tasks.evidence.project.foreign import ForeignFile, foreign_files
from tasks.evidence.project.own_modules import OwnModules
from tasks.evidence.snapshot import Snapshot

IMPORTS = {
    "prefect": "prefect", "airflow": "airflow", "kedro": "kedro", "metaflow": "metaflow", "azureml.pipeline": "azureml",
    "azureml.core.ScriptRunConfig": "azureml", "azureml.core.Experiment": "azureml",
    "azureml.train": "azureml", "azure.ai.ml": "azureml", "zenml": "zenml", "kfp": "kubeflow",
    "dagster": "dagster", "luigi": "luigi", "flytekit": "flyte", "sagemaker.workflow": "sagemaker_pipelines",
    "sagemaker.mlops.workflow": "sagemaker_pipelines", "sagemaker.core.workflow": "sagemaker_pipelines", "tfx": "tfx",
    "ploomber": "ploomber", "mage_ai": "mage", "hera": "argo", "stepfunctions": "step_functions", 
    "clearml.automation.controller": "clearml",
    "clearml.PipelineController": "clearml", "clearml.PipelineDecorator": "clearml", "google.cloud.aiplatform.pipeline_jobs": "vertex_ai",
    "mlrun": "mlrun", "couler": "argo", "covalent": "covalent", "redun": "redun", "valohai": "valohai", "polyaxon": "polyaxon",
    "hamilton": "hamilton", "sematic": "sematic", "unionai": "flyte", "cosmos": "airflow",
}  # fmt: skip
"""Orchestrator by dotted module."""
CALLS = {"vertex_ai": ("aiplatform.PipelineJob", "aiplatform.CustomJob")}
_CI = re.compile(
    r"(?:^|/)(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|bitbucket-pipelines\.yml|\.circleci/config\.yml|Jenkinsfile)$"
)
_CML = re.compile(
    r"iterative/setup-cml|(?:^|[\s;&|-])cml(?:\s+(?:comment|runner|pr|publish|send-comment|tensorboard)|-[a-z-]+)\b|dvcorg/cml|"
    r"iterativeai/cml"
)
_ANYSCALE = re.compile(r"(?:^|[\s;&|])anyscale\s+(?:jobs?|services?|workspaces?|cluster-env|schedules?)\s+[a-z]", re.MULTILINE)
_SCRIPTS = re.compile(r"\.(?:sh|bash)$|(?:^|/)Makefile$")
_CONFIG = (
    ("argo", re.compile(r"^apiVersion:\s*argoproj\.io/(?s:.{0,200}?)^kind:\s*(?:Cron)?Workflow(?:Template)?\s*$", re.MULTILINE)),
    ("azureml", re.compile(r"azuremlschemas\.azureedge\.net/\S{0,40}(?:pipelineJob|commandJob|pipelineComponent|commandComponent)")),
    ("kubeflow", re.compile(r"pipelines\.kubeflow\.org/|^kind:\s*(?:TFJob|PyTorchJob)\s*$", re.MULTILINE)),
    ("step_functions", re.compile(r"AWS::StepFunctions::StateMachine|[\"']StartAt[\"']\s*:")),
    ("flyte", re.compile(r"flyte\.lyft\.com|^\s*type:\s*flyte", re.MULTILINE)),
)  # fmt: skip
_R = {"targets": "r_targets", "drake": "r_drake"}
_R_USE = re.compile(r"\b(?:library|require)\(\s*[\"']?(targets|drake)\b|\b(targets|drake)::|\btar_(target|make|option_set)\(")


def find_orchestrators(snapshot: Snapshot, foreign: tuple[ForeignFile, ...] | None = None) -> tuple[str, ...]:
    """Names as the field writes them, sorted."""
    found = {*_imported(snapshot), *_in_files(snapshot), *_in_r(foreign_files(snapshot) if foreign is None else foreign)}
    return tuple(sorted(found))


def _imported(snapshot: Snapshot) -> Iterator[str]:
    own = OwnModules(snapshot)
    for source in snapshot.sources:
        if is_aside(source.path):
            continue
        for item in source.imports:
            full = f"{item.module}.{item.name}" if item.name else item.module
            if (name := orchestrator_of(full)) and not own.owns(source, item):
                yield name
        yield from (name for name, ends in CALLS.items() if any(c.name.endswith(ends) for c in source.calls))


def orchestrator_of(module: str) -> str | None:
    """The orchestrator that a dotted module belongs to."""
    parts = module.split(".")
    return next((IMPORTS[m] for n in range(len(parts), 0, -1) if (m := ".".join(parts[:n])) in IMPORTS), None)


def _in_files(snapshot: Snapshot) -> Iterator[str]:
    for path in snapshot.own:
        name = path.rpartition("/")[2]
        if name == "Snakefile" or name.endswith(".smk"):
            yield "snakemake"
        elif name.endswith(".nf") or name == "nextflow.config":
            yield "nextflow"
        elif _is_dvc(snapshot, path, name):
            yield "dvc"
        elif _CI.search(path) and _CML.search(_uncommented(snapshot.text(path) or "")):
            yield "cml"
        if (_CI.search(path) or _SCRIPTS.search(path)) and snapshot.size(path) < 200_000:
            if _ANYSCALE.search(_uncommented(snapshot.text(path) or "")):
                yield "anyscale"
        elif name == "databricks.yml":
            yield "databricks"
    for _, text in config_texts(snapshot):
        yield from (name for name, pattern in _CONFIG if pattern.search(text))


def _is_dvc(snapshot: Snapshot, path: str, name: str) -> bool:
    """Data or a model under DVC's control, or a pipeline with stages; an empty dvc.yaml is none."""
    if name == "dvc.yaml":
        return bool(dvc_stages(snapshot, path))
    return name.endswith(".dvc") and not is_aside(path) and snapshot.size(path) < 100_000


def _uncommented(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))


def dvc_stages(snapshot: Snapshot, path: str = "dvc.yaml") -> dict[str, object]:
    """The stages of a DVC pipeline; empty when there is none."""
    text = snapshot.text(path)
    return table(load_yaml(text), "stages") if text else {}


def _in_r(files: Iterator[ForeignFile] | tuple[ForeignFile, ...]) -> Iterator[str]:
    for file in files:
        if file.language != "r":
            continue
        for _, line in file.lines:
            if match := _R_USE.search(line):
                yield _R[match.group(1) or match.group(2) or "targets"]
