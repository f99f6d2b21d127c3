"""All modules of a repository that deal with data, entry scripts before the modules they import."""

from __future__ import annotations

from dataclasses import dataclass, field

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
from tasks.evidence.training.leakage.vocabulary import METRICS
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
_MEASURES = METRICS | {"score", "evaluate", "cross_val_score", "cross_validate"}
_JOINS = frozenset(["append", "concat"])
_RANK = {"certain": 0, "likely": 1, "possible": 2}
_CUT = "leaks looked for in its first part only: too many calls inside calls"
_PROBLEM = "leaks not looked for: {error}"


def follow_repository(snapshot: Snapshot) -> tuple[Leak, ...]:
    reading = _Reading(snapshot, RepositoryProgram(snapshot))
    sources = [s for s in training_sources(snapshot) if _is_worth_following(s)]
    ordered = sorted(sources, key=lambda s: (not (s.has_main or s.statements), s.path))
    for source in ordered:
        reading.follow(source)
    program = reading.program
    late = {path for name in program.written for path in program.readers.get(name, ())}
    for source in ordered if late else ():
        if source.path in late:
            reading.follow(source)
    reading.decide_waiting()
    leaks = reading.leaks()
    return tuple(leaks) + confessed(snapshot, sources, leaks) + resumed(snapshot, sources) + same_parts(snapshot)


@dataclass(slots=True)
class _Reading:
    """What the modules followed so far have shown together."""

    snapshot: Snapshot
    program: RepositoryProgram
    found: dict[tuple[str, int, str], Finding] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    """First lines of functions that were called with real arguments."""
    waiting: dict[str, Finding] = field(default_factory=dict)
    """By module: a leak if no other module measures anything."""

    def follow(self, source: SourceFile) -> None:
        try:
            module = self.program.module(source.path)
            if module is None:
                return
            followed = follow_module(module, self.program, self.known)
            self.known |= followed.called
            if module.is_cut:
                self.snapshot.problems.setdefault(source.path, _CUT)
            for finding in followed.findings:
                self._keep(finding)
            if followed.unless_measured_elsewhere is not None:
                self.waiting[source.path] = followed.unless_measured_elsewhere
        except Exception as error:  # The code of strangers is odder than any test: one module less, said, not a report less.
            self.snapshot.problems.setdefault(source.path, _PROBLEM.format(error=type(error).__name__))
        finally:
            self.program.forget()

    def _keep(self, finding: Finding) -> None:
        path, line = self.program.place_of(finding.line)
        before = self.found.get((path, line, finding.kind))
        if before is None or _RANK[finding.certainty] < _RANK[before.certainty]:
            self.found[path, line, finding.kind] = finding

    def decide_waiting(self) -> None:
        """Training rows are the only ones measured on when a single module measures at all."""
        if not self.waiting:
            return
        measuring = {s.path for s in self.snapshot.sources if {c.attribute for c in s.calls} & _MEASURES}
        for path, finding in self.waiting.items():
            if measuring <= {path}:
                self._keep(finding)

    def leaks(self) -> list[Leak]:
        return [_leak(self.snapshot, path, line, f) for (path, line, _), f in sorted(self.found.items())]


def _is_worth_following(source: SourceFile) -> bool:
    """Whether something is fitted, split or joined there: most files of a large repository do nothing of that."""
    if not source.modules & _DATA_MODULES:
        return False
    called = {c.attribute for c in source.calls}
    return bool(called & _TRIGGERS) or ("pandas" in source.modules and bool(called & (_JOINS | WRITERS)))


def _leak(snapshot: Snapshot, path: str, line: int, finding: Finding) -> Leak:
    certainty: Certainty = finding.certainty  # type: ignore[assignment]
    return Leak(kind=finding.kind, certainty=certainty, place=place_in(snapshot, path, line or None), note=finding.note)
