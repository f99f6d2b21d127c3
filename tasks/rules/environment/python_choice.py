"""Which Python an entry file gets: what the repository rules out decides, what its author happened to use does not."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from tasks.evidence.mlops.facts import PythonDeclaration
from tasks.evidence.requirements.facts import RequirementFacts
from tasks.evidence.requirements.specifiers import to_pep440
from tasks.rules.environment.closure import Closure
from tasks.rules.environment.declared import Declared

PREFERRED = "3.11"
SUPPORTED = ("3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8", "3.7", "3.6")
"""Versions an official image exists for, newest first."""
PATCHES = 30
"""A range such as `>=3.8.1,<3.8.18` is asked for every patch release up to this one."""
LAST_PYTHON = {
    "tensorflow": (("2.0", "3.7"), ("2.2", "3.7"), ("2.5", "3.8"), ("2.8", "3.9"), ("2.12", "3.10")),
    "kedro": (("0.17.1", "3.8"), ("0.18", "3.8"), ("0.18.5", "3.10")),
    "torch": (("1.5", "3.8"), ("1.9", "3.9"), ("1.13", "3.10")),
}
"""By package: below this release, the last Python it has wheels for, from PyPI's listings."""
TENSORFLOW_1 = ("tensorflow.contrib", "tensorflow.examples")
"""Gone with TensorFlow 2."""
PYTHON_OF_TENSORFLOW_1 = "3.7"


@dataclass(frozen=True)
class PythonChoice:
    version: str
    """`2.7` where only Python 2 can read the code."""
    reason: str
    source: str = ""
    is_tensorflow1: bool = False
    """The code is TensorFlow 1's."""


def choose_python(facts: RequirementFacts, closure: Closure, declared: Declared) -> PythonChoice:
    """The preferred version where nothing rules it out, else the newest that fits what does."""
    for file in closure.files:
        if file.python2:
            return PythonChoice("2.7", f"{file.file}:{file.python2} is Python 2", f"{file.file}:{file.python2}")
    if bound := _last_for_packages(closure, declared):
        return bound
    for declaration in facts.python:
        if declaration.source == "requires-python" and _is_above(declaration, closure) and (choice := _within(declaration)):
            return choice
    loose = next((d for d in facts.python if d.source not in ("requires-python", "readme", "classifier")), None)
    if loose and loose.version:
        place = _place(loose)
        return PythonChoice(PREFERRED, f"{place} names {loose.version}, which is what was used, not a limit: {PREFERRED} is tried", place)
    return PythonChoice(PREFERRED, "nothing asks for another version")


def _is_above(declaration: PythonDeclaration, closure: Closure) -> bool:
    """Another project's metadata, beside the entry, says nothing."""
    folder = posixpath.dirname(declaration.place.file) if declaration.place else ""
    return not folder or not closure.files or closure.files[0].file.startswith(f"{folder}/")


def _within(declaration: PythonDeclaration) -> PythonChoice | None:
    """The preferred or newest version inside a declared range; None when the range cannot be read."""
    text = declaration.version
    specifier = to_pep440(text.replace(" ", "") if text[:1] in "^~" else text)
    if not specifier:
        return None
    if specifier.startswith("==") and specifier.count(".") == 1 and "*" not in specifier:
        specifier += ".*"
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return None
    order = (PREFERRED, *(v for v in SUPPORTED if v != PREFERRED))
    place = _place(declaration)
    for version in order:
        if any(allowed.contains(f"{version}.{patch}") for patch in range(PATCHES)):
            return PythonChoice(version, f"{place} asks for {text}", place)
    return PythonChoice(_nearest_outside(allowed), f"{place} asks for {text}, which no image here has", place)


def _nearest_outside(allowed: SpecifierSet) -> str:
    lower = [s.version for s in allowed if s.operator in (">=", ">", "==", "~=")]
    try:
        version = Version(lower[0].removesuffix(".*")) if lower else Version(PREFERRED)
    except InvalidVersion:
        return PREFERRED
    return f"{version.major}.{version.minor}"


def _place(declaration: PythonDeclaration) -> str:
    place = declaration.place
    if place is None:
        return declaration.source
    return f"{place.file}:{place.line}" if place.line else place.file


def _last_for_packages(closure: Closure, declared: Declared) -> PythonChoice | None:
    """TensorFlow 1 and other pinned packages the code imports that never had wheels for the preferred version."""
    imported = closure.imports
    for module in TENSORFLOW_1:
        found = next((name for name in imported if name == module or name.startswith(module + ".")), None)
        if found:
            item, file = imported[found]
            place = f"{file}:{item.line}"
            return PythonChoice(PYTHON_OF_TENSORFLOW_1, f"{place} imports {module}, which TensorFlow 1 alone has", place, True)
    for used in closure.files:
        if used.tensorflow1 and "tensorflow" in {name.split(".")[0] for name in imported}:
            place = f"{used.file}:{used.tensorflow1.line}"
            return PythonChoice(PYTHON_OF_TENSORFLOW_1, f"{place} calls {used.tensorflow1.call}, which TensorFlow 1 alone has", place, True)
    names = {name.split(".")[0] for name in imported}
    for wanted in declared.wanted:
        for below, last in LAST_PYTHON.get(wanted.package.name, ()):
            if wanted.package.name in names and _only_below(wanted.package.specifier, below):
                pin = f"{wanted.package.name}{wanted.package.specifier}"
                return PythonChoice(last, f"{wanted.source} asks for {pin}, whose last Python is {last}", wanted.source)
    return None


def _only_below(specifier: str, release: str) -> bool:
    """Whether every version the specifier allows is below a release, by its `==`, `<` and `<=` clauses."""
    for clause in SpecifierSet(specifier):
        try:
            version = Version(clause.version.removesuffix(".*"))
        except InvalidVersion:
            continue
        if (clause.operator in ("==", "===", "<=", "~=") and version < Version(release)) or (
            clause.operator == "<" and version <= Version(release)
        ):
            return True
    return False
