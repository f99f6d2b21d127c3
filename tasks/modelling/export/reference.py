"""The reference drift profile of a model: how its columns and its predictions looked in training."""

from __future__ import annotations

import pandas as pd

from tasks.evidence.drift.reference import ReferenceProfile, profile_reference
from tasks.modelling.runtime.predictor import Predictor
from tasks.modelling.runtime.rows import prediction_table

FEATURE_ROWS = 100_000
PREDICTED_ROWS = 2_000


def reference_of(predictor: Predictor, canonical: pd.DataFrame, predict: bool = True, seed: int = 0) -> ReferenceProfile:
    """Of at most `FEATURE_ROWS` rows drawn at random, and predictions of at most `PREDICTED_ROWS`."""
    rows = canonical
    drawn = rows if len(rows) <= FEATURE_ROWS else rows.sample(FEATURE_ROWS, random_state=seed)
    predictions: pd.DataFrame | None = None
    if predict:
        some = drawn if len(drawn) <= PREDICTED_ROWS else drawn.sample(PREDICTED_ROWS, random_state=seed)
        predictions = prediction_table(predictor, some, canonical=True)
    return ReferenceProfile(
        rows=len(drawn),
        sampled_from=len(rows),
        features=profile_reference(drawn[list(predictor.columns)]),
        predictions=profile_reference(predictions) if predictions is not None else (),
        predictions_are="of rows the model was fitted on: somewhat surer than of new rows" if predictions is not None else "",
    )
