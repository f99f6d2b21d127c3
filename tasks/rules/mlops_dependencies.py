"""Readiness rules of the environment: can it be built again, next year, on another machine."""

from __future__ import annotations

from tasks.evidence.mlops.dependencies import main_requirements
from tasks.evidence.mlops.facts import DependencyFile, Requirement
from tasks.evidence.mlops.lock import locks_environment
from tasks.evidence.place import Place
from tasks.rules.applicability import (
    COURSES,
    PLACES_LIMIT,
    counted,
    entry_places,
    is_notebook,
    mainly_other_language,
    nothing_kept,
    teaching,
)
from tasks.rules.distributions import NOT_INSTALLABLE, brings, normalised
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

UNPINNED_SHARE = 0.25
"""Above this proportion of requirements without any version an environment drifts: our policy."""
_PIP_FILES = ("requirements", "pyproject", "setup", "pipfile", "poetry")
_PYTHON_FILES = (*_PIP_FILES, "conda")


def _no_files(evidence: Evidence) -> NotApplicable | None:
    if any(f.requirements or f.reads for f in evidence.mlops.dependencies):
        return None
    return NotApplicable(reason="no dependency file, which OPS003 judges")


def _locked(evidence: Evidence) -> bool:
    return any(locks_environment(lock) for lock in evidence.mlops.locks)


def check_dependencies_declared(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence):
        return missing
    files = evidence.mlops.dependencies
    if any(f.requirements or f.reads for f in files) or _locked(evidence):
        return Passed()
    if not evidence.project.frameworks:
        return NotApplicable(reason="no machine learning library is imported")
    if files:
        return Failed(places=tuple(Place(file=f.file, note="lists nothing") for f in files), detail="The dependency file lists nothing.")
    entries = (*evidence.project.train_entrypoints, *evidence.project.serve_entrypoints)
    if language := mainly_other_language(evidence):
        return Undetermined(reason=f"how packages of {language} are asked for is not read")
    by_command = _installed_by_command(evidence)
    missing_ones = [n for n in evidence.project.frameworks if not brings(n, by_command)]
    if not missing_ones:
        return Passed()
    libraries = ", ".join(missing_ones[:4])
    return Failed(places=entry_places(entries, "needs libraries"), detail=f"Imported and listed nowhere: {libraries}.")


def _installed_by_command(evidence: Evidence) -> frozenset[str]:
    return frozenset(normalised(p.name) for p in evidence.mlops.installed)


def check_imports_declared(evidence: Evidence) -> Outcome:
    """Only libraries of machine learning: their names are known, and without them nothing here runs.

    Beside scripts a notebook may install what it alone needs.
    """
    if missing := nothing_kept(evidence) or _no_files(evidence):
        return missing
    files = [f for f in evidence.mlops.dependencies if f.kind in _PYTHON_FILES]
    if not files or any(f.reads and not f.requirements for f in files):
        return NotApplicable(reason="no complete list of Python packages to compare with")
    declared = frozenset(normalised(r.name) for f in files for r in f.requirements) | _installed_by_command(evidence)
    places = evidence.project.framework_places
    judged = [n for n in evidence.project.frameworks if n in places and _is_judged(places[n], evidence)]
    missing_ones = [n for n in judged if not brings(n, declared)]
    if not missing_ones:
        return Passed()
    return Failed(
        places=tuple(places[n] for n in missing_ones[:PLACES_LIMIT]),
        detail=f"{', '.join(missing_ones[:6])}: imported, and in none of {counted(len(files), 'dependency file')}.",
    )


def _is_judged(place: Place, evidence: Evidence) -> bool:
    only_notebooks = all(is_notebook(e.file) for e in evidence.project.train_entrypoints)
    return place.file.endswith(".py") or (only_notebooks and place.file.endswith(".ipynb"))


def check_versions_held(evidence: Evidence) -> Outcome:
    """A library leaves versions open for its users; an application must not."""
    if missing := nothing_kept(evidence) or _no_files(evidence) or teaching(evidence, ("ml_library_demo",)):
        return missing
    if _locked(evidence):
        return Passed()
    main = main_requirements(evidence.mlops.dependencies)
    free = [(f, r) for f, r in main if r.pin == "unpinned"]
    if not main:
        return NotApplicable(reason="only development requirements are listed")
    if len(free) <= UNPINNED_SHARE * len(main):
        return Passed()
    return Failed(places=_lines(free), detail=f"{len(free)} of {len(main)} requirements have no version.")


def _lines(found: list[tuple[DependencyFile, Requirement]]) -> tuple[Place, ...]:
    return tuple(Place(file=f.file, line=r.line, snippet=f"{r.name}{r.constraint}"[:200]) for f, r in found[:PLACES_LIMIT])


def check_locked(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence) or teaching(evidence):
        return missing
    if missing := _no_files(evidence):
        commands = evidence.mlops.installed
        if not commands or not isinstance(check_dependencies_declared(evidence), Passed) or _locked(evidence):
            return missing
        places = tuple(dict.fromkeys(p.place for p in commands))[:PLACES_LIMIT]
        return Failed(places=places, detail=f"Packages are named in {commands[0].place.file} only, in no file that fixes versions.")
    main = main_requirements(evidence.mlops.dependencies)
    if _locked(evidence) or (main and all(r.pin == "exact" for _, r in main)):
        return Passed()
    places = tuple(Place(file=f.file, note="without a lock file") for f in evidence.mlops.dependencies[:PLACES_LIMIT])
    return Failed(places=places, detail="No lock file, and not every requirement has an exact version.")


def check_requirements_installable(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence) or _no_files(evidence):
        return missing
    wrong = [
        (f, r) for f in evidence.mlops.dependencies if f.kind in _PIP_FILES for r in f.requirements if normalised(r.name) in NOT_INSTALLABLE
    ]
    broken = [f for f in evidence.mlops.dependencies if f.invalid]
    if not wrong and not broken:
        return Passed()
    told = [f"`{r.name}` {_instead(r.name)}" for _, r in wrong[:3]] + [
        f"{f.file} has {counted(len(f.invalid), 'unreadable line')}" for f in broken[:3]
    ]
    places = (*_lines(wrong), *(Place(file=f.file, snippet=f.invalid[0][:200], note="not a requirement") for f in broken))
    return Failed(places=places[:PLACES_LIMIT], detail=f"{'; '.join(told)}.")


def _instead(name: str) -> str:
    right = NOT_INSTALLABLE[normalised(name)]
    return f"should be `{right}`" if right else "is no package"


def check_python_declared(evidence: Evidence) -> Outcome:
    """A notebook's kernel says which Python its author had, not which is needed."""
    if missing := nothing_kept(evidence) or teaching(evidence, COURSES):
        return missing
    if not _in_python_at_all(evidence):
        return NotApplicable(reason="no Python code")
    if any(d.source != "kernel" for d in evidence.mlops.python):
        return Passed()
    places = tuple(Place(file=f.file, note="names no Python version") for f in evidence.mlops.dependencies[:PLACES_LIMIT])
    return Failed(places=places, detail="No file names the Python version.")


def _in_python_at_all(evidence: Evidence) -> bool:
    return not evidence.project.languages or any(language.name == "python" for language in evidence.project.languages)


RULES: tuple[Rule, ...] = (
    Rule(
        code="OPS003", name="no-dependencies", title="The packages it needs are listed nowhere",
        section="mlops", severity="high", effort="low", check=check_dependencies_declared,
        detected="Machine learning libraries are imported, and no requirements, conda, pyproject, setup or lock file and no install "
        "command of the README, a container, a script or a notebook names them.",
        why="Whoever runs this must guess packages and versions; most such attempts fail.",
        remedy="Write `requirements.txt` or a `pyproject.toml` from the imports, install it in a fresh environment, and run the training.",
    ),
    Rule(
        code="OPS005", name="unpinned-dependencies", title="Requirements have no version",
        section="mlops", severity="medium", effort="low", check=check_versions_held,
        detected=f"More than {UNPINNED_SHARE:.0%} of the requirements accept any version, and there is no lock file.",
        why="The next install takes newer libraries, which change results or no longer run the code.",
        remedy="Write the versions that work, `name==1.2.3`, or bounds, `name>=1.2,<2`, and add a lock file.",
    ),
    Rule(
        code="OPS006", name="no-lock-file", title="The full environment is not locked",
        section="mlops", severity="low", effort="low", check=check_locked,
        detected="Packages are listed in a file that leaves a choice of version, or named by install commands only; no lock file.",
        why="Packages of packages change too; only a lock gives the same environment later.",
        remedy="Commit `uv.lock`, `poetry.lock`, a `conda-lock.yml`, or the output of `pip-compile`.",
    ),
    Rule(
        code="OPS007", name="undeclared-import", title="Imported libraries are missing from the dependency files",
        section="mlops", severity="medium", effort="low", check=check_imports_declared,
        detected="A machine learning library is imported by own code, and no dependency file names it or a package that brings it.",
        why="A fresh install ends in `ModuleNotFoundError`, often only in the middle of a run.",
        remedy="Add the libraries listed, with the versions in use, and run training once in a fresh environment.",
    ),
    Rule(
        code="OPS008", name="uninstallable-requirement", title="A dependency file cannot be installed as it is",
        section="mlops", severity="medium", effort="low", check=check_requirements_installable,
        detected="A line that is no requirement, or a name under which the package index holds nothing or something else.",
        why="Installation stops at that line, and the rest is not installed.",
        remedy="Correct the lines listed; `scikit-learn`, not `sklearn`; modules that come with Python need no line.",
    ),
    Rule(
        code="OPS009", name="no-python-version", title="The Python version is not declared",
        section="mlops", severity="low", effort="low", check=check_python_declared,
        detected="No requires-python, version file, environment, container, CI file or README names a Python version.",
        why="Pinned packages install on some Python versions only; the wrong one fails with errors that name something else.",
        remedy="Set `requires-python` in `pyproject.toml`, or add a `.python-version` file.",
    ),
)  # fmt: skip
