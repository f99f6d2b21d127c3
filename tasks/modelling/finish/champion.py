"""The champion of all loops, as predictors of development rows only: what the sealed test is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tasks.evidence.scores.facts import Candidate, LoopFacts, Member
from tasks.modelling.assembling import columns_read, parts_of
from tasks.modelling.deciding import Decision, decide_output
from tasks.modelling.generated.kept import kept_features
from tasks.modelling.runtime.generated import GeneratedCode, source_columns
from tasks.modelling.runtime.predictor import Predictor
from tasks.modelling.training.store import Store
from tasks.rules.building.result import Loop

if TYPE_CHECKING:
    from tasks.modelling.session import Session
    from tasks.modelling.training.data import SearchOutcome, TrainingData


@dataclass(frozen=True)
class OpenChampion:
    """Everything that follows the loops starts from it."""

    loop: Loop
    facts: LoopFacts
    folder: Path
    """Of its search."""
    data: TrainingData
    outcome: SearchOutcome
    decision: Decision
    predictor: Predictor
    """The fold models, calibrated and with the threshold."""
    baselines: dict[str, Predictor]

    @property
    def members(self) -> tuple[Member, ...]:
        return self.outcome.members

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(self.outcome.candidate(m.id) for m in self.members)


def loops_of(session: Session) -> tuple[Loop, ...]:
    """The critic's verdicts so far."""
    found = []
    for number in range(1, session.request.max_loops + 1):
        kept = session.workspace.finished(f"judged#{number}")
        if kept is None:
            break
        found.append(Loop.model_validate(kept["loop"]))
    return tuple(found)


def open_champion(session: Session) -> OpenChampion:
    """The best of all loops by the critic's rule."""
    from tasks.modelling.steps.training import outcome_of, search_folder, training_data

    loops = loops_of(session)
    best = session.workspace.finished(f"judged#{len(loops)}")["best"]
    loop = next(one for one in loops if one.loop == best)
    assert loop.facts is not None
    data, outcome = training_data(session), outcome_of(session, loop.loop)
    folder = search_folder(session, loop.loop)
    store = Store(folder)
    decision = decide_output(session.contract, data.y, outcome.oof, data.folds)
    predictor = _predictor(session, store, outcome.members, data, decision)
    baselines = {
        c.family: _predictor(session, store, [Member(id=c.id, family=c.family, weight=1.0)], data, None) for c in outcome.baselines
    }
    return OpenChampion(loop, loop.facts, folder, data, outcome, decision, predictor, baselines)


def _predictor(session: Session, store: Store, members: Any, data: TrainingData, decision: Decision | None) -> Predictor:
    views, parts = parts_of(store, members, data.model_folds)
    return make_predictor(session, views, parts, decision)


def make_predictor(session: Session, views: dict[str, Any], parts: Any, decision: Decision | None) -> Predictor:
    """One predictor of these parts; with a decision, calibrated and with its threshold."""
    contract = session.contract
    generated = needed_code(session, columns_read(views))
    read = source_columns(sorted(columns_read(views)), generated)
    columns = tuple(c.name for c in session.schema.columns if c.name in read)
    return Predictor(
        schema=session.schema, task=contract.task, target=contract.target, columns=columns, views=views, parts=tuple(parts),
        classes=contract.classes, positive=contract.positive,
        calibrator=decision.calibrator if decision else None,
        threshold=decision.threshold.threshold if decision and decision.threshold else None,
        generated=generated, about={"objective": contract.objective, "metric": contract.metric},
    )  # fmt: skip


def needed_code(session: Session, read: set[str]) -> tuple[GeneratedCode, ...]:
    """Generated code that makes a column these views read."""
    return tuple(k.running for k in kept_features(session.workspace) if read & {c.name for c in k.columns})


def scores_of(predictor: Predictor, frame: pd.DataFrame) -> np.ndarray:
    """`(n,)` values or `(n, k)` probabilities of canonical rows."""
    return predictor.predict_proba_canonical(frame) if predictor.classes else predictor.predict_canonical(frame)
