"""Commands that tools' files hold, read as data: none of the tools is run, so none need be installed."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from tasks.evidence.launch.facts import Recipe
from tasks.evidence.launch.makefile import read_makefile
from tasks.evidence.mlops.manifests import load_yaml, scalar, table
from tasks.evidence.snapshot import Snapshot

FILES_LIMIT = 40
SCRIPTS_LIMIT = 60
LINES_LIMIT = 100
LINE_LIMIT = 2000
_OPEN = re.compile(r"\$\{([\w.\[\]]{1,100})\}")
_BRACED = re.compile(r"\{(\w{1,60})\}")


def read_recipes(snapshot: Snapshot) -> tuple[Recipe, ...]:
    """All recipes, by file; a target or entry point each, and DVC's stages in order."""
    found: list[Recipe] = []
    for path in snapshot.matching(r"(?:^|/)(?:dvc\.yaml|MLproject|(?:GNU)?[Mm]akefile)$")[:FILES_LIMIT]:
        text = snapshot.text(path) or ""
        name = posixpath.basename(path)
        if name == "dvc.yaml":
            found += _dvc(snapshot, path, text)
        elif name == "MLproject":
            found += _mlproject(path, text)
        else:
            found += read_makefile(path, text)
    for path in snapshot.matching(r"\.(?:sh|bash)$")[:SCRIPTS_LIMIT]:
        lines = [line.strip()[:LINE_LIMIT] for line in (snapshot.text(path) or "").split("\n") if line.strip() and not line.startswith("#")]
        found.append(Recipe(kind="shell", file=path, name="", lines=tuple(lines[:LINES_LIMIT]), workdir="."))
    return tuple(found)


def _folder(path: str) -> str:
    return posixpath.dirname(path) or "."


def _dvc(snapshot: Snapshot, path: str, text: str) -> list[Recipe]:
    stages = {str(k): v for k, v in table(load_yaml(text), "stages").items() if isinstance(v, dict)}
    values = _parameters(snapshot, path, load_yaml(text))
    lines: list[str] = []
    missing: set[str] = set()
    for name in _ordered(stages):
        stage = stages[name]
        inside = scalar(stage.get("wdir"))
        commands = stage.get("cmd")
        for command in commands if isinstance(commands, list) else [commands]:
            line, unknown = _filled(scalar(command)[:LINE_LIMIT], values)
            missing |= unknown
            if line.strip():
                lines.append(f"cd {inside} && {line}" if inside else line.strip())
    if not lines:
        return []
    return [
        Recipe(
            kind="dvc", file=path, name="", lines=tuple(lines[:LINES_LIMIT]), workdir=_folder(path), open_parameters=tuple(sorted(missing))
        )
    ]


def _ordered(stages: dict[str, dict[str, Any]]) -> list[str]:
    """Stages after those whose outputs they need; a circle keeps the file's order."""
    makes = {name: _names(s.get("outs")) | _names(s.get("metrics")) | _names(s.get("plots")) for name, s in stages.items()}
    needs = {name: {o for o, outs in makes.items() if o != name and _meets(_names(stages[name].get("deps")), outs)} for name in stages}
    done: list[str] = []
    while len(done) < len(stages):
        ready = [n for n in stages if n not in done and needs[n] <= set(done)]
        done.append(ready[0] if ready else next(n for n in stages if n not in done))
    return done


def _meets(deps: set[str], outs: set[str]) -> bool:
    return any(d == o or d.startswith(o + "/") or o.startswith(d + "/") for d in deps for o in outs)


def _names(value: object) -> set[str]:
    items = value if isinstance(value, list) else []
    return {posixpath.normpath(str(next(iter(i), "")) if isinstance(i, dict) else str(i)) for i in items[:200]}


def _parameters(snapshot: Snapshot, path: str, document: Any) -> dict[str, str]:
    """Values that `${...}` of a dvc.yaml may name: its own `vars`, and params.yaml beside it."""
    sources = [load_yaml(snapshot.text(posixpath.join(posixpath.dirname(path), "params.yaml")) or "")]
    for item in document.get("vars", []) if isinstance(document, dict) and isinstance(document.get("vars"), list) else []:
        sources.append(
            item if isinstance(item, dict) else load_yaml(snapshot.text(posixpath.join(posixpath.dirname(path), str(item))) or "")
        )
    values: dict[str, str] = {}
    for source in sources:
        _flatten(source, "", values)
    return values


def _flatten(value: Any, prefix: str, into: dict[str, str]) -> None:
    if len(into) > 2000 or prefix.count(".") > 8:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(inner, f"{prefix}.{key}".lstrip("."), into)
    elif text := scalar(value):
        into[prefix] = text


def _filled(line: str, values: dict[str, str]) -> tuple[str, set[str]]:
    unknown = {n for n in _OPEN.findall(line) if n not in values}
    return _OPEN.sub(lambda m: values.get(m.group(1), m.group(0)), line), unknown


def _mlproject(path: str, text: str) -> list[Recipe]:
    found = []
    for name, point in table(load_yaml(text), "entry_points").items():
        command = scalar(point.get("command")) if isinstance(point, dict) else ""
        if not command:
            continue
        values = {str(k): _default(v) for k, v in table(point, "parameters").items()}
        open_ = tuple(n for n in dict.fromkeys(_BRACED.findall(command)) if values.get(n) is None)
        known = {n: v for n, v in values.items() if v is not None}
        line = _placed(command, known)
        found.append(
            Recipe(
                kind="mlproject",
                file=path,
                name=str(name),
                lines=(line.strip()[:LINE_LIMIT],),
                workdir=_folder(path),
                open_parameters=open_,
            )
        )
    return found


def _placed(command: str, known: dict[str, str]) -> str:
    return _BRACED.sub(lambda match: known.get(match.group(1), match.group(0)), command)


def _default(value: Any) -> str | None:
    inner = value.get("default") if isinstance(value, dict) else None
    return None if inner is None else scalar(inner)
