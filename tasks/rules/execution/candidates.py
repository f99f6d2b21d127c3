"""Which entries to try, in which order. In a collection of examples, those that hold their data come before those that do not."""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.launch.facts import Option, Program
from tasks.evidence.project.facts import Entrypoint
from tasks.rules.applicability import COURSES
from tasks.rules.evidence import Evidence
from tasks.rules.execution.entry import step_of
from tasks.rules.execution.steps import program_of
from tasks.rules.execution.tree import Tree

OTHERS_LIMIT = 40
"""Programs beyond the entries of the analysis that are looked at."""
_DATA = re.compile(r"^-{0,2}(?:data|dataset|datasets|corpus|root|input|train)(?:[_-]?(?:dir|directory|path|root|folder|file|set))?$")
_PLACEHOLDER = re.compile(r"\{\{|\{%")


def entries_to_try(evidence: Evidence, tree: Tree) -> tuple[Entrypoint, ...]:
    """The entries of the analysis; of a collection also its other programs that train, and doubtful ones last."""
    entries = tuple(e for e in evidence.project.train_entrypoints if not _PLACEHOLDER.search(e.file))
    if evidence.project.kind not in COURSES or not entries:
        return entries
    known = {e.file for e in entries}
    least = min(e.confidence for e in entries)
    others = [f for f in evidence.launch.training if f not in known and f.endswith(".py") and not _PLACEHOLDER.search(f)][:OTHERS_LIMIT]
    added = [
        Entrypoint(file=f, command=f"python {f}", confidence=least, reasons=("another program that trains",))
        for f in others
        if " " not in f
    ]
    sure = [e for e in (*entries, *added) if not _is_doubtful(evidence, tree, e)]
    if not sure or entries[0] in sure:
        return entries
    return (*sure, *(e for e in entries if e not in sure))


def _is_doubtful(evidence: Evidence, tree: Tree, entry: Entrypoint) -> bool:
    """Whether a program may ask for data that is not here: a download, a service, a data folder that nobody holds."""
    step = step_of(entry, evidence.launch, tree)
    if step is None:
        return True
    program = program_of(evidence.launch, step.file)
    absent = {r.place.file for r in evidence.dataset.missing_files if r.place}
    if any(n.kind != "gpu" or n.certain for n in program.needs) or not absent.isdisjoint(program.runs):
        return True
    return any(_lacks_data(o, program, tree, step.workdir, step.command) for o in program.options)


def _lacks_data(option: Option, program: Program, tree: Tree, workdir: str, command: tuple[str, ...]) -> bool:
    if not _DATA.match(option.flag):
        return False
    words = [w for at, w in enumerate(command) if command[at - 1] == option.flag] if option.flag.startswith("-") else []
    value = words[0] if words else (option.default or "").strip("'\"")
    if not value:
        return option.required
    if value in option.choices or not ("/" in value or "." in value or re.search(r"data$|dir|path|root|folder|file", option.flag)):
        return False
    paths = {posixpath.normpath(posixpath.join(folder, value)) for folder in (workdir, posixpath.dirname(program.file), "")}
    return not any((tree.has(p) or p in tree.folders) and not program.file.startswith(p + "/") for p in paths)
