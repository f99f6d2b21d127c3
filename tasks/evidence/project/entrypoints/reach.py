"""What happens when a file is run: the functions its code calls, through imports, classes, callbacks and sub-processes.

The call graph is an estimate that errs on the side of reaching: a method of an unknown object is looked for in the
classes that the file knows.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tasks.evidence.project.entrypoints.modules import Modules
from tasks.evidence.source import Call, Definition, SourceFile

Node = tuple[str, str]
"""File and scope: a qualified function name, `RUN` for the file run as a script, `IMPORT` for the file imported."""
RUN = ""
IMPORT = "<import>"
CLASSES_LIMIT = 40
"""Classes a file knows among which the owner of a method is looked for."""
NODES_LIMIT = 1500
"""Functions followed from one file; a script that reaches more is not worth the exact set."""

_IDENTIFIER = re.compile(r"^[A-Za-z_][\w.]{0,120}$")
_IDENTIFIERS_IN_LIST = re.compile(r"\b[A-Za-z_]\w{1,60}\b")
_QUOTED = re.compile(r"""["']([\w./-]{1,100})["']""")
_COMMAND = re.compile(r"(?:^|\.)(?:command|callback|group|main|entrypoint|cli_app)$")
HANDLER = re.compile(
    r"\.(?:route|get|post|put|patch|delete|websocket|api_route|on_event|callback|expose|endpoint|api|task|action|function_name|schedule)$"
)
_RUNS_EVERY_METHOD = re.compile(r"(?:FlowSpec|luigi\.\w*Task|TestCase|_luigi_\w+)$")
_CALLED_BY_NAME = frozenset(["__init__", "__call__", "__enter__", "__post_init__"])
LAUNCHERS = frozenset(
    [
        "system",
        "run",
        "call",
        "Popen",
        "check_call",
        "check_output",
        "popen",
        "run_path",
        "run_module",
        "BashOperator",
        "shell",
        "sh",
        "bash",
        "ShellOperation",
        "local",
        "session_run",
        "getoutput",
        "PythonScriptStep",
        "ScriptRunConfig",
        "Estimator",
        "PyTorch",
        "TensorFlow",
        "SKLearn",
        "HuggingFace",
        "XGBoost",
        "command",
        "ContainerOp",
        "CustomTrainingJob",
        "CustomPythonPackageTrainingJob",
        "SparkSubmitOperator",
        "SSHOperator",
        "Processor",
        "submit_job",
        "KubernetesPodOperator",
        "create_job",
        "spawn",
    ]
)
"""Functions whose text arguments may name a script that they run."""
SCRIPT_IN_TEXT = re.compile(r"[\w./\\-]{1,160}\.(?:py|ipynb|R|jl|lua|sh)\b")


def is_management_command(definition: Definition) -> bool:
    """A Django command: `manage.py` runs its `handle` by the file's name."""
    return definition.kind == "class" and any(b.rpartition(".")[2].endswith("BaseCommand") for b in definition.parameters)


@dataclass(slots=True)
class Reach:
    """The nodes a run passes, with the number of calls to get there."""

    hops: dict[Node, int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class CallGraph:
    """Edges are found when asked for, and kept."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._edges: dict[Node, tuple[Node, ...]] = {}
        self._calls: dict[str, dict[str, list[Call]]] = {}
        self._known: dict[str, list[Node]] = {}
        self._reach: dict[tuple[str, str, bool], Reach] = {}

    def calls(self, path: str) -> dict[str, list[Call]]:
        """The calls of a file by scope."""
        if path not in self._calls:
            by_scope: dict[str, list[Call]] = defaultdict(list)
            for call in self.modules.sources[path].calls:
                by_scope[call.scope].append(call)
            self._calls[path] = by_scope
        return self._calls[path]

    def from_run(self, path: str, handlers: bool = False) -> Reach:
        """What running the file passes; with `handlers`, also what its web handlers do on request."""
        starts: list[Node] = [(path, RUN)]
        starts += [(path, f"{d.name}.handle") for d in self.modules.sources[path].definitions if is_management_command(d)]
        if handlers:
            starts += [(path, d.name) for d in self.modules.sources[path].definitions if any(HANDLER.search(n) for n in d.decorators)]
        return self._walk((path, RUN, handlers), starts)

    def from_every_function(self, path: str) -> Reach:
        """What a file can pass when others call its functions."""
        names = [d.name for d in self.modules.sources[path].definitions if d.kind == "function"]
        return self._walk((path, "<any>", True), [(path, RUN), *((path, n) for n in names)])

    def from_function(self, path: str, name: str) -> Reach:
        return self._walk((path, name, False), [(path, name)])

    def _walk(self, key: tuple[str, str, bool], starts: list[Node]) -> Reach:
        if key in self._reach:
            return self._reach[key]
        reach = Reach(hops=dict.fromkeys(starts, 0))
        queue = deque(starts)
        while queue and len(reach.hops) < NODES_LIMIT:
            node = queue.popleft()
            for target in self.edges(node):
                if target not in reach.hops:
                    reach.hops[target] = reach.hops[node] + 1
                    queue.append(target)
        reach.files = {path for path, _ in reach.hops}
        self._reach[key] = reach
        return reach

    def edges(self, node: Node) -> tuple[Node, ...]:
        """The nodes that one node calls. On import, a function handed over is registered, not called."""
        if node not in self._edges:
            self._edges[node] = tuple(dict.fromkeys(self._find_edges(node)))
        return self._edges[node]

    def _find_edges(self, node: Node) -> list[Node]:
        path, scope = node
        source = self.modules.sources.get(path)
        if source is None or source.error:
            return []
        found: list[Node] = []
        if scope in (RUN, IMPORT):
            found += [(p, IMPORT) for p in self.modules.imported_files(path)]
            found += [(path, d.name) for d in source.definitions if d.kind == "class" and "." not in d.name and d.name in self.calls(path)]
            if scope == RUN and source.has_main:
                found += [
                    (path, d.name) for d in source.definitions if d.kind == "function" and any(_COMMAND.search(n) for n in d.decorators)
                ]
        else:
            inner = scope + "."
            found += [
                (path, d.name)
                for d in source.definitions
                if d.name.startswith(inner) and d.kind == "function" and self._is_function(path, scope)
            ]
        for call in self.calls_at(node):
            found += self._called(source, call, guess=False) if scope == IMPORT else self._targets(source, call)
        return found

    def _is_function(self, path: str, scope: str) -> bool:
        definition = self.modules.definitions[path].get(scope)
        return definition is not None and definition.kind == "function"

    def calls_at(self, node: Node) -> list[Call]:
        """The calls of one node; the main block does not run on import."""
        path, scope = node
        source = self.modules.sources.get(path)
        if source is None:
            return []
        calls = self.calls(path).get("" if scope == IMPORT else scope, [])
        if scope == IMPORT and source.main_line is not None:
            return [c for c in calls if c.line < (source.main_line or 0)]
        return calls

    def _targets(self, source: SourceFile, call: Call) -> list[Node]:
        found = self._called(source, call)
        for text in (*call.args, *call.keywords.values()):
            if _IDENTIFIER.match(text):
                found += self._referred(source, call, text)
            elif text[:1] in "[({" and call.attribute[:1].isupper():
                for name in _IDENTIFIERS_IN_LIST.findall(text)[:20]:
                    found += self._referred(source, call, name)
        if call.name.startswith(("tensorflow.", "absl.")) and call.name.endswith("app.run") and not call.args:
            found += [(source.path, "main")] if "main" in self.modules.definitions[source.path] else []
        if call.attribute in LAUNCHERS:
            found += self._launched(source, call)
        return found

    def _called(self, source: SourceFile, call: Call, guess: bool = True) -> list[Node]:
        modules, path, name = self.modules, source.path, call.name
        parts = name.split(".")
        for depth in range(call.scope.count(".") + 1, 0, -1) if call.scope else ():
            nested = ".".join([*call.scope.split(".")[:depth], name])
            if nested in modules.definitions[path] and self._is_function(path, nested):
                return [(path, nested)]
        if parts[0] in ("self", "cls", "super", "()") and len(parts) == 2:
            owner = self._enclosing_class(path, call.scope)
            if owner and parts[0] != "()":
                return self._methods(path, owner, parts[1])
        kept = modules.find(call.receiver, path) if call.receiver else None
        if kept and kept[1] and (held := modules.method(*kept, call.attribute)):
            return [held, *self._overridden(kept, call.attribute)]
        if target := modules.find(name, path):
            return self._entered(target)
        return self._of_known_classes(source, call) if guess and len(parts) > 1 else []

    def _entered(self, target: Node) -> list[Node]:
        """The function itself (also for `flow.with_options`, `task.submit`, `remote.remote`), or what making an object of a class runs."""
        path, name = target
        definition = self.modules.definitions.get(path, {}).get(name)
        if definition is None:
            owner, _, method = name.rpartition(".")
            holder = self.modules.definitions.get(path, {}).get(owner)
            if holder is not None and holder.kind == "function":
                return [(path, owner)]
            inherited = self.modules.method(path, owner, method) if owner else None
            return [inherited] if inherited else []
        if definition.kind == "function":
            return [target]
        if any(_RUNS_EVERY_METHOD.search(base) for base in definition.parameters):
            return [(path, n) for n, d in self.modules.definitions[path].items() if n.startswith(name + ".") and d.kind == "function"]
        found = (self.modules.method(path, name, special) for special in _CALLED_BY_NAME)
        return [f for f in found if f]

    def _enclosing_class(self, path: str, scope: str) -> str | None:
        parts = scope.split(".")
        for count in range(len(parts), 0, -1):
            definition = self.modules.definitions[path].get(".".join(parts[:count]))
            if definition is not None and definition.kind == "class":
                return definition.name
        return None

    def _methods(self, path: str, owner: str, name: str) -> list[Node]:
        found = self.modules.method(path, owner, name)
        return ([found] if found else []) + self._overridden((path, owner), name)

    def _overridden(self, owner: Node, name: str) -> list[Node]:
        """The same method in classes that extend this one: a template method calls what a subclass fills in."""
        heirs = self.modules.subclasses.get(owner[1].rsplit(".", 1)[-1], [])[:20]
        return [(p, f"{c}.{name}") for p, c in heirs if f"{c}.{name}" in self.modules.definitions.get(p, {})]

    def _of_known_classes(self, source: SourceFile, call: Call) -> list[Node]:
        """A method of an object of unknown class: of the classes defined or imported in the file."""
        found = (self.modules.method(p, c, call.attribute) for p, c in self._known_classes(source))
        return [f for f in found if f]

    def _known_classes(self, source: SourceFile) -> list[Node]:
        if source.path in self._known:
            return self._known[source.path]
        known: list[Node] = [(source.path, d.name) for d in source.definitions if d.kind == "class"]
        for item in source.imports:
            if item.name and item.name[:1].isupper() and item.name != "*":
                joined = item.module if item.module.endswith(".") else item.module + "."
                target = self.modules.find(f"{joined}{item.name}", source.path)
                known += [target] if target and target[1] else []
        self._known[source.path] = known[:CLASSES_LIMIT]
        return self._known[source.path]

    def _referred(self, source: SourceFile, call: Call, text: str) -> list[Node]:
        """A function handed over as an argument is called by whoever got it."""
        name = text
        head = text.split(".")[0]
        for item in source.imports:
            if item.alias == head:
                joined = item.module if item.module.endswith(".") or not item.name else item.module + "."
                name = (f"{joined}{item.name}" if item.name else item.module) + text[len(head) :]
                break
        else:
            if head == "self" and (owner := self._enclosing_class(source.path, call.scope)):
                return self._methods(source.path, owner, text.partition(".")[2])
            nested = f"{call.scope}.{text}"
            if nested in self.modules.definitions[source.path]:
                return [(source.path, nested)]
        target = self.modules.find(name, source.path)
        if target is None or not target[1]:
            return []
        definition = self.modules.definitions.get(target[0], {}).get(target[1])
        if definition is None or (definition.kind == "class" and call.attribute != "Fire"):
            return []
        if definition.kind == "class":
            return [(target[0], n) for n in self.modules.definitions[target[0]] if n.startswith(target[1] + ".")]
        return [target]

    def _launched(self, source: SourceFile, call: Call) -> list[Node]:
        """Scripts named in the texts of a call that starts processes or jobs."""
        if call.name in ("mlflow.run", "mlflow.projects.run"):
            return [(p, RUN) for p in self._of_mlflow_project(call)]
        text = " ".join((*call.args, *call.keywords.values()))
        return [(p, RUN) for p in self.scripts_in(text, source.path)] if "." in text else []

    def _of_mlflow_project(self, call: Call) -> list[str]:
        """The scripts of the MLflow project whose folder the first argument ends with."""
        where = "/".join(_QUOTED.findall(call.argument("uri", 0) or "")).strip("./")
        found: list[str] = []
        for path in self.modules.snapshot.matching(r"(?:^|/)MLproject$") if where else ():
            if f"/{path}".endswith(f"/{where}/MLproject"):
                found += self.scripts_in(self.modules.snapshot.text(path) or "", path)
        return found

    def scripts_in(self, text: str, path: str) -> list[str]:
        """Python files of the repository that a text names."""
        found = []
        folder = path.rpartition("/")[0]
        for match in SCRIPT_IN_TEXT.findall(text)[:20]:
            name = match.replace("\\", "/").removeprefix("./").lstrip("/")
            places = [f"{folder}/{name}" if folder else name, name]
            hit = next((p for p in places if p in self.modules.sources and p != path), None)
            if hit is None and "/" in name:
                hit = next((p for p in self.modules.sources if p.endswith("/" + name) and p != path), None)
            found += [hit] if hit else []
        return found
