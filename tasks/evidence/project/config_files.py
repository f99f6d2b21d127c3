"""Configuration files written by hand, by format: what a program may read its settings from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.snapshot import Snapshot

SIZE_LIMIT_BYTES = 200_000
COUNT_LIMIT = 400
FORMATS = {"yaml": "yaml", "yml": "yaml", "json": "json", "toml": "toml", "ini": "ini", "cfg": "ini", "conf": "ini", "properties": "ini"}
_FOLDER = re.compile(
    r"(?:^|/)(?:\.?conf|confs|configs?|configuration|settings|params|parameters|hparams|experiments?|recipes|options|"
    r"hyperparameters)(?:/|$)"
)
_NAME = re.compile(
    r"(?:conf(?:ig)?s?|configuration|settings?|params?|parameters?|hparams?|hyperparam\w*|options|args|default|schema|model|train\w*|"
    r"experiment)\b",
    re.IGNORECASE,
)
_OF_TOOLS = re.compile(
    r"(?:^|/)\.(?!config)[^/]+(?:/|$)|(?:^|/)(?:package(?:-lock)?|tsconfig|composer|manifest|vercel|app|dvc|mkdocs|conda|"
    r"environment\w*|meta|docker-compose[\w.-]*|"
    r"compose[\w.-]*|pyproject|poetry|setup|tox|pytest|mypy|bentofile|prefect|prometheus|codecov|cloudbuild|alembic|_config|buildspec|"
    r"serverless|Chart|values|"
    r"kustomization|azure-pipelines[\w.-]*|pre-commit-config|\.pre-commit-config|readthedocs|openapi|swagger|renovate|appveyor|lerna|"
    r"angular|nodemon|jest\.config|"
    r"tslint|eslintrc|deployment|service|ingress)\.\w+$|(?:^|/)(?:k8s|kubernetes|helm|charts|deploy(?:ment)?|infra\w*|terraform|"
    r"tests?|docs?|data|datasets|outputs?|"
    r"results?|logs?|artifacts?|mlruns|wandb|fixtures|grafana|prometheus|charts?|node_modules|notebooks?)/"
)  # fmt: skip


def config_paths(snapshot: Snapshot, form: str) -> tuple[str, ...]:
    """Files of a format (`yaml`, `json`, `toml`, `ini`) that are the program's own settings, by folder or name."""
    return tuple(
        p
        for p in snapshot.own
        if _format(p) == form and not _OF_TOOLS.search(p) and (_FOLDER.search(p) or _NAME.search(p.rpartition("/")[2]))
    )


def config_texts(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Path and text of small YAML and JSON files, whoever reads them."""
    paths = [p for p in snapshot.own if _format(p) in ("yaml", "json") and 0 < snapshot.size(p) <= SIZE_LIMIT_BYTES]
    hand_made = [p for p in paths if not re.search(r"(?:^|/)(?:data|datasets|node_modules|tests?|docs?)/|package-lock", p)]
    for path in hand_made[:COUNT_LIMIT]:
        if text := snapshot.text(path):
            yield path, text


def _format(path: str) -> str | None:
    return FORMATS.get(path.rpartition(".")[2].lower()) if "." in path.rpartition("/")[2] else None
