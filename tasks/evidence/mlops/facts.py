"""How the repository is kept: dependencies, tests, CI, containers, tracking, secrets."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tasks.evidence.place import Place


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Requirement(_Facts):
    """One thing a dependency file asks for."""

    name: str = ""
    """As written, extras dropped; the URL of a direct reference."""
    constraint: str = ""
    """`==1.2`, `>=1,<2`, `^1.0`; empty when any version will do."""
    pin: str = "unpinned"
    """`exact`, `ranged` or `unpinned`."""
    line: int | None = None
    group: str = ""
    """Extra or group it belongs to; empty for what always is installed."""
    extras: tuple[str, ...] = ()
    """Extras of the package asked for: `all` of `ray[all]`."""
    marker: str = ""
    """Environment marker of PEP 508, as written."""


class DependencyFile(_Facts):
    file: str = ""
    kind: str = ""
    """`requirements`, `conda`, `pyproject`, `poetry`, `setup`, `pipfile`, `r`, `julia`, `lua`."""
    pin: str = "none"
    """`exact`, `ranged`, `unpinned`, `mixed`; `none` when nothing is listed."""
    requirements: tuple[Requirement, ...] = ()
    reads: tuple[str, ...] = ()
    """Other dependency files it takes its list from."""
    invalid: tuple[str, ...] = ()
    """Lines that no installer accepts."""
    constraints: tuple[str, ...] = ()
    """Those of `reads` that only bound versions (`-c`)."""
    local: dict[str, int] = {}
    """Lines that name a folder or archive on the author's disk, `-e .` among them, with their number."""


class LockFile(_Facts):
    file: str = ""
    kind: str = ""
    """`poetry`, `uv`, `pipenv`, `conda`, `renv`, `dvc`, …"""


class PythonDeclaration(_Facts):
    """A Python version that a file asks for."""

    version: str = ""
    """As declared: `>=3.10`, `3.8.13`."""
    source: str = ""
    """`requires-python`, `python-version file`, `runtime.txt`, `environment`, `docker`, `ci`, `readme`, `kernel`."""
    place: Place | None = None


class CiStep(_Facts):
    word: str = ""
    """What it does: `tests`, `lint`, `typecheck`, `train`, `evaluate`, `docker_build`, `deploy`, …"""
    command: str = ""
    """The command that shows it, redacted."""
    place: Place | None = None


class CiPipeline(_Facts):
    """One CI file."""

    system: str = ""
    file: str = ""
    steps: tuple[CiStep, ...] = ()
    """One per word, the first place that shows it."""
    echo_only: bool = False
    """Every command only prints, lists or installs: nothing is checked, built or delivered."""

    @property
    def runs(self) -> tuple[str, ...]:
        return tuple(step.word for step in self.steps)


class BaseImage(_Facts):
    image: str = ""
    tag: str | None = None
    """None without a tag, which means `latest`."""
    digest: bool = False
    place: Place | None = None


class Dockerfile(_Facts):
    file: str = ""
    bases: tuple[BaseImage, ...] = ()
    """Images from a registry, build stages left out; the last stage's base is last."""
    user: str | None = None
    """Last `USER` of the last stage; None means root."""
    user_place: Place | None = None


class ComposeFile(_Facts):
    file: str = ""
    services: tuple[str, ...] = ()
    images: tuple[BaseImage, ...] = ()


class TestFile(_Facts):
    __test__ = False

    file: str = ""
    framework: str | None = None
    functions: int = 0
    """Test functions and methods; 0 in an empty file."""
    subjects: tuple[str, ...] = ()
    """Own modules it imports, as paths of files where they could be found."""
    touches: tuple[str, ...] = ()
    """What it looks at: `training`, `features`, `data`, `model`, `serving`, `evaluation`."""


class TestSuite(_Facts):
    __test__ = False

    framework: str | None = None
    """The commonest framework of the files."""
    files: tuple[TestFile, ...] = ()

    @property
    def functions(self) -> int:
        return sum(f.functions for f in self.files)

    @property
    def touches(self) -> frozenset[str]:
        """What tests with at least one function look at."""
        return frozenset(t for f in self.files if f.functions for t in f.touches)


class Tracker(_Facts):
    """An experiment tracker in code."""

    name: str = ""
    optional: bool = False
    """Off by default: behind a flag, a null logger configuration, a mode that disables it."""
    reason: str = ""
    """Why it counts as optional."""
    places: tuple[Place, ...] = ()
    logs: tuple[str, ...] = ()
    """Which of `parameters`, `metrics`, `artifacts` are recorded."""


class Registration(_Facts):
    """A model put under a name and version somewhere."""

    registry: str = ""
    """`mlflow`, `azureml`, `wandb`, `huggingface`, `sagemaker`, …"""
    how: str = ""
    place: Place | None = None


class Licence(_Facts):
    spdx: str = ""
    """SPDX identifier; `other` for a text that is not recognised."""
    source: str = ""
    """`file`, `metadata` or `readme`."""
    place: Place | None = None


class Secret(_Facts):
    """A credential in a file. Its value is nowhere in the facts."""

    kind: str = ""
    file: str = ""
    line: int | None = None
    severity: str = "live"
    """`live` (looks like a working credential), `default` (a known default of a local service) or `placeholder`."""


class LargeFile(_Facts):
    file: str = ""
    size: int = 0
    """Bytes of the blob in git."""
    kind: str = ""
    """`model`, `archive`, `database`, `array`, `media`, `binary` or `data`."""


class Readme(_Facts):
    file: str = ""
    lines: int = 0
    sections: tuple[str, ...] = ()
    """Which of `install`, `usage`, `data`, `results`, `licence`, `contact`, `citation`, `requirements` it has."""
    headings: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    """Shell lines as written, redacted."""
    run_commands: tuple[str, ...] = ()
    """Those that start something of the repository: training, an app, a pipeline, its tests."""
    absent_files: tuple[Place, ...] = ()
    """Where it says to run a script that the repository does not hold."""


class ModelCard(_Facts):
    place: Place
    covers: tuple[str, ...] = ()
    """Which of `intended use`, `limitations`, `training data`, `evaluation`, `ethics` it speaks about."""


class InstalledPackage(_Facts):
    name: str
    pin: str
    """As in `Requirement`."""
    place: Place


class MlopsFacts(_Facts):
    dependencies: tuple[DependencyFile, ...] = ()
    installed: tuple[InstalledPackage, ...] = ()
    """By commands in the README, containers, scripts and notebooks, outside any dependency file."""
    locks: tuple[LockFile, ...] = ()
    python: tuple[PythonDeclaration, ...] = ()
    """Most authoritative first."""
    ci: tuple[CiPipeline, ...] = ()
    dockerfiles: tuple[Dockerfile, ...] = ()
    compose: tuple[ComposeFile, ...] = ()
    tests: TestSuite = TestSuite()
    trackers: tuple[Tracker, ...] = ()
    registrations: tuple[Registration, ...] = ()
    licences: tuple[Licence, ...] = ()
    """Most authoritative first."""
    secrets: tuple[Secret, ...] = ()
    large_files: tuple[LargeFile, ...] = ()
    """Largest first."""
    readme: Readme | None = None
    model_cards: tuple[ModelCard, ...] = ()
    environments: tuple[str, ...] = ()
    """Folders of virtual environments that were committed."""

    @property
    def tracking(self) -> tuple[str, ...]:
        """Trackers that run by default."""
        return tuple(t.name for t in self.trackers if not t.optional)

    @property
    def ci_runs(self) -> frozenset[str]:
        return frozenset(word for pipeline in self.ci for word in pipeline.runs)
