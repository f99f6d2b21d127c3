"""Services in code: who answers requests, with which contract, from which model."""

from __future__ import annotations

import re

from tasks.evidence.deployment.facts import Service
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

CONSTRUCTORS = {
    "flask.Flask": ("flask", "api"),
    "flask_restful.Api": ("flask", "api"),
    "quart.Quart": ("quart", "api"),
    "fastapi.FastAPI": ("fastapi", "api"),
    "fastapi.APIRouter": ("fastapi", "api"),
    "litestar.Litestar": ("litestar", "api"),
    "sanic.Sanic": ("sanic", "api"),
    "bottle.Bottle": ("bottle", "api"),
    "starlette.applications.Starlette": ("starlette", "api"),
    "aiohttp.web.Application": ("aiohttp", "api"),
    "tornado.web.Application": ("tornado", "api"),
    "grpc.server": ("grpc", "api"),
    "bentoml.Service": ("bentoml", "api"),
    "litserve.LitServer": ("litserve", "api"),
    "gradio.Interface": ("gradio", "app"),
    "gradio.Blocks": ("gradio", "app"),
    "gradio.ChatInterface": ("gradio", "app"),
    "dash.Dash": ("dash", "app"),
}
DECORATORS = {"bentoml.service": ("bentoml", "api"), "ray.serve.deployment": ("ray_serve", "api"), "modal.web_endpoint": ("modal", "api")}
HANDLERS = {
    frozenset({"init", "run"}): "azureml",
    frozenset({"model_fn", "predict_fn"}): "sagemaker",
    frozenset({"model_fn"}): "sagemaker",
    frozenset({"lambda_handler"}): "aws_lambda",
}
LOADERS = {
    "pickle.load": "pickle", "pickle.loads": "pickle", "dill.load": "pickle", "cloudpickle.load": "pickle", "joblib.load": "joblib", "sklearn.externals.joblib.load": "joblib",
    "torch.load": "torch", "keras.models.load_model": "keras", "tensorflow.keras.models.load_model": "keras",
    "tensorflow.saved_model.load": "saved_model", "mlflow.pyfunc.load_model": "mlflow", "mlflow.sklearn.load_model": "mlflow",
    "onnxruntime.InferenceSession": "onnx", "skops.io.load": "skops", "xgboost.Booster": "xgboost", "lightgbm.Booster": "lightgbm",
    "transformers.pipeline": "transformers", "bentoml.sklearn.get": "bentoml",
}  # fmt: skip
_HEALTH = re.compile(r"^/?(?:api/)?(?:v\d+/)?(?:health(?:z|check)?|healthcheck|ready(?:z)?|readiness|live(?:z|ness)?|ping|status)/?$")
_PREDICTING = re.compile(r"(?:^|\.)(?:predict|predict_proba|transform_and_predict|generate|infer|inference)$")
_TEST_PATH = re.compile(r"(?:^|/)(?:tests?|docs?)/|(?:^|/)test_[^/]*$|(?:^|/)conftest\.py$")


def find_services(snapshot: Snapshot) -> tuple[Service, ...]:
    """Files that define an API or an app, in path order; tests and documentation are left out."""
    found = []
    for source in snapshot.sources:
        if _TEST_PATH.search(source.path) or source.is_notebook:
            continue
        hit = _constructed(source) or _streamlit(source) or _handler(source)
        if hit:
            framework, interface, line = hit
            place = place_in(snapshot, source.path, line, f"{framework} {interface}")
            found.append(Service(file=source.path, framework=framework, interface=interface, predicts=_predicts(source), place=place))
    return tuple(found)


def _constructed(source: SourceFile) -> tuple[str, str, int] | None:
    for call in source.calls:
        if call.name in CONSTRUCTORS:
            return (*CONSTRUCTORS[call.name], call.line)
    for definition in source.definitions:
        for decorator in definition.decorators:
            if decorator in DECORATORS:
                return (*DECORATORS[decorator], definition.line)
    return None


def _streamlit(source: SourceFile) -> tuple[str, str, int] | None:
    call = next((c for c in source.calls if c.name.startswith("streamlit.")), None)
    return ("streamlit", "app", call.line) if call else None


def _handler(source: SourceFile) -> tuple[str, str, int] | None:
    names = {d.name: d.line for d in source.definitions if d.kind == "function"}
    for wanted, framework in HANDLERS.items():
        if wanted <= names.keys() and any(_loads(c) for c in source.calls):
            return framework, "api", min(names[n] for n in wanted)
    return None


def _predicts(source: SourceFile) -> bool:
    return any(_loads(c) or _PREDICTING.search(c.name) for c in source.calls)


def _loads(call: Call) -> str | None:
    if call.attribute == "from_pretrained":
        return "transformers"
    if call.attribute == "load_model" and not call.name.startswith("self."):
        return LOADERS.get(call.name, "load_model")
    return LOADERS.get(call.name)


def find_model_loads(snapshot: Snapshot, files: set[str]) -> tuple[Place, ...]:
    """Where the given files load a model; the place's note is the loader's kind."""
    places = []
    for source in snapshot.sources:
        if source.path in files:
            places += [place_in(snapshot, source.path, c.line, kind) for c in source.calls if (kind := _loads(c))]
    return tuple(places)


def find_contracts(snapshot: Snapshot, files: set[str]) -> tuple[Place, ...]:
    """Typed requests or responses in the serving files or the modules beside them, API description files, model signatures."""
    places = [
        place_in(snapshot, p, None, "API description") for p in snapshot.matching(r"(?i)(?:^|/)(?:openapi|swagger)[^/]*\.(?:ya?ml|json)$")
    ]
    places += [place_in(snapshot, p, None, "protobuf service") for p in snapshot.matching(r"\.proto$")]
    folders = {f.rpartition("/")[0] for f in files}
    for source in snapshot.sources:
        if source.path.rpartition("/")[0] in folders and not _TEST_PATH.search(source.path):
            places += [
                place_in(snapshot, source.path, d.line, "typed message")
                for d in source.definitions
                if d.kind == "class" and any(_is_message(base) for base in d.parameters)
            ]
        places += [place_in(snapshot, source.path, c.line, "model signature") for c in source.calls if c.attribute == "infer_signature"]
    return tuple(places)


def _is_message(base: str) -> bool:
    return base in ("pydantic.BaseModel", "marshmallow.Schema", "msgspec.Struct") or base.endswith((".BaseModel", "ma.Schema"))


def find_health_endpoints(snapshot: Snapshot, files: set[str]) -> tuple[Place, ...]:
    """Routes whose path is the usual one of a health or readiness probe."""
    return tuple(
        place_in(snapshot, source.path, line, "health endpoint")
        for source in snapshot.sources
        if source.path in files or source.imported("fastapi", "flask")
        for text, line in source.strings
        if text.startswith("/") and _HEALTH.match(text.lower())
    )


def find_debug_servers(snapshot: Snapshot, files: set[str]) -> tuple[Place, ...]:
    """`app.run(debug=True)`: the interactive debugger executes what a visitor types."""
    return tuple(
        place_in(snapshot, source.path, call.line, "debugger on")
        for source in snapshot.sources
        if source.path in files
        for call in source.calls
        if call.attribute in ("run", "run_server") and call.keywords.get("debug") == "True"
    )
