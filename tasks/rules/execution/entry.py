"""From what the analysis found, or a user typed, to commands that run in the container, best first."""

from __future__ import annotations

import posixpath
import re
import shlex

from tasks.errors import SettingError
from tasks.evidence.launch.facts import LaunchFacts, Program, Recipe
from tasks.evidence.project.facts import Entrypoint
from tasks.rules.execution.arguments import fill_arguments, recipe_arguments
from tasks.rules.execution.command_text import Typed, closed, is_python, read_command
from tasks.rules.execution.plan import Step, StepKind
from tasks.rules.execution.steps import (
    console_step,
    module_step,
    notebook_step,
    program_of,
    recipe_step,
    script_step,
    shell_step,
    tool_step,
)
from tasks.rules.execution.tree import Tree

OTHER_LANGUAGES = {"rscript": "R", "r": "R", "julia": "Julia", "th": "Lua", "lua": "Lua", "luajit": "Lua", "quarto": "R", "matlab": "MATLAB",
                   "octave": "Octave", "java": "Java", "mvn": "Java", "node": "JavaScript", "npm": "JavaScript", "sbt": "Scala", "go": "Go",
                   "cargo": "Rust", "dotnet": "C#"}  # fmt: skip
"""Programs of languages that the images do not hold."""
_RUNNABLE = re.compile(r"\.(?:py|ipynb|sh|bash)$")


class Unclear(ValueError):
    """A command that cannot be made to run; the text says why."""


def step_of(entry: Entrypoint, launch: LaunchFacts, tree: Tree) -> Step | None:
    """The step of an entry that the analysis found; None when neither its command nor its file means anything that can run here."""
    for text in (entry.command, f"python {shlex.quote(entry.file)}" if entry.file.endswith((".py", ".ipynb")) else ""):
        try:
            return step_of_command(text, launch, tree, entry.reasons, entry.file, trusted=False)
        except Unclear:
            continue
    return None


def step_of_user(text: str, launch: LaunchFacts, tree: Tree, candidates: tuple[Entrypoint, ...]) -> Step:
    """The step of a command the user typed. Raises `SettingError` naming candidates when it means no file of the tree."""
    try:
        return step_of_command(text, launch, tree, ("chosen by the user",), "", trusted=True)
    except Unclear as error:
        known = "; ".join(f"`{c.command}`" for c in candidates[:3])
        remedy = (
            f"Found by the analysis: {known}."
            if known
            else "Name a script, notebook, Makefile target or console command of the repository."
        )
        raise SettingError(f"--entrypoint {text[:80]!r}: {error}", remedy) from error


def step_of_command(text: str, launch: LaunchFacts, tree: Tree, reasons: tuple[str, ...], file: str, trusted: bool) -> Step:
    """The step of one typed command; of several joined ones the last decides. Raises `Unclear`."""
    try:
        commands = read_command(text)
    except ValueError as error:
        raise Unclear(f"no shell reads it ({error})") from error
    if not commands:
        raise Unclear("it names no program")
    typed = commands[-1]
    if not trusted:
        typed.argv = [typed.argv[0], *closed(typed.argv[1:])]
    return _Translator(launch, tree, reasons, file, trusted).step(typed)


class _Translator:
    def __init__(self, launch: LaunchFacts, tree: Tree, reasons: tuple[str, ...], file: str, trusted: bool) -> None:
        self.launch, self.tree, self.reasons, self.file, self.trusted = launch, tree, reasons, file, trusted

    def step(self, typed: Typed) -> Step:
        head, rest = typed.argv[0], typed.argv[1:]
        name = posixpath.basename(head)
        if is_python(head):
            return self._python(rest, typed)
        if name in ("jupyter", "jupyter-nbconvert", "papermill", "nbconvert"):
            return self._notebook(rest, typed)
        if name in ("make", "gmake", "just", "task"):
            return self._recipe("make", typed.folder, next((w for w in rest if "=" not in w and not w.startswith("-")), ""), typed)
        if name == "dvc":
            return self._recipe("dvc", typed.folder, "", typed)
        if name == "mlflow" and rest[:1] == ["run"]:
            return self._mlproject(rest, typed)
        if name in ("bash", "sh", "zsh", "source"):
            return self._shell(rest, typed)
        if name in self.launch.console:
            return self._console(name, rest, typed)
        if name in ("kedro", "mlflow", "invoke", "nox", "snakemake", "prefect", "zenml", "lightning", "keras", "dagster"):
            kind: StepKind = "kedro" if name == "kedro" else "other"
            return tool_step(kind, self.file or name, typed.argv, typed.folder, typed.env, self.reasons)
        if name.lower() in OTHER_LANGUAGES:
            raise Unclear(f"{OTHER_LANGUAGES[name.lower()]} is not in the image")
        return self._direct(head, rest, typed)

    def _python(self, words: list[str], typed: Typed) -> Step:
        while words and words[0].startswith("-") and words[0] not in ("-m", "-c"):
            words = words[2:] if words[0] in ("-W", "-X") else words[1:]
        if not words:
            raise Unclear("it starts Python without a program")
        if words[0] == "-c":
            raise Unclear("code on the command line is no file of the repository")
        if words[0] == "-m" and len(words) > 1:
            return self._module(words[1], words[2:], typed)
        file = self._find(words[0], typed.folder)
        if file.endswith(".ipynb"):
            return self._notebook([file], typed)
        return self._script(file, words[1:], typed)

    def _script(self, file: str, arguments: list[str], typed: Typed) -> Step:
        program = program_of(self.launch, file)
        workdir = self._workdir(program, typed)
        if program.flow and not ({"run", "show", "check", "resume"} & set(arguments)):
            arguments = ["run", *arguments]
        return script_step(program, self._filled(program, arguments, workdir), workdir, typed.env, self.reasons)

    def _module(self, dotted: str, arguments: list[str], typed: Typed) -> Step:
        tail = dotted.replace(".", "/")
        names = (f"{tail}.py", f"{tail}/__main__.py", f"{tail}/__init__.py")
        found = [f for n in names for f in (self.tree.resolve(typed.folder, n), self.tree.resolve(typed.folder, f"src/{n}")) if f]
        found = found or [f for n in names for f in self.tree.ending(n)]
        if not found:
            if dotted in ("kedro", "invoke", "pytest", "accelerate.commands.launch"):
                return tool_step("other", self.file, ["python", "-m", dotted, *arguments], typed.folder, typed.env, self.reasons)
            raise Unclear(f"no file of the repository is the module {dotted}")
        program = program_of(self.launch, found[0])
        root = found[0].removesuffix(".py").removesuffix("/__main__").removesuffix("/__init__").removesuffix(tail).rstrip("/")
        program = program.model_copy(update={"roots": tuple(dict.fromkeys([root, *program.roots]))})
        workdir = self._workdir(program, typed)
        return module_step(program, self._filled(program, arguments, workdir), workdir, typed.env, self.reasons)

    def _filled(self, program: Program, arguments: list[str], workdir: str) -> list[str]:
        if self.trusted:
            return arguments
        arguments = arguments or recipe_arguments(program, self.launch.recipes, workdir)
        return fill_arguments(program, arguments, self.launch.documented, self.tree, workdir)

    def _notebook(self, words: list[str], typed: Typed) -> Step:
        named = next((w for w in words if w.endswith(".ipynb")), None)
        if named is None:
            raise Unclear("it names no notebook")
        program = program_of(self.launch, self._find(named, typed.folder))
        return notebook_step(program, self._workdir(program, typed), typed.env, self.reasons)

    def _workdir(self, program: Program, typed: Typed) -> str:
        """Where the program's written paths are found: a folder that was typed, else the one that fits best, the root on a tie
        (for a notebook its own folder, where its server would start it)."""
        if typed.folder != "." or self.trusted:
            return typed.folder
        own = posixpath.dirname(program.file) or "."
        first = own if program.file.endswith(".ipynb") or program.flow else "."
        fitting = program.literals
        best = max(fitting, key=lambda f: (fitting[f], f == first, -f.count("/")), default=first)
        return best if fitting.get(best, 0) > fitting.get(first, 0) else first

    def _recipe(self, kind: str, folder: str, name: str, typed: Typed) -> Step:
        found = [
            r
            for r in self.launch.recipes
            if r.kind == kind and r.workdir == folder and (r.file == self.file or not self.file or kind == "make")
        ]
        chosen = next((r for r in found if r.name == name), found[0] if found and not name else None)
        if chosen is None:
            raise Unclear(f"no {kind} file in {folder} has {name or 'anything to run'}")
        return self._of_recipe(chosen, " ".join(typed.argv))

    def _mlproject(self, words: list[str], typed: Typed) -> Step:
        folder = next((w for w in words[1:] if not w.startswith("-") and "=" not in w), ".")
        name = words[words.index("-e") + 1] if "-e" in words[:-1] else "main"
        workdir = posixpath.normpath(posixpath.join(typed.folder, folder))
        chosen = next((r for r in self.launch.recipes if r.kind == "mlproject" and r.workdir == workdir and r.name == name), None)
        if chosen is None:
            raise Unclear(f"no MLproject in {workdir} has the entry point {name}")
        return self._of_recipe(chosen, " ".join(typed.argv))

    def _of_recipe(self, recipe: Recipe, shown: str) -> Step:
        if recipe.open_parameters and not self.trusted:
            raise Unclear(f"{recipe.file} leaves {recipe.open_parameters[0]} open")
        return recipe_step(self.launch, recipe, shown, self.reasons)

    def _shell(self, words: list[str], typed: Typed) -> Step:
        if not words or words[0].startswith("-"):
            raise Unclear("it names no shell script")
        file = self._find(words[0], typed.folder)
        return shell_step(file, "bash", words[1:], typed.folder, typed.env, self.reasons)

    def _console(self, name: str, arguments: list[str], typed: Typed) -> Step:
        program = program_of(self.launch, self.launch.console_files[name])
        workdir = self._workdir(program, typed)
        return console_step(self.launch, name, arguments, workdir, typed.env, self.reasons)

    def _direct(self, head: str, arguments: list[str], typed: Typed) -> Step:
        file = self._find(head, typed.folder)
        if file.endswith((".sh", ".bash")):
            return shell_step(file, "bash", arguments, typed.folder, typed.env, self.reasons)
        if file.endswith(".ipynb"):
            return self._notebook([file], typed)
        return self._script(file, arguments, typed)

    def _find(self, written: str, folder: str) -> str:
        file = self.tree.resolve(folder, written) or (self.tree.resolve(".", written) if folder != "." else None)
        if file is None:
            alike = [p for p in self.tree.named(written) if _RUNNABLE.search(p)]
            if len(alike) == 1 and not self.trusted:
                return alike[0]
            hint = f" (there is {', '.join(alike[:3])})" if alike else ""
            raise Unclear(f"the repository holds no {written[:80]}{hint}")
        return file
