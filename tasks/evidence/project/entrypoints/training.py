"""What a person runs to train: the scripts, notebooks and tools whose run comes to a fit, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.project.entrypoints import roles, traits
from tasks.evidence.project.entrypoints.candidate import Candidate, judge_place
from tasks.evidence.project.entrypoints.commands import Command
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.other_languages import configured_candidates, foreign_candidates, unparsed_candidates
from tasks.evidence.project.entrypoints.reach import RUN, Reach
from tasks.evidence.project.entrypoints.tools import config_candidates, tool_candidates
from tasks.evidence.project.fitting import Fit
from tasks.evidence.source import SourceFile

_TOLD_WEIGHT = {
    "readme": 0.08,
    "make": 0.07,
    "ci": 0.06,
    "docker": 0.05,
    "shell": 0.05,
    "procfile": 0.03,
    "tasks": 0.05,
    "notebook": 0.03,
    "pyproject": 0.04,
}
_TOLD_WORDS = {
    "readme": "documented", "make": "a make target runs it", "ci": "CI runs it", "docker": "an image runs it", "shell": "a shell script runs it",
    "procfile": "a process file runs it", "tasks": "a task runner runs it", "notebook": "a notebook runs it", "pyproject": "a project script runs it",
}  # fmt: skip
_READERS = frozenset(
    [
        "open",
        "read_csv",
        "read_parquet",
        "read_excel",
        "read_json",
        "read_table",
        "loadtxt",
        "genfromtxt",
        "load",
        "read_feather",
        "read_pickle",
    ]
)


SURE = 0.45
"""Where a script is at least this sure, files that merely import or hold the fit are not answers."""

_MAGIC = re.compile(r"^[ \t]{0,20}[%!]\w|\bget_ipython\(", re.MULTILINE)
SCRIPT_STATEMENTS = 5
"""Statements at module level from which a file without a main block is taken for a script."""
LEAST_RUNNABLE = 0.3
"""Below this nothing but a file that holds a fit was found."""


def training_candidates(ground: Ground) -> list[Candidate]:
    """Everything that may be run to train."""
    if not ground.certain:
        return list(tested_candidates(ground))
    found = [
        *python_candidates(ground),
        *console_candidates(ground),
        *foreign_candidates(ground),
        *unparsed_candidates(ground),
        *configured_candidates(ground),
    ]
    scripts = {c.file: c.confidence for c in found}
    found += tool_candidates(ground, scripts)
    if not any(c.confidence >= SURE and not c.file.endswith(".ipynb") for c in found):
        weak = [*config_candidates(ground, "train"), *module_candidates(ground)]
        found += weak + tool_candidates(ground, {c.file: c.confidence for c in weak})
    found += handler_candidates(ground)
    if not any(c.confidence >= LEAST_RUNNABLE for c in found):
        found += tested_candidates(ground)
    return found


def python_candidates(ground: Ground) -> list[Candidate]:
    """Files and notebooks whose own run comes to a certain fit."""
    found: dict[str, tuple[Candidate, Reach]] = {}
    for path in ground.runnable:
        reach = ground.graph.from_run(path)
        fits = ground.trained_by(path, reach)
        if fits and not path.endswith(("__init__.py", "setup.py")):
            found[path] = (_judge(ground, path, reach, fits), reach)
    _weigh_stages(ground, found)
    return [c for c, _ in found.values()]


def _judge(ground: Ground, path: str, reach: Reach, fits: list[Fit]) -> Candidate:
    source = ground.sources[path]
    strongest = max(fits, key=lambda f: (f.strength, f.path == path))
    own = next((f for f in fits if f.path == path), None)
    where = "" if own else f" in {strongest.path}"
    candidate = Candidate(path, ground.command_for(path), own.line if own else source.main_line, is_program=True)
    candidate.add(0.58 * strongest.strength, f"running it trains a model ({(own or strongest).how}{where}, line {(own or strongest).line})")
    if source.is_notebook:
        _judge_notebook(candidate, source, fits)
    elif source.has_main:
        candidate.add(0.08, "has a main block")
    else:
        candidate.add(0.05, "statements at module level")
    _add_told(ground, candidate)
    done = ground.doing(reach)
    if "saves" in done:
        candidate.add(0.05, "saves the model")
    if "judges" in done:
        candidate.add(0.04, "computes metrics")
    _judge_name(candidate)
    _judge_surroundings(ground, candidate, source)
    judge_place(candidate)
    return candidate


def _judge_notebook(candidate: Candidate, source: SourceFile, fits: list[Fit]) -> None:
    candidate.add(-0.16, "a notebook")
    candidate.add(min(0.05, 0.01 * len([f for f in fits if f.path == source.path])), "several fits in it")
    if source.notebook and any(c.has_output for c in source.notebook.code_cells):
        candidate.add(0.03, "was run")


def _add_told(ground: Ground, candidate: Candidate) -> None:
    seen: dict[str, Command] = {}
    for command in ground.told(candidate.file):
        seen.setdefault(command.kind, command)
    ordered = sorted(seen.values(), key=lambda c: -_TOLD_WEIGHT[c.kind])
    for count, command in enumerate(ordered[:3]):
        near = command.source.count("/") == 0 or candidate.file.startswith(command.source.rpartition("/")[0])
        candidate.add(
            _TOLD_WEIGHT[command.kind] / (count + 1) * (1 if near else 0.5),
            f"{_TOLD_WORDS[command.kind]} ({command.source}:{command.line})",
        )


def _judge_name(candidate: Candidate) -> None:
    if roles.says_other_than_train(candidate.file):
        candidate.add(-0.09, "its name says another purpose")
    elif roles.says_train(candidate.file):
        candidate.add(0.05, "its name says training")
    elif roles.says_whole(candidate.file):
        candidate.add(0.03, "its name says the whole")
    elif roles.says_serve(candidate.file) or roles.says_eval(candidate.file):
        candidate.add(-0.08, "its name says another purpose")


def _judge_surroundings(ground: Ground, candidate: Candidate, source: SourceFile) -> None:
    if traits.is_web_app(source) and not source.is_notebook:
        candidate.add(-0.2, "a web app that trains when it is used")
    if traits.is_scheduled(source):
        candidate.add(-0.15, "runs on a scheduler's server")
    if traits.needs_platform(source):
        candidate.add(-0.14, "needs a cloud platform")
    if _is_export(ground, source):
        candidate.add(-0.2, "an export of a notebook that does not run as a script")
    if _reads_missing(ground, source):
        candidate.add(-0.03, "reads a file that is not in the repository")


def _is_export(ground: Ground, source: SourceFile) -> bool:
    """A script beside a notebook of its name that still holds the notebook's magics."""
    if source.is_notebook or f"{roles.stem(source.path)}.ipynb".lower() not in ground.lower_names:
        return False
    return bool(_MAGIC.search(ground.snapshot.text(source.path) or ""))


def _reads_missing(ground: Ground, source: SourceFile) -> bool:
    for call in source.calls:
        if call.attribute in _READERS and call.args and re.match(r"^'[\w ./\\-]{3,120}\.\w{2,7}'$", call.args[0]):
            if len(call.args) > 1 and call.args[1][:2] in ("'w", "'a", "'x"):
                continue
            if "/".join(call.args[0].strip("'").replace("\\\\", "/").split("/")[-1:]) not in ground.names:
                return True
    return False


def _weigh_stages(ground: Ground, found: dict[str, tuple[Candidate, Reach]]) -> None:
    """A script that runs what other runnable scripts run is the whole, they are its stages."""
    stages: dict[str, str] = {}
    starts = {p: _called_first(ground, p) for p in found}
    for path, (candidate, reach) in found.items():
        if ground.sources[path].is_notebook or traits.is_web_app(ground.sources[path]):
            continue
        covered = [
            p
            for p in sorted(reach.files & found.keys())
            if p != path and not ground.sources[p].is_notebook and _covers(reach, p, starts[p])
        ]
        covered = [p for p in covered if not _covers(found[p][1], path, starts[path])]
        if covered and not roles.says_other_than_train(path) and not roles.is_example(path):
            candidate.add(0.07, f"runs {', '.join(sorted(covered)[:3])}")
            stages.update(dict.fromkeys(covered, path))
    for stage, whole in stages.items():
        found[stage][0].add(-0.08, f"a stage of {whole}")


def _called_first(ground: Ground, path: str) -> set[str]:
    """The functions and classes of its own that a file's main code calls."""
    own = {s for p, s in ground.graph.edges((path, RUN)) if p == path and s}
    source = ground.sources[path]
    guard = source.main_line or 0
    return {s for s in own if any(c.line >= guard and c.attribute in s.split(".") for c in ground.graph.calls(path).get("", ()))}


def _covers(reach: Reach, path: str, first: set[str]) -> bool:
    return (path, RUN) in reach.hops or any((path, name) in reach.hops for name in first)


def console_candidates(ground: Ground) -> Iterator[Candidate]:
    """Installed commands whose function comes to a fit."""
    for name, (path, function) in sorted(ground.console.items()):
        reach = ground.graph.from_function(path, function)
        fits = ground.fits_in(reach)
        if not fits:
            continue
        ground.through.setdefault(path, reach)
        strongest = max(fits, key=lambda f: f.strength)
        command = next((c.text for c in ground.told(path) if name in c.text.split()[:3]), name)
        candidate = Candidate(path, command, ground.modules.definitions[path][function].line)
        candidate.add(0.6 * strongest.strength, f"the installed command `{name}` trains a model ({strongest.how} in {strongest.path})")
        candidate.add(0.06, "an installed command")
        _add_told(ground, candidate)
        _judge_name(candidate)
        judge_place(candidate)
        yield candidate


def handler_candidates(ground: Ground) -> Iterator[Candidate]:
    """Web apps that train when asked to, by request."""
    for path, source in ground.sources.items():
        if roles.is_test(path) or source.is_notebook or not traits.is_web_app(source):
            continue
        fits = ground.fits_in(ground.graph.from_run(path, handlers=True))
        if fits:
            candidate = Candidate(path, ground.command_for(path), source.main_line)
            candidate.add(
                0.4 * max(f.strength for f in fits), f"a request trains a model ({fits[0].how} in {fits[0].path}, line {fits[0].line})"
            )
            judge_place(candidate)
            yield candidate


def module_candidates(ground: Ground) -> Iterator[Candidate]:
    """Scripts that only import what fits, and files that fit without anything in the repository running them."""
    for path in ground.runnable:
        source = ground.sources[path]
        if source.is_notebook or not (source.has_main or source.statements >= SCRIPT_STATEMENTS):
            continue
        behind = sorted((ground.graph.from_run(path).files & ground.certain.keys()) - {path})
        if behind:
            candidate = Candidate(path, ground.command_for(path), source.main_line)
            candidate.add(0.3, f"imports {behind[0]}, which fits a model")
            _add_told(ground, candidate)
            _judge_name(candidate)
            _judge_surroundings(ground, candidate, source)
            judge_place(candidate)
            yield candidate
    for path, fits in ground.certain.items():
        if path in ground.sources and not roles.is_test(path):
            candidate = Candidate(path, ground.plain_command(path), fits[0].line)
            candidate.add(0.3 * max(f.strength for f in fits), f"holds the fit ({fits[0].how}), but nothing in the repository runs it")
            _judge_name(candidate)
            _judge_surroundings(ground, candidate, ground.sources[path])
            judge_place(candidate)
            yield candidate


def tested_candidates(ground: Ground) -> Iterator[Candidate]:
    """Nothing trains but the tests, and what they train is a model that the repository defines."""
    own = {d.name.rsplit(".", 2)[-2] for ds in ground.modules.definitions.values() for d in ds.values() if d.name.endswith(".fit")}
    if not own:
        return
    for fit in ground.fits:
        source = ground.sources.get(fit.path)
        if source is None or not roles.is_test(fit.path):
            continue
        made = {c.attribute for c in source.calls} & own
        if made:
            candidate = Candidate(fit.path, "pytest" if fit.path.endswith("conftest.py") else f"pytest {fit.path}", fit.line)
            candidate.add(0.3 + (0.05 if fit.path.endswith("conftest.py") else 0), f"only the tests train a model ({sorted(made)[0]})")
            yield candidate
