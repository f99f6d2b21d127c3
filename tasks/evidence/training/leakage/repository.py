"""All modules of a repository that deal with data, entry scripts before the modules they import."""

from __future__ import annotations

from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile
from tasks.evidence.training.facts import Certainty, Leak
from tasks.evidence.training.leakage.confessions import confessed
from tasks.evidence.training.leakage.configurations import same_parts
from tasks.evidence.training.leakage.files import WRITERS
from tasks.evidence.training.leakage.findings import Finding
from tasks.evidence.training.leakage.follow import follow_module
from tasks.evidence.training.leakage.program import RepositoryProgram
from tasks.evidence.training.leakage.resuming import resumed
from tasks.evidence.training.sources import ML_MODULES, training_sources

_DATA_MODULES = ML_MODULES | {"pandas", "numpy", "polars", "dask", "cudf", "scipy", "category_encoders", "feature_engine"}
_TRIGGERS = frozenset(
    [
        "fit",
        "fit_transform",
        "fit_resample",
        "fit_sample",
        "fit_predict",
        "fit_generator",
        "partial_fit",
        "train_test_split",
        "random_split",
        "randomSplit",
        "split",
        "cross_val_score",
        "cross_validate",
        "cross_val_predict",
        "train",
        "optimize",
        "DataLoader",
        "evaluate",
        "score",
        "concatenate",
        "vstack",
        "backward",
    ]
)
_JOINS = frozenset(["append", "concat"])
_CUT = "leaks looked for in its first part only: too many calls inside calls"
_PROBLEM = "leaks not looked for: {error}"


def follow_repository(snapshot: Snapshot) -> tuple[Leak, ...]:
    program = RepositoryProgram(snapshot)
    sources = [s for s in training_sources(snapshot) if _is_worth_following(s)]
    found: dict[tuple[str, int, str], Finding] = {}
    known: set[int] = set()
    ordered = sorted(sources, key=lambda s: (not (s.has_main or s.statements), s.path))
    for source in ordered:
        _keep(found, _follow(snapshot, program, source, known))
    late = {path for name in program.written for path in program.readers.get(name, ())}
    for source in ordered if late else ():
        if source.path in late:
            _keep(found, _follow(snapshot, program, source, known))
    leaks = [_leak(snapshot, path, line, f) for (path, line, _), f in sorted(found.items())]
    return tuple(leaks) + confessed(snapshot, sources, leaks) + resumed(snapshot, sources) + same_parts(snapshot)


def _keep(found: dict[tuple[str, int, str], Finding], more: list[tuple[str, int, Finding]]) -> None:
    for path, line, finding in more:
        before = found.get((path, line, finding.kind))
        if before is None or _RANK[finding.certainty] < _RANK[before.certainty]:
            found[path, line, finding.kind] = finding


def _is_worth_following(source: SourceFile) -> bool:
    """Whether something is fitted, split or joined there: most files of a large repository do nothing of that."""
    if not source.modules & _DATA_MODULES:
        return False
    called = {c.attribute for c in source.calls}
    return bool(called & _TRIGGERS) or ("pandas" in source.modules and bool(called & (_JOINS | WRITERS)))


_RANK = {"certain": 0, "likely": 1, "possible": 2}


def _follow(snapshot: Snapshot, program: RepositoryProgram, source: SourceFile, known: set[int]) -> list[tuple[str, int, Finding]]:
    try:
        module = program.module(source.path)
        if module is None:
            return []
        findings, followed = follow_module(module, program, known)
        known |= followed
        if module.is_cut:
            snapshot.problems.setdefault(source.path, _CUT)
        return [(*program.place_of(f.line), f) for f in findings]
    except Exception as error:  # The code of strangers is odder than any test: one module less, said, not a report less.
        snapshot.problems.setdefault(source.path, _PROBLEM.format(error=type(error).__name__))
        return []
    finally:
        program.forget()


def _leak(snapshot: Snapshot, path: str, line: int, finding: Finding) -> Leak:
    certainty: Certainty = finding.certainty  # type: ignore[assignment]
    return Leak(kind=finding.kind, certainty=certainty, place=place_in(snapshot, path, line or None), note=finding.note)
