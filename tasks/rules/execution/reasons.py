"""Why a repository cannot be trained here, as far as it shows before anything is built. In doubt it is run, and the failure tells."""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.dataset.facts import DatasetReference
from tasks.evidence.launch.facts import Need, Program
from tasks.rules.evidence import Evidence
from tasks.rules.execution.arguments import missing_options
from tasks.rules.execution.entry import OTHER_LANGUAGES
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
_TABLES = (
    ".csv",
    ".tsv",
    ".parquet",
    ".feather",
    ".jsonl",
    ".xlsx",
    ".xls",
    ".npy",
    ".npz",
    ".h5",
    ".zip",
    ".gz",
    ".pkl",
    ".data",
    ".arff",
    ".db",
)
_DATA_PATH = re.compile(r"(?i)(?:data|train|input|corpus|csv)\w{0,12}(?:path|file|dir|folder|set)?$")
_MODEL_FILE = re.compile(r"(?i)(?:^|[/_.-])models?(?:[/_.-]|$)")
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
        or _missing(evidence, programs, tree)
        or _unanswered(programs, step, tree)
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


def _missing(evidence: Evidence, programs: list[Program], tree: Tree) -> CannotRun | None:
    runs = {f for p in programs for f in p.runs}
    absent = next((r for r in evidence.dataset.missing_files if r.place and r.place.file in runs and _is_needed(r, programs)), None)
    if absent is not None and absent.place is not None:
        hint = next((f" ({r.kind}: {r.ref})" for r in evidence.dataset.references if r.kind in ("kaggle", "url", "gdrive")), "")
        detail = f"{absent.place.file}:{absent.place.line} reads {absent.ref}, which the repository does not hold{hint}."
        return CannotRun(reason="data_missing", detail=detail, place=absent.place, remedy=f"Put {absent.ref} into the repository.")
    return _pointer(evidence, tree) or _competition(evidence)


def _unanswered(programs: list[Program], step: Step, tree: Tree) -> CannotRun | None:
    """A program that demands the path of its data, in a repository without a data file."""
    program = programs[0] if step.kind in ("script", "module") else None
    if program is None or any(p.lower().endswith(_TABLES) for p in tree.sizes):
        return None
    words = list(step.command[3:] if step.kind == "module" else step.command[2:])
    option = next((o for o in missing_options(program, words) if _DATA_PATH.search(o.flag)), None)
    if option is None:
        return None
    detail = f"{program.file} asks for {option.flag}, and the repository holds no data file."
    return CannotRun(reason="data_missing", detail=detail, remedy="Name the command with its data through --entrypoint.")


def _is_needed(reference: DatasetReference, programs: list[Program]) -> bool:
    """Read without looking first, and in a function that the run comes to."""
    place = reference.place
    if place is None or "exists(" in place.snippet or _is_looked_for(reference, programs):
        return False
    spans = [span for p in programs for span in p.passed_by.get(place.file, ())]
    return place.line is None or not any(first <= place.line <= last for first, last in spans)


def _is_looked_for(reference: DatasetReference, programs: list[Program]) -> bool:
    """Whether code asks first if the file is there: by its name, or by the variable or option that the line gives it to."""
    place = reference.place
    if place is None:
        return False
    asked = {a for p in programs for a in p.looks.get(place.file, ())}
    return any(_is_file(a, reference.ref) or _is_given(a, place.snippet) for a in asked)


def _is_file(asked: str, ref: str) -> bool:
    return asked[:1] in "'\"" and asked.strip("'\"").endswith(ref)


def _is_given(asked: str, line: str) -> bool:
    """`DATA = …`, `read_csv(args.data)`, and for `args.data` also `--data`."""
    option = rf"|--{re.escape(asked.rpartition('.')[2]).replace('_', '[-_]')}\b" if "." in asked else ""
    return re.search(rf"(?<![\w.]){re.escape(asked)}\s{{0,9}}(?:=(?!=)|[,)]){option}", line) is not None


def _competition(evidence: Evidence) -> CannotRun | None:
    """A competition whose data nobody may pass on: named, read somewhere, and not one data file in the repository."""
    kaggle = next((r for r in evidence.dataset.references if r.kind == "kaggle"), None)
    absent = next((r for r in sorted(evidence.dataset.missing_files, key=lambda r: "train" not in r.ref) if r.place), None)
    others = {"sklearn_builtin", "sklearn_generated"} & {r.kind for r in evidence.dataset.references}
    if kaggle is None or absent is None or absent.place is None or others or evidence.dataset.datasets:
        return None
    detail = f"{absent.place.file}:{absent.place.line} reads {absent.ref} of Kaggle ({kaggle.ref}); the repository holds no data."
    return CannotRun(
        reason="data_missing",
        detail=detail,
        place=absent.place,
        remedy=f"Download it from Kaggle and put {absent.ref} into the repository.",
    )


def _pointer(evidence: Evidence, tree: Tree) -> CannotRun | None:
    """Data that only a pointer of DVC stands for, in a repository that holds no data its code reads."""
    if any(d.loaded and not d.problem for d in evidence.dataset.datasets):
        return None
    for item in evidence.dataset.versioning:
        target = item.path.removesuffix(".dvc")
        stands = item.tool == "dvc" and item.path.endswith(".dvc") and not _MODEL_FILE.search(item.path)
        if stands and not tree.has(target) and target not in tree.folders:
            detail = f"{item.path} stands for data on a DVC remote; the repository does not hold {target}."
            return CannotRun(reason="data_missing", detail=detail, remedy=f"Fetch it with `dvc pull` and put {target} into the repository.")
    return None


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
