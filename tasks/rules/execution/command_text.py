"""A command as a person types it, taken apart: the folder, the variables, the program and its arguments."""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import dataclass, field

_ASSIGNMENT = re.compile(r"^([A-Za-z_]\w{0,60})=(.*)$", re.DOTALL)
_PREFIXES = ("poetry", "uv", "pipenv", "pdm", "hatch", "rye", "pixi", "conda", "micromamba", "mamba")
"""Tools that run a command inside an environment; here the image is that environment."""
_PYTHON = re.compile(r"^(?:.*/)?(?:python(?:w|\d(?:\.\d+)?)?(?:\.exe)?|py|ipython3?|pypy3?)$")
_LAUNCHERS = {"torchrun": "", "accelerate": "launch", "deepspeed": "", "mpirun": "", "horovodrun": "", "nohup": "", "time": "", "sudo": "",
              "xvfb-run": "", "exec": "", "nice": "", "stdbuf": ""}  # fmt: skip
_OPEN = re.compile(r"\$[({\w]|^<.*>$|^\{.*\}$|…|\.\.\.|^\[[\w ]+\]$|/path/to|^your_|^YOUR_|`")


@dataclass
class Typed:
    """One command; `argv` starts with the program."""

    argv: list[str]
    folder: str = "."
    env: dict[str, str] = field(default_factory=dict)


def read_command(text: str) -> list[Typed]:
    """The commands of a line joined with `&&` or `;`, each with the folder that `cd` led to.

    Raises ValueError for a line that no shell would read.

    >>> [(t.folder, t.argv) for t in read_command("cd weeks/8 && A=1 poetry run python flow.py run")]
    [('weeks/8', ['python', 'flow.py', 'run'])]
    """
    lexer = shlex.shlex(text.strip(), posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    commands: list[list[str]] = [[]]
    for token in lexer:
        if token and set(token) <= set(";&|"):
            commands.append([])
        else:
            commands[-1].append(token)
    folder, found = ".", []
    for words in commands:
        if words[:1] == ["cd"] and len(words) > 1:
            folder = posixpath.normpath(posixpath.join(folder, words[1].replace("\\", "/")))
        elif words:
            typed = _without_prefix(words, folder)
            found += [typed] if typed.argv else []
    return found


def _without_prefix(words: list[str], folder: str) -> Typed:
    env: dict[str, str] = {}
    words = [w for w in words if w != "env"] if words[0] == "env" else list(words)
    while words and (match := _ASSIGNMENT.match(words[0])):
        env[match.group(1)] = match.group(2)
        words.pop(0)
    while words and words[0] in _PREFIXES and "run" in words[1:3]:
        words = _after_options(words[words.index("run") + 1 :])
    while words and words[0] in _LAUNCHERS and len(words) > 1:
        words = _after_launcher(words)
    return Typed(words, folder, env)


def _after_options(words: list[str]) -> list[str]:
    """`-n env` and `--no-sync` of the tool that runs the command, dropped."""
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in ("-n", "--name", "-p", "--prefix", "--python", "--with", "--extra", "--group", "-e") else words[1:]
    return words


def _after_launcher(words: list[str]) -> list[str]:
    """The script that a launcher of several processes would start, started once."""
    rest = words[1:]
    at = next((i for i, w in enumerate(rest) if w.endswith((".py", ".sh")) or _PYTHON.match(w)), None)
    if at is None:
        return rest
    return rest[at:] if _PYTHON.match(rest[at]) or rest[at].endswith(".sh") else ["python", *rest[at:]]


def is_python(word: str) -> bool:
    return _PYTHON.match(word) is not None


def is_open(word: str) -> bool:
    """Whether a word is to be filled in by the reader: `$RUN_ID`, `<path>`, `/path/to/data`."""
    return _OPEN.search(word) is not None


def closed(words: list[str]) -> list[str]:
    """The words without options whose value is left open, and without what is left open itself."""
    kept: list[str] = []
    inside = False
    for word in words:
        opens = word[:1] in ("[", "<") and word[-1:] not in ("]", ">")
        inside, gap = (inside or opens) and word[-1:] not in ("]", ">"), inside or opens
        if gap or is_open(word):
            if kept and kept[-1].startswith("-") and "=" not in word:
                kept.pop()
            continue
        kept.append(word)
    return kept
