"""How the repository's programs are started, and what they need beside packages: the material of an execution plan."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.place import Place

NeedKind = Literal["download", "cloud", "login", "database", "gpu", "variable", "missing_file"]
OptionStyle = Literal["argparse", "click", "absl", "config"]
RecipeKind = Literal["make", "dvc", "mlproject", "shell", "snakemake"]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Facts):
    """One argument that a program takes."""

    flag: str
    """As typed: `--epochs`, or the name of a positional argument."""
    default: str | None = None
    """Source text; None when there is none."""
    required: bool = False
    choices: tuple[str, ...] = ()
    style: OptionStyle = "argparse"


class Need(_Facts):
    """Something a run asks of its surroundings, at the call that asks."""

    kind: NeedKind
    what: str
    """`torchvision MNIST`, `azureml`, `AWS_SECRET_ACCESS_KEY`, `data/train.csv`."""
    certain: bool = True
    """False far from the start, and for what a run can often do without."""
    guarded: bool = False
    """The same function looks first whether a file is there."""
    place: Place


class Endless(_Facts):
    """A loop that only a setting ends, and the setting does not."""

    option: str
    """The setting: `trainer.max_iters`, dotted as the program's configuration nests it."""
    value: str
    """Its source text: `None`, `-1`."""
    place: Place


class Program(_Facts):
    """A Python file or notebook that does something when it is run."""

    file: str
    runs: tuple[str, ...] = ()
    """Own files that a run passes, by the calls that can be followed; bounded."""
    passed_by: dict[str, tuple[tuple[int, int], ...]] = {}
    """First and last lines of the functions of these files that no call of the run leads to."""
    looks: dict[str, tuple[str, ...]] = {}
    """By file, the source text of the paths it looks for before it reads: `args.data`, `'data/train.csv'`, `DATA`."""
    roots: tuple[str, ...] = ()
    """Folders from which its own imports resolve, nearest first; "" is the root of the repository."""
    relative: bool = False
    """It imports its neighbours with a dot, and so runs as a module only."""
    options: tuple[Option, ...] = ()
    positions: int = 0
    """Highest index of `sys.argv` that is read without looking whether it is there."""
    flow: bool = False
    """A Metaflow flow."""
    overrides: str = ""
    """How its configuration takes settings from the command line: `--a.b=1`, `a.b=1`, or empty."""
    endless: tuple[Endless, ...] = ()
    literals: dict[str, int] = {}
    """Folder (of the repository) to the number of paths written in its code that exist seen from there."""
    needs: tuple[Need, ...] = ()
    python2: int | None = None
    """Line that only Python 2 reads."""


class Recipe(_Facts):
    """Commands that a tool's file holds: a Makefile's target, the stages of DVC in order, an entry point of MLproject."""

    kind: RecipeKind
    file: str
    name: str
    """Target, stage or entry point; empty for the whole."""
    lines: tuple[str, ...] = ()
    """Shell lines in the order of running, placeholders filled in where the file says with what."""
    workdir: str = "."
    open_parameters: tuple[str, ...] = ()
    """Placeholders without a default."""


class LaunchFacts(_Facts):
    programs: tuple[Program, ...] = ()
    training: tuple[str, ...] = ()
    """Files of the programs that come to a fit when they are run, best known or not; bounded."""
    recipes: tuple[Recipe, ...] = ()
    console: dict[str, str] = {}
    """Command that an installation would make, to `module:function`."""
    console_files: dict[str, str] = {}
    """The same command to the file of that function."""
    documented: dict[str, tuple[str, ...]] = {}
    """Commands written in README, Makefile, CI or scripts that run a program, by its file."""
