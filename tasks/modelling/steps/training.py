"""Training: one loop's search, within its share of the time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.modelling.steps.features import recipe_of
from tasks.modelling.tables import load, save

if TYPE_CHECKING:
    from tasks.modelling.session import Session
    from tasks.modelling.training.data import SearchOptions, SearchOutcome, TrainingData


def train(session: Session, loop: int) -> dict[str, Any]:
    """Candidates and members after this loop; predictions and models stay in the workspace."""
    from tasks.rules.building.schedule import plan_loop

    request = session.request
    schedule = plan_loop(time.time(), session.clock.deadline, request.time_budget, session.profile.rows, loop, request.max_loops)
    session.emit("loop", loop=loop, seconds=round(schedule.loop_end - time.time(), 1))
    outcome = _search(session, loop, schedule.loop_end)
    save(session.workspace, _outcome_file(loop), outcome)
    session.outcomes[loop] = outcome
    best = f"{len(outcome.candidates)} candidates, {len(outcome.members)} in the champion, {session.contract.metric} {outcome.score:.4f}"
    return {"members": [m.model_dump(mode="json") for m in outcome.members], "notes": list(outcome.notes), "told": best}


def outcome_of(session: Session, loop: int) -> SearchOutcome:
    """The outcome of a finished loop: from memory, or as it was kept, since what later loops found is not the loop's."""
    if loop not in session.outcomes:
        session.outcomes[loop] = load(session.workspace, _outcome_file(loop))
    return session.outcomes[loop]


def _outcome_file(loop: int) -> str:
    return f"loops/{loop}/outcome.joblib"


def _search(session: Session, loop: int, deadline: float) -> SearchOutcome:
    from tasks.modelling.training.search import search

    return search(
        training_data(session), search_folder(session, loop), loop, recipe_of(session, loop), _options(session, loop), deadline,
        lambda event: session.emit(**{"loop": loop, **event}),
    )  # fmt: skip


def search_folder(session: Session, loop: int) -> Path:
    """Where this loop's candidates lie: a new folder from the loop on that drops a leaking column, since nothing made with it counts."""
    drops = sum(change.kind == "drop_columns" for change in session.changes(loop))
    return session.workspace / "search" / str(drops)


def training_data(session: Session) -> TrainingData:
    """The development rows as the search takes them."""
    from tasks.modelling.training.data import TrainingData

    d = session.development
    return TrainingData(d.frame, d.y, d.folds, session.contract, d.groups, session.request.seed)


def _options(session: Session, loop: int) -> SearchOptions:
    from tasks.modelling.training.data import SearchOptions

    request = session.request
    changes = session.changes(loop)
    kinds = {c.kind for c in changes}
    return SearchOptions(
        jobs=request.jobs, executor=request.executor, address=request.address, optuna_storage=request.optuna_storage,
        max_candidates=request.max_candidates, first=tuple((t.family, t.params) for t in request.trials),
        simplify="simplify" in kinds, regularise="regularise" in kinds,
        class_weight=max((c.amount or 1.0 for c in changes if c.kind == "weight_classes"), default=None),
        bags=max((int(c.amount or 1) for c in changes if c.kind == "bag"), default=1),
    )  # fmt: skip
