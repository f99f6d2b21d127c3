"""The champion of all finished candidates of all loops: one of them, or a weighted ensemble."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.evidence.scores.facts import Candidate, Member
from tasks.modelling.training.data import TrainingData
from tasks.modelling.training.ensemble import Entry, blend, select
from tasks.modelling.training.judge import Judge
from tasks.modelling.training.store import Store


@dataclass(frozen=True)
class Champion:
    members: tuple[Member, ...]
    oof: np.ndarray
    score: float


def choose_champion(candidates: list[Candidate], data: TrainingData, store: Store, judge: Judge) -> Champion:
    """The same for the same finished candidates. ValueError when none is finished."""
    done = sorted((c for c in candidates if c.status == "done"), key=lambda c: c.id)
    done = [c for c in done if c.family != "dummy"] or done
    if not done:
        why = next((f": {c.family} failed, {c.detail}" for c in candidates if c.status == "failed"), "")
        raise ValueError(f"no candidate was finished{why}")
    predictions = {c.id: store.oof(c.id) for c in done}
    covered = {id: _has_prediction(oof) for id, oof in predictions.items()}
    most = max(int(rows.sum()) for rows in covered.values())
    done = [c for c in done if covered[c.id].sum() == most]
    rows = np.logical_and.reduce([covered[c.id] for c in done])
    y = data.y[rows]
    entries = [Entry(c.id, c.family, judge.merit(y, predictions[c.id][rows]), predictions[c.id][rows]) for c in done]
    weights = select(entries, y, judge, data.seed)
    families = {c.id: c.family for c in done}
    members = tuple(
        Member(id=id, family=families[id], weight=weight) for id, weight in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    oof = blend([predictions[member.id] for member in members], [member.weight for member in members])
    return Champion(members, oof, judge.score(y, oof[rows]))


def _has_prediction(oof: np.ndarray) -> np.ndarray:
    return np.isfinite(oof) if oof.ndim == 1 else np.isfinite(oof).all(axis=1)
