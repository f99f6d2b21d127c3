"""When a rule has nothing to judge: the answers several sections share, so that nobody is blamed for being something else."""

from __future__ import annotations

from tasks.evidence.place import Place
from tasks.evidence.project.facts import Entrypoint
from tasks.rules.evidence import Evidence
from tasks.rules.rule import NotApplicable

PLACES_LIMIT = 50
COURSES = ("course_monorepo", "example_monorepo")
"""Many small programs side by side, each read once."""
TEACHING = (*COURSES, "template", "ml_library_demo")
"""Kinds of repository that nobody operates and that report no result of their own."""
CODE_READ = ("python", "jupyter")
"""Languages whose calls and tests are followed; of others only some patterns are."""


def nothing_trained(evidence: Evidence) -> NotApplicable | None:
    return None if evidence.project.has_training else NotApplicable(reason="nothing is trained here")


def nothing_kept(evidence: Evidence) -> NotApplicable | None:
    """No model is trained or served, so nobody has to keep it running."""
    project = evidence.project
    if project.is_ml and (project.has_training or project.serve_entrypoints):
        return None
    return NotApplicable(reason="no model is trained or served here")


def teaching(evidence: Evidence, kinds: tuple[str, ...] = TEACHING) -> NotApplicable | None:
    kind = evidence.project.kind
    return NotApplicable(reason=f"not asked of a {kind.replace('_', ' ')}") if kind in kinds else None


def only_notebooks(evidence: Evidence) -> NotApplicable | None:
    """Notebooks are all there is: no program that tests, CI or commands could start."""
    entries = (*evidence.project.train_entrypoints, *evidence.project.serve_entrypoints)
    if evidence.project.kind == "notebook_project" or (entries and all(is_notebook(e.file) for e in entries)):
        return NotApplicable(reason="everything stands in notebooks")
    return None


def counted(number: int, thing: str) -> str:
    """
    >>> counted(1, "random step"), counted(3, "file")
    ('1 random step', '3 files')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def is_notebook(file: str) -> bool:
    return file.lower().endswith((".ipynb", ".rmd", ".qmd"))


def predicts_labels(evidence: Evidence) -> bool:
    return any(t.endswith(("classification", "regression", "forecasting")) for t in evidence.project.tasks)


def mainly_other_language(evidence: Evidence) -> str | None:
    """The main language when it is one whose code is not followed; None for Python or when no language was counted."""
    languages = evidence.project.languages
    main = max(languages, key=lambda language: language.share, default=None)
    return main.name if main and main.name not in CODE_READ else None


def entry_places(entries: tuple[Entrypoint, ...], note: str) -> tuple[Place, ...]:
    return tuple(e.place or Place(file=e.file, note=note) for e in entries[:PLACES_LIMIT])


def trained_at(evidence: Evidence) -> tuple[Place, ...]:
    """Where models are fitted, or else what starts it."""
    fits = evidence.training.fits[:PLACES_LIMIT]
    return fits or entry_places(evidence.project.train_entrypoints, "starts the training")
