"""How models are trained: seeds, splits, hyperparameters, checkpoints, artifacts and leaks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.place import Place

Seeded = Literal["yes", "partial", "no"]
Certainty = Literal["certain", "likely", "possible"]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Seed(_Facts):
    """One place that fixes a random number generator."""

    library: str = ""
    """The generator's owner: `numpy`, `torch`, `random`, `sklearn`, …"""
    scope: Literal["global", "split", "model", "data"] = "global"
    conditional: bool = False
    """Only under an `if` whose default is not to seed."""
    place: Place


class Split(_Facts):
    """One place that separates the rows a model learns from and those it is judged on."""

    how: str = ""
    """The function or pattern: `train_test_split`, `slice`, `tfds`, `initial_split`."""
    seeded: bool | None = None
    """None when the split has no randomness or none that can be read."""
    shuffled: bool | None = None
    place: Place


class Artifact(_Facts):
    """One place that writes a fitted model, or a model file in the repository."""

    format: str = ""
    place: Place


class Hyperparameters(_Facts):
    literal: int = 0
    """Arguments of models and optimisers given as a literal number or text."""
    configured: int = 0
    """Arguments of models and optimisers given by a variable, attribute or configuration lookup."""
    searches: tuple[str, ...] = ()
    """Search tools used: `GridSearchCV`, `optuna`, …"""
    places: tuple[Place, ...] = ()
    """Literal values, first of each file."""


class Leak(_Facts):
    """Information about held-out rows or the target that reaches the model or the choice of the model."""

    kind: str = ""
    certainty: Certainty = "likely"
    """`possible` is worth a look; it is neither scored nor counted."""
    place: Place
    note: str = ""
    """What flows where, in one sentence."""


class TrainingFacts(_Facts):
    seeded: Seeded = "no"
    """`yes`: a global seed, or split and model; `partial`: one of them, or some generator left unseeded."""
    seeds: tuple[Seed, ...] = ()
    unseeded: tuple[Place, ...] = ()
    """Random splits, shuffles and stochastic models without a seed."""
    determinism: tuple[Place, ...] = ()
    """Deterministic algorithms switched on."""
    split_present: bool = False
    splits: tuple[Split, ...] = ()
    cv: bool = False
    cv_places: tuple[Place, ...] = ()
    hyperparameters: Hyperparameters = Hyperparameters()
    checkpoints: tuple[Place, ...] = ()
    """Places where training state is written while training goes on."""
    early_stopping: tuple[Place, ...] = ()
    iterative: tuple[Place, ...] = ()
    """Boosted or deep models, for which the number of rounds has to be chosen."""
    deep: tuple[Place, ...] = ()
    """Training loops of neural networks."""
    artifact_formats: tuple[str, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    fits: tuple[Place, ...] = ()
    """Places where a model is fitted."""
    leaks: tuple[Leak, ...] = ()
    files_read: int = 0
    """Python files and notebooks looked at."""
