"""Columns that alone tell the target nearly perfectly while no other comes near: too good to be a cause."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.evidence.leaks.facts import LeakKind, LeakSuspect
from tasks.evidence.leaks.naming import tells_afterwards

MOST_ALIKE = 3
"""More columns that are all nearly perfect are an easy task, not a leak."""


SHORTFALL = 0.002
"""A perfect score of finitely many rows is counted as short by so much."""


@dataclass(frozen=True)
class Bar:
    """What a column must reach alone, and how many times smaller its shortfall from 1 must be than that of the best other."""

    score: float
    lead: float


CERTAIN = {"classes": (Bar(0.9985, 12.0), Bar(0.99, 20.0)), "regression": (Bar(0.997, 20.0),)}
CERTAIN_BY_NAME = {"classes": Bar(0.95, 4.0), "regression": Bar(0.95, 6.0)}
SUSPECT = {"classes": (Bar(0.985, 2.0), Bar(0.95, 4.0)), "regression": (Bar(0.98, 4.0), Bar(0.995, 1.5))}
SUSPECT_BY_NAME = {"classes": Bar(0.85, 1.5), "regression": Bar(0.6, 1.5)}


def find_dominant(
    scores: dict[str, float], task: str, *, ceiling: float = 0.0, excused: frozenset[str] = frozenset(), apart: frozenset[str] = frozenset()
) -> list[LeakSuspect]:
    """`ceiling`: what the row before tells of a regression in time order; a column no better than that only persists. `apart`: never certain."""
    kind = "regression" if task == "regression" else "classes"
    floor = 0.0 if kind == "regression" else 0.5
    ranked = sorted(((s, n) for n, s in scores.items() if n not in excused), reverse=True)
    accused = [r for r in ranked if r[1] not in apart]
    for alike in range(1, min(MOST_ALIKE, len(accused)) + 1):
        top = accused[:alike]
        rest = [r for r in ranked if r not in top]
        second = max(rest[0][0] if rest else floor, floor, ceiling)
        certain = all(
            _passes(s, second, CERTAIN[kind]) or (tells_afterwards(n) and _passes(s, second, (CERTAIN_BY_NAME[kind],))) for s, n in top
        )
        if certain:
            return [_tell(s, n, second, kind, certain=True) for s, n in top]
    found = []
    for i, (score, name) in enumerate(ranked[:MOST_ALIKE]):
        second = max([s for s, n in ranked[: i + 2] if n != name] or [floor])
        after = tells_afterwards(name) and _passes(score, max(second, ceiling), (SUSPECT_BY_NAME[kind],))
        if after or _passes(score, max(second, ceiling), SUSPECT[kind]):
            found.append(_tell(score, name, second, kind, certain=False))
    return found


def _passes(score: float, second: float, bars: tuple[Bar, ...]) -> bool:
    return any(score >= bar.score and (1 - second) >= bar.lead * max(1 - score, SHORTFALL) for bar in bars)


def _tell(score: float, name: str, second: float, kind: str, *, certain: bool) -> LeakSuspect:
    measure = "R2" if kind == "regression" else "ROC AUC"
    after = tells_afterwards(name)
    evidence = f"{name} alone has a cross-validated {measure} of {score:.4f}, the best other column {second:.3f}"
    evidence += "; its name speaks of something known only afterwards" if after else ""
    leak: LeakKind = "after_the_fact" if after else "single_column"
    return LeakSuspect(columns=(name,), kind=leak, score=min(1.0, score), evidence=evidence, certain=certain)
