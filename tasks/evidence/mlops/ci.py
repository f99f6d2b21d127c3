"""Continuous integration of every usual system: its files, and what their commands really do.

A pipeline is judged by the commands it runs, never by the names of its steps: `echo "running tests"` tests nothing.
Names that stand for commands elsewhere in the repository (`make test`, a tox environment) are followed a few steps.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tasks.evidence.mlops.ci_actions import words_of_action, words_of_orb
from tasks.evidence.mlops.ci_commands import BY_HEAD, after_options, is_idle, split_commands, tokens_of, words_of, words_of_script
from tasks.evidence.mlops.ci_files import Command, pipeline_files, read_commands
from tasks.evidence.mlops.ci_targets import Targets
from tasks.evidence.mlops.facts import CiPipeline, CiStep
from tasks.evidence.place import clip, place_in
from tasks.evidence.snapshot import Snapshot

DEPTH_LIMIT = 4
"""Names followed one behind the other."""
COMMAND_LIMIT = 400
"""Simple commands read for one pipeline, what is followed included."""

TASK_RUNNERS = frozenset(["mise", "just", "task", "poe", "npm", "yarn", "pnpm", "pixi", "hatch", "pdm", "taskipy"])
_INTERPRETER = re.compile(
    r"(?:python|py|pypy|ipython)[\d.]*|Rscript|julia|th|torchrun|\$\(?\{?PYTHON\w*\}?\)?|streamlit|bash|sh|zsh|source"
)
_R_INSTALL = re.compile(
    r"(?:[\w.]{1,40}::)?(?:install[\w.]{0,40}|pak|pkg_install|library|require)\((?:[^()\n]|\([^()\n]{0,200}\)){0,400}\)"
)
_IDLE_ACTION = re.compile(r"checkout|setup-|/cache|upload-artifact|download-artifact")


def find_pipelines(snapshot: Snapshot) -> tuple[CiPipeline, ...]:
    """Pipelines in path order; templates that another pipeline includes belong to that one."""
    targets = Targets(snapshot)
    return tuple(_pipeline(snapshot, targets, system, path) for system, path in pipeline_files(snapshot))


def _pipeline(snapshot: Snapshot, targets: Targets, system: str, path: str) -> CiPipeline:
    steps: dict[str, CiStep] = {}
    reader = _Reader(targets)
    for command in read_commands(snapshot, system, path):
        for word, shown in reader.words(command):
            if word not in steps:
                line = _line_in(snapshot, command, shown)
                steps[word] = CiStep(word=word, command=clip(shown), place=place_in(snapshot, command.file, line, word))
    return CiPipeline(system=system, file=path, steps=tuple(steps.values()), echo_only=reader.only_idle and not steps)


def _line_in(snapshot: Snapshot, command: Command, shown: str) -> int | None:
    """The line of one simple command inside a step of many lines."""
    if command.line is None or "\n" not in command.text:
        return command.line
    lines = (snapshot.text(command.file) or "").split("\n")[command.line - 1 : command.line + 300]
    return next((command.line + n for n, line in enumerate(lines) if shown[:40] in line), command.line)


class _Seen(NamedTuple):
    text: str
    folder: str


class _Reader:
    """Turns the commands of one pipeline into words, within one budget."""

    def __init__(self, targets: Targets) -> None:
        self.targets = targets
        self.budget = COMMAND_LIMIT
        self.seen: set[_Seen] = set()
        self.only_idle = True

    def words(self, command: Command) -> list[tuple[str, str]]:
        """Words of one step, each with the simple command that shows it."""
        text = command.text.strip()
        if command.kind == "shell":
            return list(self._shell(command))
        if command.kind == "r":
            code = _R_INSTALL.sub("", text)
            return [(w, code.strip().split("\n")[-1]) for w in words_of(["Rscript", "-e", " ".join(code.split())[:900]])]
        if command.kind == "action":
            self.only_idle = self.only_idle and bool(_IDLE_ACTION.search(text))
            return [(w, text) for w in words_of_action(text)]
        self.only_idle = False
        if command.kind == "orb":
            return [(w, text) for w in words_of_orb(text)]
        return [(command.word, text)] if command.word else []

    def _shell(self, command: Command) -> Iterator[tuple[str, str]]:
        folder = command.folder
        for simple in split_commands(command.text):
            tokens = tokens_of(simple)
            if tokens[:1] == ["cd"] and len(tokens) == 2:
                folder = posixpath.normpath(posixpath.join(folder, tokens[1]))
            for word in self._command(tokens, folder, 0, command.self_hosted):
                yield word, simple

    def _script(self, text: str, folder: str, depth: int, self_hosted: bool) -> Iterator[str]:
        if depth > DEPTH_LIMIT or _Seen(text, folder) in self.seen:
            return
        self.seen.add(_Seen(text, folder))
        for command in split_commands(text):
            if self.budget < 0:
                return
            tokens = tokens_of(command)
            if tokens[:1] == ["cd"] and len(tokens) == 2:
                folder = posixpath.normpath(posixpath.join(folder, tokens[1]))
                continue
            yield from self._command(tokens, folder, depth, self_hosted)

    def _command(self, tokens: list[str], folder: str, depth: int, self_hosted: bool) -> Iterator[str]:
        followed = self._followed(tokens, folder) if tokens else []
        found = [w for text in followed for w in self._script(text, folder, depth + 1, self_hosted)]
        self.budget -= 1
        found = found or list(self._direct(tokens, folder, self_hosted))
        if not followed and (found or not is_idle(tokens)):
            self.only_idle = False
        yield from found

    def _direct(self, tokens: list[str], folder: str, self_hosted: bool) -> tuple[str, ...]:
        if not tokens:
            return ()
        if tokens[0] in ("pre-commit", "prek") and tokens[1:2] != ["install"]:
            return self.targets.precommit() if tokens[1:2] == ["run"] or len(tokens) == 1 else ()
        if self_hosted and re.search(r"^docker (?:run\b.* -\w*d|.*compose.* up\b)|^docker-compose\b.* up\b", " ".join(tokens)):
            return ("deploy",)
        if tokens[0] == "docker-compose" or (tokens[0] in ("docker", "podman") and tokens[1:2] in (["run"], ["exec"])):
            return words_of(tokens) or self._inside_container(tokens)
        return words_of(tokens) or self._program(tokens, folder)

    def _inside_container(self, tokens: list[str]) -> tuple[str, ...]:
        """The command at the end of `docker run image pytest tests/`."""
        for at in range(3, len(tokens)):
            inner = tokens_of(" ".join(tokens[at:]))
            if inner[:1] == ["docker"]:
                return ()
            if words := (words_of(inner) or (words_of_script(inner[1]) if inner[:1] == ["python"] and len(inner) > 1 else ())):
                return words
        return ()

    def _program(self, tokens: list[str], folder: str) -> tuple[str, ...]:
        """A program of the repository: a script, a module, a console script."""
        head, rest = tokens[0], tokens[1:]
        if head == "-m" and rest:
            path = self.targets.file_of_module(rest[0], folder)
            return self._of_file(rest[0].replace(".", "/"), path, rest[1:])
        if _INTERPRETER.fullmatch(head):
            script = next((t for t in rest if not t.startswith("-")), "")
            if not re.search(r"\.(?:py|R|r|jl|lua|sh|ipynb)$", script):
                return ()
            path = posixpath.normpath(posixpath.join(folder, script))
            return self._of_file(script.removeprefix("./"), path, rest[rest.index(script) + 1 :])
        if re.search(r"\.(?:py|sh)$", head):
            return self._of_file(head.removeprefix("./"), posixpath.normpath(posixpath.join(folder, head)), rest)
        if head in self.targets.console_scripts:
            module = self.targets.console_scripts[head]
            return self._of_file(head, None, rest) or self._of_file(module.replace(".", "/"), None, [])
        return ()

    def _of_file(self, name: str, path: str | None, arguments: list[str]) -> tuple[str, ...]:
        words = words_of_script(name, arguments)
        if words == ("tests",) and re.fullmatch(r"(?:.*/)?tests?\.py", name) and self.targets.fits(path):
            return ("evaluate",)
        return words or (("train",) if self.targets.fits(path) else ())

    def _followed(self, tokens: list[str], folder: str) -> list[str]:
        """Commands that this one stands for."""
        head, rest, targets = tokens[0].rsplit("/", 1)[-1], tokens[1:], self.targets
        name = next((t for t in rest if not t.startswith("-") and "=" not in t), "")
        simple: dict[str, Callable[[], list[str]]] = {
            "make": lambda: targets.make(tokens, folder), "gmake": lambda: targets.make(tokens, folder),
            "tox": lambda: targets.tox(tokens) or ["pytest"], "nox": lambda: targets.nox(tokens) or ["pytest"],
            "inv": lambda: targets.invoke(tokens), "invoke": lambda: targets.invoke(tokens),
            "dvc": lambda: targets.dvc() if name in ("repro", "exp") else [],
        }  # fmt: skip
        if head in simple:
            return simple[head]()
        if head in TASK_RUNNERS:
            words = after_options(rest)
            words = after_options(words[1:]) if words[:1] in (["run"], ["r"], ["task"]) else words
            found = targets.task(words[0]) if words else []
            return found or ([shlex.join(words)] if head in ("pixi", "hatch") and "run" in rest and words else [])
        if head in targets.task_names and head not in BY_HEAD:
            return targets.task(head)
        if head in ("bash", "sh", "zsh") and rest[:1] in (["-c"], ["-lc"], ["-ec"], ["-xc"]):
            return rest[1:2]
        return self._script_file(tokens, folder) or self._submitted(tokens)

    def _script_file(self, tokens: list[str], folder: str) -> list[str]:
        script = next((t for t in tokens[:4] if t.endswith((".sh", ".bash"))), "")
        if not script and tokens[0].startswith("./"):
            script = tokens[0]
        if not script or "codecov" in script:
            return []
        for path in (posixpath.normpath(posixpath.join(folder, script)), posixpath.normpath(script)):
            if text := self.targets.text(path):
                return [text] if text.startswith(("#!", "set ", "cd ")) or path.endswith((".sh", ".bash")) else []
        return []

    def _submitted(self, tokens: list[str]) -> list[str]:
        """A job file that is handed to a service: what it starts there."""
        if not re.search(r"\b(?:submit|job|jobs|create|launch|run)\b", " ".join(tokens[1:4])):
            return []
        files = [t for t in tokens[1:8] if t.endswith((".yaml", ".yml"))]
        return [line for f in files[:2] for line in self.targets.submitted(posixpath.normpath(f))]
