"""One way of running, made a `Step`: the argument list, the folder it starts in and the variables it needs."""

from __future__ import annotations

import posixpath
import shlex

from tasks.evidence.launch.facts import LaunchFacts, Program, Recipe
from tasks.rules.execution.plan import Step, StepKind

REPOSITORY = "/work/repo"
HARNESS = "/opt/axiom"
NOTEBOOK_RUNNER = f"{HARNESS}/run_notebook.py"


def program_of(launch: LaunchFacts, file: str) -> Program:
    """What is known of a file; for one that was not described, that it imports from the root and from `src`."""
    return next((p for p in launch.programs if p.file == file), Program(file=file, runs=(file,), roots=("", "src")))


def python_path(roots: tuple[str, ...]) -> dict[str, str]:
    """PYTHONPATH for folders of the repository; none when there is nothing to add."""
    paths = [posixpath.normpath(f"{REPOSITORY}/{root}") for root in roots]
    return {"PYTHONPATH": ":".join(dict.fromkeys(paths))} if paths else {}


def script_step(program: Program, arguments: list[str], workdir: str, env: dict[str, str], reasons: tuple[str, ...]) -> Step:
    """A Python file: as a script, or as a module where it imports its neighbours with a dot."""
    if program.relative:
        return module_step(program, arguments, workdir, env, reasons)
    words = ["python", _from(workdir, program.file), *arguments]
    return _step("metaflow" if program.flow else "script", program.file, words, workdir, env | python_path(program.roots), reasons)


def module_step(program: Program, arguments: list[str], workdir: str, env: dict[str, str], reasons: tuple[str, ...]) -> Step:
    """A Python file by its dotted name, from the folder above its package."""
    root = package_root(program)
    dotted = posixpath.relpath(program.file, root or ".").removesuffix(".py").replace("/", ".").removesuffix(".__main__")
    roots = tuple(dict.fromkeys([root, *program.roots]))
    return _step("module", program.file, ["python", "-m", dotted, *arguments], workdir, env | python_path(roots), reasons)


def package_root(program: Program) -> str:
    """The folder that a program's own imports start from, the nearest above it; the root of the repository without any."""
    above = [r for r in program.roots if r == "" or program.file.startswith(r + "/")]
    first = program.file.partition("/")[0]
    return max(above, key=len, default=first if first in ("src", "lib", "python") and program.file.count("/") > 1 else "")


def notebook_step(program: Program, workdir: str, env: dict[str, str], reasons: tuple[str, ...]) -> Step:
    """A notebook through the runner that goes on after a failing cell."""
    words = ["python", NOTEBOOK_RUNNER, _from(workdir, program.file)]
    return _step("notebook", program.file, words, workdir, env | python_path(program.roots), reasons, f"run {shlex.quote(program.file)}")


def console_step(launch: LaunchFacts, name: str, arguments: list[str], workdir: str, env: dict[str, str], reasons: tuple[str, ...]) -> Step:
    """What an installed command would call, called without installing."""
    module, _, function = launch.console[name].partition(":")
    file = launch.console_files[name]
    program = program_of(launch, file)
    top = module.replace(".", "/")
    root = file.removesuffix(".py").removesuffix("/__init__").removesuffix(top).rstrip("/")
    code = f"import sys; from {module} import {function.split('.')[0]}; sys.argv[0] = {name!r}; sys.exit({function}())"
    roots = tuple(dict.fromkeys([root, *program.roots]))
    shown = shlex.join([name, *arguments])
    return _step("console_script", file, ["python", "-c", code, *arguments], workdir, env | python_path(roots), reasons, shown)


def recipe_step(launch: LaunchFacts, recipe: Recipe, shown: str, reasons: tuple[str, ...]) -> Step:
    """A tool's commands, run by a shell without the tool."""
    roots = tuple(r for p in launch.programs if any(posixpath.basename(p.file) in line for line in recipe.lines) for r in p.roots)
    words = ["sh", "-ec", "\n".join(recipe.lines)]
    kind: StepKind = recipe.kind if recipe.kind in ("make", "dvc", "mlproject", "shell") else "other"
    return _step(
        kind,
        recipe.file,
        words,
        recipe.workdir,
        python_path(tuple(dict.fromkeys([*roots, recipe.workdir.removeprefix(".")]))),
        reasons,
        shown,
    )


def shell_step(file: str, interpreter: str, arguments: list[str], workdir: str, env: dict[str, str], reasons: tuple[str, ...]) -> Step:
    words = [interpreter, _from(workdir, file), *arguments]
    return _step("shell", file, words, workdir, {"PYTHONPATH": REPOSITORY} | env, reasons)


def tool_step(kind: StepKind, file: str, words: list[str], workdir: str, env: dict[str, str], reasons: tuple[str, ...]) -> Step:
    """A command of a package that is part of the environment."""
    paths = python_path((workdir.removeprefix("."), posixpath.join(workdir.removeprefix("."), "src")))
    return _step(kind, file, words, workdir, paths | env, reasons)


def _from(workdir: str, path: str) -> str:
    return posixpath.relpath(path, workdir)


def _step(
    kind: StepKind, file: str, words: list[str], workdir: str, env: dict[str, str], reasons: tuple[str, ...], shown: str = ""
) -> Step:
    shown = shown or shlex.join(words)
    display = shown if workdir == "." else f"cd {shlex.quote(workdir)} && {shown}"
    return Step(kind=kind, file=file, command=tuple(words), display=display, workdir=workdir, env=env, reasons=reasons)
