"""How many of the leaks in `tests/twins` are found, and how many of their clean twins are accused.

A leaky twin marks its lines with `# LEAK` at the end; its folder names the kind. It is found when that kind is reported
within five lines of a mark. Every kind reported for a clean twin, and every other kind for a leaky one, is a false alarm.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.facts import Leak
from tasks.evidence.training.leakage import find_leaks

TWINS = Path(__file__).parents[1] / "twins"
LINES_NEAR = 5


@dataclass
class Tally:
    found: int = 0
    missed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.false_alarms)) if self.found or self.false_alarms else 1.0

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed)) if self.found or self.missed else 1.0


def score_twins(folder: Path = TWINS) -> dict[str, Tally]:
    """Tallies by kind; a kind that is only ever a false alarm has one as well."""
    leaks: dict[str, list[Leak]] = defaultdict(list)
    for kind in sorted(p for p in folder.iterdir() if p.is_dir()):
        # Each twin is a repository of its own: files of one folder must not be taken for each other's modules.
        for path in sorted(kind.iterdir()):
            leaks[f"{kind.name}/{path.name}"] = [k for k in _leaks_of(kind, path.name) if k.certainty != "possible"]
    tallies: dict[str, Tally] = defaultdict(Tally)
    for name, found in leaks.items():
        kind = name.partition("/")[0]
        if "_leaky" in name:
            near = any(k.kind == kind and _is_near(k, _marks(folder / name)) for k in found)
            if near:
                tallies[kind].found += 1
            else:
                tallies[kind].missed.append(name)
        for other in sorted({k.kind for k in found if "_clean" in name or k.kind != kind}):
            tallies[other].false_alarms.append(name)
    return dict(sorted(tallies.items()))


def _leaks_of(folder: Path, name: str) -> tuple[Leak, ...]:
    snapshot = Snapshot.of_folder(folder)
    others = {p: "another twin" for p in snapshot.paths if p != name}
    return find_leaks(Snapshot(folder, snapshot.manifest, others))


def _marks(path: Path) -> list[int]:
    end = '# LEAK\\n",', '# LEAK"', "# LEAK"
    return [
        number
        for number, line in enumerate(path.read_text().split("\n"), 1)
        if line.rstrip(", ").endswith(tuple(e.rstrip(",") for e in end))
    ]


def _is_near(leak: Leak, marks: list[int]) -> bool:
    return any(leak.place.line is not None and abs(leak.place.line - mark) <= LINES_NEAR for mark in marks)


def total(tallies: dict[str, Tally]) -> Tally:
    """All kinds together."""
    summed = Tally()
    for tally in tallies.values():
        summed.found += tally.found
        summed.missed += tally.missed
        summed.false_alarms += tally.false_alarms
    return summed


def bench_twins() -> None:
    """Print precision and recall per kind and in total."""
    tallies = score_twins()
    print(f"{'leaks in code':40} {'precision':>9} {'recall':>7}   found  missed  false alarms")
    for kind, tally in [*tallies.items(), ("total", total(tallies))]:
        print(f"{kind:40} {tally.precision:9.3f} {tally.recall:7.3f} {tally.found:7} {len(tally.missed):7} {len(tally.false_alarms):7}")
