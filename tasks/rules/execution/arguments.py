"""Arguments that a program demands, given a value where one is obvious: documented, a default in a recipe, a file of the tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from tasks.evidence.launch.facts import Option, Program, Recipe
from tasks.rules.execution.command_text import closed, is_python, read_command
from tasks.rules.execution.tree import Tree

_DATA_WORD = re.compile(r"data|train|input|csv|corpus|file|path|source|loc")
_CONFIG_WORD = re.compile(r"conf|cfg|params|yaml")
_OUTPUT_WORD = re.compile(r"out|save|dest|result|log|model_?(?:dir|path|file)|export|ckpt|checkpoint|artifact")
_NAME_WORD = re.compile(r"name|tag|id$|run|experiment|project")
_ASIDE = re.compile(
    r"(?i)(?:^|[/_.-])(?:tests?|valid\w{0,6}|val|eval\w{0,6}|prod\w{0,8}|dev|archived?|old|backup|samples?|examples?|predictions?|results?|outputs?|submission\w{0,3})(?:[/_.-]|$)"
)
"""Data for something else than training."""
OUTPUT_FOLDER = "axiom-output"


def fill_arguments(program: Program, given: list[str], documented: Mapping[str, tuple[str, ...]], tree: Tree, workdir: str) -> list[str]:
    """`given` completed with what the program demands and does not get; unknown demands stay open and fail by themselves."""
    missing = missing_options(program, given)
    if not missing:
        return given if program.positions <= _positional(given) else [*given, *_documented(program, documented)]
    other = _documented(program, documented)
    if other and not missing_options(program, other):
        return other
    values = [(o, value) for o in missing if (value := obvious_value(o, tree, workdir)) is not None]
    return given + [word for option, value in values for word in ([option.flag, value] if option.flag.startswith("-") else [value])]


def recipe_arguments(program: Program, recipes: Sequence[Recipe], workdir: str) -> list[str]:
    """Arguments with which a tool's file of the repository runs the program, when it leaves none open: its authors' own values."""
    for recipe in recipes:
        if recipe.kind not in ("mlproject", "dvc") or recipe.open_parameters or recipe.workdir != workdir:
            continue
        for line in recipe.lines:
            try:
                words = read_command(line)[-1].argv
            except (ValueError, IndexError):
                continue
            if len(words) > 2 and is_python(words[0]) and posixpath.normpath(posixpath.join(workdir, words[1])) == program.file:
                return words[2:] if closed(words[2:]) == words[2:] else []
    return []


def missing_options(program: Program, given: list[str]) -> list[Option]:
    """Required options that are not among the given words."""
    flags = {w.partition("=")[0] for w in given}
    free = _positional(given)
    missing = []
    for option in program.options:
        if not option.required:
            continue
        if option.flag.startswith("-"):
            missing += [option] if option.flag not in flags else []
        elif free > 0:
            free -= 1
        else:
            missing.append(option)
    return missing


def _positional(words: list[str]) -> int:
    """How many words are no option and no option's value."""
    count, after_flag = 0, False
    for word in words:
        count += not word.startswith("-") and not after_flag
        after_flag = word.startswith("--") and "=" not in word
    return count


def _documented(program: Program, documented: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Arguments of the first written command that leaves none open."""
    name = posixpath.basename(program.file)
    for text in documented.get(program.file, ()):
        try:
            words = read_command(text)[-1].argv
        except (ValueError, IndexError):
            continue
        at = next((i for i, w in enumerate(words) if posixpath.basename(w) == name), None)
        if at is not None and closed(words[at + 1 :]) == words[at + 1 :] and len(words) > at + 1:
            return words[at + 1 :]
    return []


def obvious_value(option: Option, tree: Tree, workdir: str) -> str | None:
    """A value nobody would argue about: a choice, the one data or configuration file, an output folder, a name; else None."""
    name = option.flag.lstrip("-").lower()
    if option.choices:
        return option.choices[0]
    if _OUTPUT_WORD.search(name):
        return OUTPUT_FOLDER
    if _CONFIG_WORD.search(name):
        return _only(tree, workdir, (".yaml", ".yml", ".toml", ".json"), "conf")
    if _DATA_WORD.search(name):
        return _only(tree, workdir, (".csv", ".parquet", ".tsv", ".jsonl", ".xlsx"), "train" if "train" in name else "")
    if _NAME_WORD.search(name):
        return "axiom"
    return None


def _only(tree: Tree, workdir: str, endings: tuple[str, ...], word: str) -> str | None:
    """The one file of a kind, or the one of them that has a word in its path; seen from the folder."""
    found = sorted(p for p in tree.sizes if p.endswith(endings) and not p.startswith(".") and "test" not in posixpath.dirname(p))
    worded = [p for p in found if word and word in p.lower()]
    plain = [p for p in found if not _ASIDE.search(p)] if endings[0] == ".csv" else []
    chosen = next((some for some in (found, worded, plain) if len(some) == 1), [])
    return posixpath.relpath(chosen[0], workdir) if chosen else None
