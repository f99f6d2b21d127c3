"""Under which conditions a call is reached, and whether they hold when nothing is set: switches of trackers and uploads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from tasks.evidence.mlops.dependencies import find_dependency_files, main_requirements
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import syntax_tree

CONFIG_LIMIT = 400
CONFIG_BYTES = 100_000
_CONFIG = re.compile(
    r"\.(?:ya?ml|json|toml|ini|cfg|gin)$|(?:^|/)(?:config|configs|default|defaults|settings|options|opts|args|arguments|params)\w*\.py$"
)
_NO_CONFIG = re.compile(r"(?:^|/)\.(?:github|circleci|gitlab)|compose|(?:^|/)(?:package|tsconfig)[^/]*\.json$|(?:^|/)(?:data|tests?)/")
_NEVER_FLAGS = re.compile(
    r"(?i)rank|is_main|is_master|master_process|main_process|local_zero|global_zero|==\s*0|%|epoch|\bstep|best|None\b.*run\b|wandb\.run|"
    r"exists|len\(|"
    r"__name__|isfile|scheme|tracking_url_type|active_run|uri"
)


_COMMON_NAMES = frozenset(
    ["name", "type", "mode", "key", "value", "path", "kind", "method", "backend", "model", "config", "run", "id", "x"]
)
"""Names that mean something else in every file: only the file itself is asked for them."""


class Guard:
    """One condition: a switch by name that has to be true, or a choice that has to be a word."""

    def __init__(self, text: str, flag: str, wanted: str | None, negated: bool, member: bool = False) -> None:
        self.text, self.flag, self.wanted, self.negated, self.member = text, flag, wanted, negated, member


class Guards:
    """Conditions around the calls of one file."""

    def __init__(self, snapshot: Snapshot, path: str, defaults: Defaults) -> None:
        self.snapshot, self.path, self.defaults = snapshot, path, defaults

    @cached_property
    def _tree(self) -> ast.Module | None:
        return syntax_tree(self.snapshot, self.path)

    @cached_property
    def _by_line(self) -> dict[int, list[Guard]]:
        found: dict[int, list[Guard]] = {}
        if self._tree:
            stack: list[tuple[ast.AST, tuple[Guard, ...]]] = [(self._tree, ())]
            while stack:
                node, guards = stack.pop()
                if guards and isinstance(node, ast.Call):
                    found.setdefault(node.lineno, list(guards))
                stack += list(_children(node, guards))
        return found

    @cached_property
    def _functions(self) -> list[tuple[str, int, int]]:
        nodes = (n for n in ast.walk(self._tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))) if self._tree else ()
        return [(n.name, n.lineno, n.end_lineno or n.lineno) for n in nodes]

    @cached_property
    def _callers(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for node in ast.walk(self._tree) if self._tree else ():
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                found.setdefault(name, []).append(node.lineno)
        return found

    def switched_off(self, line: int, own_name: str, follow: bool = True) -> str | None:
        """Why a call is not reached by default; None when it is reached, or when nothing tells."""
        for guard in self._by_line.get(line, []):
            if reason := self.defaults.off(guard, self.path, own_name):
                return reason
        inside = [f for f in self._functions if f[1] <= line <= f[2]]
        if follow and inside:
            name, start, end = max(inside, key=lambda f: f[1])
            calls = [n for n in self._callers.get(name, []) if not start <= n <= end]
            reasons = [self.switched_off(n, own_name, follow=False) for n in calls]
            if calls and all(reasons):
                return reasons[0]
        return None


def _children(node: ast.AST, guards: tuple[Guard, ...]) -> Iterator[tuple[ast.AST, tuple[Guard, ...]]]:
    if isinstance(node, (ast.If, ast.IfExp)):
        body = node.body if isinstance(node.body, list) else [node.body]
        orelse = node.orelse if isinstance(node.orelse, list) else [node.orelse]
        yield node.test, guards
        inner = (*guards, *_guards_of(node.test))
        yield from ((child, inner) for child in body)
        opposite = [Guard(g.text, g.flag, g.wanted, not g.negated) for g in _guards_of(node.test)]
        yield from ((child, (*guards, *opposite[:1]) if len(opposite) == 1 else guards) for child in orelse)
    else:
        inner = () if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else guards
        yield from ((child, inner) for child in ast.iter_child_nodes(node))


def _guards_of(test: ast.expr) -> list[Guard]:
    """Switches in a condition; of an `or` nothing is known, counters and process ranks are none."""
    if isinstance(test, ast.BoolOp):
        return [g for v in test.values for g in _guards_of(v)] if isinstance(test.op, ast.And) else []
    text = ast.unparse(test)[:200]
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return [Guard(text, g.flag, g.wanted, not g.negated) for g in _guards_of(test.operand)]
    if _NEVER_FLAGS.search(text):
        return []
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.comparators[0], ast.Constant):
        flag, value = _flag_of(test.left), test.comparators[0].value
        negated = isinstance(test.ops[0], (ast.NotEq, ast.IsNot))
        if isinstance(value, str) and isinstance(test.ops[0], (ast.Eq, ast.NotEq)):
            return [Guard(text, flag, value, negated)] if flag else []
        if value is None:
            return [Guard(text, flag, None, not negated)] if flag else []
        return [Guard(text, flag, None, negated is bool(value))] if flag and isinstance(value, bool) else []
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.In) and isinstance(test.left, ast.Constant):
        flag = _flag_of(test.comparators[0])
        return [Guard(text, flag, str(test.left.value), False, member=True)] if flag else []
    flag = _flag_of(test)
    return [Guard(text, flag, None, False)] if flag else []


def _flag_of(node: ast.expr) -> str:
    """The last name of what is asked: `args.use_wandb`, `cfg["use_wandb"]` and `cfg.get("use_wandb")` ask `use_wandb`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "getattr") and node.args:
            return str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else ""
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("lower", "strip"):
            return _flag_of(node.func.value)
        if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr") and len(node.args) > 1:
            return str(node.args[1].value) if isinstance(node.args[1], ast.Constant) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return name if re.search(r"(?i)available|installed|enabled", name) else ""
    return ""


class Defaults:
    """What a switch is set to when the user says nothing, from the file itself and then from the configuration."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def _config(self) -> list[tuple[str, str]]:
        listed = (p for p in self.snapshot.own if _CONFIG.search(p) and not _NO_CONFIG.search(p))
        paths = [p for p in listed if self.snapshot.size(p) <= CONFIG_BYTES]
        return [(p, self.snapshot.text(p) or "") for p in sorted(paths, key=lambda p: (p.count("/"), p))[:CONFIG_LIMIT]]

    @cached_property
    def _required(self) -> frozenset[str]:
        """Packages that are always installed."""
        return frozenset(r.name.lower() for _, r in main_requirements(find_dependency_files(self.snapshot)))

    def off(self, guard: Guard, path: str, own_name: str) -> str | None:
        """Why the guard does not hold by default; None when it does or nothing is known and it is no switch of the tool itself."""
        imported = guard.flag.lower().strip("_") in (own_name, f"{own_name}_available", f"has_{own_name}", f"is_{own_name}_available")
        if imported and guard.wanted is None and "." not in guard.text and not guard.negated:
            return None if own_name in self._required else f"only when {own_name} is installed"
        value = self.value_of(guard.flag, path)
        if value is None:
            named = own_name.split("_")[0] in f"{guard.flag} {guard.wanted or ''}".lower()
            return f"only with `{guard.text[:80]}`" if named and not guard.negated and not guard.member else None
        if guard.wanted is not None:
            holds = value.lower().strip("\"'") == guard.wanted.lower() or guard.wanted.lower() in re.findall(r"[\w-]+", value.lower())
        else:
            holds = value.strip("\"' ").lower() not in ("false", "none", "null", "0", "", "~", "no", "off", "disabled")
        return None if holds is not guard.negated else f"`{guard.flag}` is {value[:40]} by default"

    def value_of(self, flag: str, path: str) -> str | None:
        """The text of the default of a switch; None when it is not set anywhere."""
        if not re.fullmatch(r"[\w-]{2,60}", flag):
            return None
        here = _default_in(self.snapshot.text(path) or "", flag, code=True)
        if here is not None or flag.lower() in _COMMON_NAMES:
            return here
        return next((v for name, text in self._config if (v := _default_in(text, flag, code=name.endswith(".py"))) is not None), None)


def _default_in(text: str, flag: str, code: bool) -> str | None:
    """The default of a flag in one text: an argparse option, a field, a setting; in code only a literal is one."""
    if flag not in text and flag.replace("_", "-") not in text:
        return None
    option = re.compile(r"['\"]--?(?:no[-_])?" + re.escape(flag).replace("_", "[-_]") + r"['\"]([^\n]{0,300}(?:\n[^\n]{0,200}){0,3})")
    if match := option.search(text):
        inside = re.split(r"add_argument|click\.option|\n\s*@|parse_args", match.group(1))[0]
        if default := re.search(r"default\s*=\s*(['\"][^'\"]*['\"]|[\w.]+)", inside):
            return default.group(1)
        if re.search(r"store_true|is_flag", inside):
            return "False"
        if "store_false" in inside:
            return "True"
        return "None"
    setting = re.compile(
        r"(?m)^[ \t]*(?:-[ \t]+)?[\"']?(?:self\.|cls\.|[\w]{1,30}\.)?"
        + re.escape(flag)
        + r"[\"']?(?:\s*:\s*[\w\[\]., |]{1,40}?)?[ \t]*(?:=(?!=)|:)[ \t]*(True|False|None|true|false|null|~|\d+|['\"][^'\"\n]*['\"]|"
        r"\[[^\]\n]{0,200}\]|[\w-]+)?[ \t]*(?:,|#|$|;)"
    )
    for match in islice(setting.finditer(text), 20):
        value = match.group(1) or ""
        if not code or re.match(r"True|False|None|\d|['\"\[]", value):
            return value
    parameter = re.search(rf"[(,]\s*{re.escape(flag)}\s*(?::\s*[\w\[\]., |]{{1,40}}?)?\s*=\s*(True|False|None|['\"][^'\"\n]*['\"])", text)
    return parameter.group(1) if parameter else None
