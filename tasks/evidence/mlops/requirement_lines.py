"""Lines of a pip requirements file: comments, hashes, options, markers and URLs told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tasks.evidence.mlops.facts import Requirement
from tasks.evidence.mlops.pins import pin_of, pin_of_url
from tasks.evidence.redaction import redact

LINE_LIMIT = 2000
"""Characters read of a line."""
MARKER_LIMIT = 300
_NAMED = re.compile(r"^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(\[[\w\s,.-]*\])?\s*\(?([^;()]*)\)?\s*(?:;(.*))?$")
_DIRECT = re.compile(r"^([A-Za-z0-9][\w.-]*)\s*(?:\[[\w\s,.-]*\])?\s*@\s*(\S+)")
_URL = re.compile(r"^(?:(?:git|hg|svn|bzr)\+)?[a-z][a-z0-9+]{1,10}:/{2,3}\S+|^(?:git|hg|svn)\+\S+")
_CLAUSE = re.compile(r"^(?:===|==|~=|!=|<=|>=|<|>)\s*[\w.!+*-]+$")
_EGG = re.compile(r"[#&]egg=([\w.-]+)")
_INCLUDE = re.compile(r"^(-r|--requirement|-c|--constraint)(?:\s+|=)?(\S+)")
_EDITABLE = re.compile(r"^(?:-e|--editable)(?:\s+|=)(\S+)")


@dataclass
class ParsedLines:
    requirements: list[Requirement] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    """Files named by `-r` and `-c`."""
    constraints: list[str] = field(default_factory=list)
    """Those named by `-c`."""
    invalid: list[str] = field(default_factory=list)
    local: dict[str, int] = field(default_factory=dict)
    """Folders and archives on the author's disk, `-e .` among them, with their line."""


def parse_requirement_lines(text: str, group: str = "") -> ParsedLines:
    """All requirements of a file; `-e .` and options ask for nothing, `-r` is followed by the caller."""
    parsed = ParsedLines()
    for number, line in _logical_lines(_without_template(text)):
        if match := _INCLUDE.match(line):
            parsed.reads.append(match.group(2))
            if "c" in match.group(1)[:3]:
                parsed.constraints.append(match.group(2))
        elif match := _EDITABLE.match(line):
            _add_editable(parsed, match.group(1), number, group)
        elif line.startswith("-"):
            continue
        elif requirement := parse_requirement(line, number, group):
            parsed.requirements.append(requirement)
        elif _is_local(line):
            parsed.local.setdefault(redact(line)[:100], number)
        else:
            parsed.invalid.append(redact(line)[:100])
    return parsed


def _without_template(text: str) -> str:
    """A project template's file as it could come out: `{% if %}` lines gone, `{{ version }}` some version."""
    if "{{" not in text and "{%" not in text:
        return text
    lines = (re.sub(r"\{%[^%\n]{0,300}%\}", "", line[:LINE_LIMIT]) for line in text.split("\n"))
    return "\n".join("" if re.fullmatch(r"\s*\{\{[^{}]{0,200}\}\}\s*", n) else re.sub(r"\{\{[^{}]{0,200}\}\}", "0", n) for n in lines)


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines with continuations joined, comments and hashes dropped, numbered by where they begin."""
    lines: list[tuple[int, str]] = []
    pending, start = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw[:LINE_LIMIT].strip()
        start = start or number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        whole = _strip(pending + line)
        if whole:
            lines.append((start, whole))
        pending, start = "", 0
    if whole := _strip(pending):
        lines.append((start, whole))
    return lines


def _strip(line: str) -> str:
    if line.startswith("#"):
        return ""
    line = re.split(r"\s#", line, maxsplit=1)[0]
    return re.split(r"\s--(?:hash|global-option|install-option|config-settings)\b", line, maxsplit=1)[0].strip()


def parse_requirement(text: str, line: int | None = None, group: str = "") -> Requirement | None:
    """One requirement as pip reads it; None when it is none."""
    text = text.strip()[:LINE_LIMIT]
    if match := _DIRECT.match(text):
        return Requirement(
            name=match.group(1), constraint=_without_login(match.group(2)), pin=pin_of_url(match.group(2)), line=line, group=group
        )
    if _URL.match(text):
        url = text.split(";")[0].split()[0]
        egg = _EGG.search(url)
        return Requirement(
            name=egg.group(1) if egg else _repository_of(url) or _without_login(url),
            constraint=_without_login(url),
            pin=pin_of_url(url),
            line=line,
            group=group,
        )
    match = _NAMED.match(text)
    if not match:
        return None
    constraint = match.group(3).strip()
    if constraint and not all(_CLAUSE.match(part.strip()) for part in constraint.rstrip(",").split(",")):
        return None
    return Requirement(
        name=match.group(1),
        constraint=constraint,
        pin=pin_of(constraint),
        line=line,
        group=group,
        extras=tuple(e.strip() for e in (match.group(2) or "[]")[1:-1].split(",") if e.strip()),
        marker=(match.group(4) or "").strip()[:MARKER_LIMIT],
    )


def _repository_of(url: str) -> str:
    """`peft` of `git+https://github.com/huggingface/peft.git@main`: what a repository is called is usually what it installs."""
    match = re.search(r"(?<!/)/([A-Za-z][\w.-]{0,80}?)(?:\.git)?(?:@[\w./-]{1,80})?(?:#.*)?$", url) if url.startswith("git+") else None
    return match.group(1) if match and redact(match.group(1)) == match.group(1) else ""


def _without_login(url: str) -> str:
    return redact(re.sub(r"//[^/@\s]{1,200}@", "//", url))[:200]


def _add_editable(parsed: ParsedLines, target: str, line: int, group: str) -> None:
    requirement = parse_requirement(target, line, group) if "://" in target else None
    if requirement:
        parsed.requirements.append(requirement)
    else:
        parsed.local.setdefault(redact(f"-e {target}")[:100], line)


def _is_local(line: str) -> bool:
    return line.startswith((".", "/", "file:", "~")) or line.endswith((".whl", ".tar.gz", ".zip")) or ("[" in line and line.startswith("."))
