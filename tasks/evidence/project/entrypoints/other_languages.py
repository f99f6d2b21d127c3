"""R, Julia, Lua and other files that train, whole files at a time: who sources, includes or requires whom."""

from __future__ import annotations

import re

from tasks.evidence.project.entrypoints import roles
from tasks.evidence.project.entrypoints.candidate import Candidate, judge_place
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.fitting import FOREIGN_LIMIT_BYTES

_SUFFIX = re.compile(
    r"\.(?:R|r|Rmd|rmd|qmd|Rnw|jl|lua|js|ts|mjs|scala|java|kt|cs|sql|sh|bash)$|\.py\.(?:tmpl|jinja2?|j2|template)$|(?:^|/)Makefile$"
)
_INCLUDE = re.compile(
    r"""\b(?:source|include|dofile|require|read_chunk|tar_source)\s{0,3}\(?\s{0,3}(?:here::here\(|here\(|file\.path\()?\s{0,3}["']([^"'\n]{1,200})["']"""
)
_CONFIGURED = re.compile(r"\.(?:jsonnet|json|ya?ml|toml|cfg|gin)$")
_TARGETS = re.compile(r"\btar_target\(|\bdrake_plan\(|\btar_plan\(")
_TOP_LEVEL = re.compile(r"^\S")
_LITERATE = (".rmd", ".qmd", ".rnw")


def foreign_candidates(ground: Ground) -> list[Candidate]:
    """Files with a fit that are run themselves, and files that pull such files in."""
    paths = [
        p for p in ground.snapshot.own if _SUFFIX.search(p) and ground.snapshot.size(p) <= FOREIGN_LIMIT_BYTES and not roles.is_test(p)
    ]
    if not ground.certain.keys() & set(paths):
        return []
    texts = {p: ground.snapshot.text(p) or "" for p in paths}
    includes = {p: _included(p, text, texts) for p, text in texts.items()}
    trained = {p: _behind(p, includes) & ground.certain.keys() for p in paths}
    sourced = {f for files in includes.values() for f in files}
    candidates = [_judge(ground, p, texts[p], trained[p], p in sourced) for p in paths if trained[p]]
    for path in paths:
        ground.snapshot.forget(path)
    return candidates


def _included(path: str, text: str, texts: dict[str, str]) -> set[str]:
    found = set()
    folder = path.rpartition("/")[0]
    for name in _INCLUDE.findall(text)[:100]:
        plain = name.removeprefix("./")
        places = [
            p
            for base in dict.fromkeys((folder, ""))
            for p in (f"{base}/{plain}".lstrip("/"), f"{base}/{plain.replace('.', '/')}.lua".lstrip("/"))
        ]
        found |= {p for p in places if p in texts and p != path}
    if re.search(r"\btar_source\(\s*\)", text):
        found |= {p for p in texts if p.startswith(f"{folder}/R/".lstrip("/"))}
    return found


def _behind(path: str, includes: dict[str, set[str]]) -> set[str]:
    seen, waiting = {path}, [path]
    while waiting:
        for other in includes[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def _judge(ground: Ground, path: str, text: str, trained: set[str], is_sourced: bool) -> Candidate:
    fits = [f for p in sorted(trained) for f in ground.certain[p]]
    strongest = max(fits, key=lambda f: (f.path == path, f.strength))
    candidate = Candidate(path, ground.command_for(path), strongest.line if strongest.path == path else None)
    where = "" if strongest.path == path else f" in {strongest.path}"
    candidate.add(0.62 * strongest.strength, f"running it trains a model ({strongest.how}{where}, line {strongest.line})")
    if _TARGETS.search(text) and not path.lower().endswith(_LITERATE):
        candidate.command = (
            "Rscript -e 'targets::tar_make()'" if path.endswith("_targets.R") else f"Rscript -e 'targets::tar_make(script = \"{path}\")'"
        )
        candidate.add(0.12, "a targets pipeline")
    elif path.lower().endswith(_LITERATE):
        candidate.add(-0.08, "a notebook")
    elif path in trained and all(_inside_function(text, f.line) for f in fits if f.path == path) and not _calls_itself(text):
        candidate.add(-0.12, "only defines functions")
    if is_sourced:
        candidate.add(-0.08, "another file pulls it in")
    for command in ground.told(path)[:1]:
        candidate.add(0.08, f"documented ({command.source}:{command.line})")
    if roles.says_train(path):
        candidate.add(0.05, "its name says training")
    elif roles.says_other_than_train(path):
        candidate.add(-0.06, "its name says another purpose")
    elif roles.says_whole(path):
        candidate.add(0.04, "its name says the whole")
    judge_place(candidate)
    return candidate


_HEAD = re.compile(
    r"^(?:function\s+([\w.!]{1,60})\s{0,3}\(|([\w.]{1,60})\s{0,3}(?:<-|=)\s{0,3}function\b|([\w!]{1,60})\([^)\n]{0,200}\)\s{0,3}=)",
    re.MULTILINE,
)
_MAIN = re.compile(r"abspath\(PROGRAM_FILE\)|sys\.nframe\(\)|!?interactive\(\)")


def _calls_itself(text: str) -> bool:
    """Whether code outside functions calls a function of the file, or a main guard stands in it."""
    if _MAIN.search(text):
        return True
    names = {n for groups in _HEAD.findall(text) for n in groups if n}
    for number, line in enumerate(text.split("\n"), 1):
        called = re.match(r"^(?:[\w.]{1,60}\s{0,3}(?:<-|=)\s{0,3})?([\w.!]{1,60})\(", line)
        if called and called.group(1) in names and not _HEAD.match(line) and not _inside_function(text, number):
            return True
    return False


def _inside_function(text: str, line: int) -> bool:
    """Whether an indented line has, above it, a function's head at the left margin as the nearest unindented line."""
    lines = text.split("\n")
    if not 0 < line <= len(lines) or _TOP_LEVEL.match(lines[line - 1]):
        return False
    for above in reversed(lines[max(0, line - 400) : line - 1]):
        if _TOP_LEVEL.match(above) and above.strip() not in (")", ") {", "{") and not above.startswith(("#", "--")):
            return bool(re.search(r"\bfunction\b|^macro\b", above))
    return False


def configured_candidates(ground: Ground) -> list[Candidate]:
    """Configurations handed to another project's training command."""
    found = []
    for path, fits in ground.certain.items():
        if fits[0].how != "command-line training" or not _CONFIGURED.search(path):
            continue
        command = next(iter(ground.told(path)), None)
        candidate = Candidate(path, command.text if command else path)
        candidate.add(
            0.72, "a documented command of another project trains with it" + (f" ({command.source}:{command.line})" if command else "")
        )
        judge_place(candidate)
        found.append(candidate)
    return found


def unparsed_candidates(ground: Ground) -> list[Candidate]:
    """Python that does not parse (Python 2, a template) and notebooks of other languages, judged as whole files."""
    found = []
    notebooks = {roles.stem(p).lower() for p in ground.snapshot.own if p.endswith(".ipynb")}
    for path, fits in ground.certain.items():
        source = ground.sources.get(path)
        foreign = source is not None and source.notebook is not None and source.notebook.language != "python"
        if source is None or roles.is_test(path) or not (source.error or foreign):
            continue
        candidate = Candidate(path, ground.command_for(path), fits[0].line)
        candidate.add(0.55 * max(f.strength for f in fits), f"trains a model ({fits[0].how}, line {fits[0].line})")
        text = ground.snapshot.text(path) or ""
        if source.is_notebook:
            candidate.add(-0.1, "a notebook")
        elif roles.stem(path).lower() in notebooks:
            candidate.add(-0.15, "a copy of a notebook that does not run as a script")
        elif "__main__" in text:
            candidate.add(0.12, "has a main block")
        if roles.says_train(path):
            candidate.add(0.05, "its name says training")
        judge_place(candidate)
        found.append(candidate)
    return found
