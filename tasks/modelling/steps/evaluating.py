"""Evaluating: one loop's champion on rows it was not fitted on. The sealed rows stay sealed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from tasks.modelling.steps.features import recipe_of
from tasks.modelling.steps.training import outcome_of, search_folder, training_data

if TYPE_CHECKING:
    from tasks.evidence.scores.facts import LoopFacts
    from tasks.modelling.features.tracking import FeatureFacts
    from tasks.modelling.session import Session
    from tasks.modelling.training.data import SearchOutcome, TrainingData

IMPORTANCE_SHARE = 0.03
"""Of the budget, at most so much goes to importances in each loop."""


def evaluate(session: Session, loop: int) -> dict[str, Any]:
    """The facts the critic judges by."""
    from tasks.modelling.evaluation import evaluate_loop

    began = time.time()
    data, outcome = training_data(session), outcome_of(session, loop)
    folder = search_folder(session, loop)
    tracked = _track(session, loop, outcome)
    facts = evaluate_loop(
        data, outcome, _previous(session, loop), folder=folder, features_in=data.frame.shape[1],
        features_out=max((v.features_out for v in tracked.views), default=0),
        features_new=tuple(dict.fromkeys(n for v in tracked.views for n in v.new)),
        features_dropped=tuple(d.column for d in tracked.dropped),
        importances=_importances(session, data, outcome, loop), seconds=time.time() - began,
    )  # fmt: skip
    facts = facts.model_copy(update={"loop": loop})
    e = facts.estimate
    told = f"{e.metric} {e.value:.4f}" + (f" [{e.low:.4f}, {e.high:.4f}]" if e.low is not None and e.high is not None else "")
    return {"facts": facts.model_dump(mode="json"), "told": f"{told} out of fold"}


def facts_of(session: Session, loop: int) -> LoopFacts:
    """Facts of a loop that was evaluated."""
    from tasks.evidence.scores.facts import LoopFacts

    return LoopFacts.model_validate(session.workspace.finished(f"evaluate#{loop}")["facts"])


def _previous(session: Session, loop: int) -> LoopFacts | None:
    """The loop before; none when this one starts afresh without a column that gave the target away."""
    return facts_of(session, loop - 1) if loop > 1 and search_folder(session, loop) == search_folder(session, loop - 1) else None


def _track(session: Session, loop: int, outcome: SearchOutcome) -> FeatureFacts:
    """Shapes and names of the features, from one fitted view of each kind the champion uses."""
    from tasks.modelling.features.tracking import track_features, track_view
    from tasks.modelling.training.store import Store

    store, d = Store(search_folder(session, loop)), session.development
    fold = int(d.folds.max())
    kinds = {outcome.candidate(m.id).view: m.id for m in outcome.members}
    views = [store.transformer(store.recipe_of(id), view, fold) for view, id in kinds.items() if view != "none"]
    rows, columns = int((d.folds != fold).sum()), list(d.frame.columns)
    tracked = track_features(recipe_of(session, loop), [track_view(v, rows, columns) for v in views])
    session.workspace.write(features_file(loop), tracked)
    return tracked


def features_file(loop: int) -> str:
    return f"loops/{loop}/features.json"


def _importances(session: Session, data: TrainingData, outcome: SearchOutcome, loop: int) -> tuple[tuple[str, float], ...]:
    """Permutation importances of the heaviest member, on a fold it was not fitted on."""
    from tasks.modelling.importances import measure_importances
    from tasks.modelling.training.fitting import predict
    from tasks.modelling.training.store import Store

    heaviest = outcome.candidate(outcome.members[0].id)
    if heaviest.view == "none":
        return ()
    store, fold = Store(search_folder(session, loop)), data.fold_numbers[-1]
    view = store.transformer(store.recipe_of(heaviest.id), heaviest.view, fold)
    estimator = store.estimator(heaviest.id, fold)
    held = data.held_rows(fold)
    sources = set(view.source_of_)
    used = [c for c in data.frame.columns if c in sources]
    return measure_importances(
        lambda frame: predict(estimator, view.transform(frame), data.n_classes), data.frame.iloc[held].reset_index(drop=True),
        np.asarray(data.y)[held], data.contract, deadline=time.time() + IMPORTANCE_SHARE * session.request.time_budget,
        columns=used,
    )  # fmt: skip
