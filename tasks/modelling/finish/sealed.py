"""The sealed test: predictions of the champion and the baselines on rows that nothing has seen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasks.evidence.scores.facts import TestFacts
from tasks.modelling.finish.champion import OpenChampion, scores_of
from tasks.modelling.steps.generating import widen_sealed
from tasks.modelling.tables import Sealed

if TYPE_CHECKING:
    from tasks.modelling.session import Session

TIMED_ROWS = 1000
PREDICTIONS = "predictions.csv"


@dataclass(frozen=True)
class Tested:
    facts: TestFacts
    sealed: Sealed
    prediction: np.ndarray
    """`(n,)` values or `(n, k)` probabilities of the champion, calibrated."""


def score_sealed(session: Session, champion: OpenChampion) -> Tested:
    """Open the sealed rows and measure everything on them. A build taken up after a crash here gives the same numbers again."""
    from tasks.modelling.evaluation import SealedRows, open_sealed

    sealed = widen_sealed(session, session.open_sealed())
    prediction = scores_of(champion.predictor, sealed.frame)
    rows = SealedRows(
        y=sealed.y, prediction=prediction,
        baselines={name: scores_of(p, sealed.frame) for name, p in champion.baselines.items()},
        frame=sealed.frame, groups=sealed.groups, in_time=champion.data.in_time,
    )  # fmt: skip
    facts = open_sealed(
        session.contract, rows, threshold=champion.predictor.threshold, out_of_fold=champion.facts.estimate,
        milliseconds_per_row=_milliseconds(champion, sealed),
    )  # fmt: skip
    return Tested(facts, sealed, prediction)


def _milliseconds(champion: OpenChampion, sealed: Sealed) -> float:
    """Milliseconds a row, of a batch of up to a thousand."""
    batch = sealed.frame.head(TIMED_ROWS)
    began = time.perf_counter()
    scores_of(champion.predictor, batch)
    return 1000 * (time.perf_counter() - began) / len(batch)


def write_predictions(session: Session, champion: OpenChampion, tested: Tested) -> None:
    """`predictions.csv` of the sealed rows: what a later challenger is compared with, row by row."""
    y, p = tested.sealed.y, champion.predictor
    truth = np.array(p.classes, dtype=object)[y.astype(int)] if p.classes else y
    answer = p.decide(tested.prediction) if p.classes else tested.prediction
    table = pd.DataFrame({"row": np.arange(len(y)), "y_true": truth, "y_pred": answer})
    folder = session.workspace / "final" / "model"
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / PREDICTIONS, index=False)
