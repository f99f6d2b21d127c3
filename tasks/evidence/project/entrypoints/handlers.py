"""Serving code that a platform calls: model servers' classes, cloud functions, Django views, chat frameworks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.deployment.facts import Service
from tasks.evidence.place import place_in
from tasks.evidence.project.entrypoints import roles
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.source import Definition, SourceFile

_SERVER_CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("torchserve", re.compile(r"(?:^|\.)(?:BaseHandler|VisionHandler|TextHandler|ImageClassifier|ObjectDetector)$|^ts\.torch_handler\.")),
    ("kserve", re.compile(r"^(?:kserve|kfserving)\.(?:Model|KFModel)$|^seldon_core\.|^mlserver\.MLModel$")),
    ("cog", re.compile(r"^cog\.BasePredictor$")),
)
_CHAT_DECORATORS = re.compile(
    r"^chainlit\.on_|^chainlit\.(?:action_callback|on_chat_start)|\.message_handler$|^modal\.(?:asgi_app|fastapi_endpoint|web_endpoint|wsgi_app)$"
)
_APPS = re.compile(
    r"^(?:shiny\.App|taipy\.Gui|taipy\.gui\.Gui|nicegui\.ui\.run|panel\.serve|http\.server\.HTTPServer|litserve\.LitServer|mesop\.page)$"
)


def find_handlers(ground: Ground) -> Iterator[Service]:
    """Files in which a model is loaded or asked when a platform calls; those of common web frameworks are found elsewhere."""
    for path, source in ground.sources.items():
        if source.is_notebook or source.error or roles.is_test(path):
            continue
        hit = _server_class(source) or _called_by_platform(source) or _app(source)
        if hit:
            framework, line = hit
            place = place_in(ground.snapshot, path, line, f"{framework} api")
            yield Service(
                file=path,
                framework=framework,
                interface="api",
                predicts=framework in ("torchserve", "kserve", "cog", "triton"),
                place=place,
            )


def _server_class(source: SourceFile) -> tuple[str, int] | None:
    for definition in source.definitions:
        if definition.kind != "class":
            continue
        if definition.name == "TritonPythonModel":
            return "triton", definition.line
        for framework, pattern in _SERVER_CLASSES:
            if any(pattern.search(base) for base in definition.parameters):
                return framework, definition.line
    return None


def _called_by_platform(source: SourceFile) -> tuple[str, int] | None:
    for definition in source.definitions:
        if definition.kind != "function":
            continue
        if definition.parameters[:2] == ("event", "context") and "." not in definition.name:
            return "aws_lambda", definition.line
        if any(_CHAT_DECORATORS.search(d) for d in definition.decorators):
            return "chat", definition.line
        if _is_django_view(source, definition):
            return "django", definition.line
    return None


def _is_django_view(source: SourceFile, definition: Definition) -> bool:
    first = definition.parameters[:1] == ("request",) or definition.parameters[:2] == ("self", "request")
    return first and source.imported("django", "rest_framework")


def _app(source: SourceFile) -> tuple[str, int] | None:
    call = next((c for c in source.calls if _APPS.match(c.name)), None)
    return (call.name.split(".")[0], call.line) if call else None
