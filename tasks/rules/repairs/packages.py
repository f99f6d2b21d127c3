"""Repairs of the environment: a package added, bounded, let go; a system library added."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from tasks.rules.environment.package_names import package_of
from tasks.rules.execution.plan import BuildFailure, ExecutionPlan, Repair, Requirement
from tasks.rules.repairs.removed_names import REMOVED, Removed
from tasks.rules.repairs.situation import Candidate, Situation

_NO_MODULE = re.compile(r"No module named ['\"]?([A-Za-z_][\w.]{0,120})|requires? the (?:python )?package ['\"`]?([\w-]{2,60})")
_OPTIONAL = re.compile(
    r"Missing optional dependency '([\w.-]{2,60})'|Install (?:it )?(?:using|with) `?pip install ([\w.-]{2,60})|`Import (\w{2,40})` failed|"
    r"(?:[Pp]lease|[Tt]ry) (?:to )?(?:run |using )?[`'\"]?pip3? install ([\w.-]{2,60})|([\w-]{2,40}) (?:is|must be) (?:required|installed)"
)
_LIBRARY = re.compile(
    r"(lib[\w+-]{1,40}\.so(?:\.\d{1,4}){0,3})\b.{0,60}(?:cannot open shared object|No such file|not found)|Could not find (lib\w{2,30})"
)
LIBRARIES = {
    "libGL.so": ("libgl1",), "libgthread-2.0.so": ("libglib2.0-0",), "libglib-2.0.so": ("libglib2.0-0",), "libgomp.so": ("libgomp1",),
    "libSM.so": ("libsm6",), "libXext.so": ("libxext6",), "libXrender.so": ("libxrender1",), "libX11.so": ("libx11-6",),
    "libsndfile.so": ("libsndfile1",), "libsndfile": ("libsndfile1",), "libgfortran.so": ("libgfortran5",), "libquadmath.so": ("libquadmath0",),
    "libopenblas.so": ("libopenblas0",), "liblapack.so": ("liblapack3",), "libblas.so": ("libblas3",), "libstdc++.so": ("libstdc++6",),
    "libpq.so": ("libpq5",), "libmagic.so": ("libmagic1",), "libmagic": ("libmagic1",), "libxml2.so": ("libxml2",), "libtiff.so": ("libtiff6",),
    "libhdf5.so": ("libhdf5-dev",), "libgeos_c.so": ("libgeos-c1v5",), "libproj.so": ("libproj-dev",), "libgdal.so": ("libgdal-dev",),
    "libportaudio.so": ("libportaudio2",), "libusb-1.0.so": ("libusb-1.0-0",), "libcairo.so": ("libcairo2",), "libspatialindex_c.so": ("libspatialindex-c6",),
    "libxcb.so": ("libxcb1",), "libEGL.so": ("libegl1",), "libOpenGL.so": ("libopengl0",), "libtk8.6.so": ("libtk8.6",), "libtcl8.6.so": ("libtcl8.6",),
    "libnuma.so": ("libnuma1",), "libaio.so": ("libaio1",), "libffi.so": ("libffi8",), "libcrypto.so": ("libssl3",), "libssl.so": ("libssl3",),
}  # fmt: skip
"""Shared libraries that wheels expect of the system, to the Debian package that has them."""
_PROGRAM = re.compile(
    r"(?:No such file or directory: |command not found: |^(?:\S{0,20}: ){0,2}(?:\d{1,4}: )?)'?(java|git|ffmpeg|dot|gcc|g\+\+|make|curl|wget|unzip|graphviz|tesseract)'?(?:: (?:not found|command not found)|$)|failed to execute .{0,40}'(dot)'|(JAVA_HOME) is not set|(Java) gateway process exited"
)
PROGRAMS = {"java": "default-jre-headless", "JAVA_HOME": "default-jre-headless", "Java": "default-jre-headless", "git": "git", "ffmpeg": "ffmpeg", "dot": "graphviz",
            "graphviz": "graphviz", "gcc": "gcc", "g++": "g++", "make": "make", "curl": "curl", "wget": "wget", "unzip": "unzip", "tesseract": "tesseract-ocr"}  # fmt: skip


_SHARED = ("google", "google.colab")
"""Folders that many packages share, and what only a notebook service has."""


def add_module(situation: Situation) -> Candidate | None:
    """A module that is imported and not installed, unless it is the repository's own."""
    match = situation.failure.find_error(_NO_MODULE) or situation.failure.find_error(_OPTIONAL)
    module = next((g for g in match.groups() if g), "") if match else ""
    if not module or module in _SHARED or situation.owns_module(module) or _is_part_of_installed(situation, module):
        return None
    name = package_of(module) or package_of(module.split(".")[0])
    if not name or situation.wants(name):
        return None
    return _with(situation, Requirement(name=name, source=situation.source), "missing_module", f"{name} is added, which `{module}` is in")


def _is_part_of_installed(situation: Situation, module: str) -> bool:
    """A missing submodule of a package that is there: another version is wanted, not another package."""
    return "." in module and situation.wants(package_of(module.split(".")[0])) and package_of(module) == package_of(module.split(".")[0])


def add_library(situation: Situation) -> Candidate | None:
    """A shared library or program of the system, from the closed table."""
    match = situation.failure.find(_LIBRARY)
    found = next((g for g in match.groups() if g), "") if match else ""
    packages = LIBRARIES.get(re.sub(r"(?:\.\d+)+$", "", found), ())
    if not packages and (program := situation.failure.find(_PROGRAM)):
        found = next(g for g in program.groups() if g)
        packages = (PROGRAMS[found],)
    environment = situation.plan.environment
    new = tuple(p for p in packages if p not in environment.system_packages)
    if not new:
        return None
    changed = environment.model_copy(update={"system_packages": (*environment.system_packages, *new)})
    plan = situation.plan.model_copy(update={"environment": changed})
    return Candidate(
        Repair(kind="system_library", reason=situation.line(match), change=f"{', '.join(new)} of Debian, which holds {found}"), plan
    )


def bound_package(situation: Situation) -> Candidate | None:
    """One package held under the release that took a name away."""
    for removed in REMOVED:
        match = situation.failure.find(removed.pattern)
        name = match and next((n for n in (removed.package, *removed.other) if situation.wants(n)), None)
        if match and name and not _bounded(situation.installed(name), situation.specifier(name), removed):
            wanted = Requirement(name=name, specifier=f"<{removed.below}", source=situation.source)
            kind = "incompatible_numpy" if name == "numpy" else "removed_api"
            return _with(situation, wanted, kind, f"{name} under {removed.below}, which still has what is asked for", situation.line(match))
    return None


def _bounded(installed: str, specifier: str, removed: Removed) -> bool:
    """Whether the environment holds the package under the bound already."""
    if installed:
        return Version(installed) < Version(removed.below)
    try:
        return any(
            s.operator in ("<", "==", "<=") and Version(s.version.rstrip(".*")) <= Version(removed.below) for s in SpecifierSet(specifier)
        )
    except (InvalidSpecifier, ValueError):
        return False


def let_pin_go(situation: Situation) -> Candidate | None:
    """After a failed build: a version that cannot be had is dropped; a package that nothing imports is left out."""
    failure = situation.build
    names = [n for n in failure.packages if situation.wants(n)] if isinstance(failure, BuildFailure) and failure.step != "image" else []
    if not names or not isinstance(failure, BuildFailure):
        return None
    name = next((n for n in names if situation.specifier(n)), names[0])
    kept = [r for r in situation.plan.environment.requirements if r.name != name]
    pinned = next(r for r in situation.plan.environment.requirements if r.name == name)
    if pinned.specifier:
        free = pinned.model_copy(update={"specifier": "", "source": f"{pinned.source}; {situation.source}"})
        return _replaced(
            situation, (*kept, free), "release_pin", failure.detail, f"{name} without `{pinned.specifier}`, which cannot be installed"
        )
    if pinned.source.startswith("import"):
        return None
    return _replaced(
        situation, tuple(kept), "release_pin", failure.detail, f"without {name}, which cannot be installed and nothing imports"
    )


def _with(situation: Situation, wanted: Requirement, kind: str, change: str, reason: str = "") -> Candidate:
    kept = [r for r in situation.plan.environment.requirements if r.name != wanted.name]
    before = next((r for r in situation.plan.environment.requirements if r.name == wanted.name), None)
    if before is not None:
        specifier = (
            wanted.specifier
            if "==" in before.specifier
            else ",".join(filter(None, (_without_upper(before.specifier, wanted.specifier), wanted.specifier)))
        )
        wanted = before.model_copy(update={"specifier": specifier, "source": f"{before.source}; {wanted.source}"})
    return _replaced(situation, (*kept, wanted), kind, reason or situation.failure.line, change)


def _without_upper(before: str, bound: str) -> str:
    """The clauses that the new bound leaves room for: a lower bound above it goes."""
    top = Version(bound.removeprefix("<"))
    clauses = [
        s
        for s in SpecifierSet(before)
        if not (s.operator in (">=", ">", "~=") and Version(s.version) >= top) and s.operator not in ("<", "<=")
    ]
    return ",".join(sorted(str(s) for s in clauses))


def _replaced(situation: Situation, requirements: tuple[Requirement, ...], kind: str, reason: str, change: str) -> Candidate:
    environment = situation.plan.environment.model_copy(update={"requirements": requirements})
    plan: ExecutionPlan = situation.plan.model_copy(update={"environment": environment})
    return Candidate(Repair(kind=kind, reason=reason[:300], change=change[:300]), plan)
