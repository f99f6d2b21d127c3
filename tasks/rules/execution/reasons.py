"""Why a repository cannot be trained here, as far as it shows before anything is built. In doubt it is run, and the failure tells."""

from __future__ import annotations

import posixpath

from tasks.evidence.dataset.facts import DatasetReference
from tasks.evidence.launch.facts import Need, Program
from tasks.rules.evidence import Evidence
from tasks.rules.execution.entry import OTHER_LANGUAGES
from tasks.rules.execution.plan import CannotRun, Step
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
    "empty": "it is empty",
    "ml_app_no_training": "it uses a model that others trained",
}
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
    return _platform(needs) or _missing(evidence, programs, tree) or _download(needs, limits) or _gpu(needs)


def _programs(evidence: Evidence, step: Step) -> list[Program]:
    """The program of a step; for a tool's recipe all that its lines name."""
    words = " ".join(step.command)
    if step.kind in ("make", "dvc", "mlproject", "shell"):
        found = [p for p in evidence.launch.programs if p.file in words or (p.file.removesuffix(".py").replace("/", ".") in words.split())]
        return found
    return [program_of(evidence.launch, step.file)]


def _platform(needs: list[Need]) -> CannotRun | None:
    need = next((n for n in needs if n.kind in ("cloud", "database")), None)
    if need is None:
        return None
    what = need.what if need.kind == "database" else f"an account or service of {need.what}"
    detail = f"{need.place.file}:{need.place.line} asks for {what} on its way to training."
    return CannotRun(
        reason="credentials_or_platform", detail=detail, place=need.place, remedy="Run it where that service and its credentials are."
    )


def _missing(evidence: Evidence, programs: list[Program], tree: Tree) -> CannotRun | None:
    runs = {f for p in programs for f in p.runs}
    absent = next((r for r in evidence.dataset.missing_files if r.place and r.place.file in runs and _is_needed(r)), None)
    if absent is not None and absent.place is not None:
        hint = next((f" ({r.kind}: {r.ref})" for r in evidence.dataset.references if r.kind in ("kaggle", "url", "gdrive")), "")
        detail = f"{absent.place.file}:{absent.place.line} reads {absent.ref}, which the repository does not hold{hint}."
        return CannotRun(reason="data_missing", detail=detail, place=absent.place, remedy=f"Put {absent.ref} into the repository.")
    return _pointer(evidence, tree)


def _is_needed(reference: DatasetReference) -> bool:
    return reference.place is not None and "exists(" not in reference.place.snippet


def _pointer(evidence: Evidence, tree: Tree) -> CannotRun | None:
    """Data that only a pointer of DVC stands for, in a repository that holds no data its code reads."""
    if any(d.loaded and not d.problem for d in evidence.dataset.datasets):
        return None
    for item in evidence.dataset.versioning:
        target = item.path.removesuffix(".dvc")
        stands = item.tool == "dvc" and item.path.endswith(".dvc") and "model" not in item.path.lower()
        if stands and not tree.has(target) and target not in tree.folders:
            detail = f"{item.path} stands for data on a DVC remote; the repository does not hold {target}."
            return CannotRun(reason="data_missing", detail=detail, remedy=f"Fetch it with `dvc pull` and put {target} into the repository.")
    return None


def _download(needs: list[Need], limits: Limits) -> CannotRun | None:
    need = next((n for n in needs if n.kind == "download"), None)
    if need is None or limits.network != "none":
        return None
    detail = f"{need.place.file}:{need.place.line} downloads {need.what}, and the run has no network."
    return CannotRun(reason="data_missing", detail=detail, place=need.place, remedy=_BRIDGE)


def _gpu(needs: list[Need]) -> CannotRun | None:
    need = next((n for n in needs if n.kind == "gpu"), None)
    if need is None:
        return None
    detail = f"{need.place.file}:{need.place.line} asks for {need.what} without looking whether there is one."
    return CannotRun(reason="gpu_or_size", detail=detail, place=need.place, remedy="Run it on a machine with a GPU.")
