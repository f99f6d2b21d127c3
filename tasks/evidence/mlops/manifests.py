"""Packaging manifests and environment files: one reader per format, all giving the same facts."""

from __future__ import annotations

import ast
import configparser
import posixpath
import re
import tomllib
from typing import Any

import yaml

from tasks.evidence.mlops.facts import DependencyFile, Requirement
from tasks.evidence.mlops.pins import pin_class, pin_class_of_manifest, pin_of, pin_of_conda, pin_of_poetry, pin_of_url
from tasks.evidence.mlops.requirement_lines import MARKER_LIMIT, parse_requirement

_READ_FILE = re.compile(r"[\w./-]*re?q[\w./-]*\.(?:txt|in)$", re.IGNORECASE)
_CONDA = re.compile(r"^(?:[\w./-]+::)?([\w.-]+)\s*(?:\[[^\]]*\])?\s*((?:[<>=!~].*)?)$")
_INCLUDE = re.compile(r"^(?:-r|--requirement)[\s=]*([^\s=]\S*)$")
_CONDA_SPACED = re.compile(r"^([\w.-]+)\s+([\d.*]+)(?:\s+\S+)?$")


class _Loader(yaml.SafeLoader):
    """Safe loading in which a tag of some tool is a plain value and aliases are counted by the caller's size limit."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def load_yaml(text: str) -> Any:
    """The document, the first of several, or None when it is not YAML (a template, say) or full of aliases."""
    if text.count("*") > 2000 and text.count("&") > 50:
        return None
    try:
        return next(iter(yaml.load_all(text, Loader=_Loader)), None)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return None


def load_toml(text: str) -> dict[str, Any]:
    """The table, empty when it is not TOML."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}


def line_of(text: str, needle: str) -> int | None:
    """Number of the first line that holds the text."""
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 and needle else None


def table(value: Any, *keys: str) -> dict[str, Any]:
    """The nested mapping under the keys, empty when it is missing or not a mapping."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def scalar(value: Any) -> str:
    """A scalar as text; empty for a list or mapping, whose text could be endless when it is made of aliases."""
    return str(value) if isinstance(value, (str, int, float, bool)) else ""


def texts(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _listed(text: str, items: list[str], group: str = "") -> list[Requirement]:
    parsed = (parse_requirement(item, line_of(text, item), group) for item in items)
    return [p for p in parsed if p]


def read_pyproject(path: str, text: str) -> DependencyFile | None:
    """PEP 621, dependency groups (PEP 735), poetry, pdm, uv, hatch and pixi; a file of tool settings only is none."""
    data = load_toml(text)
    project, poetry = table(data, "project"), table(data, "tool", "poetry")
    found = _listed(text, texts(project.get("dependencies")))
    for name, items in table(project, "optional-dependencies").items():
        found += _listed(text, texts(items), name)
    for groups in (table(data, "dependency-groups"), table(data, "tool", "pdm", "dev-dependencies")):
        for name, items in groups.items():
            found += _listed(text, texts(items), name)
    found += _listed(text, texts(table(data, "tool", "uv").get("dev-dependencies")), "dev")
    found += _poetry(text, poetry) + _pixi(text, table(data, "tool", "pixi"))
    reads = _dynamic_files(path, data)
    if not (project or poetry or found):
        return None
    main = [r for r in found if not r.group]
    kind = "poetry" if poetry and not project.get("dependencies") else "pyproject"
    return DependencyFile(file=path, kind=kind, pin=pin_class_of_manifest(main or found), requirements=tuple(found), reads=reads)


def _dynamic_files(path: str, data: dict[str, Any]) -> tuple[str, ...]:
    named = table(data, "tool", "setuptools", "dynamic", "dependencies").get("file")
    files = texts([named] if isinstance(named, str) else named)
    return tuple(posixpath.normpath(posixpath.join(posixpath.dirname(path), f)) for f in files)


def _poetry(text: str, poetry: dict[str, Any]) -> list[Requirement]:
    groups = [("", table(poetry, "dependencies")), ("dev", table(poetry, "dev-dependencies"))]
    groups += [(name, table(group, "dependencies")) for name, group in table(poetry, "group").items()]
    return [_poetry_one(text, n, c, group) for group, items in groups for n, c in items.items() if n.lower() != "python"]


def _poetry_one(text: str, name: str, constraint: Any, group: str) -> Requirement:
    if isinstance(constraint, list):
        constraint = next((c for c in constraint if isinstance(c, dict)), "")
    line = next((n for n, t in enumerate(text.split("\n"), 1) if re.match(rf'\s*"?{re.escape(name)}"?\s*=', t)), None)
    if isinstance(constraint, dict) and (url := constraint.get("git") or constraint.get("url") or constraint.get("path")):
        pin = "exact" if constraint.get("rev") or constraint.get("tag") else pin_of_url(str(url))
        return Requirement(name=name, constraint=str(constraint.get("rev") or constraint.get("tag") or ""), pin=pin, line=line, group=group)
    details = constraint if isinstance(constraint, dict) else {}
    version = str(details.get("version", "") if details else constraint)
    return Requirement(
        name=name,
        constraint=version,
        pin=pin_of_poetry(version),
        line=line,
        group=group or ("optional" if details.get("optional") is True else ""),
        extras=tuple(texts(details.get("extras"))),
        marker=scalar(details.get("markers"))[:MARKER_LIMIT],
    )


def _pixi(text: str, pixi: dict[str, Any]) -> list[Requirement]:
    items = {**table(pixi, "dependencies"), **table(pixi, "pypi-dependencies")}
    return [_poetry_one(text, n, c, "") for n, c in items.items() if n != "python" and not (isinstance(c, dict) and c.get("editable"))]


def read_pipfile(path: str, text: str) -> DependencyFile | None:
    """A Pipfile's packages and development packages."""
    data = load_toml(text)
    groups = (("", table(data, "packages")), ("dev", table(data, "dev-packages")))
    found = [_poetry_one(text, name, constraint, group) for group, items in groups for name, constraint in items.items()]
    main = [r for r in found if not r.group]
    return DependencyFile(file=path, kind="pipfile", pin=pin_class(main or found), requirements=tuple(found))


def read_setup_py(path: str, text: str) -> DependencyFile | None:
    """`install_requires` and its kin from the syntax tree; a name is followed to its list, a read file is named."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return DependencyFile(file=path, kind="setup", reads=()) if "setup(" in text else None
    assigned = {t.id: n.value for n in ast.walk(tree) if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    call = next((n for n in ast.walk(tree) if isinstance(n, ast.Call) and _last_name(n.func) == "setup"), None)
    if call is None:
        return None
    given = {k.arg: k.value for k in call.keywords if k.arg}
    requires = _strings_of(given.get("install_requires"), assigned)
    found = [r for value, line in requires if (r := parse_requirement(value, line))]
    for value, line in _strings_of(given.get("extras_require"), assigned):
        if requirement := parse_requirement(value, line, "extra"):
            found.append(requirement)
    main = [r for r in found if not r.group]
    reads = () if main or "install_requires" not in given else _read_files(path, text, tree)
    return DependencyFile(file=path, kind="setup", pin=pin_class(main), requirements=tuple(found), reads=reads)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _strings_of(node: ast.expr | None, assigned: dict[str, ast.expr], depth: int = 0) -> list[tuple[str, int]]:
    """Strings of a list, a sum of lists, a dictionary's values, or the list a name stands for."""
    if node is None or depth > 4:
        return []
    if isinstance(node, ast.Constant):
        return [(node.value, node.lineno)] if isinstance(node.value, str) else []
    if isinstance(node, ast.Name):
        return _strings_of(assigned.get(node.id), assigned, depth + 1)
    parts: list[ast.expr] = []
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        parts = node.elts
    elif isinstance(node, ast.Dict):
        parts = [v for v in node.values if v]
    elif isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    return [s for part in parts for s in _strings_of(part, assigned, depth + 1)]


def _read_files(path: str, text: str, tree: ast.Module) -> tuple[str, ...]:
    folder = posixpath.dirname(path)
    names = {
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and _READ_FILE.search(n.value[:200])
    }
    return tuple(sorted(posixpath.normpath(posixpath.join(folder, n)) for n in names))


def read_setup_cfg(path: str, text: str) -> DependencyFile | None:
    """`[options]` of a setup.cfg; one that only holds tool settings is none."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    requires = parser.get("options", "install_requires", fallback="")
    found = _listed(
        text, [line.split(" #")[0].strip() for line in requires.split("\n") if line.strip() and not line.strip().startswith("#")]
    )
    if parser.has_section("options.extras_require"):
        for name, lines in parser.items("options.extras_require"):
            found += _listed(text, [line.strip() for line in lines.split("\n") if line.strip()], name)
    if not found:
        return None
    main = [r for r in found if not r.group]
    return DependencyFile(file=path, kind="setup", pin=pin_class(main or found), requirements=tuple(found))


def read_conda(path: str, text: str) -> DependencyFile | None:
    """A conda environment or an MLflow `python_env.yaml`, known by its list of dependencies."""
    data = load_yaml(text)
    items = data.get("dependencies") if isinstance(data, dict) else None
    if not isinstance(items, list) or not any(isinstance(i, str) for i in items):
        return None
    found: list[Requirement] = []
    reads: list[str] = []
    for item in items:
        if isinstance(item, str):
            found += _conda_one(text, item)
        elif isinstance(item, dict):
            found += _listed(text, [i for i in texts(item.get("pip")) if not i.startswith("-")], "pip")
            reads += [m.group(1) for i in texts(item.get("pip")) if (m := _INCLUDE.match(i.strip()))]
    if not all(isinstance(i, (str, dict)) for i in items):
        return None
    counted = [r for r in found if r.name not in ("python", "pip")]
    read = tuple(posixpath.normpath(posixpath.join(posixpath.dirname(path), r)) for r in reads)
    return DependencyFile(file=path, kind="conda", pin=pin_class(counted or found), requirements=tuple(found), reads=read)


def _conda_one(text: str, item: str) -> list[Requirement]:
    match = _CONDA.match(item.strip()[:300]) or _CONDA_SPACED.match(item.strip()[:300])
    if not match:
        return []
    constraint = match.group(2).strip()
    pin = pin_of_conda(constraint) if constraint[:1] in "<>=!~" or not constraint else "ranged"
    return [Requirement(name=match.group(1), constraint=constraint, pin=pin, line=line_of(text, item))]


def read_description(path: str, text: str) -> DependencyFile | None:
    """An R package's `Depends`, `Imports`, `Suggests`; other files named DESCRIPTION are none."""
    if not re.search(r"(?m)^(?:Package|Type|Imports|Depends):", text):
        return None
    fields = re.findall(r"(?m)^(Depends|Imports|LinkingTo|Suggests|Enhances):((?:.*)(?:\n[ \t]+.*)*)", text)
    found = []
    for name, body in fields:
        group = "" if name in ("Depends", "Imports", "LinkingTo") else name.lower()
        for item in body.replace("\n", " ").split(","):
            match = re.match(r"^\s*([A-Za-z][\w.]*)\s*(?:\(([^)]*)\))?\s*$", item)
            if match and match.group(1) != "R":
                constraint = (match.group(2) or "").strip()
                pin = pin_of(constraint)
                found.append(
                    Requirement(name=match.group(1), constraint=constraint, pin=pin, line=line_of(text, match.group(1)), group=group)
                )
    main = [r for r in found if not r.group]
    return DependencyFile(file=path, kind="r", pin=pin_class(main or found), requirements=tuple(found)) if found else None


def read_julia(path: str, text: str) -> DependencyFile | None:
    """A Julia project: `[deps]` names packages, `[compat]` holds their versions."""
    data = load_toml(text)
    names, compat = table(data, "deps"), table(data, "compat")
    found = []
    for name in names:
        constraint = str(compat.get(name, ""))
        pin = "exact" if constraint.startswith("=") else "ranged" if constraint else "unpinned"
        found.append(Requirement(name=name, constraint=constraint, pin=pin, line=line_of(text, name)))
    return DependencyFile(file=path, kind="julia", pin=pin_class(found), requirements=tuple(found)) if names else None


def read_rockspec(path: str, text: str) -> DependencyFile | None:
    """The `dependencies` of a LuaRocks file."""
    match = re.search(r"(?s)\bdependencies\s*=\s*\{([^}]{0,5000})\}", text)
    found = []
    for item in re.findall(r"['\"]([^'\"\n]{1,100})['\"]", match.group(1)) if match else []:
        name, _, constraint = item.partition(" ")
        if name != "lua":
            found.append(Requirement(name=name, constraint=constraint.strip(), pin=pin_of(constraint), line=line_of(text, item)))
    return DependencyFile(file=path, kind="lua", pin=pin_class(found), requirements=tuple(found))
