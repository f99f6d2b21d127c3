"""The training agent's room: how models are trained, from seeds and splits to what is saved, and what leaks.

`collect` reads Python files and notebooks through their digests, R, Julia and Lua files as plain text, and follows
data through each Python module for leaks (`leakage`).
"""

from __future__ import annotations

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.facts import TrainingFacts

_PLACES = 50


def collect(snapshot: Snapshot) -> TrainingFacts:
    """All facts of the training section."""
    from tasks.evidence.training.artifacts import read_artifacts
    from tasks.evidence.training.checkpoints import read_checkpoints
    from tasks.evidence.training.hyperparameters import read_hyperparameters
    from tasks.evidence.training.leakage import find_leaks
    from tasks.evidence.training.seeds import read_seeds, sum_up
    from tasks.evidence.training.split import read_splits

    seeds, (splits, folds), length = read_seeds(snapshot), read_splits(snapshot), read_checkpoints(snapshot)
    artifacts = read_artifacts(snapshot)
    return TrainingFacts(
        seeded=sum_up(seeds),
        seeds=tuple(seeds.seeds[:_PLACES]),
        unseeded=tuple(seeds.unseeded[:_PLACES]),
        determinism=tuple(seeds.determinism[:_PLACES]),
        split_present=bool(splits or folds),
        splits=splits[:_PLACES],
        cv=bool(folds),
        cv_places=folds[:_PLACES],
        hyperparameters=read_hyperparameters(snapshot),
        checkpoints=tuple(length.checkpoints),
        early_stopping=tuple(length.early_stopping),
        iterative=tuple(length.iterative),
        deep=tuple(length.deep),
        fits=tuple(length.fits),
        artifact_formats=tuple(sorted({a.format for a in artifacts})),
        artifacts=artifacts[:_PLACES],
        leaks=find_leaks(snapshot),
        files_read=len(snapshot.sources),
    )
