"""Model registries: places in code that put a model under a name and a version, where others can fetch it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.mlops.facts import Registration, Tracker
from tasks.evidence.mlops.guards import Defaults, Guards
from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

LIMIT = 50
_SIDE = re.compile(r"(?:^|/)(?:tests?|docs?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_MLFLOW_METHODS = frozenset(
    ["register_model", "create_registered_model", "create_model_version", "transition_model_version_stage", "set_registered_model_alias"]
)
_CALLS = (
    ("azureml", ("azureml", "azure"), re.compile(r"^azureml\.(?:\w+\.)*Model\.register$|\.register_model$|\.models\.create_or_update$|"
        r"(?:^|\.)Model\.register$")),
    ("wandb", ("wandb",), re.compile(r"(?:\.|^)(?:link_artifact|link_model|log_model)$")),
    ("sagemaker", ("sagemaker", "boto3"), re.compile(r"(?:\.|^)(?:RegisterModel|ModelStep|create_model_package(?:_group)?)$|"
        r"^sagemaker\.\S*ModelPackage$")),
    ("vertex_ai", ("google",), re.compile(r"^google\.cloud\.aiplatform\.(?:\w+\.)*Model\.upload$|ModelUploadOp$")),
    ("comet", ("comet_ml",), re.compile(r"\.register_model$|^comet_ml\.(?:\w+\.)*log_model$")),
    ("neptune", ("neptune",), re.compile(r"^neptune\.(?:new\.)?init_model(?:_version)?$")),
    ("clearml", ("clearml",), re.compile(r"^clearml\.(?:\w+\.)*OutputModel$")),
    ("bentoml", ("bentoml",), re.compile(r"^bentoml\.\w+\.save(?:_model)?$|^bentoml\.models\.(?:create|push)$")),
    ("hopsworks", ("hopsworks", "hsml"), re.compile(r"\.get_model_registry$|\.create_model$")),
    ("modelstore", ("modelstore",), re.compile(r"^modelstore\.|\.upload$")),
    ("kubeflow", ("model_registry",), re.compile(r"\.register_model$|^model_registry\.ModelRegistry$")),
    ("mlem", ("mlem",), re.compile(r"^mlem\.api\.save$")),
    ("huggingface", ("transformers", "huggingface_hub", "datasets", "sentence_transformers", "diffusers", "peft", "keras_hub",
        "setfit", "timm"),
     re.compile(r"(?:\.|^)(?:push_to_hub|upload_folder|upload_file|push_to_hf_hub|push_to_hub_keras|push_to_hub_fastai)$")),
)  # fmt: skip
SCRIPT_BYTES = 100_000
SCRIPT_LIMIT = 600
_SCRIPT = re.compile(r"\.(?:sh|bash|ya?ml|ps1)$|(?:^|/)(?:Makefile|Jenkinsfile|justfile)[^/]*$")
_COMMANDS = tuple(
    (registry, re.compile(rf"(?m)^[^#\n]{{0,200}}?\b({command})\b"))
    for registry, command in (
        ("azureml", "az ml model (?:create|register)"),
        ("sagemaker", "aws sagemaker create-model-package"),
        ("vertex_ai", "gcloud ai models upload"),
        ("gto", "gto register"),
    )
)
_MODULES = frozenset({"mlflow", "dvclive"}.union(*(needed for _, needed, _ in _CALLS)))


def find_registrations(snapshot: Snapshot, trackers: tuple[Tracker, ...]) -> tuple[Registration, ...]:
    """Registrations in path order; those behind a switch that is off by default are left out."""
    defaults = Defaults(snapshot)
    tracked = frozenset(t.name for t in trackers)
    found: list[Registration] = []
    for source in snapshot.sources:
        if not _SIDE.search(source.path) and len(found) < LIMIT:
            found += _in_source(snapshot, source, defaults, tracked)
    return tuple([*found, *_by_command(snapshot)][:LIMIT])


def _by_command(snapshot: Snapshot) -> Iterator[Registration]:
    """Registrations by a command line tool in scripts and pipelines; comments and prose do not count."""
    paths = [p for p in snapshot.own if _SCRIPT.search(p) and snapshot.size(p) <= SCRIPT_BYTES]
    for path in paths[:SCRIPT_LIMIT]:
        text = snapshot.text(path) or ""
        for registry, pattern in _COMMANDS:
            if match := pattern.search(text):
                place = place_in(snapshot, path, text.count("\n", 0, match.start(1)) + 1, "registers a model")
                yield Registration(registry=registry, how=match.group(1), place=place)


def _in_source(snapshot: Snapshot, source: SourceFile, defaults: Defaults, tracked: frozenset[str]) -> Iterator[Registration]:
    guards = Guards(snapshot, source.path, defaults)
    modules = source.modules
    for call in source.calls if not modules.isdisjoint(_MODULES) else ():
        for registry in _registries(modules, call):
            if not guards.switched_off(call.line, registry):
                place = place_in(snapshot, source.path, call.line, "registers a model")
                yield Registration(registry=registry, how=call.attribute if "." in call.name else call.name, place=place)
    if "mlflow" in tracked and source.imported("mlflow"):
        named = [*source.assignments, *(t for c in source.calls for t in c.targets)]
        for call in source.calls_to("mlflow.set_tracking_uri", "mlflow.set_registry_uri"):
            if re.search(r"(?i)model_?registry", " ".join([*call.args, *call.keywords.values(), *named])):
                yield Registration(registry="mlflow", how="store called model registry", place=place_in(snapshot, source.path, call.line))


def _registries(modules: set[str], call: Call) -> Iterator[str]:
    name = call.name
    if "mlflow" in modules or "mlflow" in name:
        named = call.keywords.get("registered_model_name", "None")
        if named not in ("None", "''", '""') or (call.attribute in _MLFLOW_METHODS and not modules & {"azureml", "azure", "comet_ml"}):
            yield "mlflow"
    for registry, needed, pattern in _CALLS:
        if not modules.isdisjoint(needed) and pattern.search(name):
            yield registry
    if name == "wandb.Artifact" and "model" in (call.argument("type", 1) or ""):
        yield "wandb"
    if call.keywords.get("push_to_hub") == "True":
        yield "huggingface"
    if call.attribute == "log_artifact" and "dvclive" in modules and "model" in call.keywords.get("type", ""):
        yield "dvc"
