"""What the repository tells people and machines to type: README fences, Makefiles, CI, Dockerfiles, shell scripts, notebooks.

Only commands whose file exists count: documentation lies.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.evidence.project.entrypoints.modules import Modules
from tasks.evidence.project.fit_lines import fits_in_text
from tasks.evidence.snapshot import Snapshot

FILES_LIMIT = 300
SIZE_LIMIT = 400_000
LINE_LIMIT = 1000

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("readme", re.compile(r"(?:^|/)readme[^/]*$|\.(?:md|rst)$", re.IGNORECASE)),
    ("make", re.compile(r"(?:^|/)(?:GNU)?[Mm]akefile(?:\.\w+)?$|(?:^|/)[^/]+\.mk$|(?:^|/)\.?[Jj]ustfile$|(?:^|/)Taskfile\.ya?ml$|(?:^|/)mise\.toml$")),
    ("tasks", re.compile(r"(?:^|/)(?:tasks|noxfile|dodo|fabfile)\.py$|(?:^|/)tasks/\w+\.py$|(?:^|/)(?:tox\.ini|package\.json)$")),
    ("ci", re.compile(r"(?:^|/)(?:\.github/workflows|\.circleci|\.azure-pipelines|\.pipelines|\.ci)/[^/]*\.ya?ml$|(?:^|/)(?:\.gitlab-ci|azure-pipelines[^/]*|\.travis|buildspec[^/]*|bitbucket-pipelines|cloudbuild[^/]*)\.ya?ml$|(?:^|/)Jenkinsfile$")),
    ("docker", re.compile(r"(?:^|/)(?:Dockerfile[^/]*|[^/]*\.[Dd]ockerfile)$|(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$")),
    ("procfile", re.compile(r"(?:^|/)(?:Procfile|app\.ya?ml|render\.ya?ml|serverless\.ya?ml|fly\.toml|railway\.json|Aptfile)$")),
    ("shell", re.compile(r"\.(?:sh|bash|bat|ps1|cmd|slurm|sbatch|pbs)$")),
    ("pyproject", re.compile(r"(?:^|/)pyproject\.toml$")),
)  # fmt: skip
_INTERPRETER = re.compile(
    r"^(?:python(?:\d(?:\.\d+)?)?(?:\.exe)?|py|python\w{0,3}|ipython3?|torchrun|deepspeed|accelerate|mpirun|mpiexec|horovodrun|Rscript|R|julia|th|lua|luajit|bash|sh|zsh|source|papermill|"
    r"jupyter|streamlit|uvicorn|gunicorn|hypercorn|waitress-serve|flask|fastapi|chainlit|panel|bokeh|gradio|bentoml|ray|composer|spark-submit|kedro|torchserve|modal|"
    r"functions-framework|metaflow|prefect|zenml|\$?PYTHON\d?|PY|python_?(?:exe|bin)|nohup|sbatch|qsub|singularity|xvfb-run|pypy3?|dagster)$"
)
_FILE = re.compile(r"^[^\s'\"|;&]{1,200}\.(?:py|ipynb|R|r|jl|lua|sh|Rmd|rmd)$")
_APP = re.compile(r"^([\w./]{1,120}):\w[\w.()]{0,60}$")
_YAML = re.compile(r"^[^\s'\"|;&]{1,200}\.(?:ya?ml|json|toml|cfg|gin|jsonnet|ini|conf)$")
_PROMPT = re.compile(
    r"^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\$|>|!|%|[@-]{1,2}(?=\w|\$)|#\s?!|\(\w{1,20}\)\s*\$)?\s*(?:RUN|CMD|ENTRYPOINT|run:|command:|script:|cmd:|web:|worker:|-\s*run:|-\s)?\s*"
)
_CONTINUED = re.compile(r"[\\`]\s*\n\s*")
_CODE_SPAN = re.compile(r"`([^`\n]{4,300})`")
_TOKEN = re.compile(r"[^\s\"'\[\],(){}`]+")


@dataclass(frozen=True, slots=True)
class Command:
    text: str
    source: str
    """The file it is written in."""
    line: int
    kind: str
    """`readme`, `make`, `tasks`, `ci`, `docker`, `procfile`, `shell`, `pyproject` or `notebook`."""
    runs: str
    """The file of the repository that it runs."""
    config: str | None = None
    """A configuration file of the repository that it names."""


class Commands:
    """All commands that run a file of the repository, by that file."""

    def __init__(self, snapshot: Snapshot, modules: Modules, scripts: dict[str, tuple[str, str]]) -> None:
        self.snapshot, self.modules, self.scripts = snapshot, modules, scripts
        self.paths = frozenset(snapshot.own)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in snapshot.own:
            if _FILE.match(path.replace(" ", "_")) or _YAML.match(path.replace(" ", "_")):
                self._by_name[path.rpartition("/")[2]].append(path)
        self.all: list[Command] = list(self._read())
        self.by_target: dict[str, list[Command]] = defaultdict(list)
        for command in self.all:
            self.by_target[command.runs].append(command)

    def _read(self) -> Iterator[Command]:
        files = [(k, p) for p in self.snapshot.own if self.snapshot.size(p) <= SIZE_LIMIT for k in [_kind(p)] if k]
        files.sort(key=lambda f: (f[1].count("/"), f[1]))
        for kind, path in files[:FILES_LIMIT]:
            yield from self._of_text(kind, path, self.snapshot.text(path) or "")
        for source in self.modules.sources.values():
            if source.notebook:
                for text, line in source.notebook.shell_lines[:100]:
                    yield from self._of_line("notebook", source.path, line, text, "")

    def _of_text(self, kind: str, path: str, text: str) -> Iterator[Command]:
        fenced, folder = False, ""
        for number, line in _logical_lines(text):
            if kind == "readme":
                if line.lstrip().startswith(("```", "~~~")):
                    fenced, folder = not fenced, ""
                    continue
                if not fenced:
                    spans = _CODE_SPAN.findall(line) if "`" in line else [line] if line.startswith(("    ", "\t", "$ ")) else []
                    for span in spans:
                        yield from self._of_line(kind, path, number, span, "")
                    continue
            if changed := re.search(r"(?:^|[\s;&])cd\s+([\w./-]{1,120})", line):
                folder = _joined(folder, changed.group(1)) if kind != "make" else changed.group(1)
            yield from self._of_line(kind, path, number, line, folder)
            if kind == "make" and not line.startswith(("\t", " ")):
                folder = ""

    def _of_line(self, kind: str, source: str, number: int, line: str, folder: str) -> Iterator[Command]:
        for part in re.split(r"&&|\|\||;(?!\w)|\s\|\s", line[:LINE_LIMIT]):
            text = _PROMPT.sub("", part, count=1).strip().strip("`").strip()
            tokens = _TOKEN.findall(text)
            target = self._target(tokens, source, folder, kind)
            config = next((p for t in tokens if _YAML.match(t) and (p := self._resolve(t, source, folder))), None)
            target = target or (config if config and any(fits_in_text(text, "sh")) else None)
            if target:
                yield Command(_clean(text), source, number, kind, target, config)

    def _target(self, tokens: list[str], source: str, folder: str, kind: str) -> str | None:
        for index, token in enumerate(tokens[:40]):
            name = token.rpartition("/")[2]
            if kind != "pyproject" and name in self.scripts and (index == 0 or tokens[index - 1] in ("run", "exec", "-", "sudo", "time")):
                return self.scripts[name][0]
            if _INTERPRETER.match(name):
                return self._after_interpreter(tokens[index + 1 :], source, folder)
            if index <= 1 and token.startswith("./") and (found := self._resolve(token, source, folder)):
                return found
        return None

    def _after_interpreter(self, tokens: list[str], source: str, folder: str) -> str | None:
        for index, token in enumerate(tokens[:40]):
            if token == "-m" and index + 1 < len(tokens):
                if tokens[index + 1] in ("pip", "pytest", "venv", "unittest", "http.server", "ipykernel", "spacy", "nltk.downloader"):
                    return None
                found = self._module(tokens[index + 1], source, folder)
                if found:
                    return found
            elif _FILE.match(token):
                if found := self._resolve(token, source, folder):
                    return found
                return None
            elif (match := _APP.match(token)) and (found := self._module(match.group(1).replace("/", "."), source, folder)):
                return found
            elif token in ("install", "clone", "pip", "pytest"):
                return None
            elif "/" in token and token.removeprefix("./") in self.modules.sources:
                return token.removeprefix("./")
            elif token in self.modules.sources and index == 0:
                return token
        return None

    def _module(self, dotted: str, source: str, folder: str) -> str | None:
        base = folder or source.rpartition("/")[0]
        for beside in (f"{base}/x", "x"):
            path = self.modules.file_of(dotted, beside.lstrip("/"))
            if path and path.endswith("__init__.py"):
                main = path.replace("__init__.py", "__main__.py")
                return main if main in self.modules.sources else path
            if path:
                return path
        main = dotted.replace(".", "/") + "/__main__.py"
        return main if main in self.modules.sources else None

    def _resolve(self, token: str, source: str, folder: str) -> str | None:
        """The file a path on a command line means: from the changed folder, the file's own folder, the root, or inside a container."""
        name = re.sub(r"^(?:\$\{?\w+\}?|\$\(\w+\)|%\w+%)/", "", token.replace("\\", "/")).removeprefix("./")
        beside = source.rpartition("/")[0]
        for base in dict.fromkeys((_joined(beside, folder), folder, beside, "")):
            if (path := _joined(base, name)) in self.paths:
                return path
        if token.startswith(("/", "$", "%")) or folder:
            endings = [p for p in self._by_name.get(name.rpartition("/")[2], ())[:50] if _ends_alike(p, name)]
            if len(endings) == 1:
                return endings[0]
        return None


def _ends_alike(path: str, name: str) -> bool:
    parts = name.split("/")
    return any(path == "/".join(parts[n:]) or path.endswith("/" + "/".join(parts[n:])) for n in range(len(parts)))


def _kind(path: str) -> str | None:
    return next((k for k, pattern in _KINDS if pattern.search(path)), None)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with continuations joined, and the number of their first physical line."""
    number, held, first = 0, "", 0
    for line in text.split("\n"):
        number += 1
        first = first if held else number
        stripped = line.rstrip()
        if stripped.endswith(("\\", " `")) and len(held) < LINE_LIMIT:
            held += stripped[:-1] + " "
            continue
        yield first, (held + line)[: 2 * LINE_LIMIT]
        held = ""


def _joined(base: str, name: str) -> str:
    parts: list[str] = []
    for part in f"{base}/{name}".split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _clean(text: str) -> str:
    """A command as it can be typed; the list form of a Dockerfile is joined."""
    if text.startswith("["):
        try:
            parts = json.loads(text)
            return " ".join(map(str, parts)) if isinstance(parts, list) else text
        except ValueError:
            return text[:300]
    text = re.split(r"\s#\s|\s&\s|\s>\s|\s2>", text)[0]
    return re.sub(r"\s+", " ", text).strip("@- ")[:300]
