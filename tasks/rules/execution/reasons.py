"""Why a repository cannot be trained here, as far as it shows before anything is built. In doubt it is run, and the failure tells."""

from __future__ import annotations

import posixpath

from tasks.evidence.launch.facts import Need, Program
from tasks.rules.evidence import Evidence
from tasks.rules.execution.entry import OTHER_LANGUAGES
from tasks.rules.execution.missing_data import missing_data
from tasks.rules.execution.plan import CannotRun, EnvironmentPlan, Step
from tasks.rules.execution.steps import program_of
from tasks.rules.execution.tree import Tree
from tasks.rules.sandbox.job import Limits

LANGUAGE_OF = {".r": "R", ".rmd": "R", ".qmd": "R", ".rnw": "R", ".jl": "Julia", ".lua": "Lua", ".scala": "Scala", ".java": "Java", ".m": "MATLAB",
               ".go": "Go", ".rs": "Rust", ".js": "JavaScript", ".ts": "TypeScript", ".cs": "C#", ".cpp": "C++", ".swift": "Swift"}  # fmt: skip
_KINDS = {
    "non_ml": "it is no machine learning project",
    "data_collection": "it is a collection of data",
    "awesome_list": "it is a list of links",
    "readme_only": "it holds nothing but a README",
    "empty": "no file of it is committed",
    "ml_app_no_training": "it uses a model that others trained",
}
NOTEBOOK_SERVICE = "Google Colab"
OLDEST_PYTHON = (3, 8)
"""Below it, packages are no longer built and images no longer kept."""
_BRIDGE = "Allow it with --network bridge, if you trust the code with the network."


def why_nothing(evidence: Evidence, no_step: bool = False) -> CannotRun | None:
    """Nothing to train at all, or not in Python; `no_step`: none of the entries became a command."""
    project = evidence.project
    if not project.has_training:
        why = _KINDS.get(project.kind) or "none of its code fits a model"
        return CannotRun(reason="nothing_to_train", detail=f"Nothing to train here: {why}.", remedy="Name a command with --entrypoint.")
    entries = project.train_entrypoints
    languages = [language for e in entries if (language := _other_language(e.file, e.command))]
    if entries and (len(languages) == len(entries) or (languages and (no_step or _other_language(entries[0].file, entries[0].command)))):
        first = entries[0]
        return CannotRun(
            reason="other_language", detail=f"{first.file} trains in {languages[0]}; the images here run Python.", place=first.place,
            remedy=f"Run `{first.command}` in an environment with {languages[0]}.",
        )  # fmt: skip
    if not entries:
        detail = "A model is fitted somewhere, but no file or command of the repository trains when it is run."
        return CannotRun(reason="nothing_to_train", detail=detail, remedy="Name a command with --entrypoint.")
    return None


def _other_language(file: str, command: str) -> str | None:
    language = LANGUAGE_OF.get(posixpath.splitext(file)[1].lower())
    words = command.split("&&")[-1].split()
    return language or (OTHER_LANGUAGES.get(words[0].lower()) if words else None)


def why_not(evidence: Evidence, step: Step, limits: Limits, tree: Tree) -> CannotRun | None:
    """What speaks against running a step here, when it is beyond doubt."""
    programs = _programs(evidence, step)
    for program in programs:
        if program.python2 is not None:
            detail = f"{program.file} is written for Python 2 (line {program.python2})."
            return CannotRun(reason="python_version", detail=detail, remedy="Port it to Python 3, for instance with 2to3.")
    needs = [n for p in programs for n in p.needs if n.certain]
    services = [n for n in needs if n.what != NOTEBOOK_SERVICE]
    return (
        _platform(services)
        or missing_data(evidence, programs, step, tree)
        or _gpu(needs)
        or _download(evidence, needs, limits)
        or _drive(evidence, needs)
    )


def why_served(evidence: Evidence, environment: EnvironmentPlan) -> CannotRun | None:
    """A web application that trains when a page is asked for: started, it would serve for ever and train nothing."""
    if evidence.project.kind != "ml_app_trains_on_request":
        return None
    if tuple(map(int, environment.python.split("."))) < OLDEST_PYTHON:
        return CannotRun(reason="python_version", detail=environment.python_reason, remedy=f"Run it with Python {environment.python}.")
    detail = "A model is trained only inside a request to its web application, not by a command."
    return CannotRun(reason="nothing_to_train", detail=detail, remedy="Name a command that trains with --entrypoint.")


def _programs(evidence: Evidence, step: Step) -> list[Program]:
    """The program of a step; for a tool's recipe all that its lines name."""
    if step.kind not in ("make", "dvc", "mlproject", "shell"):
        return [program_of(evidence.launch, step.file)]
    lines = [line for r in evidence.launch.recipes if r.kind == "shell" and r.file == step.file for line in r.lines]
    words = " ".join([*step.command, *lines])
    return [p for p in evidence.launch.programs if p.file in words or p.file.removesuffix(".py").replace("/", ".") in words.split()]


def _platform(needs: list[Need]) -> CannotRun | None:
    need = next((n for n in needs if n.kind in ("cloud", "database")), None)
    if need is None:
        return None
    what = need.what if need.kind == "database" else f"an account or service of {need.what}"
    detail = f"{need.place.file}:{need.place.line} asks for {what} on its way to training."
    return CannotRun(
        reason="credentials_or_platform", detail=detail, place=need.place, remedy="Run it where that service and its credentials are."
    )


def _drive(evidence: Evidence, needs: list[Need]) -> CannotRun | None:
    """A notebook that mounts its author's drive; where the repository holds what it reads, the mount is a cell that fails."""
    if any(d.loaded and not d.problem for d in evidence.dataset.datasets):
        return None
    return _platform([n for n in needs if n.what == NOTEBOOK_SERVICE])


def _download(evidence: Evidence, needs: list[Need], limits: Limits) -> CannotRun | None:
    """Something that must be fetched; what is fetched only when a file is not there counts where the repository holds no data."""
    if limits.network != "none":
        return None
    holds_data = any(d.loaded and not d.problem for d in evidence.dataset.datasets)
    need = next((n for n in needs if n.kind == "download" and not (n.guarded and holds_data)), None)
    if need is None:
        return None
    detail = f"{need.place.file}:{need.place.line} downloads {need.what}, and the run has no network."
    return CannotRun(reason="data_missing", detail=detail, place=need.place, remedy=_BRIDGE)


def _gpu(needs: list[Need]) -> CannotRun | None:
    need = next((n for n in needs if n.kind == "gpu"), None)
    if need is None:
        return None
    detail = f"{need.place.file}:{need.place.line} asks for {need.what} without looking whether there is one."
    return CannotRun(reason="gpu_or_size", detail=detail, place=need.place, remedy="Run it on a machine with a GPU.")
