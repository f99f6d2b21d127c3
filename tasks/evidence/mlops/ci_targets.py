"""What stands behind a name in a CI command: a make target, a tox environment, a nox session, a package script, a file."""

from __future__ import annotations

import ast
import configparser
import posixpath
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tasks.evidence.mlops.manifests import load_toml, load_yaml, scalar, table
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import syntax_tree

SCRIPT_LIMIT_BYTES = 100_000
_TARGET = re.compile(r"^([A-Za-z0-9_.%/-][\w.%/ -]*?)\s*::?(?!=)\s*([^=;#]*)(?:;\s*(.*))?$")
_VARIABLE = re.compile(r"^\s*(?:export\s+)?(\w+)\s*[:?]?=\s*(.*)$")
_LINT_HOOKS = re.compile(r"mypy|pyright|pytype", re.IGNORECASE)
_SECURITY_HOOKS = re.compile(r"bandit|gitleaks|detect-secrets|safety|trufflehog|pip-audit")


class Targets:
    """Names that commands of this repository stand for, read once and only when asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.paths = frozenset(snapshot.own)
        self._makefiles: dict[str, dict[str, tuple[list[str], str]]] = {}

    def text(self, path: str) -> str:
        """A small own text file, empty when there is none."""
        known = path in self.paths and self.snapshot.size(path) <= SCRIPT_LIMIT_BYTES
        return (self.snapshot.text(path) or "") if known else ""

    def make(self, tokens: list[str], folder: str) -> list[str]:
        """Recipe lines of the targets of a `make` command, prerequisites first."""
        goals, at = [], 1
        while at < len(tokens):
            token = tokens[at]
            if token in ("-C", "--directory") and at + 1 < len(tokens):
                folder, at = posixpath.normpath(posixpath.join(folder, tokens[at + 1])), at + 1
            elif token in ("-f", "-j", "--file"):
                at += 1
            elif not token.startswith("-") and "=" not in token:
                goals.append(token)
            at += 1
        targets = self._targets_of(folder) or self._targets_of("")
        first = next(iter(targets), "")
        return [line for goal in goals or [first] for line in self._recipe(targets, goal, set())]

    def _targets_of(self, folder: str) -> dict[str, tuple[list[str], str]]:
        if folder not in self._makefiles:
            names = (posixpath.join(folder, n) if folder not in ("", ".") else n for n in ("GNUmakefile", "makefile", "Makefile"))
            self._makefiles[folder] = parse_makefile(next((t for n in names if (t := self.text(n))), ""))
        return self._makefiles[folder]

    def _recipe(self, targets: dict[str, tuple[list[str], str]], goal: str, seen: set[str]) -> list[str]:
        if goal in seen or goal not in targets or len(seen) > 40:
            return []
        seen.add(goal)
        needs, body = targets[goal]
        return [line for need in needs for line in self._recipe(targets, need, seen)] + [body]

    def tox(self, tokens: list[str]) -> list[str]:
        """Commands of the tox environments a command names, else of those tox runs by default."""
        wanted = [e for n, t in enumerate(tokens) if t in ("-e", "-f", "--env") and n + 1 < len(tokens) for e in tokens[n + 1].split(",")]
        return self._ini_tox(wanted) + self._toml_tox(wanted)

    def _ini_tox(self, wanted: list[str]) -> list[str]:
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        for path, prefix in (("tox.ini", ""), ("setup.cfg", "tox:")):
            try:
                parser.read_string(self.text(path))
            except configparser.Error:
                continue
            if parser.has_section(f"{prefix}tox") or parser.has_section("testenv") or parser.has_section(f"{prefix}testenv"):
                break
        listed = re.split(r"[,\s]+", parser.get("tox", "envlist", fallback=parser.get("tox", "env_list", fallback="")))
        sections = [f"testenv:{e}" for e in (wanted or listed) if parser.has_section(f"testenv:{e}")]
        if len(sections) < len(wanted) or not wanted:
            sections.append("testenv")
        return [parser.get(s, "commands", fallback="") for s in sections]

    def _toml_tox(self, wanted: list[str]) -> list[str]:
        tox = {**table(load_toml(self.text("pyproject.toml")), "tool", "tox"), **load_toml(self.text("tox.toml"))}
        if isinstance(tox.get("legacy_tox_ini"), str):
            inner = re.findall(r"(?ms)^\[testenv(?::([^\]\n]+))?\]\n(.*?)(?=^\[|\Z)", tox["legacy_tox_ini"][:SCRIPT_LIMIT_BYTES])
            return [body.partition("commands")[2].partition("=")[2] for name, body in inner if not wanted or name in wanted or not name]
        base = [] if wanted and all(table(tox, "env", e) for e in wanted) else [table(tox, "env_run_base")]
        named = [table(tox, "env", e) for e in (wanted or [e for e in tox.get("env_list", []) if isinstance(e, str)])]
        return [" ".join(str(word) for word in c if isinstance(word, str)) for env in [*base, *named] for c in _lists(env.get("commands"))]

    def nox(self, tokens: list[str]) -> list[str]:
        """Commands that the sessions of a noxfile run; all of them when none is named."""
        named = [t for n, t in enumerate(tokens) if n and (tokens[n - 1] in ("-s", "--session", "--sessions", "-rs", "-e"))]
        names = [n.split("-")[0].split("(")[0] for n in named]
        return self._python_runs("noxfile.py", names)

    def invoke(self, tokens: list[str]) -> list[str]:
        """Commands of invoke's tasks in `tasks.py` or a folder `tasks/`."""
        names = [re.split(r"[.:]", t)[-1].replace("-", "_") for t in tokens[1:] if not t.startswith("-")]
        files = [p for p in ("tasks.py", *sorted(p for p in self.paths if re.fullmatch(r"tasks/\w+\.py", p))) if p in self.paths]
        return [line for path in files[:20] for line in self._python_runs(path, names)]

    def _python_runs(self, path: str, names: list[str]) -> list[str]:
        tree = syntax_tree(self.snapshot, path) if self.text(path) else None
        found = []
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.FunctionDef) and (not names or node.name in names or _called(node) in names):
                found += [line for call in ast.walk(node) if isinstance(call, ast.Call) for line in _run_of(call)]
        return found

    def task(self, name: str) -> list[str]:
        """Commands behind a named task of mise, just, Task, poe, taskipy, hatch, pdm, pixi, or a `package.json`."""
        return self._expand(name, set())

    @property
    def task_names(self) -> Mapping[str, list[str]]:
        """Tasks by name, as the runners' files have them."""
        return self._tasks

    def _expand(self, name: str, seen: set[str]) -> list[str]:
        if name in seen or name not in self._tasks or len(seen) > 40:
            return []
        seen.add(name)
        found = []
        for line in self._tasks[name]:
            inner = line.removeprefix("\0")
            found += self._expand(inner, seen) if line.startswith("\0") else [line]
        return found

    @cached_property
    def _tasks(self) -> dict[str, list[str]]:
        """Lines by task name; a line that starts with NUL names another task."""
        tasks: dict[str, list[str]] = {}
        for path in ("mise.toml", ".mise.toml", "pixi.toml"):
            data = load_toml(self.text(path))
            tasks |= {n: _task_lines(t) for n, t in table(data, "tasks").items()}
        tool = table(load_toml(self.text("pyproject.toml")), "tool")
        named = (("poe", "tasks"), ("taskipy", "tasks"), ("pdm", "scripts"), ("pixi", "tasks"), ("hatch", "envs", "default", "scripts"))
        for keys in named:
            tasks |= {n: _task_lines(t) for n, t in table(tool, *keys).items()}
        for settings in (*table(tool, "pixi", "feature").values(), *table(load_toml(self.text("pixi.toml")), "feature").values()):
            tasks |= {n: _task_lines(t) for n, t in table(settings, "tasks").items()}
        for env, settings in table(tool, "hatch", "envs").items():
            tasks |= {f"{env}:{n}": _task_lines(t) for n, t in table(settings, "scripts").items()}
        tasks |= {n: _task_lines(t) for n, t in table(load_yaml(self.text("package.json")), "scripts").items()}
        for path in ("Taskfile.yml", "Taskfile.yaml"):
            tasks |= {n: _task_lines(t) for n, t in table(load_yaml(self.text(path)), "tasks").items()}
        for path in ("justfile", "Justfile", ".justfile"):
            tasks |= {n: [*("\0" + d for d in needs), body] for n, (needs, body) in parse_makefile(self.text(path), spaces=True).items()}
        return tasks

    def dvc(self) -> list[str]:
        """Commands of the stages of the pipeline file."""
        stages = table(load_yaml(self.text("dvc.yaml")), "stages")
        commands = [table({"s": s}, "s").get("cmd") or table(s, "do").get("cmd") for s in stages.values()]
        return [scalar(line) for c in commands if c for line in (c[:100] if isinstance(c, list) else [c])]

    def precommit(self) -> tuple[str, ...]:
        """Words of the hooks that are configured; `lint` when nothing more is known."""
        data = load_yaml(self.text(".pre-commit-config.yaml") or self.text(".pre-commit-config.yml"))
        repos = data.get("repos") if isinstance(data, dict) else None
        hooks = [h for r in _dicts(repos) for h in _dicts(r.get("hooks"))][:500]
        ids = [scalar(h.get("id")) for h in hooks if h.get("stages") != ["manual"]]
        words = ["lint"] if not ids or any(not _LINT_HOOKS.search(i) for i in ids) else []
        words += ["typecheck"] if any(_LINT_HOOKS.search(i) for i in ids) else []
        words += ["security_scan"] if any(_SECURITY_HOOKS.search(i) for i in ids) else []
        return tuple(words)

    def submitted(self, path: str) -> list[str]:
        """Commands in a small YAML file given to a job submitter: its `entrypoint`, `command` or `run`."""
        data = load_yaml(self.text(path))
        values = [data.get(k) for k in ("entrypoint", "command", "run", "cmd")] if isinstance(data, dict) else []
        return [v for v in values if isinstance(v, str)]

    @cached_property
    def console_scripts(self) -> dict[str, str]:
        """Console scripts of the package with the module that each starts."""
        data = load_toml(self.text("pyproject.toml"))
        scripts = {**table(data, "project", "scripts"), **table(data, "tool", "poetry", "scripts")}
        return {name: str(target).split(":")[0] for name, target in scripts.items()}

    def file_of_module(self, module: str, folder: str = "") -> str | None:
        """The own file of a dotted module."""
        inner = module.replace(".", "/")
        roots = ("", "src/", f"{folder}/" if folder else "")
        candidates = (f"{root}{inner}{end}" for root in roots for end in (".py", "/__main__.py"))
        return next((c for c in candidates if c in self.paths), None)

    def fits(self, path: str | None) -> bool:
        """Whether a Python file itself fits a model."""
        source = self.snapshot.source(path) if path and path in self.paths and path.endswith((".py", ".ipynb")) else None
        names = ("fit", "fit_generator", "backward", "train_on_batch")
        return bool(source and any(c.attribute in names or c.name in ("lightgbm.train", "xgboost.train") for c in source.calls))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _lists(value: Any) -> list[list[Any]]:
    return [v if isinstance(v, list) else [v] for v in value] if isinstance(value, list) else []


def _task_lines(task: Any) -> list[str]:
    """Lines of one task of whatever tool: a string, a list, or a table with `cmd`, `run`, `cmds`, `depends`."""
    if isinstance(task, str):
        return [task]
    if isinstance(task, list):
        return [line if isinstance(line, str) else _line_of(line) for line in task[:100] if isinstance(line, (str, dict))]
    if not isinstance(task, dict):
        return []
    needs = [n for k in ("depends", "deps", "depends-on", "depends_on") for n in _texts(task.get(k))]
    found = ["\0" + n for n in needs]
    for key in ("run", "cmd", "cmds", "shell", "script", "sequence", "composite"):
        value = task.get(key)
        lines = _task_lines(value) if isinstance(value, (str, list)) else []
        found += ["\0" + line if key in ("sequence", "composite") and " " not in line else line for line in lines]
    return found


def _line_of(item: dict[str, Any]) -> str:
    return scalar(item.get("cmd")) or "\0" + (scalar(item.get("ref")) or scalar(item.get("task")))


def _texts(value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [scalar(v.get("task")) if isinstance(v, dict) else scalar(v) for v in values]


def parse_makefile(text: str, spaces: bool = False) -> dict[str, tuple[list[str], str]]:
    """Prerequisites and recipe by target; simple variables are put in. `spaces` reads a justfile's indentation."""
    targets: dict[str, tuple[list[str], str]] = {}
    variables: dict[str, str] = {}
    current: list[str] = []
    for line in text.replace("\\\n", " ").split("\n"):
        line = line[:2000]
        if line.startswith("\t") or (spaces and line.startswith(" ")):
            body = re.sub(r"\$[({](\w+)[)}]", lambda m: variables.get(m.group(1), m.group(0)), line.strip().lstrip("@-+ "))
            for name in current:
                targets[name] = (targets[name][0], targets[name][1] + body + "\n")
        elif line.strip() and not line.startswith(("#", " ", ".PHONY")):
            match = _TARGET.match(line)
            if match:
                current = match.group(1).split()[:1] if spaces else match.group(1).split()
                for name in current:
                    old = targets.get(name, ([], ""))
                    targets[name] = (old[0] + match.group(2).split(), old[1] + (match.group(3) or "") + "\n")
            elif variable := _VARIABLE.match(line):
                variables[variable.group(1)] = variable.group(2).strip()[:300]
    return targets


def _called(node: ast.FunctionDef) -> str:
    """The name given to a session or task by its decorator."""
    calls = [d for d in node.decorator_list if isinstance(d, ast.Call)]
    values = [k.value for d in calls for k in d.keywords if k.arg == "name"]
    return next((str(v.value) for v in values if isinstance(v, ast.Constant)), "")


def _run_of(call: ast.Call) -> list[str]:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("run", "run_always", "sudo", "execute") or not call.args:
        return []
    words = [w for a in call.args for w in _words(a)]
    return [" ".join(words)] if words else []


def _words(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(v.value) if isinstance(v, ast.Constant) else "X" for v in node.values)]
    return []
