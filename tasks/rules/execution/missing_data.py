"""Data that a run needs and the repository does not hold: read, stood for by a pointer, kept by a competition, or demanded."""

from __future__ import annotations

import re

from tasks.evidence.dataset.facts import DatasetReference
from tasks.evidence.launch.facts import Program
from tasks.rules.evidence import Evidence
from tasks.rules.execution.arguments import missing_options
from tasks.rules.execution.plan import CannotRun, Step
from tasks.rules.execution.tree import Tree

_DATA_FILE = re.compile(r"(?i)\.(?:csv|tsv|parquet|feather|jsonl|xlsx?|np[yz]|h5|zip|gz|pkl|data|arff|db)$")
_DATA_PATH = re.compile(r"(?i)(?:data|train|input|corpus|csv)\w{0,12}(?:path|file|dir|folder|set)?$")
_MODEL_FILE = re.compile(r"(?i)(?:^|[/_.-])models?(?:[/_.-]|$)")


def missing_data(evidence: Evidence, programs: list[Program], step: Step, tree: Tree) -> CannotRun | None:
    """What of its data is not here, when it is beyond doubt."""
    return (
        _absent(evidence, programs, tree)
        or _pointer(evidence, tree)
        or _competition(evidence)
        or _unanswered(evidence, programs, step, tree)
    )


def _absent(evidence: Evidence, programs: list[Program], tree: Tree) -> CannotRun | None:
    runs = {f for p in programs for f in p.runs}
    absent = next(
        (
            r
            for r in evidence.dataset.missing_files
            if r.place and r.place.file in runs and _is_needed(r, programs) and len(tree.alike(r.ref)) != 1
        ),
        None,
    )
    if absent is not None and absent.place is not None:
        hint = next((f" ({r.kind}: {r.ref})" for r in evidence.dataset.references if r.kind in ("kaggle", "url", "gdrive")), "")
        detail = f"{absent.place.file}:{absent.place.line} reads {absent.ref}, which the repository does not hold{hint}."
        return CannotRun(reason="data_missing", detail=detail, place=absent.place, remedy=f"Put {absent.ref} into the repository.")
    return None


def _unanswered(evidence: Evidence, programs: list[Program], step: Step, tree: Tree) -> CannotRun | None:
    """A program that demands the path of its data, in a repository without a data file."""
    program = programs[0] if step.kind in ("script", "module") else None
    if program is None or any(_DATA_FILE.search(p) for p in tree.sizes):
        return None
    words = list(step.command[3:] if step.kind == "module" else step.command[2:])
    option = next((o for o in missing_options(program, words) if _DATA_PATH.search(o.flag)), None)
    if option is None:
        return None
    service = next((n for p in evidence.launch.programs for n in p.needs if n.kind == "cloud" and n.certain), None)
    if service is not None:
        detail = f"{program.file} asks for {option.flag}, which {service.what} hands over ({service.place.file}:{service.place.line})."
        remedy = "Run it where that service and its credentials are."
        return CannotRun(reason="credentials_or_platform", detail=detail, place=service.place, remedy=remedy)
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
