"""`build.json`: everything the build found, put together. What only the flow knows is added there."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.evidence.scores.facts import TestFacts
from tasks.modelling.evaluation import is_dummy
from tasks.modelling.features.tracking import FeatureFacts
from tasks.modelling.finish.champion import OpenChampion, loops_of
from tasks.modelling.finish.model import MadeModel
from tasks.modelling.finish.sealed import Tested
from tasks.modelling.generated.kept import kept_features, refused_code
from tasks.modelling.plots.choice import choose_three
from tasks.modelling.plots.plot import Plot
from tasks.modelling.steps.evaluating import features_file
from tasks.modelling.steps.generating import failed_on_sealed
from tasks.modelling.training.store import Store
from tasks.modelling.workspace import replace
from tasks.rules.building.result import (
    Baseline,
    BuildResult,
    Champion,
    FeatureSummary,
    FeatureTrack,
    File,
    FileRole,
    TestResult,
)  # fmt: skip
from tasks.rules.building.shipping import decide_shipping, judge_clauses
from tasks.rules.contract import ModelUse

if TYPE_CHECKING:
    from tasks.modelling.session import Session

LIBRARIES = ("numpy", "pandas", "scikit-learn", "lightgbm", "catboost", "optuna", "skops")
ROLES: dict[str, FileRole] = {
    "predict.py": "predict", "schema.json": "schema", "signature.json": "signature", "input_example.json": "input_example",
    "reference_profile.json": "reference_profile", "model.onnx": "onnx", "predictions.csv": "predictions", "template.json": "template",
}  # fmt: skip


def make_result(session: Session, champion: OpenChampion, tested: Tested, made: MadeModel, plots: Sequence[Plot]) -> BuildResult:
    """The result but for registration, the language model's part and the time after this moment."""
    contract, facts, request = session.contract, tested.facts, session.request
    loops = loops_of(session)
    clauses = judge_clauses(contract, facts)
    shipping = decide_shipping(contract, facts, clauses, session.leaks, champion.facts)
    return BuildResult(
        contract=contract, split=session.split, loops=loops, champion=_champion(champion, made), test=_test(facts),
        baselines=_baselines(facts), clauses=clauses, verdict=shipping.verdict, reasons=shipping.reasons,
        budget_seconds=request.time_budget, seconds=round(session.clock.spent, 1), model=ModelUse(name=None),
        key=session.workspace.folder.name, seed=request.seed,
        started=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(session.clock.began)),
        profile=session.profile, leaks=session.leaks, dropped=_dropped(session, champion), features=_features(session, champion),
        slices=facts.slices, candidates=_candidates(session), exports=made.exports, files=_files(session, made, plots),
        notes=_notes(session, tested), environment=_environment(),
        timings={k: float(v) for k, v in session.seconds.items()},
    )  # fmt: skip


def _champion(champion: OpenChampion, made: MadeModel) -> Champion:
    families = [m.family for m in champion.members]
    name = families[0] if len(families) == 1 else f"ensemble of {len(families)}: {', '.join(dict.fromkeys(families))}"
    chosen = champion.decision.threshold
    return Champion(
        loop=champion.loop.loop, name=name, members=champion.members, candidates=champion.candidates, estimate=champion.facts.estimate,
        threshold=chosen.threshold if chosen else None, threshold_reason=chosen.reason if chosen else "",
        calibration=champion.decision.calibration, refitted=made.refitted,
    )  # fmt: skip


def _test(facts: TestFacts) -> TestResult:
    e = facts.estimate
    low, high = e.low if e.low is not None else e.value, e.high if e.high is not None else e.value
    return TestResult(
        metric=e.metric, value=e.value, low=low, high=high, confidence_low=e.confidence_low, confidence_high=e.confidence_high,
        rows=e.rows, facts=facts,
    )  # fmt: skip


def _baselines(facts: TestFacts) -> tuple[Baseline, ...]:
    p_values = facts.baseline_p_values or (None,) * len(facts.baselines)
    gains = facts.baseline_gains or (None,) * len(facts.baselines)
    return tuple(
        Baseline(
            name=name, kind="dummy" if is_dummy(name) else "simple", value=e.value, low=e.low, high=e.high, p_value=p,
            beaten=None if p is None or gained is None else bool(p < 0.05 and gained > 0),
        )
        for name, e, p, gained in zip(facts.baseline_names, facts.baselines, p_values, gains, strict=True)
    )  # fmt: skip


def _dropped(session: Session, champion: OpenChampion) -> tuple[FeatureTrack, ...]:
    tracked = session.workspace.read(features_file(champion.loop.loop), FeatureFacts)
    return tuple(FeatureTrack(column=d.column, kind=_kind(session, d.column), status="dropped", reason=d.reason) for d in tracked.dropped)


def _kind(session: Session, column: str) -> str:
    found = session.schema.column(column)
    return found.kind if found else ""


def _features(session: Session, champion: OpenChampion) -> FeatureSummary:
    tracked = session.workspace.read(features_file(champion.loop.loop), FeatureFacts)
    kept = kept_features(session.workspace)
    widest = max(tracked.views, key=lambda v: v.features_out, default=None)
    of_column = widest.of_column if widest else {}
    tracks = [FeatureTrack(column=c, kind=_kind(session, c), features=(f"{n} features",)) for c, n in of_column.items()]
    tracks += [
        FeatureTrack(column=c, kind=_kind(session, c), status="dropped", reason="constant, or a copy of another") for c in tracked.unused
    ]
    return FeatureSummary(
        columns_in=champion.data.frame.shape[1] - sum(len(k.columns) for k in kept), features_out=widest.features_out if widest else 0,
        tracks=(*tracks, *_dropped(session, champion)), importances=champion.facts.importances,
        generated=tuple(f"{c.name}: loop {k.loop}, {k.told}" for k in kept for c in k.columns), rejected=refused_code(session.workspace),
    )  # fmt: skip


def _candidates(session: Session):  # type: ignore[no-untyped-def]
    folders = sorted((session.workspace / "search").glob("*"))
    return tuple(candidate for folder in folders for candidate in Store(folder).results())


def _notes(session: Session, tested: Tested) -> tuple[str, ...]:
    read, split = session.profile, session.split
    told = [*read.notes, *(n for s in read.sources for n in s.notes), *split.notes]
    if split.rows_without_target:
        told.append(f"{split.rows_without_target:,} rows without a value of {session.contract.target} were left out.")
    if tested.sealed.opened_before:
        told.append("The build was interrupted while the sealed test was open; the same champion was scored on it again.")
    if kept_features(session.workspace):
        told.append("The sealed rows, without their target, were given to the sandbox at the end, to make their generated features.")
    if failed_on_sealed(session):
        told.append("Generated features could not be made of the sealed rows; they count as missing there.")
    return tuple(dict.fromkeys(told))


def _environment() -> dict[str, str]:
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return versions | {"python": platform.python_version(), "processors": str(os.cpu_count())}


def _files(session: Session, made: MadeModel, plots: Sequence[Plot]) -> tuple[File, ...]:
    """Everything below `final/`, plots in the order in which they matter first."""
    found = [
        _file(made.folder, path)
        for path in sorted(made.folder.rglob("*"))
        if path.is_file() and "plots" not in path.relative_to(made.folder).parts[:1]
    ]
    three = choose_three(plots, session.contract)
    ordered = [*three, *sorted((p for p in plots if p not in three), key=lambda p: p.rank)]
    return (*found, *_plots(session, made.folder, ordered))


def _plots(session: Session, folder: Path, plots: Sequence[Plot]) -> list[File]:
    """Copy the pictures beside the report; their captions go to `plots.json`, which the report reads."""
    made = []
    (folder / "plots").mkdir(parents=True, exist_ok=True)
    for plot in plots:
        for name in (plot.file_light, plot.file_dark):
            shutil.copyfile(session.workspace / "plots" / name, folder / "plots" / name)
        made.append(_file(folder, folder / "plots" / plot.file_light, title=f"{plot.title}. {plot.caption}", role="plot"))
    replace(folder / "plots" / "plots.json", json.dumps([p.model_dump(mode="json") for p in plots]).encode())
    return made


def _file(folder: Path, path: Path, title: str = "", role: FileRole | None = None) -> File:
    relative = path.relative_to(folder)
    known = ROLES.get(relative.name) or ("service" if relative.parts[0] == "service" else "model")
    data = path.read_bytes()
    return File(path=str(relative), role=role or known, title=title, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
