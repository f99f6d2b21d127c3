"""What an image for one entry file is made of: declared packages that it needs, completed from what it imports."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

from tasks.evidence.requirements.facts import ImportedModule, RequirementFacts
from tasks.rules.environment.caps import cap_for
from tasks.rules.environment.closure import Closure, reach
from tasks.rules.environment.declared import COMMANDS, Declared, Wanted, declared_for
from tasks.rules.environment.implied import implied_packages
from tasks.rules.environment.needless import always_needless, needless_unless_imported
from tasks.rules.environment.package_names import SAME_VERSIONS, is_known, package_of, renamed
from tasks.rules.environment.python_choice import PythonChoice, choose_python
from tasks.rules.execution.plan import CannotRun, EnvironmentPlan, Requirement, Skipped

FROZEN_SIZE = 60
"""A list of more exact pins than this is somebody's whole environment written down, not what the code needs."""
FROZEN_SHARE = 0.8


TOOLS = frozenset(["kedro", "metaflow"])
_GPU_EXTRA = re.compile(r"(?i)cuda|gpu|tpu|rocm")
_IMPLICIT = re.compile(
    r"^(?:__\w+__|main|run|start|execute|setup|prepare_data|forward|fit|transform|predict|on_\w+|\w+_step|\w+_dataloader)$"
)
"""Functions that a framework or the language calls."""


class Entry(Protocol):
    """What a step says of the file it runs."""

    @property
    def file(self) -> str: ...
    @property
    def kind(self) -> str: ...


def plan_environment(facts: RequirementFacts, entry: Entry, entry_date: date | None, date_reason: str = "") -> EnvironmentPlan | CannotRun:
    """The environment of an entry whose file was last changed on a day; CannotRun when only Python 2 reads its code."""
    closure, declared = reach(facts, entry.file), declared_for(facts, entry.file)
    python = choose_python(facts, closure, declared)
    if python.version.startswith("2"):
        return CannotRun(reason="python_version", detail=python.reason, remedy="Port it to Python 3, for instance with 2to3.")
    packages = _Packages(closure, declared, python, entry_date, _own_names(facts))
    packages.add_declared()
    packages.add_imported()
    packages.add_implied()
    packages.add_tool(entry.kind)
    packages.add_unusable()
    return EnvironmentPlan(
        python=python.version,
        python_reason=python.reason,
        requirements=tuple(packages.wanted.values()),
        skipped=tuple(packages.skipped),
        as_of=entry_date if packages.wanted else None,
        as_of_reason=(date_reason or f"last change of {entry.file}") if entry_date and packages.wanted else "",
        kernel=entry.kind == "notebook",
    )


def _own_names(facts: RequirementFacts) -> frozenset[str]:
    """Top folders with Python files, also below `src`: what the README installs under such a name is the repository itself."""
    parts = [f.file.removeprefix("src/").split("/") for f in facts.files]
    return frozenset(p[0].lower().replace("_", "-") for p in parts if len(p) > 1)


@dataclass
class _Packages:
    """The list as it grows: declared, imported, implied."""

    closure: Closure
    declared: Declared
    python: PythonChoice
    as_of: date | None
    own: frozenset[str] = frozenset()
    wanted: dict[str, Requirement] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.imported = {package_of(m): (item, file) for m, (item, file) in self.closure.imports.items() if package_of(m)}
        self.by_name = {renamed(w.package.name): w for w in reversed(self.declared.wanted)}

    def add_declared(self) -> None:
        """Declared packages in their order, without those that training can do without."""
        frozen = self._is_frozen()
        dropped = 0
        for wanted in self.declared.wanted:
            name = renamed(wanted.package.name)
            if frozen and name not in self.imported:
                dropped += 1
            elif reason := self._needless(wanted, name):
                self.skipped.append(Skipped(what=wanted.package.name, reason=reason, source=wanted.source))
            else:
                self._add(name, wanted)
        if dropped:
            reason = "a whole environment written down: only what the code imports is taken from it"
            self.skipped.append(Skipped(what=f"{dropped} further pins", reason=reason, source=self.declared.files[0]))

    def _needless(self, wanted: Wanted, name: str) -> str:
        if name in self.imported:
            return "" if not wanted.package.url else f"from {wanted.package.url[:80]}: the package of that name on PyPI is tried"
        if wanted.package.url:
            return f"from {wanted.package.url[:80]}, and nothing that training runs imports it"
        if wanted.kind in COMMANDS and name in self.own:
            return "the repository's own package"
        if wanted.package.marker and not applies(wanted.package.marker, self.python.version):
            return f"not for this system or Python: {wanted.package.marker[:80]}"
        return always_needless(name) or needless_unless_imported(name, not self.closure.is_dynamic)

    def _is_frozen(self) -> bool:
        pins = [w.package.specifier.startswith("==") for w in self.declared.wanted]
        return len(pins) > FROZEN_SIZE and sum(pins) >= FROZEN_SHARE * len(pins) and not self.closure.is_dynamic

    def _add(self, name: str, wanted: Wanted) -> None:
        specifier = wanted.package.specifier if name == wanted.package.name or wanted.package.name in SAME_VERSIONS else ""
        self._put(name, specifier, wanted.package.extras, wanted.source)

    def _put(self, name: str, specifier: str, extras: tuple[str, ...], source: str) -> None:
        if name in self.wanted:
            return
        if not specifier and name in self.declared.bounds:
            bound = self.declared.bounds[name]
            specifier, source = bound.package.specifier, f"{source}, bounded in {bound.source}"
        cap, reason = cap_for(name, specifier, self.as_of)
        if name == "tensorflow" and self.python.is_tensorflow1 and (not specifier or cap):
            cap, reason = "<2", self.python.reason
        if cap:
            specifier, source = ",".join(filter(None, (specifier, cap))), f"{source}; {cap}: {reason}"
        plain = tuple(e for e in extras if not _GPU_EXTRA.search(e))
        self.wanted[name] = Requirement(name=name, specifier=specifier, extras=plain, source=source)

    def add_imported(self) -> None:
        """What the entry's files import and no list that speaks for it names; another list's version is taken over."""
        for module, (item, file) in self.closure.imports.items():
            name, source = package_of(module), f"import in {file}:{item.line}"
            if not name:
                self.skipped.append(Skipped(what=module, reason="nothing on PyPI is called so", source=source))
            elif name not in self.wanted:
                self._add_one_import(item, name, source)

    def _add_one_import(self, item: ImportedModule, name: str, source: str) -> None:
        reason = always_needless(name) if name not in ("setuptools", "nbformat") else ""
        elsewhere = self.declared.elsewhere.get(name)
        if not reason and item.guarded and not is_known(item.module) and not elsewhere:
            reason = "imported in a try and known to no table"
        if not reason and item.within and not (item.within in self.closure.called or _IMPLICIT.match(item.within)):
            reason = f"imported in {item.within}, which nothing here calls"
        if reason:
            self.skipped.append(Skipped(what=item.module, reason=reason, source=source))
            return
        specifier = elsewhere.package.specifier if elsewhere and not elsewhere.package.url else ""
        self._put(name, specifier, (), f"{source}, version of {elsewhere.source}" if specifier and elsewhere else source)

    def add_implied(self) -> None:
        for name, source in implied_packages(self.closure, frozenset(self.wanted)):
            elsewhere = self.declared.elsewhere.get(name)
            self._put(name, elsewhere.package.specifier if elsewhere else "", (), source)
            self.skipped = [s for s in self.skipped if renamed(s.what) != name]

    def add_tool(self, kind: str) -> None:
        """What starts the entry, where the command is that tool's own."""
        if kind in TOOLS:
            declared = self.by_name.get(kind) or self.declared.elsewhere.get(kind)
            self._put(kind, declared.package.specifier if declared else "", (), declared.source if declared else f"runs as {kind}")

    def add_unusable(self) -> None:
        for item, file in self.declared.unusable:
            self.skipped.append(Skipped(what=item.what, reason=item.reason, source=f"{file}:{item.line}" if item.line else file))


def applies(marker: str, python: str) -> bool:
    """Whether a marker holds for CPython of this version on Linux; one that cannot be read does."""
    environment = {
        "python_version": python, "python_full_version": f"{python}.0", "os_name": "posix", "sys_platform": "linux",
        "platform_system": "Linux", "platform_machine": "x86_64", "platform_python_implementation": "CPython", "extra": "",
        "implementation_name": "cpython", "implementation_version": f"{python}.0", "platform_release": "", "platform_version": "",
    }  # fmt: skip
    try:
        return Marker(marker).evaluate(environment)
    except (InvalidMarker, UndefinedEnvironmentName, ValueError):
        return True
