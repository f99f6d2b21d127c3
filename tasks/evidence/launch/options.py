"""Arguments that a program takes: argparse, click, absl, and what it reads from `sys.argv` by position."""

from __future__ import annotations

import ast
import re

from tasks.evidence.launch.facts import Option
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.source import Call, SourceFile, syntax_tree

OPTIONS_LIMIT = 150
_ABSL = re.compile(r"(?:^|\.)DEFINE_(?:integer|float|string|bool|boolean|enum|list|multi_\w+|config_file|path)$")
_CLICK = re.compile(r"^(?:click|rich_click|asyncclick)\.(option|argument)$")
_TRUE = "True"


def read_options(source: SourceFile, path: str) -> tuple[Option, ...]:
    """The arguments that the file itself declares, in its order."""
    found = [o for call in source.calls if (o := _option(call))]
    return tuple(found[:OPTIONS_LIMIT])


def _option(call: Call) -> Option | None:
    if call.attribute == "add_argument" and call.args:
        return _argparse(call)
    if (match := _CLICK.match(call.name)) and call.args:
        return _click(call, match.group(1))
    if _ABSL.search(call.name) and (name := _text(call.args[0]) if call.args else None):
        default = call.argument("default", 1)
        return Option(flag=f"--{name}", default=None if default == "None" else default, style="absl")
    return None


def _argparse(call: Call) -> Option | None:
    names = [n for a in call.args if (n := _text(a))]
    if not names:
        return None
    flag = next((n for n in names if n.startswith("--")), names[0])
    optional = call.keywords.get("nargs", "").strip("'\"") in ("?", "*", "REMAINDER", "argparse.REMAINDER")
    required = call.keywords.get("required") == _TRUE or (not flag.startswith("-") and not optional and "default" not in call.keywords)
    return Option(flag=flag, default=_default(call), required=required, choices=_choices(call.keywords.get("choices", "")))


def _click(call: Call, kind: str) -> Option | None:
    names = [n for a in call.args if (n := _text(a))]
    if not names:
        return None
    flag = next((n for n in names if n.startswith("--")), names[0]).split("/")[0]
    required = call.keywords.get("required") == _TRUE if kind == "option" else call.keywords.get("required") != "False"
    needs = required and "default" not in call.keywords
    return Option(flag=flag, default=_default(call), required=needs, style="click")


def _default(call: Call) -> str | None:
    text = call.keywords.get("default")
    return None if text in (None, "None") else text


def _choices(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"['\"]([\w./-]{1,60})['\"]", text[:400]))[:20]


def _text(source: str) -> str | None:
    return source[1:-1] if len(source) > 2 and source[0] in "'\"" and source[-1] == source[0] else None


def highest_position(ground: Ground, path: str) -> int:
    """The highest `sys.argv[n]` that is read whatever the number of arguments; 0 when none is."""
    source = ground.sources[path]
    if not source.imported("sys") or not path.endswith(".py"):
        return 0
    tree = syntax_tree(ground.snapshot, path)
    return max(_positions(tree, False), default=0) if tree else 0


def _positions(node: ast.AST, guarded: bool) -> list[int]:
    found = []
    if not guarded and isinstance(node, ast.Subscript) and ast.unparse(node.value)[:40] in ("sys.argv", "argv"):
        index = node.slice.value if isinstance(node.slice, ast.Constant) else None
        found += [index] if isinstance(index, int) and index > 0 else []
    inside = guarded or isinstance(node, ast.Try) or (isinstance(node, (ast.If, ast.IfExp)) and "argv" in ast.unparse(node.test)[:400])
    for child in ast.iter_child_nodes(node):
        found += _positions(child, inside)
    return found
