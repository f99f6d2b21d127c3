"""Several projects in one repository: lessons of a course, a collection of examples, services beside each other.

A project is a folder with a fit of its own, or one of a row of numbered folders with code. `src`, `notebooks` and their
kin are parts of one project, whatever stands in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.evidence.project.facts import Entrypoint, SubProject
from tasks.evidence.project.fitting import CERTAIN, Fit, is_aside
from tasks.evidence.project.frameworks import Frameworks
from tasks.evidence.project.languages import language_of
from tasks.evidence.project.layout import Layout

FEWEST = 3
"""Folders from which on a repository is a row of projects."""
PROJECTS_LIMIT = 200
SMALLEST_SHARE = 0.25
"""Of the code: fewer numbered folders are a corner of something else, the tutorials of a library, say."""
_PART = re.compile(
    r"^(?:src|source|lib|code|app|apps|api|backend|frontend|notebooks?|nbs?|research|experiment(?:s|ation)?|scripts?|tests?|docs?|"
    r"models?|modelling|modeling|model_\w+|training|train|"
    r"trainers?|evaluat\w+|inference|predict\w*|serving|deploy\w*|pipelines?|components?|steps|stages|jobs|tasks|flows|dags|airflow|"
    r"features?|data|datasets?|utils?|helpers?|common|core|"
    r"config\w*|conf|infra\w*|ml_service|service|services|monitoring|mlops|tools|bin|web|webapp|ui|server|client|docker|"
    r"visuali[sz]ation|plots?|eda|analysis|exploration|prototypes?|"
    r"legacy|old|archive|backup|preprocess\w*|networks?|layers|modules|losses|engine|solver|benchmarks?|demo|logs|outputs?|results|"
    r"checkpoints|artifacts|assets|static|templates)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^(?:(?:week|day|lesson|lecture|lec|chapter|chap|ch|module|part|unit|session|class|lab|homework|hw|assignment|exercise|tutorial|"
    r"step|section|project|workshop|topic|course|ex)s?[ _.-]*\d+\b.*|"
    r"\d{1,3}(?:[ _.-].*)?|(?:week|day|lesson|lecture|chapter|module)[ _-]*(?:one|two|three|four)\b.*|\D{0,12}(?:week|lesson|day|"
    r"module)[ _-]?\d+.*)",
    re.IGNORECASE,
)


_EXAMPLES = re.compile(r"(?i)examples?|samples?|demos?|tutorials?|recipes|cookbook|projects|use[-_]?cases")


@dataclass(frozen=True, slots=True)
class Row:
    """Sibling folders that are projects of their own."""

    folders: tuple[str, ...]
    numbered: bool
    """They are numbered like lessons."""


def find_row(layout: Layout, fits: tuple[Fit, ...]) -> Row | None:
    """The row of projects, near the root or below folders of examples; None when there is one project."""
    fitting = {f.path for f in fits if f.strength >= CERTAIN and not f.aside}
    best: Row | None = None
    for folder in [f for f in layout.folders if not is_aside(f"{f}/")]:
        children = [c for c in layout.folders[folder] if _below(folder, c) in layout.folders]
        near = folder.count("/") < 2 if folder else True
        row = _numbered(folder, children) if near else None
        if row and _share(layout, row) < SMALLEST_SHARE:
            row = None
        if not row and (near or _EXAMPLES.search(f"{layout.name}/{folder}")):
            row = _own_fits(folder, [c for c in children if "__init__.py" not in layout.folders[_below(folder, c)]], fitting)
        if row and (best is None or (row.numbered, len(row.folders)) > (best.numbered, len(best.folders))):
            best = row
    return best


def _share(layout: Layout, row: Row) -> float:
    """Proportion of the files of code that stand in the row."""
    code = [p for p in layout.content if language_of(p) or p.endswith(".ipynb")]
    return sum(p.startswith(tuple(f"{f}/" for f in row.folders)) for p in code) / max(1, len(code))


def _numbered(folder: str, children: list[str]) -> Row | None:
    found = sorted(_below(folder, c) for c in children if _NUMBERED.match(c))
    return Row(tuple(found), True) if len(found) >= FEWEST else None


def _own_fits(folder: str, children: list[str], fitting: set[str]) -> Row | None:
    prefix = f"{folder}/" if folder else ""
    with_fit = {f[len(prefix) :].split("/")[0] for f in fitting if f.startswith(prefix) and "/" in f[len(prefix) :]}
    found = sorted(_below(folder, c) for c in children if c in with_fit and not _PART.match(c))
    return Row(tuple(found), False) if len(found) >= FEWEST else None


def _below(folder: str, child: str) -> str:
    return f"{folder}/{child}" if folder else child


def describe(
    row: Row | None, kind: str, frameworks: Frameworks, entries: tuple[Entrypoint, ...], fits: tuple[Fit, ...]
) -> tuple[SubProject, ...]:
    """One entry for each project of the row with its libraries and training entries; the whole repository when there is none."""
    if row is None:
        return (SubProject(path="", kind=kind, frameworks=frameworks.names, train_entrypoints=tuple(e.file for e in entries[:3])),)
    return tuple(_describe(folder, frameworks, entries, fits) for folder in row.folders[:PROJECTS_LIMIT])


def _describe(folder: str, frameworks: Frameworks, entries: tuple[Entrypoint, ...], fits: tuple[Fit, ...]) -> SubProject:
    inside = f"{folder}/"
    files = [f.path for f in fits if f.path.startswith(inside) and f.strength >= CERTAIN]
    known = tuple(e.file for e in entries if e.file.startswith(inside))
    scripts = [f for f in files if not f.endswith(".ipynb")]
    kind = (
        "training_project"
        if scripts
        else "notebook_project"
        if files
        else "non_ml"
        if not frameworks.of_files(folder)
        else "ml_app_no_training"
    )
    return SubProject(
        path=folder, kind=kind, frameworks=frameworks.of_files(folder), train_entrypoints=known or tuple(dict.fromkeys(files))[:3]
    )
