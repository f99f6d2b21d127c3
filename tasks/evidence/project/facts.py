"""What a repository is: its languages, libraries, tasks, entrypoints and the numbers it claims."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tasks.evidence.place import Place


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Language(_Facts):
    name: str
    """Lower case: `python`, `r`, `jupyter` counts as its kernel's language."""
    lines: int
    share: float
    """Proportion of all counted lines, 0 to 1."""


class Entrypoint(_Facts):
    file: str
    """The file to run, or the tool's file: `dvc.yaml`, `MLproject`, `Makefile`."""
    command: str
    """What to type in the repository's root."""
    confidence: float
    """0 to 1, from the weight of the reasons."""
    reasons: tuple[str, ...] = ()
    """What speaks for it, strongest first."""
    place: Place | None = None


class SubProject(_Facts):
    """One of several projects in one repository."""

    path: str
    """Folder, "" for the root."""
    kind: str
    frameworks: tuple[str, ...] = ()
    train_entrypoints: tuple[str, ...] = ()


class Claim(_Facts):
    """A metric the repository says it reached."""

    name: str
    """In the field's standard words: `accuracy`, `r2`, `rmse`."""
    value: float
    """As written; a percentage stays a percentage, see `unit`."""
    unit: str = ""
    """`%` or empty."""
    file: str
    line: int | None = None
    source: str
    """`readme`, `docs`, `notebook_output`, `notebook_markdown` or `model_card`."""
    snippet: str = ""


class ProjectFacts(_Facts):
    is_ml: bool = False
    """The repository is about models: it trains, evaluates or serves one, or is an ML library."""
    has_training: bool = False
    """Its own code fits a model."""
    kind: str = "non_ml"
    kind_reasons: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    tasks: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    """ML libraries really imported, most used first."""
    framework_places: dict[str, Place] = {}
    """First import of each framework."""
    train_entrypoints: tuple[Entrypoint, ...] = ()
    eval_entrypoints: tuple[Entrypoint, ...] = ()
    serve_entrypoints: tuple[Entrypoint, ...] = ()
    config: tuple[str, ...] = ()
    orchestrator: tuple[str, ...] = ()
    projects: tuple[SubProject, ...] = ()
    """More than one only in a monorepo."""
    claimed_metrics: tuple[Claim, ...] = ()
