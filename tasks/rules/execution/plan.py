"""How a repository is going to be built and run: the models. The choices are made beside this module."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tasks.evidence.place import Place
from tasks.rules.sandbox.job import Cause, FolderCopy

StepKind = Literal["script", "module", "console_script", "notebook", "make", "shell", "dvc", "kedro", "metaflow", "mlproject", "other"]
ReasonClass = Literal[
    "data_missing", "credentials_or_platform", "python_version", "gpu_or_size", "other_language", "nothing_to_train", "dependencies"
]
"""Why a repository cannot be trained here; `dependencies`: no environment could be resolved."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Requirement(_Value):
    """One package that is wanted in the environment."""

    name: str
    """Normalised (PEP 503)."""
    specifier: str = ""
    """PEP 440, such as `==1.2.0` or `>=1,<2`; empty: as of the date."""
    extras: tuple[str, ...] = ()
    marker: str = ""
    source: str
    """Where it comes from: `requirements.txt:3`, `import in train.py:2`, `repair 1`."""

    def line(self, with_specifier: bool = True) -> str:
        """PEP 508 text."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        marker = f" ; {self.marker}" if self.marker else ""
        return f"{self.name}{extras}{self.specifier if with_specifier else ''}{marker}"


class Skipped(_Value):
    """A declared package that training does not need, or a line that cannot be used."""

    what: str
    reason: str
    source: str


class EnvironmentPlan(_Value):
    """What an image is made of."""

    python: str = Field(pattern=r"^3\.\d+$")
    python_reason: str = ""
    requirements: tuple[Requirement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    as_of: date | None = None
    """Unpinned names resolve as of this day, or the first later one that has wheels; None: today."""
    as_of_reason: str = ""
    kernel: bool = False
    """A notebook kernel of the same time is part of the environment."""
    cpu_only: bool = True
    """GPU packages are replaced by their CPU builds or left out."""
    system_packages: tuple[str, ...] = ()
    """Debian packages, such as `libgl1`; from the closed list of the repair rules."""


class BuiltEnvironment(_Value):
    """An image that is ready to run the plan."""

    image: str
    key: str
    """Hash of everything that went in."""
    python: str
    resolved: tuple[str, ...]
    """`name==version`, sorted."""
    as_of: date | None = None
    notes: tuple[str, ...] = ()
    """What had to give: pins dropped, dates stepped forward, source builds."""
    seconds: float = 0.0
    cached: bool = False


class BuildFailure(_Value):
    """No image could be made; a value, since it is a result about the repository."""

    cause: Cause
    reason: ReasonClass = "dependencies"
    step: Literal["image", "resolve", "install"]
    detail: str
    """One sentence."""
    packages: tuple[str, ...] = ()
    """Names the resolver or installer complained about."""
    tail: str = ""
    """Last lines of the tool's output."""


class Step(_Value):
    """One command inside the container."""

    kind: StepKind
    file: str
    """What it runs, relative to the root: a script, a notebook, the tool's file."""
    command: tuple[str, ...]
    display: str
    """What a person would type in the root."""
    workdir: str = "."
    env: dict[str, str] = {}
    reasons: tuple[str, ...] = ()
    bound: str = ""
    """How a training that may never end is bounded: the flag and its value, or empty."""


class Alternative(_Value):
    """Another entry with the environment it needs."""

    step: Step
    environment: EnvironmentPlan


class ExecutionPlan(_Value):
    """Everything one execution needs; a repair makes another one."""

    train: Step
    evaluate: Step | None = None
    """None when training itself evaluates."""
    environment: EnvironmentPlan
    folders: tuple[str, ...] = ()
    copies: tuple[FolderCopy, ...] = ()
    notes: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    """Entries to fall back to when this one turns out to train nothing, best first."""


class CannotRun(_Value):
    """Why there is nothing to run here: a true result, not a failure."""

    reason: ReasonClass
    detail: str
    """What was seen, in one sentence."""
    place: Place | None = None
    remedy: str = ""


class Repair(_Value):
    """One change of the plan after a failure, with its reason."""

    kind: str
    """A member of the closed set in `repairs.py`."""
    reason: str
    """The line of the log that asks for it."""
    change: str
    """What differs, in one sentence."""
    proposed_by: Literal["rules", "model"] = "rules"


class Attempt(_Value):
    """One training attempt, as `execution.json` tells it."""

    number: int
    command: str
    exit_code: int | None
    cause: str | None
    seconds: float
    detail: str = ""
    repair: Repair | None = None
    """What was changed after it; None on the last."""
