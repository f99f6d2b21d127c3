"""Which packages are asked of the resolver: lines checked again, GPU builds replaced, pins loosened step by step.

Requirement lines come from a repository and end on a tool's input file, so that only PEP 508 names with a version and a
marker get through: no address, no path, no option, whatever made the plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tasks.rules.execution.plan import Requirement

MAX_LINES = 500
"""Requirements of one environment; the longest freeze files of real projects have about 300."""
MAX_LINE = 500
KERNEL = ("ipykernel", "ipython", "jupyter-client", "nbclient", "nbformat")
"""What runs a notebook; of the same date as the rest, since old matplotlib does not load in a new IPython."""
SETUPTOOLS = "setuptools<81"
"""Old packages import `pkg_resources` without saying so: environments came with it until Python 3.12; 81 dropped it."""


class LineRefused(Exception):
    """A requirement that is more, or less, than a name with a version; says which."""


@dataclass(frozen=True)
class Wanted:
    """One line for the resolver."""

    name: str
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    guessed: bool = False
    """Known from an import only: may be no package at all."""
    own: bool = False
    """Ours, not the repository's: kernel and setuptools."""

    @property
    def is_exact(self) -> bool:
        return bool(re.fullmatch(r"===?[^*,]+", self.specifier))

    def line(self) -> str:
        """PEP 508 text."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}{self.specifier}{f' ; {self.marker}' if self.marker else ''}"

    def loosened(self) -> Wanted | None:
        """The next weaker wish: exact, then the same minor, then the same major, then any; None when it is any already.

        `numpy==1.16.4` becomes `~=1.16.4`, `~=1.16`, and no version at all.
        """
        if not self.specifier:
            return None
        release = _release(self.specifier)
        if self.is_exact and len(release) > 2:
            return replace(self, specifier=f"~={'.'.join(map(str, release[:3]))}")
        if (self.is_exact or self.specifier.startswith("~=")) and len(release) > 1 and self.specifier != f"~={release[0]}.{release[1]}":
            return replace(self, specifier=f"~={release[0]}.{release[1]}")
        return replace(self, specifier="")


def read_wanted(requirements: Iterable[Requirement], kernel: bool) -> list[Wanted]:
    """The checked lines, each once, with ours at the end. LineRefused names the first that is not just a package."""
    wanted = dict.fromkeys(_check(r) for r in requirements)
    if len(wanted) > MAX_LINES:
        raise LineRefused(f"{len(wanted)} requirements are more than the limit of {MAX_LINES}")
    names = {w.name for w in wanted}
    ours = [*(KERNEL if kernel else ()), SETUPTOOLS]
    extra = [_own(line) for line in ours]
    return sorted(wanted, key=lambda w: w.line()) + [w for w in extra if w.name not in names]


def _own(line: str) -> Wanted:
    parsed = Pep508(line)
    return Wanted(parsed.name, str(parsed.specifier), own=True)


def _check(requirement: Requirement) -> Wanted:
    line = requirement.line()
    shown = ascii(line[:80])
    if len(line) > MAX_LINE or not line.isprintable():
        raise LineRefused(f"the requirement {shown} ({requirement.source[:80]}) is not a plain package")
    try:
        parsed = Pep508(line)
    except InvalidRequirement:
        raise LineRefused(f"the requirement {shown} ({requirement.source[:80]}) is not a plain package") from None
    if parsed.url:
        raise LineRefused(f"the requirement {shown} ({requirement.source[:80]}) is an address")
    return Wanted(
        canonicalize_name(parsed.name),
        _specifier(parsed.specifier),
        tuple(sorted(canonicalize_name(extra) for extra in parsed.extras)),
        _marker(parsed.marker),
        requirement.source.startswith("import"),
    )


def _specifier(parsed: SpecifierSet) -> str:
    return ",".join(sorted(str(specifier) for specifier in parsed))


def _marker(parsed: Marker | None) -> str:
    return str(parsed) if parsed else ""


def is_prerelease(version: str) -> bool:
    """Whether a version is an alpha, beta, candidate or development release.

    >>> is_prerelease("2.13.0rc1"), is_prerelease("2.13.0")
    (True, False)
    """
    return bool(re.search(r"\d(?:a|b|rc|\.dev)\d", version))


def _release(specifier: str) -> tuple[int, ...]:
    try:
        return Version(specifier.lstrip("=~")).release
    except InvalidVersion:
        return ()
