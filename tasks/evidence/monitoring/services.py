"""Which files answer requests: the places that monitoring is about."""

from __future__ import annotations

from tasks.evidence.monitoring.uses import is_test
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile

PLACES_LIMIT = 20
SERVING = [
    "flask",
    "fastapi",
    "starlette",
    "streamlit",
    "gradio",
    "django",
    "bentoml",
    "litserve",
    "sanic",
    "tornado",
    "aiohttp",
    "bottle",
    "falcon",
    "quart",
    "chainlit",
    "ray.serve",
    "azureml.core.run",
    "inference_schema",
    "mlserver",
    "kserve",
    "cog",
    "dash",
    "litestar",
    "robyn",
    "grpc",
    "panel",
]
"""Libraries that answer requests or show an app."""


def find_services(snapshot: Snapshot) -> tuple[Place, ...]:
    """The first serving import of each file that serves, in path order."""
    places = []
    for source in snapshot.sources:
        if not is_test(source.path) and not source.is_notebook and serves(source):
            line = next((i.line for i in source.imports if _serving(f"{i.module}.{i.name}.")), None)
            places.append(place_in(snapshot, source.path, line, "answers requests"))
    return tuple(places[:PLACES_LIMIT])


def serves(source: SourceFile) -> bool:
    """A serving library is imported, or the file has the `init` and `run` of a scoring script."""
    return source.imported(*SERVING) or {d.name for d in source.definitions} >= {"init", "run"}


def _serving(module: str) -> bool:
    return any(module.startswith(f"{library}.") for library in SERVING)
