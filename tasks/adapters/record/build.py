"""A build as MLflow shows it: one run for it, a child for each loop, and below a loop one for each candidate tried in it."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tasks.adapters.record.journal import Entry
from tasks.adapters.record.record import Record
from tasks.adapters.record.sender import PARENT
from tasks.evidence.scores.facts import Candidate
from tasks.evidence.table.facts import SourceFile
from tasks.rules.building.result import BuildResult, Loop

EXPERIMENT = "axiom/model_building"
CHILDREN_PER_LOOP = 60
"""Candidates with a run of their own, the best first; `candidates.json` has all."""


class BuildRecord(Record):
    """The record of one build; a step that is told again after a crash is not told twice."""

    experiment = EXPERIMENT

    def __init__(self, home: Path, key: str) -> None:
        super().__init__(home, key)
        self._gathering = False
        self._told: set[str] = set()
        self._ended = False
        """Its own run has all its numbers."""
        for entry, _ in self._journal.read():
            self._opened = True
            self._told.add(_told(entry))
            self._ended = self._ended or (entry.get("status") in WHOLE and entry["run"] == PARENT)

    def inputs(self, sources: Sequence[SourceFile]) -> None:
        """The data files with their hashes."""
        if _INPUTS in self._told:
            return
        made = [
            {
                "name": Path(s.path).name[:200], "digest": s.sha256, "source": s.path, "context": "training",
                "profile": f'{{"num_rows": {s.rows}, "num_columns": {s.columns}, "bytes": {s.bytes}}}',
            }
            for s in sources
        ]  # fmt: skip
        with self._guard:
            self._write({"op": "inputs", "run": PARENT, "datasets": made})

    def loop(self, loop: Loop, candidates: Sequence[Candidate], files: Mapping[str, bytes]) -> None:
        """A loop with its candidates: parameters, scores per fold, the critic's verdict."""
        run = f"loop:{loop.loop}"
        if run in self._told:
            return
        with self._guard, self._in_one_piece():
            self._write({"op": "run", "run": run, "name": f"loop #{loop.loop}"})
            self._label(run, {"route": loop.route, "reasons": " ".join(loop.reasons), "decided_by": loop.decided_by}, {})
            if loop.facts is not None:
                self._numbers(run, _loop_numbers(loop))
            for name, data in files.items():
                self._put(run, name, data)
            for candidate in _best_first(candidates)[:CHILDREN_PER_LOOP]:
                if f"candidate:{candidate.id}" not in self._told:
                    self._candidate(run, candidate, loop.facts.estimate.metric if loop.facts else "score")
            self._end(run, "FINISHED")
            self._told.add(run)

    def finish(self, result: BuildResult, tags: Mapping[str, str], files: Mapping[str, Path]) -> None:
        """The end: the sealed test, the verdict, the files by their path among the artifacts. Numbers are told once."""
        with self._guard, self._in_one_piece():
            if result.test is not None and not self._ended:
                t = result.test
                self._numbers(PARENT, {f"final/{t.metric}": t.value, f"final/{t.metric}_low": t.low, f"final/{t.metric}_high": t.high})
                self._numbers(PARENT, {f"test/{e.metric}": e.value for e in (t.facts.others if t.facts else ())})
            if not self._ended:
                self._numbers(PARENT, {f"baseline/{b.name}": b.value for b in result.baselines} | {"seconds": result.seconds})
            self._label(PARENT, {"status": "finished", "verdict": result.verdict, "reasons": " ".join(result.reasons), **tags}, {})
            for path, source in files.items():
                self._keep(PARENT, source, path)
            self._end(PARENT, "FINISHED")
            self._ended = True

    def fail(self, why: str) -> None:
        """The build ended without a result."""
        with self._guard:
            if self._opened:
                self._label(PARENT, {"detail": why}, {})
                self._end(PARENT, "FAILED")

    @contextlib.contextmanager
    def _in_one_piece(self) -> Iterator[None]:
        """What is written in it reaches the journal together: a crash leaves all of it or nothing."""
        self._gathering = True
        try:
            yield
        finally:
            self._gathering = False
            self._flush(True)

    def _flush(self, confirm: bool) -> None:
        if not self._gathering:
            super()._flush(confirm)

    def _candidate(self, loop: str, candidate: Candidate, metric: str) -> None:
        run = f"candidate:{candidate.id}"
        self._write({"op": "run", "run": run, "parent": loop, "name": f"{candidate.family} · {candidate.id[:6]}"})
        tags = {"family": candidate.family, "view": candidate.view, "origin": candidate.origin, "result": candidate.status}
        self._label(run, tags | {"detail": candidate.detail}, {k: str(v) for k, v in candidate.params.items()})
        self._series(run, f"fold/{metric}", candidate.fold_scores)
        self._numbers(run, {f"cv/{metric}": candidate.score, f"train/{metric}": candidate.train_score, "fit_seconds": candidate.seconds})
        self._end(run, "FINISHED" if candidate.status in ("done", "pruned") else "FAILED")

    def _series(self, run: str, name: str, values: Sequence[float]) -> None:
        """One value a step, such as a score per fold."""
        points = [[name, v, step, True, "result"] for step, v in enumerate(values) if math.isfinite(v)]
        if points:
            self._write({"op": "points", "run": run, "points": points}, confirm=False)

    def _numbers(self, run: str, values: Mapping[str, float | None]) -> None:
        points = [[k, float(v), 0, True, "result"] for k, v in values.items() if v is not None and math.isfinite(v)]
        if points:
            self._write({"op": "points", "run": run, "points": points})


_INPUTS = "inputs:"


WHOLE = ("FINISHED", "FAILED")
"""Ends of runs that were told to their end; KILLED are those whose process died."""


def _told(entry: Entry) -> str:
    """The step this entry ends."""
    return _INPUTS if entry["op"] == "inputs" else str(entry["run"]) if entry.get("status") in WHOLE else ""


def _best_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Finished before unfinished, in the order of the journal otherwise: the metric's direction is not needed to keep 60 of 60."""
    return sorted(candidates, key=lambda c: (c.status != "done", c.origin != "baseline"))


def _loop_numbers(loop: Loop) -> dict[str, float | None]:
    facts = loop.facts
    assert facts is not None
    told: dict[str, Any] = {
        f"cv/{facts.estimate.metric}": facts.estimate.value, "cv/low": facts.estimate.low, "cv/high": facts.estimate.high, "overfit_gap": facts.overfit_gap,
        "fold_spread": facts.fold_spread, "noise": facts.noise, "gain": facts.gain, "threshold": facts.threshold,
        "calibration_error": facts.calibration_error, "features_out": facts.features_out, "candidates": facts.candidates,
    }  # fmt: skip
    named = zip(facts.baseline_names, facts.baselines, strict=False)
    return told | {f"baseline/{name}": e.value for name, e in named} | {f"importance/{c}": v for c, v in facts.importances}


_records: dict[tuple[Path, str], BuildRecord] = {}
_opening = threading.Lock()


def build_record(home: Path, key: str) -> BuildRecord:
    """The record of a build, the same one for all steps of this process."""
    with _opening:
        if (home, key) not in _records:
            _records[(home, key)] = BuildRecord(home, key)
        return _records[(home, key)]
