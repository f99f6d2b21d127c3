"""Loops that only a setting ends, and the setting's default does not: `max_iters = None`, `num_steps = -1`."""

from __future__ import annotations

import ast
import re

from tasks.evidence.launch.facts import Endless
from tasks.evidence.place import place_in
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.reach import Reach
from tasks.evidence.source import SourceFile, syntax_tree

FILES_LIMIT = 40
BOUNDS = re.compile(
    r"^(?:max|num|n|total|nb|train|training)_?(?:train_?|training_?|total_?)?"
    r"(?:iters?|iterations?|steps?|epochs?|updates?|episodes?|batches|timesteps)$|^(?:epochs?|iterations|steps|episodes)$"
)
"""Names of settings that say how long training goes on."""
_NEVER = re.compile(r"^(?:None|-1|0|float\(['\"]inf['\"]\)|math\.inf|np\.inf|sys\.maxsize|1e(?:9|1\d))$")
_OVERRIDE_CALL = re.compile(r"(?:merge|update|override|parse|from|apply)\w{0,20}_(?:args?|argv|cli|opts|cmd)\w{0,10}$")


def find_endless(ground: Ground, path: str, reach: Reach) -> tuple[Endless, ...]:
    """Settings without an end that a run passes, where it also passes a `while` that is true for ever."""
    trees = _trees(ground, path, reach)
    if not any(_runs_for_ever(node) for tree in trees.values() for node in ast.walk(tree)):
        return ()
    sections = _sections(trees.get(path))
    found: dict[str, Endless] = {}
    for file, tree in trees.items():
        for scope, name, value, line in _settings(tree):
            owner = sections.get(scope.split(".")[0], "") if file != path else ""
            option = f"{owner}.{name}" if owner else name
            found.setdefault(option, Endless(option=option, value=value, place=place_in(ground.snapshot, file, line)))
    for name, value, line in _options(ground.sources[path]):
        found.setdefault(name, Endless(option=name, value=value, place=place_in(ground.snapshot, path, line)))
    return tuple(found.values())[:10]


def takes_overrides(ground: Ground, source: SourceFile, reach: Reach) -> str:
    """The form in which a program's own configuration takes `sys.argv`: `--a.b=1`, `a.b=1`, or empty."""
    for call in source.calls:
        words = " ".join([*call.args, *call.keywords.values()])
        if call.name.endswith("OmegaConf.from_cli") or "hydra.main" in call.name:
            return "a.b=1"
        if "sys.argv" in words and (call.attribute.endswith("merge_from_list") or _OVERRIDE_CALL.search(call.attribute)):
            return "--a.b=1"
        if call.name == "exec" and "configurator" in words:
            return "--a.b=1"
    if any(d.endswith("hydra.main") for definition in source.definitions for d in definition.decorators):
        return "a.b=1"
    return ""


def _trees(ground: Ground, path: str, reach: Reach) -> dict[str, ast.Module]:
    files = [path, *sorted(reach.files - {path})][:FILES_LIMIT]
    texts = {f: ground.snapshot.text(f) or "" for f in files}
    wanted = [f for f in files if f == path or "while " in texts[f]] if any("while " in t for t in texts.values()) else []
    found = {f: syntax_tree(ground.snapshot, f) for f in wanted}
    return {f: t for f, t in found.items() if t is not None}


def _runs_for_ever(node: ast.AST) -> bool:
    if isinstance(node, ast.While):
        return isinstance(node.test, ast.Constant) and bool(node.test.value)
    return (
        isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and ast.unparse(node.iter.func).endswith(("itertools.count", "cycle"))
    )


def _settings(tree: ast.Module) -> list[tuple[str, str, str, int]]:
    """Class or function, name, value and line of settings that say "never"."""
    found = []
    for scope, node in _scoped(tree, ""):
        value = node.value
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            name = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
            if value is not None and BOUNDS.match(name) and _NEVER.match(ast.unparse(value)[:40]) and ast.unparse(value) != "0":
                found.append((scope, name, ast.unparse(value), node.lineno))
    return found


def _options(source: SourceFile) -> list[tuple[str, str, int]]:
    """Name, default and line of arguments whose default says "never"."""
    found = []
    for call in source.calls:
        default = call.keywords.get("default", "")
        name = call.args[0].strip("'\"-").replace("-", "_") if call.attribute in ("add_argument", "option") and call.args else ""
        if BOUNDS.match(name) and default != "0" and _NEVER.match(default):
            found.append((name, default, call.line))
    return found


def _scoped(node: ast.AST, scope: str) -> list[tuple[str, ast.Assign | ast.AnnAssign]]:
    found: list[tuple[str, ast.Assign | ast.AnnAssign]] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Assign, ast.AnnAssign)):
            found.append((scope, child))
        named = isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        found += _scoped(child, f"{scope}.{getattr(child, 'name', '')}".lstrip(".") if named else scope)
    return found


def _sections(tree: ast.Module | None) -> dict[str, str]:
    """Class to the part of the configuration that its settings become: `C.trainer = Trainer.get_default_config()`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Attribute):
            called, section = ast.unparse(node.value.func), ast.unparse(node.targets[0])
            if "." in called and len(called) < 100 and section.count(".") <= 4:
                found[called.split(".")[0]] = section.split(".", 1)[1]
    return found
