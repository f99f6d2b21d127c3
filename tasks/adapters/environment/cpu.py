"""CPU builds of torch and tensorflow instead of gigabytes of CUDA, where they can be had.

PyPI's torch for x86 Linux brings CUDA along. In order: the same version from PyTorch's own index of CPU builds; a CPU wheel
in a folder that the user configured for pip, although its version may be a newer one; PyPI's build as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from tasks.adapters.environment.uv import ANY_DATE, Answer, Question, Resolver
from tasks.rules.environment.cpu_builds import NCCL, TORCH_FAMILY
from tasks.rules.environment.wanted_packages import Wanted

MAX_EXEMPTIONS = 25
"""Dependencies of a newer torch that may be newer than the date."""
MACHINES = {"x86_64-unknown-linux-gnu": "x86_64", "aarch64-unknown-linux-gnu": "aarch64"}


@dataclass(frozen=True)
class Slim:
    """A resolution, with CPU builds where they were found."""

    pinned: tuple[str, ...]
    notes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    torch_backend: str = ""


@dataclass(frozen=True)
class Wheel:
    """A CPU build in a folder of the user's."""

    name: str
    version: Version
    path: Path


def slim_down(resolver: Resolver, question: Question, wishes: list[Wanted], answer: Answer) -> Slim:
    """The answer to the question again, or one with CPU builds; `wishes` are the question's lines before they were text."""
    if "tensorflow" in answer.names:
        return _with_tensorflow_cpu(resolver, question, wishes, answer)
    if "torch" not in answer.names or not resolver.platform.startswith("x86_64"):
        return Slim(answer.pinned)
    return (
        _from_pytorch_index(resolver, question, wishes, answer)
        or _from_folder(resolver, question, wishes, answer)
        or _as_it_is(resolver, question, answer)
    )


def _with_tensorflow_cpu(resolver: Resolver, question: Question, wishes: list[Wanted], answer: Answer) -> Slim:
    """Same modules without GPU code, unless something else depends on the package by its usual name."""
    changed = [replace(w, name="tensorflow-cpu") if w.name == "tensorflow" else w for w in wishes]
    exempt = {"tensorflow-cpu" if name == "tensorflow" else name: day for name, day in question.exempt.items()}
    small = resolver.ask(replace(question, lines=tuple(w.line() for w in changed), exempt=exempt))
    if small.complaint or "tensorflow" in small.names:
        return Slim(answer.pinned)
    return Slim(small.pinned, ("tensorflow replaced by tensorflow-cpu: no GPU here",))


def _from_pytorch_index(resolver: Resolver, question: Question, wishes: list[Wanted], answer: Answer) -> Slim | None:
    """The versions that were found, as CPU builds."""
    probe = resolver.ask(Question(("torch",), no_dependencies=True, torch_backend="cpu", patient=False))
    if probe.complaint:
        return None
    versions = {name: answer.version(name) for name in TORCH_FAMILY if name in answer.names}
    lines = _lines(wishes, versions)
    exempt = dict(question.exempt) | dict.fromkeys(versions, ANY_DATE)
    found = resolver.ask(replace(question, lines=lines, exempt=exempt, torch_backend="cpu"))
    return None if found.complaint else Slim(found.pinned, torch_backend="cpu")


def _from_folder(resolver: Resolver, question: Question, wishes: list[Wanted], answer: Answer) -> Slim | None:
    """A CPU wheel from the user's folders; its own dependencies may be newer than the date, as it is."""
    wheels = cpu_wheels(resolver.index.wheel_folders, resolver.python, MACHINES.get(resolver.platform, ""))
    wanted = [name for name in TORCH_FAMILY if name in answer.names]
    best = {name: _nearest([w for w in wheels if w.name == name], Version(answer.version(name))) for name in wanted}
    taken = [wheel for wheel in best.values() if wheel is not None]
    if len(taken) < len(wanted):
        # Builds of one family that do not match each other do not load.
        return None
    lines = _lines(wishes, {wheel.name: str(wheel.version) for wheel in taken})
    folders = tuple(dict.fromkeys(wheel.path.parent for wheel in taken))
    alone = resolver.ask(Question(lines[-len(taken) :], excluded=question.excluded, links=folders))
    free = (alone.names | {wheel.name for wheel in taken}) - {w.name for w in wishes if not w.own and w.name not in wanted}
    exempt = dict.fromkeys(free, ANY_DATE) | dict(question.exempt)
    for _ in range(MAX_EXEMPTIONS):
        found = resolver.ask(replace(question, lines=lines, exempt=exempt, links=folders))
        if found.complaint is None:
            notes = (
                f"{w.name} {w.version} from {w.path.parent.name}/ instead of {answer.version(w.name)}: a build without CUDA" for w in taken
            )
            return Slim(found.pinned, tuple(notes), tuple(str(wheel.path) for wheel in taken))
        newer = [name for name in found.complaint.filtered if name not in exempt]
        if not newer:
            return None
        exempt |= dict.fromkeys(newer, ANY_DATE)
    return None


def _as_it_is(resolver: Resolver, question: Question, answer: Answer) -> Slim:
    """PyPI's build, with everything it needs to load."""
    if not any(name.startswith("nvidia-") for name in answer.names):
        return Slim(answer.pinned)
    whole = resolver.ask(replace(question, excluded=tuple(name for name in question.excluded if name not in NCCL)))
    pinned = answer.pinned if whole.complaint else whole.pinned
    return Slim(pinned, ("torch as it is on PyPI, with CUDA: no CPU build can be reached",))


def _lines(wishes: Iterable[Wanted], versions: dict[str, str]) -> tuple[str, ...]:
    """The wishes, with the versions of some packages laid down."""
    others = [wish.line() for wish in wishes if wish.name not in versions]
    return (*others, *(f"{name}=={version}" for name, version in versions.items()))


def cpu_wheels(folders: Iterable[Path], python: str, machine: str) -> list[Wheel]:
    """CPU builds (`+cpu`) for a Python and machine, by file name."""
    interpreters = {f"cp{python.replace('.', '')}", "py3"}
    wheels = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.whl"))):
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        fits = any(
            tag.interpreter in interpreters and tag.platform.startswith(("manylinux", "linux")) and machine in tag.platform for tag in tags
        )
        if fits and (version.local or "").startswith("cpu"):
            wheels.append(Wheel(canonicalize_name(name), version, path))
    return wheels


def _nearest(wheels: list[Wheel], version: Version) -> Wheel | None:
    """The newest that is not newer than the version, else the oldest."""
    ordered = sorted(wheels, key=lambda wheel: wheel.version)
    older = [wheel for wheel in ordered if Version(wheel.version.public) <= version]
    return older[-1] if older else next(iter(ordered), None)
