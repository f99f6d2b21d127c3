"""The README: its sections, and the commands it tells a reader to type."""

from __future__ import annotations

import re

from tasks.evidence.mlops.facts import Readme
from tasks.evidence.mlops.readme_paths import find_absent_files
from tasks.evidence.place import clip
from tasks.evidence.snapshot import Snapshot

TEXT_LIMIT = 300_000
HEADINGS_LIMIT = 60
COMMANDS_LIMIT = 80
_NAME = re.compile(r"(?i)(?:^|/)readme(?:\.(?:md|markdown|rst|txt|adoc|org|rmd|ipynb))?$")
_SECTIONS = {
    "install": r"install|set[- ]?up|getting started|quick ?start|environment|prerequisite|build",
    "usage": r"usage|how to (?:run|use)|running|run\b|quick ?start|getting started|example|train|command|demo|tutorial",
    "data": r"\bdata|dataset|corpus",
    "results": r"result|performance|benchmark|evaluation|score|metrics|accuracy|leaderboard",
    "licence": r"licen[cs]e|copyright",
    "contact": r"contact|author|maintainer|contribut|support|acknowledg|credit|team",
    "citation": r"cit(?:e|ing|ation)|reference|bibtex",
    "requirements": r"requirement|dependenc|prerequisite",
}
SECTIONS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SECTIONS.items()}
_SHELL_FENCE = re.compile(r"^\s*(?:```|~~~)\s*\{?\.?(\w*)")
_SHELL_NAMES = frozenset(
    ["", "bash", "sh", "shell", "console", "zsh", "terminal", "cmd", "powershell", "text", "commandline", "none", "dos", "bat"]
)
_COMMAND = re.compile(
    r"^(?:sudo |\w+=\S+ )*(?:python[\d.]*|py|pip[\d.]*|conda|mamba|poetry|pipenv|uv|uvx|pdm|make|docker|docker-compose|podman|git|cd|"
    r"bash|sh|source|"
    r"export|set|virtualenv|streamlit|uvicorn|gunicorn|flask|mlflow|dvc|kedro|prefect|airflow|metaflow|zenml|wandb|jupyter|pytest|tox|"
    r"nox|npm|yarn|"
    r"curl|wget|chmod|mkdir|aws|gcloud|az|kubectl|helm|terraform|torchrun|accelerate|deepspeed|horovodrun|mpirun|Rscript|julia|th|"
    r"luarocks|hatch|"
    r"pre-commit|bentoml|serve|ray|nohup|CUDA_VISIBLE_DEVICES=\S*|just|invoke|inv|mise|heroku|dbt|feast|great_expectations|pip3|brew|"
    r"apt(?:-get)?|"
    r"papermill|tensorboard|huggingface-cli|cml|kaggle|\./\S+)(?:\s|$)"
)
_RUN = re.compile(
    r"(?:^|\s|&&\s*)(?:python[\d.]*|py|ipython) (?!-m (?:pip|venv|virtualenv|ensurepip|ipykernel)|--version|-V|-c|setup\.py)\S|"
    r"\b(?:poetry|uv|pipenv|pdm|hatch|conda|mise|npm) run\b|\bstreamlit run|\buvicorn\b(?!\[)|\bgunicorn\b|\bflask run|\bmlflow (?:run|"
    r"ui|server|models)|"
    r"\bdvc (?:repro|exp)|\bkedro run|\bprefect (?:deploy|server|run)|\bairflow (?:standalone|webserver|db|dags)|"
    r"\bdocker(?: |-)?(?:run|compose\b.*\bup|compose up)|"
    r"^make\b|\bpytest\b|^tox\b|^nox\b|\bjupyter (?:notebook|lab|nbconvert)|\btorchrun\b|\baccelerate launch|\bdeepspeed\b|"
    r"^bash \S+\.sh|^sh \S+\.sh|"
    r"^\./\S+|\bRscript \S|^julia \S|^th \S|\bbentoml serve|\bzenml \w|\bdocker-compose\b.*\bup|^just\b|^inv(?:oke)?\b|^papermill\b|"
    r"^npm (?:start|test)"
)
_INSTALLS = re.compile(
    r"^(?:pip[\d.]*|conda|mamba|npm|apt(?:-get)?|brew) (?:install|create|env)\b|^(?:poetry|uv|pipenv) (?:install|sync|add)\b"
)


def read_readme(snapshot: Snapshot) -> Readme | None:
    """The README nearest to the root; None when there is none or it is empty."""
    paths = sorted((p for p in snapshot.own if _NAME.search(p)), key=lambda p: (p.count("/"), not p.lower().endswith("readme.md"), p))
    top = [p for p in paths if p.count("/") == 0] or [p for p in paths if p.startswith((".github/", "docs/")) and p.count("/") == 1]
    for path in top[:3]:
        text = (snapshot.text(path) or "")[:TEXT_LIMIT]
        if text.strip():
            return _read(snapshot, path, text)
    return None


def _read(snapshot: Snapshot, path: str, text: str) -> Readme:
    lines = text.split("\n")
    headings = _headings(lines)
    commands = _commands(lines)
    sections = tuple(name for name, pattern in SECTIONS.items() if any(pattern.search(h) for h in headings))
    return Readme(
        file=path,
        lines=len(lines) if lines[-1] else len(lines) - 1,
        sections=sections,
        headings=tuple(clip(h) for h in headings[:HEADINGS_LIMIT]),
        commands=tuple(clip(c) for c in commands[:COMMANDS_LIMIT]),
        run_commands=tuple(clip(c) for c in commands[:COMMANDS_LIMIT] if _RUN.search(c[:500]) and not _INSTALLS.match(c)),
        absent_files=find_absent_files(snapshot, path, text, commands),
    )


def _headings(lines: list[str]) -> list[str]:
    """Markdown, reStructuredText and HTML headings outside of code."""
    found = []
    fenced = False
    for number, raw in enumerate(lines):
        line = raw[:300]
        if _SHELL_FENCE.match(line):
            fenced = not fenced
        if fenced:
            continue
        below = lines[number + 1][:300].rstrip() if number + 1 < len(lines) else ""
        if match := re.match(r"^\s{0,3}#{1,6}\s*(.+?)[\s#]*$|^\s*<h[1-6][^>]{0,100}>(.{1,200}?)</h", line):
            found.append(_plain(match.group(1) or match.group(2)))
        elif (
            line.strip()
            and len(below) >= 3
            and re.fullmatch(r"=+|-{3,}|~{3,}|\^{3,}", below)
            and not line.lstrip().startswith(("-", "|", "="))
        ):
            found.append(_plain(line))
    return [h for h in found if h]


def _plain(text: str) -> str:
    return re.sub(r"<[^>]{0,100}>|\]\([^)]{0,300}\)|[*_`\[\]]", "", text).strip()


def _commands(lines: list[str]) -> list[str]:
    """Shell lines of fenced or indented code, continuation lines joined, and single commands in backquotes."""
    found: list[str] = []
    fence: str | None = None
    pending = ""
    for raw in lines:
        line = raw[:1000]
        if match := _SHELL_FENCE.match(line):
            fence = None if fence is not None else match.group(1).lower()
            pending = ""
            continue
        if fence is not None and fence not in _SHELL_NAMES:
            continue
        if fence is None and not re.match(r"^(?: {4}|\t|\$ |\s*[>$] )", line):
            found += [c for c in re.findall(r"`([^`\n]{3,200})`", line) if _COMMAND.match(_unprompted(c)) and " " in c]
            continue
        text = pending + _unprompted(line)
        if text.endswith("\\"):
            pending = text[:-1].rstrip() + " "
            continue
        pending = ""
        if text and _COMMAND.match(text):
            found.append(text)
    return list(dict.fromkeys(_unprompted(c) for c in found))


def _unprompted(line: str) -> str:
    line = re.sub(r"^\s*(?:\([\w.-]{1,40}\)\s*)?(?:[\w.@:~/-]{0,60}[$#%>]\s+|!)?", "", line.rstrip()) if line.strip() else ""
    return line.split("  #")[0].strip()
