"""Files of CI systems and the commands in them, one reader per system; a broken or hostile file has no commands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tasks.evidence.mlops.ci_actions import TRAVIS, words_of_task
from tasks.evidence.mlops.manifests import load_yaml, scalar
from tasks.evidence.snapshot import Snapshot

SIZE_LIMIT = 200_000
"""Bytes; no hand-written pipeline is longer."""
PIPELINES_LIMIT = 300
YAML_LIMIT = 400
"""YAML files with an unusual name that are opened to see whether they are pipelines."""
NODE_LIMIT = 5_000
INCLUDE_LIMIT = 6
_NAMED = (
    ("github_actions", r"^\.github/workflows/[^/]+\.ya?ml$"),
    ("gitlab_ci", r"(?:^|/)\.gitlab-ci\.ya?ml$"),
    ("circleci", r"^\.circleci/config\.ya?ml$"),
    ("travis", r"(?:^|/)\.travis\.ya?ml$"),
    ("jenkins", r"(?:^|/)Jenkinsfile[^/]*$|\.jenkinsfile$"),
    ("azure_pipelines", r"(?:^|/)\.?azure[-_]pipelines?[^/]*\.ya?ml$"),
    ("cloud_build", r"(?:^|/)\.?cloud[-_]?build[^/]*\.(?:ya?ml|json)$"),
    ("bitbucket_pipelines", r"^bitbucket-pipelines\.ya?ml$"),
    ("appveyor", r"^\.?appveyor\.ya?ml$"),
    ("drone", r"^\.drone\.ya?ml$"),
    ("woodpecker", r"^\.woodpecker(?:/[^/]+)?\.ya?ml$"),
    ("codebuild", r"(?:^|/)buildspec[^/]*\.ya?ml$"),
    ("buildkite", r"^\.buildkite/[^/]+\.ya?ml$"),
    ("semaphore", r"^\.semaphore/[^/]+\.ya?ml$"),
    ("cirrus", r"^\.cirrus\.ya?ml$"),
    ("gitea_actions", r"^\.(?:gitea|forgejo)/workflows/[^/]+\.ya?ml$"),
)
NAMED = tuple((system, re.compile(pattern)) for system, pattern in _NAMED)
_AZURE = re.compile(r"(?m)^(?:trigger|pr|pool|stages|resources|schedules)\s*:")
_AZURE_STEPS = re.compile(r"(?m)^\s*(?:-\s+)?(?:-?\s*(?:task:\s*\S+@\d|script:|bash:|pwsh:|powershell:|template:|vmImage:|deployment:))")
_AZURE_PLACES = re.compile(r"(?i)pipeline|azure|\.ado/|(?:^|/)ci|cd[^/]*$|build|release|deploy|devops")


_STEPS = re.compile(r"(?m)^steps\s*:")
_BUILDER = re.compile(
    r"(?m)^\s*-?\s*name\s*:\s*[\"']?(?:gcr\.io/(?:cloud-builders|google\.com/cloudsdktool|kaniko-project)/|gcr\.io/\$PROJECT_ID/)"
)


@dataclass(frozen=True, slots=True)
class Command:
    text: str
    file: str
    line: int | None = None
    kind: str = "shell"
    """`shell`, `r` (R code), `action`, `orb`, or `known` (its word is known already)."""
    folder: str = ""
    self_hosted: bool = False
    """On the project's own machine: what is started there stays."""
    word: str = ""
    """What a `known` one does; empty for something that is none of our words."""


def pipeline_files(snapshot: Snapshot) -> list[tuple[str, str]]:
    """System and path of every pipeline; pipelines of Azure and of Cloud Build are also known by their content."""
    found, unnamed = [], []
    for path in snapshot.own:
        if snapshot.size(path) > SIZE_LIMIT:
            continue
        system = next((system for system, pattern in NAMED if pattern.search(path)), None)
        if system:
            found.append((system, path))
        elif path.endswith((".yml", ".yaml")) and _AZURE_PLACES.search(path) and not path.startswith((".github/", ".circleci/")):
            unnamed.append(path)
    for path in unnamed[:YAML_LIMIT]:
        text = snapshot.text(path) or ""
        if _is_azure(text):
            found.append(("azure_pipelines", path))
        elif _STEPS.search(text) and _BUILDER.search(text):
            found.append(("cloud_build", path))
    return sorted(found, key=lambda f: f[1])[:PIPELINES_LIMIT]


def _is_azure(text: str) -> bool:
    if not _AZURE.search(text) or not _AZURE_STEPS.search(text):
        return False
    data = load_yaml(text)
    return isinstance(data, dict) and any(isinstance(data.get(k), list) for k in ("stages", "jobs", "steps"))


def read_commands(snapshot: Snapshot, system: str, path: str) -> list[Command]:
    """The commands of one pipeline in order."""
    text = snapshot.text(path) or ""
    if system == "jenkins":
        return _jenkins(path, text)
    data = load_yaml(text)
    reader = _READERS.get(system, _any_scripts)
    return list(islice(reader(_File(snapshot, path, text), data), NODE_LIMIT))


class _File:
    """A pipeline file that finds the lines of its commands."""

    def __init__(self, snapshot: Snapshot, path: str, text: str) -> None:
        self.snapshot, self.path, self.text = snapshot, path, text
        self.position = 0

    def command(self, text: Any, kind: str = "shell", folder: Any = "", self_hosted: bool = False, needle: str = "") -> Iterator[Command]:
        if not isinstance(text, str) or not text.strip():
            return
        inside = re.sub(r"^\$\{\{[^}]{0,200}\}\}/?|^\./|^\$\(\S{0,80}\)/?", "", folder) if isinstance(folder, str) else ""
        yield Command(text, self.path, self.line(needle or text), kind, inside.strip("/"), self_hosted)

    def known(self, word: str, text: str) -> Iterator[Command]:
        yield Command(text, self.path, self.line(text), "known", word=word)

    def line(self, text: str) -> int | None:
        """The line where a text begins, searched from the last one found."""
        first = next((part.strip() for part in text.split("\n") if part.strip() and not part.strip().startswith("#")), "")[:80]
        at = self.text.find(first, self.position)
        at = at if at >= 0 else self.text.find(first)
        if at < 0 or not first:
            return None
        self.position = at
        return self.text.count("\n", 0, at) + 1


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[Any, Any]]:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [v for v in values if isinstance(v, dict)][:500]


def _texts(value: Any) -> list[str]:
    """Strings of a string or of lists nested a few deep, within a budget that aliases cannot multiply."""
    found: list[str] = []
    stack = [(value, 0)]
    for _ in range(NODE_LIMIT):
        if not stack:
            break
        node, depth = stack.pop()
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, list) and depth < 4:
            stack += [(v, depth + 1) for v in reversed(node[:500])]
    return found


def _github(file: _File, data: Any) -> Iterator[Command]:
    default = _dict(_dict(_dict(data).get("defaults")).get("run")).get("working-directory", "")
    for job in _dicts(_dict(data).get("jobs")):
        if job.get("if") is False:
            continue
        folder = _dict(_dict(job.get("defaults")).get("run")).get("working-directory", default)
        own = "self-hosted" in _texts(job.get("runs-on")) or "self-hosted" in _texts(_dict(job.get("runs-on")).get("labels"))
        yield from _github_steps(file, job.get("steps"), folder, own, 0)
        if isinstance(job.get("uses"), str) and not job["uses"].startswith("./"):
            yield from file.command(job["uses"], "action")


def _github_steps(file: _File, steps: Any, folder: Any, self_hosted: bool, depth: int) -> Iterator[Command]:
    for step in _dicts(steps):
        if step.get("if") is False:
            continue
        shell = scalar(step.get("shell"))
        if "run" in step and not shell.startswith(("python", "node", "perl")):
            kind = "r" if shell.startswith("Rscript") or re.match(r"\w+::\w+\(", scalar(step["run"])) else "shell"
            yield from file.command(_with_tox(step["run"], step), kind, step.get("working-directory", folder), self_hosted)
        uses = step.get("uses")
        if isinstance(uses, str) and uses.startswith("./") and depth < 3:
            yield from _composite(file, uses, self_hosted, depth)
        elif isinstance(uses, str) and re.search(r"retry|xvfb|virtual-display", uses):
            given = _dict(step.get("with"))
            yield from file.command(given.get("command", given.get("run")), folder=folder, self_hosted=self_hosted)
        elif isinstance(uses, str) and _builds(uses, _dict(step.get("with"))):
            yield from file.command(uses, "action")


def _with_tox(script: Any, step: dict[Any, Any]) -> Any:
    """A script whose `tox` is told its environment by a variable, with that environment written out."""
    settings = _dict(step.get("env"))
    chosen = settings.get("TOXENV", settings.get("TOX_ENV"))
    if not isinstance(script, str) or not isinstance(chosen, str):
        return script
    return re.sub(r"\btox(?: run)?(?=\s|$)", "tox -e " + ("EXPR" if "$" in chosen else chosen), script)


def _builds(uses: str, settings: dict[Any, Any]) -> bool:
    return not (uses.startswith("docker/bake-action") and settings.get("dry-run"))


def _composite(file: _File, uses: str, self_hosted: bool, depth: int) -> Iterator[Command]:
    folder = posixpath.normpath(uses)
    for name in ("action.yml", "action.yaml"):
        text = file.snapshot.text(posixpath.join(folder, name))
        if text and len(text) < SIZE_LIMIT:
            inner = _File(file.snapshot, posixpath.join(folder, name), text)
            yield from _github_steps(inner, _dict(_dict(load_yaml(text)).get("runs")).get("steps"), "", self_hosted, depth + 1)


def _gitlab(file: _File, data: Any) -> Iterator[Command]:
    top = _dict(data)
    for text in _texts(top.get("before_script")):
        yield from file.command(text)
    for name, job in top.items():
        if isinstance(job, dict) and not (str(name).startswith(".") and "script" not in job):
            for key in ("before_script", "script", "after_script"):
                for text in _texts(job.get(key)):
                    yield from file.command(text)
            if name == "pages":
                yield from file.known("docs", "pages:")
    for item in _include_list(top.get("include")):
        if isinstance(item, dict) and "Security/" in scalar(item.get("template")):
            yield from file.known("security_scan", scalar(item["template"]))
        local = item if isinstance(item, str) else item.get("local") if isinstance(item, dict) else None
        if isinstance(local, str) and not local.startswith("http"):
            yield from _included(file, local.lstrip("/"), _gitlab)


def _include_list(value: Any) -> list[Any]:
    return value[:20] if isinstance(value, list) else [value]


def _included(file: _File, path: str, reader: Callable[[_File, Any], Iterator[Command]]) -> Iterator[Command]:
    """The commands of a file that this one includes, a few deep, never in a circle."""
    chain = getattr(file, "chain", ())
    path = posixpath.normpath(path)
    text = file.snapshot.text(path) if path in file.snapshot.entries and file.snapshot.size(path) <= SIZE_LIMIT else None
    if text is None or path in chain or path == file.path or len(chain) >= INCLUDE_LIMIT:
        return
    inner = _File(file.snapshot, path, text)
    inner.chain = (*chain, file.path)  # type: ignore[attr-defined]
    yield from reader(inner, load_yaml(text))


def _circle(file: _File, data: Any) -> Iterator[Command]:
    top = _dict(data)
    for section in ("commands", "jobs"):
        for part in _dicts(top.get(section)):
            yield from _circle_steps(file, part.get("steps"), part.get("working_directory", ""))
    for flow in _dicts(top.get("workflows")):
        jobs = flow.get("jobs")
        for job in jobs[:200] if isinstance(jobs, list) else []:
            name = job if isinstance(job, str) else next(iter(job), "") if isinstance(job, dict) else ""
            if "/" in str(name):
                yield from file.command(str(name), "orb")


def _circle_steps(file: _File, steps: Any, folder: Any, depth: int = 0) -> Iterator[Command]:
    for step in (steps if isinstance(steps, list) else [])[:300]:
        if isinstance(step, str) and "/" in step:
            yield from file.command(step, "orb")
        if not isinstance(step, dict):
            continue
        for name, value in list(step.items())[:20]:
            if name == "run":
                where = value.get("working_directory", "") if isinstance(value, dict) else ""
                yield from file.command(value.get("command") if isinstance(value, dict) else value, folder=where)
            elif name in ("when", "unless") and depth < 3:
                yield from _circle_steps(file, _dict(value).get("steps"), folder, depth + 1)
            elif "/" in str(name):
                yield from file.command(str(name), "orb")


def _azure(file: _File, data: Any) -> Iterator[Command]:
    for step in _nested(data):
        for key in ("script", "bash", "pwsh", "powershell"):
            yield from file.command(step.get(key), folder=step.get("workingDirectory", ""))
        if isinstance(step.get("task"), str):
            yield from _azure_task(file, step["task"], _dict(step.get("inputs")))
        template = step.get("template")
        if isinstance(template, str) and "@" not in template:
            base = "" if template.startswith("/") else posixpath.dirname(file.path)
            yield from _included(file, posixpath.join(base, template.lstrip("/")), _azure)


_IDLE_TASKS = re.compile(
    r"^(?:Use\w+|CmdLine|Bash|PowerShell|AzureCLI|AzurePowerShell|PythonScript|ShellScript|Cache|Download\w+|"
    r"Publish\w+)@",
    re.I,
)


def _azure_task(file: _File, task: str, inputs: dict[Any, Any]) -> Iterator[Command]:
    words = words_of_task(task, inputs)
    if words or not _IDLE_TASKS.search(task):
        yield from file.known(words[0] if words else "", task)
    for key in ("script", "inlineScript", "Inline"):
        yield from file.command(inputs.get(key), folder=inputs.get("workingDirectory", ""))
    for key in ("scriptPath", "filePath", "ScriptPath"):
        path = inputs.get(key)
        if isinstance(path, str):
            runner = "python " if path.endswith(".py") else "bash "
            yield from file.command(runner + re.sub(r"^\$\([^)]{0,80}\)/?", "", path), needle=path)


def _nested(data: Any) -> Iterator[dict[Any, Any]]:
    """Every mapping of a document once, in order, however it is nested; aliases and circles are met once."""
    stack: list[Any] = [data]
    seen: set[int] = set()
    while stack and len(seen) < NODE_LIMIT:
        node = stack.pop()
        if id(node) in seen or not isinstance(node, (dict, list)):
            continue
        seen.add(id(node))
        if isinstance(node, dict):
            yield node
        stack.extend(reversed(list(node.values() if isinstance(node, dict) else node)))


def _travis(file: _File, data: Any) -> Iterator[Command]:
    for part in _nested(data):
        for key in ("before_install", "install", "before_script", "script", "after_success", "after_script"):
            for text in _texts(part.get(key)):
                yield from file.command(text)
        provider = part.get("provider")
        if isinstance(provider, str) and provider in TRAVIS:
            yield from file.known(TRAVIS[provider], provider)


def _cloud_build(file: _File, data: Any) -> Iterator[Command]:
    for step in _dicts(_dict(data).get("steps")):
        name, arguments = scalar(step.get("name")), " ".join(_texts(step.get("args")))
        entry = scalar(step.get("entrypoint")) or scalar(name.split("@")[0].rsplit("/", 1)[-1].split(":")[0])
        entry = {"cloud-sdk": "gcloud", "google-cloud-sdk": "gcloud", "executor": "/kaniko/executor"}.get(entry, entry)
        if entry in ("bash", "sh") and step.get("args"):
            lines = _texts(step.get("args"))
            yield from file.command(lines[-1], folder=step.get("dir", ""))
        else:
            yield from file.command(f"{entry} {arguments}", folder=step.get("dir", ""), needle=name)
        yield from file.command(step.get("script"), folder=step.get("dir", ""))


def _any_scripts(file: _File, data: Any) -> Iterator[Command]:
    """Systems that name their commands `script`, `commands`, `run`: wherever these stand."""
    keys = ("script", "commands", "command", "run", "install", "after_test")
    for part in _nested(data):
        for key, value in list(part.items())[:100]:
            if key in keys or str(key).endswith("_script"):
                for text in _texts(value):
                    yield from file.command(text)
        if "bitbucket" in file.path and isinstance(part.get("pipe"), str):
            yield from file.command(part["pipe"].replace("atlassian/", ""), "action")


_STRINGS = r"'''([\s\S]*?)'''|\"\"\"([\s\S]*?)\"\"\"|'((?:[^'\\\n]|\\.){1,1000})'|\"((?:[^\"\\\n]|\\.){1,1000})\""
_SHELL = re.compile(rf"\b(?:sh|bat|powershell|pwsh)\b[ (]{{0,3}}(?:[\w: ,]{{0,60}}script:\s*)?(?:{_STRINGS})")
_STEP = re.compile(
    r"\bdocker\.build\s*\(|\bdockerImage\w*\s*=\s*docker\.build|\bkubernetesDeploy\s*\(|\bansiblePlaybook\b|"
    r"\bsshPublisher\b|\bsshagent\b"
)


def _jenkins(path: str, text: str) -> list[Command]:
    plain = re.sub(r"(?m)^\s*//.*$|(?<=\s)//[^\n'\"]*$", "", text)
    plain = re.sub(r"/\*[\s\S]{0,5000}?\*/", lambda m: "\n" * m.group(0).count("\n"), plain)
    found = []
    for match in _SHELL.finditer(plain):
        script = next((g for g in match.groups() if g), "")
        found.append(Command(script.replace("\\n", "\n"), path, plain.count("\n", 0, match.start()) + 1))
    for match in _STEP.finditer(plain):
        word = "docker_build" if "docker" in match.group(0) else "deploy"
        if "sshagent" not in match.group(0):
            found.append(Command(match.group(0), path, plain.count("\n", 0, match.start()) + 1, "known", word=word))
    return sorted(found, key=lambda c: c.line or 0)


_READERS: dict[str, Callable[[_File, Any], Iterator[Command]]] = {
    "github_actions": _github, "gitea_actions": _github, "gitlab_ci": _gitlab, "circleci": _circle, "azure_pipelines": _azure,
    "travis": _travis, "cloud_build": _cloud_build,
}  # fmt: skip
