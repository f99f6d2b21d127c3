"""Everything the three questions (train, evaluate, serve) look at, read once."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

from tasks.evidence.project.entrypoints import roles, traits
from tasks.evidence.project.entrypoints.commands import Command, Commands
from tasks.evidence.project.entrypoints.console import find_console_scripts
from tasks.evidence.project.entrypoints.modules import Modules
from tasks.evidence.project.entrypoints.reach import IMPORT, RUN, CallGraph, Node, Reach, is_management_command
from tasks.evidence.project.fit_calls import GRAPH_STEP, SESSION_RUN
from tasks.evidence.project.fitting import CERTAIN, Fit, find_fits, is_program_called_test
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

RUNNABLE_LIMIT = 4000
"""Files whose run is followed; beyond, shallow paths first."""

_EVALUATES = re.compile(
    r"^(?:report_|compute_|get_|calc\w{0,10}_|test_|train_and_)?(?:accuracy|evaluat\w{1,4}|eval|metrics)(?:_|$)|"
    r"^(?:validate|validation|validate_epoch|validate_one_epoch|validate_model)$|(?<!log)(?<!save)(?<!plot)(?<!print)_(?:evaluate|eval|accuracy|metrics)$"
)

_HELP = re.compile(r"\s(?:--help|-h)\b")


class Ground:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.modules = Modules(snapshot)
        self.graph = CallGraph(self.modules)
        self.console = find_console_scripts(snapshot, self.modules)
        self.commands = Commands(snapshot, self.modules, self.console)
        self.fits = find_fits(snapshot)
        self.through: dict[str, Reach] = {}
        """What a tool's file or an installed command comes to, by the file that is answered."""
        self._traits: dict[Node, dict[str, list[Call]]] = {}
        self.certain: dict[str, list[Fit]] = defaultdict(list)
        for fit in self.fits:
            if fit.strength >= CERTAIN:
                self.certain[fit.path].append(fit)

    @property
    def sources(self) -> dict[str, SourceFile]:
        return self.modules.sources

    @cached_property
    def names(self) -> frozenset[str]:
        """Bare names of the repository's files."""
        return frozenset(p.rpartition("/")[2] for p in self.snapshot.own)

    @cached_property
    def lower_names(self) -> frozenset[str]:
        return frozenset(name.lower() for name in self.names)

    @cached_property
    def runnable(self) -> tuple[str, ...]:
        """Python files and notebooks that do something when run, tests left out."""
        paths = [p for p, s in self.sources.items() if _does_something(s) and (not roles.is_test(p) or is_program_called_test(s))]
        return tuple(sorted(paths, key=lambda p: (p.count("/"), p))[:RUNNABLE_LIMIT])

    def fits_in(self, reach: Reach) -> list[Fit]:
        """Certain fits that a run passes."""
        return [f for path in sorted(reach.files & self.certain.keys()) for f in self.certain[path] if self._passed(f, reach)]

    def trained_by(self, path: str, reach: Reach) -> list[Fit]:
        """Certain fits of a file's run; a file named after use or judgement that only builds a graph with an optimizer has none."""
        fits = self.fits_in(reach)
        if self._runs_sessions and all(f.how == GRAPH_STEP for f in fits):
            return []
        if (roles.says_serve(path) or roles.says_eval(path)) and all(f.scope.endswith("__init__") for f in fits):
            return [] if "loads" in self.doing(reach) else fits
        return fits

    @cached_property
    def _runs_sessions(self) -> bool:
        """A session runs a training operation somewhere: a file that only builds the graph does not train."""
        return any(f.how == SESSION_RUN for fits in self.certain.values() for f in fits)

    def _passed(self, fit: Fit, reach: Reach) -> bool:
        if fit.scope:
            return (fit.path, fit.scope) in reach.hops
        if (fit.path, RUN) in reach.hops:
            return True
        main = self.sources[fit.path].main_line if fit.path in self.sources else None
        return (fit.path, IMPORT) in reach.hops and (main is None or fit.line < main)

    def doing(self, reach: Reach) -> set[str]:
        """What a run does with a model: `judges`, `loads`, `predicts`, `saves`."""
        return {trait for node in reach.hops for trait in self._traits_of(node)}

    def judging(self, reach: Reach) -> list[tuple[str, Call]]:
        """The calls by which a run measures a model, with their file."""
        return [(node[0], call) for node in reach.hops for call in self._traits_of(node).get("judges", ())]

    def _traits_of(self, node: Node) -> dict[str, list[Call]]:
        if node not in self._traits:
            found: dict[str, list[Call]] = {}
            for call in self.graph.calls_at(node):
                for trait in traits.of_call(call):
                    found.setdefault(trait, []).append(call)
            self._traits[node] = found
        return self._traits[node]

    def judged_files(self, reach: Reach) -> list[str]:
        """Files in which a run computes metrics, nearest first."""
        hops: dict[str, int] = {}
        for node, distance in reach.hops.items():
            path, scope = node
            measures = "judges" in self._traits_of(node) or _EVALUATES.search(scope.rpartition(".")[2])
            if measures and not self._is_in_network(path, scope):
                hops[path] = min(distance, hops.get(path, 99))
        return sorted(hops, key=lambda p: (hops[p], p))

    def _is_in_network(self, path: str, scope: str) -> bool:
        """Inside a network's class, whose steps its trainer calls: what is run is the trainer's file."""
        owner = self.modules.definitions.get(path, {}).get(scope.partition(".")[0])
        return owner is not None and owner.kind == "class" and any(b.endswith(("Module", "Model")) for b in owner.parameters)

    def told(self, path: str) -> list[Command]:
        """Commands written somewhere that run the file."""
        return self.commands.by_target.get(path, [])

    def command_for(self, path: str) -> str:
        """What to type in the root: as documented when it is, else by the file's kind."""
        for kind in ("readme", "make", "ci", "shell", "docker", "procfile", "notebook", "tasks"):
            told = [
                c for c in self.told(path) if c.kind == kind and c.source.count("/") == 0 and path in c.text and not _HELP.search(c.text)
            ]
            if told:
                return min(told, key=lambda c: (_is_template(c.text), not c.source.lower().startswith("readme"))).text
        return self.plain_command(path)

    def plain_command(self, path: str) -> str:
        name = f'"{path}"' if " " in path else path
        if path.endswith("Makefile"):
            return f"make -f {path}"
        suffix = path.rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
        if suffix == "ipynb":
            return f"jupyter nbconvert --to notebook --execute {name}"
        if suffix in ("r", "rmd", "qmd", "rnw", "jl", "lua", "sh"):
            return {
                "r": f"Rscript {name}",
                "rmd": f"Rscript -e 'rmarkdown::render(\"{path}\")'",
                "qmd": f"quarto render {name}",
                "rnw": f"Rscript -e 'knitr::knit(\"{path}\")'",
                "jl": f"julia {name}",
                "lua": f"th {name}",
                "sh": f"bash {name}",
            }[suffix]
        source = self.sources.get(path)
        if source and any(is_management_command(d) for d in source.definitions):
            manage = next((p for p in self.snapshot.matching(r"(?:^|/)manage\.py$")), "manage.py")
            return f"python {manage} {path.rpartition('/')[2].removesuffix('.py')}"
        if source and self._needs_module_form(source):
            return f"python -m {path.removesuffix('.py').replace('/', '.').removesuffix('.__main__')}"
        return f"python {name}" + self._flow_argument(source)

    def _flow_argument(self, source: SourceFile | None) -> str:
        bases = [b for d in source.definitions if d.kind == "class" for b in d.parameters] if source else []
        return " run" if any(b.endswith("FlowSpec") for b in bases) else ""

    def _needs_module_form(self, source: SourceFile) -> bool:
        """Imports its own top folder by name, which only resolves when the root is on the path."""
        top, slash, _ = source.path.partition("/")
        if not slash or not source.path.endswith(".py"):
            return False
        return any(i.module.startswith(".") for i in source.imports) or any(
            i.top == top and self.modules.file_of(i.module, source.path) for i in source.imports
        )


def _is_template(text: str) -> bool:
    """A command with gaps to fill in."""
    return bool(re.search(r"[<{\[]\s*\w|/path/|\.\.\.|…|/content/", text))


def _does_something(source: SourceFile) -> bool:
    if source.is_notebook:
        return bool(source.calls)
    return source.has_main or source.statements > 0 or any(is_management_command(d) for d in source.definitions)
