"""Dockerfiles and Compose files: what they start from and as whom they run."""

from __future__ import annotations

import re
from typing import Any

from tasks.evidence.mlops.facts import BaseImage, ComposeFile, Dockerfile
from tasks.evidence.mlops.manifests import line_of, load_yaml, table
from tasks.evidence.place import place_in
from tasks.evidence.redaction import redact
from tasks.evidence.snapshot import Snapshot

SIZE_LIMIT = 200_000
"""Bytes; no hand-written container file is longer."""
_DOCKERFILE = re.compile(r"(?i)(?:^|/)(?:(?:[\w-]+[._-])?(?:Dockerfile|Containerfile)(?:[._-][\w.-]+)?|[\w.-]+\.(?:Dockerfile|docker))$")
_NOT_DOCKERFILE = re.compile(r"(?i)\.(?:dockerignore|md|py|ya?ml|sh|txt|json|html|j2|orig|tmpl)$|(?:^|/)\.")
_COMPOSE_NAME = re.compile(r"(?i)(?:^|/)(?:[\w.-]*docker[-_.]?compose[\w.-]*|compose(?:[._-][\w.-]+)?)\.ya?ml$")
_MAYBE_COMPOSE = re.compile(r"(?i)(?:^|/)[^/]*(?:docker|compose|stack|services|local|production)[^/]*\.ya?ml$")
_FROM = re.compile(r"(?i)^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?")
_USER = re.compile(r"(?i)^\s*USER\s+(\S+)")
_ARG = re.compile(r"(?i)^\s*ARG\s+(\w+)=(\S+)")
_VARIABLE = re.compile(r"\$\{(\w+)(?::?-([^}]{0,200}))?\}|\$(\w+)")
_INSTRUCTION = re.compile(r"(?im)^\s*FROM\s+\S+")


def find_dockerfiles(snapshot: Snapshot) -> tuple[Dockerfile, ...]:
    """Dockerfiles and Containerfiles in path order, whatever is written around the name."""
    found = []
    for path in snapshot.own:
        if not _DOCKERFILE.search(path) or _NOT_DOCKERFILE.search(path.rpartition("/")[2]) or snapshot.size(path) > SIZE_LIMIT:
            continue
        text = snapshot.text(path)
        if text is not None and (_INSTRUCTION.search(text) or path.rpartition("/")[2] == "Dockerfile"):
            found.append(_dockerfile(snapshot, path, text))
    return tuple(found)


def _dockerfile(snapshot: Snapshot, path: str, text: str) -> Dockerfile:
    arguments: dict[str, str] = {}
    stages: dict[str, list[BaseImage]] = {}
    bases: list[BaseImage] = []
    user, user_line = None, None
    for number, line in enumerate(text.split("\n"), 1):
        line = line[:1000]
        if match := _ARG.match(line):
            arguments[match.group(1)] = match.group(2).strip("\"'")
        elif match := _FROM.match(line):
            user, user_line = None, None
            image = resolve(match.group(1), arguments)
            if image.lower() not in stages and image.lower() != "scratch" and not image.isdigit():
                bases.append(base_image(snapshot, path, image, number))
            stages[(match.group(2) or str(len(stages))).lower()] = bases[-1:]
        elif match := _USER.match(line):
            user, user_line = resolve(match.group(1), arguments), number
    place = place_in(snapshot, path, user_line, "runs as") if user_line else None
    return Dockerfile(file=path, bases=tuple(bases), user=user, user_place=place)


def resolve(text: str, arguments: dict[str, str]) -> str:
    """A word with `ARG` values and defaults put in, redacted; an unknown variable stays as it is written."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(3)
        return arguments.get(name) or match.group(2) or match.group(0)

    return redact(_VARIABLE.sub(value, text)[:1000])[:300]


def base_image(snapshot: Snapshot, path: str, image: str, line: int | None) -> BaseImage:
    """An image reference in its parts: `ghcr.io:443/a/b:1.2@sha256:…`."""
    name, _, digest = image.partition("@")
    last = name.rpartition("/")[2]
    tag = last.partition(":")[2] or None
    name = name[: -len(tag) - 1] if tag else name
    return BaseImage(image=name, tag=tag, digest=digest.startswith("sha256:"), place=place_in(snapshot, path, line, "image"))


def find_compose_files(snapshot: Snapshot) -> tuple[ComposeFile, ...]:
    """Compose files in path order: known by name, or by their services when the name only hints at it."""
    found = []
    for path in snapshot.own:
        named = bool(_COMPOSE_NAME.search(path))
        if not (named or _MAYBE_COMPOSE.search(path)) or path.startswith(".github/") or snapshot.size(path) > SIZE_LIMIT:
            continue
        text = snapshot.text(path) or ""
        if not named and "services:" not in text:
            continue
        file = _compose(snapshot, path, text)
        if file.services if not named else file.services or not load_yaml(text) or "include" in text:
            found.append(file)
    return tuple(found)


def _compose(snapshot: Snapshot, path: str, text: str) -> ComposeFile:
    services = {str(n): s for n, s in table(load_yaml(text), "services").items() if isinstance(s, dict) and _is_service(s)}
    images = []
    for service in list(services.values())[:100]:
        if isinstance(service.get("image"), str) and "build" not in service:
            image = resolve(service["image"], {})
            images.append(base_image(snapshot, path, image, line_of(text, service["image"])))
    return ComposeFile(file=path, services=tuple(list(services)[:100]), images=tuple(images))


def _is_service(service: dict[Any, Any]) -> bool:
    keys = ("image", "build", "extends", "command", "environment", "ports", "volumes", "profiles", "deploy", "<<", "depends_on", "restart")
    return any(k in service for k in keys)
