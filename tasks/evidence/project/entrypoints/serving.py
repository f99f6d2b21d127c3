"""What answers with a model's predictions: services, apps, handlers, and scripts that predict from a saved model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.deployment.facts import Service
from tasks.evidence.deployment.services import find_services
from tasks.evidence.project.entrypoints import roles, traits
from tasks.evidence.project.entrypoints.candidate import Candidate, judge_place
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.handlers import find_handlers
from tasks.evidence.project.entrypoints.tools import config_candidates, is_configured
from tasks.evidence.project.facts import Entrypoint
from tasks.evidence.training.sources import ML_MODULES

_COMMAND = {
    "streamlit": "streamlit run {path}",
    "fastapi": "uvicorn {module}:app",
    "starlette": "uvicorn {module}:app",
    "bentoml": "bentoml serve {path}",
    "gradio": "python {path}",
}
_MODEL_SERVERS = ("bentoml", "ray_serve", "litserve", "sagemaker", "azureml")
_ASKS_A_SERVICE = re.compile(r"/(?:predict\w*|invocations|score|infer\w*|generate)\b")
MODEL_MODULES = ML_MODULES | {"pickle", "dill", "cloudpickle", "onnxruntime", "bentoml", "skops", "tflite_runtime", "openvino", "llama_cpp"}


def serving_candidates(ground: Ground, train: tuple[Entrypoint, ...], evaluations: tuple[Entrypoint, ...]) -> list[Candidate]:
    services = list(_services(ground, bool(train)))
    judged = {e.file for e in evaluations if e.confidence >= 0.7}
    configured = config_candidates(ground, "serve") if is_configured(train) else []
    return [*services, *configured, *_predicting_scripts(ground, judged), *_samplers(ground)]


def _services(ground: Ground, trains: bool) -> Iterator[Candidate]:
    common = {s.file: s for s in find_services(ground.snapshot)}
    called = {s.file: s for s in find_handlers(ground) if s.file not in common}
    for service in (*common.values(), *called.values()):
        source = ground.sources[service.file]
        if roles.is_test(service.file):
            continue
        reach = ground.graph.from_every_function(service.file) if service.file in called else ground.graph.from_run(service.file, True)
        done = ground.doing(reach)
        learned = any(ground.sources[p].modules & MODEL_MODULES for p in reach.files if p in ground.sources)
        asks = any(_ASKS_A_SERVICE.search(t) for t, _ in source.strings) and source.imported("requests", "httpx")
        predicts = (learned or trains) and (service.predicts or service.framework in _MODEL_SERVERS or bool(done & {"loads", "predicts"}))
        if (
            predicts
            or asks
            or any(traits.asks_language_model(ground.sources[p]) for p in {*reach.files, service.file} & ground.sources.keys())
        ):
            candidate = Candidate(service.file, _service_command(ground, service), service.place.line)
            _judge_service(ground, candidate, service, predicts, asks)
            yield candidate
            if service.framework == "django":
                yield from _django_project(ground, candidate)
        elif trains and service.interface == "api" and service.file not in called:
            candidate = Candidate(service.file, _service_command(ground, service), service.place.line)
            candidate.add(0.35, f"a {service.framework} service beside a training, with no prediction seen in it")
            judge_place(candidate)
            yield candidate


def _django_project(ground: Ground, view: Candidate) -> Iterator[Candidate]:
    """The file that starts the project a view belongs to."""
    folders = view.file.split("/")[:-1]
    for depth in range(len(folders), -1, -1):
        manage = "/".join([*folders[:depth], "manage.py"])
        if manage in ground.sources:
            candidate = Candidate(manage, f"python {manage} runserver")
            candidate.add(view.confidence + 0.03, f"starts the project whose view {view.file} predicts")
            yield candidate
            return


def _judge_service(ground: Ground, candidate: Candidate, service: Service, predicts: bool, asks: bool) -> None:
    source = ground.sources[service.file]
    says = "predicts with a model" if predicts else "asks a prediction service" if asks else "asks a language model"
    candidate.add(0.7 if predicts else 0.55, f"a {service.framework} {service.interface} that {says}")
    if service.interface == "api":
        candidate.add(0.05, "answers requests")
    if any(c.attribute == "run" or c.name.startswith("uvicorn") for c in source.calls) or source.has_main:
        candidate.add(0.03, "starts a server itself")
    elif any("APIRouter" in c.name for c in source.calls) and not any(c.attribute in ("FastAPI", "Flask") for c in source.calls):
        candidate.add(-0.12, "only routes, another file starts the server")
    if service.framework == "streamlit" and not (
        source.has_main or any(not c.scope for c in source.calls if c.name.startswith("streamlit."))
    ):
        candidate.add(-0.2, "parts of a page that another file shows")
    for command in ground.told(service.file)[:1]:
        candidate.add(0.06, f"run by {command.source}:{command.line}")
    if re.search(r"monitor|drift|dashboard|\beda\b|visuali|label|annot", roles.stem(service.file), re.IGNORECASE):
        candidate.add(-0.15, "its name says another purpose")
    judge_place(candidate)


def _service_command(ground: Ground, service: Service) -> str:
    told = ground.command_for(service.file)
    if told != ground.plain_command(service.file):
        return told
    pattern = _COMMAND.get(service.framework, "")
    module = service.file.removesuffix(".py").replace("/", ".")
    return pattern.format(path=service.file, module=module) if pattern else told


def _predicting_scripts(ground: Ground, judged: set[str]) -> Iterator[Candidate]:
    """Runnable files and notebooks that load a fitted model and predict with it, without training."""
    for path in ground.runnable:
        source = ground.sources[path]
        if path in judged or traits.is_scheduled(source) or (traits.is_web_app(source) and not source.is_notebook):
            continue
        reach = ground.graph.from_run(path)
        if ground.trained_by(path, reach) or not any(ground.sources[p].modules & MODEL_MODULES for p in reach.files if p in ground.sources):
            continue
        done = ground.doing(reach)
        loading, predicting = "loads" in done, "predicts" in done
        named = roles.says_serve(path) and roles.stem(path) not in ("main", "app", "handler", "run")
        if not (loading and (predicting or named)) or roles.says_eval(path):
            continue
        candidate = Candidate(path, ground.command_for(path), source.main_line)
        candidate.add(0.4, "loads a fitted model and predicts" if predicting else "loads a fitted model")
        if named:
            candidate.add(0.12, "its name says prediction")
        if "judges" in done and not named:
            candidate.add(-0.12, "also measures")
        if source.is_notebook:
            candidate.add(-0.1, "a notebook")
        if ground.told(path):
            candidate.add(0.05, f"documented ({ground.told(path)[0].source}:{ground.told(path)[0].line})")
        judge_place(candidate)
        yield candidate


def _is_r_package_file(ground: Ground, path: str) -> bool:
    """A function of an R package, which nobody runs as a file."""
    package, folder, _ = f"/{path}".rpartition("/R/")
    return bool(folder) and f"{package}/NAMESPACE".lstrip("/") in ground.snapshot.entries


def _samplers(ground: Ground) -> Iterator[Candidate]:
    """R, Julia and Lua files named after prediction that load a model."""
    for path in ground.snapshot.matching(r"\.(?:R|r|jl|lua|Rmd|rmd|qmd)$"):
        if roles.is_test(path) or path in ground.certain or _is_r_package_file(ground, path):
            continue
        text = ground.snapshot.text(path) or ""
        if path.lower().endswith(("md",)) and not re.search(r"^(?:runtime|server):\s*shiny", text[:2_000], re.MULTILINE):
            continue
        api = re.search(r"^(?:runtime|server):\s*shiny|^#\*\s*@(?:post|get)\b|plumber::|\bshinyApp\(|\bshinyServer\(", text, re.MULTILINE)
        if (roles.says_serve(path) and traits.SAMPLES.search(text)) or (api and traits.SAMPLES.search(text)):
            candidate = Candidate(path, ground.command_for(path))
            candidate.add(0.65 if api else 0.5, "serves a model's predictions" if api else "loads a model, and its name says prediction")
            judge_place(candidate)
            yield candidate
