"""Repairs of the place: folder to start in, folders to make, names to copy to, folders to import from."""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.launch.facts import Program
from tasks.rules.execution.plan import ExecutionPlan, Repair, Step
from tasks.rules.execution.steps import REPOSITORY, module_step, package_root, python_path
from tasks.rules.repairs.situation import Candidate, Situation
from tasks.rules.sandbox.job import FolderCopy

_MISSING = tuple(
    re.compile(p)
    for p in (
        r"No such file or directory:? \(?[bru]{0,2}['\"]([^'\"]{1,300})['\"]",
        r"(?:file|File|path|Path|directory|Directory|folder) ['\"]?([^'\"\s]{1,300})['\"]? (?:does not exist|not found|doesn't exist|is not a directory)",
        r"(?:open|find|locate|read|load) (?:file|dataset|data|directory)?:? ?['\"]([^'\"]{1,300})['\"]",
        r"['\"]([^'\"]{1,300}\.\w{1,8})['\"] (?:does not exist|not found|is missing)",
        r"FileNotFoundError: ([^\s'\"\[]{1,300}\.\w{1,8}) not found",
        r"can't open file ['\"]([^'\"]{1,300})['\"]",
        r"OSError: ([^\s'\"]{1,300}) not found",
        r"Failed to open local file ['\"]([^'\"]{1,300})['\"]",
        r"Primary config directory not found|cannot stat '([^']{1,300})'|cd: (?:can't cd to )?([^\s:]{1,300})",
    )
)
_FOLDER = (
    re.compile(r"non-existent directory: ['\"]([^'\"]{1,300})['\"]"),
    re.compile(r"Parent directory ([^\s'\"]{1,300}) does not exist"),
    re.compile(r"(?:[Dd]irectory|[Ff]older) ['\"]?([\w./-]{1,200})['\"]? (?:does not exist|not found|doesn't exist)"),
)
_RELATIVE = re.compile(r"attempted relative import|no known parent package")
_NO_MODULE = re.compile(r"No module named ['\"]?([A-Za-z_][\w.]{0,120})")
_FILE_NAME = re.compile(r"\.\w{1,8}$")
_WRITES = re.compile(
    r"to_csv|to_parquet|to_json|to_excel|savefig|\.save\(|\.dump\(|save_model|write|open\(.{0,120}['\"][wax]b?\+?['\"]|FileHandler|makedirs|mkdir|to_pickle|imwrite|export"
)


def missing_path(situation: Situation) -> tuple[str, str] | None:
    """The path that was not there, as written, and the line that says so."""
    for pattern in _MISSING:
        match = situation.failure.find_error(pattern) or situation.failure.find(pattern)
        path = next((g for g in match.groups() if g), "") if match else ""
        if match and path:
            return path, match.string
    return None


def take_windows_path(situation: Situation) -> Candidate | None:
    r"""A path written with backslashes: the file is copied to that very name, in the folder where it is looked for."""
    missing = missing_path(situation)
    if missing is None or "\\" not in missing[0]:
        return None
    written = missing[0].replace("\\\\", "\\")
    found = situation.tree.resolve(situation.plan.train.workdir, written) or next(iter(situation.tree.ending(written)), None)
    if found is None or written.startswith("/"):
        return None
    target = posixpath.normpath(posixpath.join(situation.plan.train.workdir, written))
    return _copy(situation, found, target, "windows_path", missing[1], "which Linux takes for one name")


def move_to_folder(situation: Situation) -> Candidate | None:
    """The folder from which a path that was not found does exist."""
    missing = missing_path(situation)
    if missing is None:
        return None
    step = situation.plan.train
    written = _relative(missing[0].replace("\\", "/"), step.workdir)
    for folder in _folders(situation, written):
        if folder != step.workdir and situation.tree.resolve(folder, written):
            moved = moved_step(step, folder, situation.program)
            change = f"starts in {folder} instead of {step.workdir}, where {written} is found"
            return Candidate(
                Repair(kind="working_directory", reason=missing[1][:300], change=change[:300]), _with_train(situation.plan, moved)
            )
    return None


def _relative(path: str, workdir: str) -> str:
    """A path as it was written, of one that the code made absolute from where it stood."""
    base = posixpath.normpath(f"{REPOSITORY}/{workdir}")
    return posixpath.relpath(path, base) if path.startswith(REPOSITORY + "/") else path


def _folders(situation: Situation, written: str) -> list[str]:
    """Folders that a person could have started in: the root, those down to the program, and those a file of this name hangs in."""
    own = posixpath.dirname(situation.plan.train.file)
    parts = [p for p in own.split("/") if p]
    above = [".", *("/".join(parts[: n + 1]) for n in range(len(parts)))][::-1]
    tail = "/".join(p for p in written.split("/") if p not in (".", "..", ""))
    depth = written.split("/").count("..")
    hanging = [p[: -len(tail)].rstrip("/") or "." for p in situation.tree.ending(written)]
    below = [f for f in hanging if depth == 0]
    return list(dict.fromkeys([*above, *below]))[:20]


def moved_step(step: Step, folder: str, program: Program) -> Step:
    """The step started in another folder: paths of its command are said from there."""
    old = posixpath.normpath(f"{REPOSITORY}/{step.workdir}")
    words = [
        posixpath.relpath(posixpath.normpath(f"{old}/{w}"), f"{REPOSITORY}/{folder}")
        if posixpath.normpath(posixpath.join(step.workdir, w)) == step.file
        else w
        for w in step.command
    ]
    roots = {"PYTHONPATH": ":".join(dict.fromkeys([*filter(None, [step.env.get("PYTHONPATH", "")]), old, f"{REPOSITORY}"]))}
    display = f"{'' if folder == '.' else f'cd {folder} && '}{' '.join(words) if step.kind in ('script', 'metaflow', 'module') else step.display.split(' && ', 1)[-1]}"
    return step.model_copy(update={"command": tuple(words), "workdir": folder, "env": step.env | roots, "display": display})


def copy_alike(situation: Situation) -> Candidate | None:
    """The one file of that name elsewhere in the tree, or of that name in another spelling, copied to where it is looked for."""
    missing = missing_path(situation)
    if missing is None or not _FILE_NAME.search(missing[0]) or _WRITES.search(_context(situation, missing[1])):
        return None
    written = _relative(missing[0].replace("\\", "/"), situation.plan.train.workdir)
    found = [p for p in situation.tree.alike(written) if not p.endswith(".py")]
    target = posixpath.normpath(posixpath.join(situation.plan.train.workdir, written))
    if len(found) != 1 or target.startswith(("/", "..")):
        return None
    return _copy(situation, found[0], target, "working_directory", missing[1], "where it is looked for")


def make_folder(situation: Situation) -> Candidate | None:
    """A folder that the code writes to and does not make."""
    for pattern in _FOLDER:
        match = situation.failure.find(pattern)
        if match and (candidate := _made(situation, match.group(1), match.string)):
            return candidate
    missing = missing_path(situation)
    if missing and (_WRITES.search(_context(situation, missing[1])) or not _FILE_NAME.search(missing[0])):
        path = _relative(missing[0].replace("\\", "/"), situation.plan.train.workdir)
        return _made(situation, posixpath.dirname(path) if _FILE_NAME.search(path) else path, missing[1])
    return None


def _made(situation: Situation, folder: str, line: str) -> Candidate | None:
    path = posixpath.normpath(posixpath.join(situation.plan.train.workdir, _relative(folder, situation.plan.train.workdir)))
    if not folder or path.startswith(("/", "..")) or path in situation.tree.folders or path in situation.plan.folders or len(path) > 200:
        return None
    plan = situation.plan.model_copy(update={"folders": (*situation.plan.folders, path)})
    return Candidate(Repair(kind="folder", reason=line[:300], change=f"the folder {path} is made before the start"), plan)


def _context(situation: Situation, line: str) -> str:
    """The traceback's lines above an error."""
    lines = situation.failure.lines
    at = next((n for n in range(len(lines) - 1, -1, -1) if line[:80] in lines[n]), len(lines))
    return "\n".join(lines[max(0, at - 16) : at])


def run_as_module(situation: Situation) -> Candidate | None:
    """A file that imports its neighbours with a dot, run by its dotted name."""
    match = situation.failure.find_error(_RELATIVE)
    step = situation.plan.train
    if match is None or step.kind != "script":
        return None
    root = package_root(situation.program) if situation.program.roots else _above_package(situation)
    program = situation.program.model_copy(update={"roots": tuple(dict.fromkeys([root, *situation.program.roots]))})
    moved = module_step(program, list(step.command[2:]), step.workdir, step.env, step.reasons)
    change = f"run as a module: `{' '.join(moved.command[:3])}`"
    return Candidate(Repair(kind="module_form", reason=situation.line(match), change=change), _with_train(situation.plan, moved))


def _above_package(situation: Situation) -> str:
    """The folder above the outermost package that the program lies in; above its own folder when it lies in none."""
    folder = posixpath.dirname(situation.plan.train.file)
    top = posixpath.dirname(folder)
    while folder and situation.tree.has(f"{folder}/__init__.py"):
        folder = top = posixpath.dirname(folder)
    return top


def add_import_folder(situation: Situation) -> Candidate | None:
    """The folder that holds a module of the repository which was not found."""
    match = situation.failure.find_error(_NO_MODULE)
    step = situation.plan.train
    if match is None or not situation.owns_module(match.group(1)):
        return None
    present = step.env.get("PYTHONPATH", "").split(":")
    for folder in _holding(situation, match.group(1)):
        path = posixpath.normpath(f"{REPOSITORY}/{folder}")
        if path not in present:
            env = step.env | {"PYTHONPATH": ":".join(filter(None, [*present, path]))}
            moved = step.model_copy(update={"env": env})
            change = f"{folder or 'the root'} is put on the path of imports, where {match.group(1)} is"
            return Candidate(Repair(kind="module_form", reason=situation.line(match), change=change), _with_train(situation.plan, moved))
    return None


def _holding(situation: Situation, module: str) -> list[str]:
    """Folders from which a dotted name would be found, nearest to the program first."""
    tail = module.replace(".", "/")
    top = module.split(".")[0]
    files = [p for n in (f"{tail}.py", f"{tail}/__init__.py") for p in situation.tree.ending(n)]
    found = [p.removesuffix(".py").removesuffix("/__init__")[: -len(tail)].rstrip("/") for p in files]
    found += [f[: -len(top)].rstrip("/") for f in sorted(situation.tree.folders) if f == top or f.endswith(f"/{top}")]
    own = posixpath.dirname(situation.plan.train.file)
    return sorted(
        dict.fromkeys(found), key=lambda f: (not own.startswith(f), -len(posixpath.commonpath([own, f]) if own and f else ""), f)
    )[:5]


def _copy(situation: Situation, source: str, target: str, kind: str, line: str, why: str) -> Candidate | None:
    copy = FolderCopy(source=source, target=target)
    if copy in situation.plan.copies or source == target:
        return None
    plan = situation.plan.model_copy(update={"copies": (*situation.plan.copies, copy)})
    return Candidate(Repair(kind=kind, reason=line[:300], change=f"{source} is copied to `{target}`, {why}"[:300]), plan)


def _with_train(plan: ExecutionPlan, step: Step) -> ExecutionPlan:
    return plan.model_copy(update={"train": step})


__all__ = [
    "add_import_folder",
    "copy_alike",
    "make_folder",
    "missing_path",
    "move_to_folder",
    "python_path",
    "run_as_module",
    "take_windows_path",
]
