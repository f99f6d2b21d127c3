"""What Optuna saw, as plain facts: every trial of every family, and which parameters mattered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from tasks.modelling.training.tuning import JOURNAL, open_storage

LEAST_TRIALS = 6
"""Importances of fewer finished trials say nothing."""


class TriedParameters(BaseModel):
    """One trial."""

    model_config = ConfigDict(frozen=True)

    number: int
    state: str
    """complete, pruned, fail, running."""
    params: dict[str, Any]
    merit: float | None
    """Mean over folds, higher is better: the contract's metric, an error with its sign turned. Of a pruned one its first fold's."""


class TuningFacts(BaseModel):
    """One family's study."""

    model_config = ConfigDict(frozen=True)

    study: str
    family: str
    trials: tuple[TriedParameters, ...]
    importances: dict[str, float] = {}
    """Shares summing to 1 by PED-ANOVA (Watanabe et al. 2023); empty with too few trials."""


def read_tuning(folder: Path, url: str = "") -> tuple[TuningFacts, ...]:
    """All studies of a build's folder, by name; none when nothing was tuned."""
    import optuna

    if not url and not (folder / JOURNAL).exists():
        return ()
    storage = open_storage(folder, url)
    names = sorted(name for name in optuna.get_all_study_names(storage) if name.startswith(f"{folder.name}-loop"))
    return tuple(_read(optuna.load_study(study_name=name, storage=storage)) for name in names)


def _read(study: Any) -> TuningFacts:
    trials = tuple(
        TriedParameters(
            number=trial.number,
            state=trial.state.name.lower(),
            params=trial.params,
            merit=trial.value if trial.value is not None else trial.intermediate_values.get(0),
        )
        for trial in study.trials
    )
    return TuningFacts(study=study.study_name, family=study.study_name.rsplit("-", 1)[1], trials=trials, importances=_importances(study))


def _importances(study: Any) -> dict[str, float]:
    import optuna

    finished = [trial for trial in study.trials if trial.state.name == "COMPLETE"]
    if len(finished) < LEAST_TRIALS or len({trial.value for trial in finished}) < 2:
        return {}
    try:
        found = optuna.importance.get_param_importances(study)
    except (ValueError, RuntimeError):  # parameters that never varied together
        return {}
    return {name: float(share) for name, share in found.items() if share == share}
