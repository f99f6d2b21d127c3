"""Whether a README tells how to start something: its commands held against the entry points that were found."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from tasks.evidence.mlops.facts import Readme
from tasks.evidence.project.facts import Entrypoint

_WORD = re.compile(r"[^\s'\"`;|&()=]+")
_INTERPRETERS = frozenset(
    ["python", "python3", "uv", "run", "poetry", "pipenv", "rye", "pdm", "bash", "sh", "rscript", "julia", "-m", "./", "exec", "time"]
)


def tells_how(readme: Readme, entries: Iterable[Entrypoint]) -> bool:
    """A command of the README names the file, its module, or the tool and its verb of one of the entry points."""
    lines = [set(_WORD.findall(line.replace("\\", "/"))) for line in (*readme.commands, *readme.run_commands)]
    return any(_names(words, entry) for entry in entries for words in lines)


def _names(words: set[str], entry: Entrypoint) -> bool:
    return any(_is_file(word, entry.file) or _is_module(word, entry.file) for word in words) or _same_tool(words, entry)


def _is_file(word: str, file: str) -> bool:
    """The file itself, or its end when the command is given in a sub-folder."""
    path = posixpath.normpath(word)
    return path == file or file.endswith(f"/{path}")


def _is_module(word: str, file: str) -> bool:
    stem = file.removesuffix(".py").removesuffix("/__main__")
    dotted = stem.replace("/", ".")
    return (file.endswith(".py") and word == dotted) or ("." in word and dotted.endswith(f".{word}"))


def _same_tool(words: set[str], entry: Entrypoint) -> bool:
    """`dvc repro`, `kedro run`, `mlflow run`, `make train`: the first words that are not an interpreter."""
    telling = [w for w in _WORD.findall(entry.command.replace("\\", "/")) if w.lower() not in _INTERPRETERS][:1]
    verbs = [w for w in _WORD.findall(entry.command)[:2] if w not in (".", "-m")]
    return bool(telling) and telling[0] in words and set(verbs) <= words
