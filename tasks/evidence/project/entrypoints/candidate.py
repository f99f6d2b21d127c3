"""A possible answer with what speaks for and against it; the confidence is the sum of the reasons' weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tasks.evidence.place import Place, place_in
from tasks.evidence.project.entrypoints import roles
from tasks.evidence.project.facts import Entrypoint
from tasks.evidence.snapshot import Snapshot

ANSWERS_LIMIT = 10
LEAST_CONFIDENCE = 0.2
"""Below this a candidate is not an answer."""


@dataclass(slots=True)
class Candidate:
    file: str
    command: str
    line: int | None = None
    """Line of the digest where it is seen."""
    reasons: list[tuple[float, str]] = field(default_factory=list)
    is_program: bool = False
    """It was read and does something when run, whatever its name says."""
    factor: float = 1.0
    """Multiplied for copies, examples and tests, so that they stay behind whatever speaks for them."""

    def add(self, weight: float, reason: str) -> None:
        self.reasons.append((weight, reason))

    def dampen(self, factor: float, reason: str) -> None:
        self.factor *= factor
        self.reasons.append((0.0, reason))

    @property
    def confidence(self) -> float:
        return max(0.0, min(0.99, sum(w for w, _ in self.reasons) * self.factor))


def judge_place(candidate: Candidate) -> None:
    """Tests, unused copies, examples and templates stand behind the rest."""
    path = candidate.file
    if roles.is_test(path) and not candidate.is_program:
        candidate.dampen(0.3, "stands among tests")
    elif roles.is_legacy(path):
        candidate.dampen(0.5, "path says old or unused")
    elif roles.is_example(path):
        candidate.dampen(0.85, "path says example or experiment")
    if roles.is_template(path):
        candidate.dampen(0.9, "a template's file")
    if "/" in path:
        candidate.add(-0.004 * path.count("/"), "depth of the folder")


def ranked(snapshot: Snapshot, candidates: Iterable[Candidate]) -> tuple[Entrypoint, ...]:
    """One answer per file, most confident first; among equals the shallower, then the later of numbered copies."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.file not in best or candidate.confidence > best[candidate.file].confidence:
            best[candidate.file] = candidate
    order = sorted(best.values(), key=lambda c: (-round(c.confidence, 2), roles.numbers(c.file), c.file.count("/"), c.file))
    answers = [c for c in order if c.confidence >= LEAST_CONFIDENCE][:ANSWERS_LIMIT]
    return tuple(_answer(snapshot, c) for c in answers)


def _answer(snapshot: Snapshot, candidate: Candidate) -> Entrypoint:
    reasons = sorted((r for r in candidate.reasons if abs(r[0]) >= 0.02 or r[0] == 0), key=lambda r: -abs(r[0]))
    place: Place = place_in(snapshot, candidate.file, candidate.line) if candidate.file in snapshot.entries else Place(file=candidate.file)
    return Entrypoint(
        file=candidate.file,
        command=candidate.command,
        confidence=round(candidate.confidence, 2),
        reasons=tuple(text for _, text in reasons),
        place=place,
    )
