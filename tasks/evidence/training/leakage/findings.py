"""Leaks of one module as they are found, with the events whose meaning is only known at the module's end."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.evidence.training.leakage.rows import Rows, contains, is_held_out, narrowest, roles_of
from tasks.evidence.training.leakage.slices import overlap
from tasks.evidence.training.leakage.values import Estimator, Score, Taint

_ORDER = {"certain": 0, "likely": 1, "possible": 2}
CANDIDATES_THAT_ARE_A_CHOICE = 4
"""Different models scored on one test set, one of them saved: from here on a choice, below it a comparison."""


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    line: int
    certainty: str
    note: str


@dataclass(slots=True)
class Findings:
    """Collects; one finding per kind and line, the surest one."""

    found: dict[tuple[str, int], Finding] = field(default_factory=dict)
    trained_and_scored: list[tuple[int, str]] = field(default_factory=list)
    training_part_scored: list[tuple[int, str]] = field(default_factory=list)
    """The same on rows called training rows: other modules may measure on the rest."""
    held_out_scored: bool = False
    test_seen: bool = False
    folds_seen: bool = False
    only_validation: list[Finding] = field(default_factory=list)
    """What concerns validation rows, which is a leak only where no test rows are held back."""
    candidates: dict[Rows, dict[str, int]] = field(default_factory=dict)
    saved: bool = False
    repetitions: set[int] = field(default_factory=set)
    """Lines of loops that repeat one experiment with other seeds."""
    epoch_loops: set[int] = field(default_factory=set)
    """Lines of loops that go over epochs or rounds of training."""

    def report(self, kind: str, line: int, certainty: str, note: str) -> None:
        before = self.found.get((kind, line))
        if before is None or _ORDER[certainty] < _ORDER[before.certainty]:
            self.found[kind, line] = Finding(kind, line, certainty, note)

    def report_taints(self, taints: frozenset[Taint]) -> None:
        """Data that holds these has reached a split."""
        for taint in sorted(taints, key=lambda t: (t.line, t.kind, t.note)):
            self.report(taint.kind, taint.line, taint.certainty, taint.note)

    def learnt(self, kind: str, rows: Rows, line: int, certainty: str, note: str) -> None:
        """Something other than the final model was learnt over training and held-out rows together."""
        if "test" in roles_of(rows):
            self.report(kind, line, certainty, note)
        else:
            self.only_validation.append(Finding(kind, line, certainty, note))

    def scored(self, estimator: Estimator, fitted: Rows, fit_line: int, rows: Rows, line: int, supervised: bool) -> None:
        """A model's result on some rows was measured."""
        if is_held_out(rows):
            self.held_out_scored = True
            self._overlap(estimator, fitted, fit_line, rows)
            self._stopped_on(estimator, rows)
            if roles_of(rows) == {"test"}:
                self.candidates.setdefault(rows, {}).setdefault(estimator.name or str(fit_line), line)
        elif rows == fitted and supervised and fit_line and not any(a.startswith("g") for a in rows):
            if roles_of(rows) == {"full"}:
                self.trained_and_scored.append((line, estimator.name))
            elif roles_of(rows) == {"train"}:
                self.training_part_scored.append((line, estimator.name))

    def _overlap(self, estimator: Estimator, fitted: Rows, fit_line: int, rows: Rows) -> None:
        fitted = narrowest(fitted)
        if contains(fitted, rows) or rows & fitted or overlap(fitted, rows):
            note = f"{estimator.name or 'the model'} was fitted on rows that hold the ones it is scored on"
            self.report("train_test_overlap", fit_line, "certain", note)

    def _stopped_on(self, estimator: Estimator, rows: Rows) -> None:
        if estimator.stop_rows & rows:
            note = "the rows that decide when to stop are the rows the result is reported on"
            if all(a.rsplit("/", 1)[-1].startswith("k") for a in rows):
                self.only_validation.append(Finding("early_stopping_on_test", estimator.stop_line, "likely", note))
            certainty = "likely" if roles_of(rows) == {"test"} else "possible"
            self.report("early_stopping_on_test", estimator.stop_line, certainty, note)

    def gathered(self, scores: list[Score], line: int, certainty: str) -> None:
        """Scores of several models on the test set decide which one is kept."""
        on_test = [s for s in scores if roles_of(s.rows) == {"test"} and s.loop not in self.repetitions]
        if len(on_test) > 1 or any(s.loop for s in on_test):
            first = min(on_test, key=lambda s: s.line)
            self.report(
                "model_selection_on_test", first.line, certainty, "candidates are compared on the test set and the best one is kept"
            )

    @property
    def measures_held_out(self) -> bool:
        return self.held_out_scored or self.folds_seen

    def unless_measured_elsewhere(self) -> Finding | None:
        """What is a leak if no other module of the repository measures on held-out rows."""
        if self.measures_held_out or self.trained_and_scored or not self.training_part_scored:
            return None
        return Finding(*_on_training_rows(*self.training_part_scored[0]))

    def finish(self) -> tuple[Finding, ...]:
        """All findings in line order, with what only the whole module decides."""
        for kind, line in list(self.found):
            if kind == "fit_on_train_plus_test":
                self.found.pop(("scaler_or_imputer_fit_before_split", line), None)
        if not self.test_seen:
            for finding in self.only_validation:
                self.report(finding.kind, finding.line, finding.certainty, finding.note)
        if self.trained_and_scored and not self.measures_held_out:
            self.report(*_on_training_rows(*self.trained_and_scored[0]))
        for models in self.candidates.values():
            if len(models) >= CANDIDATES_THAT_ARE_A_CHOICE and self.saved:
                note = f"{len(models)} models are compared on one test set and one is saved"
                self.report("model_selection_on_test", sorted(models.values())[1], "likely", note)
        return tuple(sorted(self.found.values(), key=lambda f: (f.line, f.kind)))


def _on_training_rows(line: int, name: str) -> tuple[str, int, str, str]:
    note = f"{name or 'the model'} is scored on the rows it was fitted on and on no others"
    return "evaluated_on_training_data", line, "likely", note
