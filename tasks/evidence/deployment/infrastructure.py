"""Configuration that brings a service to machines, by file name and by the keys inside."""

from __future__ import annotations

import re

from tasks.evidence.deployment.facts import Infrastructure
from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot

BY_NAME = {
    r"(?:^|/)Chart\.ya?ml$": "helm",
    r"\.tf$": "terraform",
    r"(?:^|/)serverless\.ya?ml$": "serverless",
    r"(?:^|/)Procfile$": "procfile",
    r"(?:^|/)fly\.toml$": "fly",
    r"(?:^|/)render\.ya?ml$": "render",
    r"(?:^|/)railway\.(?:json|toml)$": "railway",
    r"(?:^|/)vercel\.json$": "vercel",
    r"(?:^|/)bentofile\.ya?ml$": "bentoml",
    r"(?:^|/)cloudbuild\.ya?ml$": "cloud_build",
    r"(?:^|/)cog\.ya?ml$": "cog",
    r"(?:^|/)(?:template|samconfig)\.(?:ya?ml|toml)$": "aws_sam",
    r"(?:^|/)config\.pbtxt$": "triton",
    r"(?:^|/)Dockerrun\.aws\.json$": "elastic_beanstalk",
    r"(?:^|/)\.ebextensions/": "elastic_beanstalk",
}
_KUBERNETES = re.compile(r"(?m)^kind:[ \t]*(Deployment|StatefulSet|InferenceService|SeldonDeployment|Rollout|RayService|CronJob)\b")
_SERVED = re.compile(r"(?im)^[ \t]*(?:CMD|ENTRYPOINT)\b[^\n]{0,200}(?:uvicorn|gunicorn|waitress|streamlit|flask|hypercorn|app\.py|serve)")


def find_infrastructure(snapshot: Snapshot) -> tuple[Infrastructure, ...]:
    """One entry per file, in path order."""
    names = {re.compile(pattern): kind for pattern, kind in BY_NAME.items()}
    found = []
    for path in snapshot.own:
        kind = next((k for pattern, k in names.items() if pattern.search(path)), None)
        line = None
        if kind is None and path.endswith((".yml", ".yaml")) and snapshot.size(path) < 200_000:
            kind, line = _search(snapshot, path, _KUBERNETES, "kubernetes")
        elif kind is None and re.search(r"(?i)dockerfile[^/]*$", path):
            kind, line = _search(snapshot, path, _SERVED, "container_service")
        if kind:
            found.append(Infrastructure(kind=kind, place=place_in(snapshot, path, line, kind)))
    return tuple(found)


def _search(snapshot: Snapshot, path: str, pattern: re.Pattern[str], kind: str) -> tuple[str | None, int | None]:
    text = snapshot.text(path) or ""
    match = pattern.search(text)
    return (kind, text.count("\n", 0, match.start()) + 1) if match else (None, None)
