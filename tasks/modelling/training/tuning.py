"""Optuna's suggestions for the promising families: one study per family, ask and tell, kept in a journal file or a shared database."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.families.family import Params, Size
from tasks.modelling.training.families.registry import FAMILIES

JOURNAL = "optuna/journal.log"
LOOP_STEP = 10_000


class Tuner:
    """Trials of one recipe, over all loops. With a database of `url` several builds of the same name share them.

    `fresh`: those of this loop alone, begun anew, so that the suggestions follow from the seed and what is told.
    """

    def __init__(self, folder: Path, loop: int, recipe: str, seed: int, url: str = "", fresh: bool = False) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        logging.getLogger("optuna").setLevel(logging.ERROR)
        self._optuna, self._seed, self._loop = optuna, seed, loop
        self._storage = open_storage(folder, url)
        self._studies: dict[str, Any] = {}
        known = set(optuna.get_all_study_names(self._storage))
        own = f"{folder.name}-loop{loop}-{recipe}"
        for name in sorted(known) if fresh else ():
            if name.startswith(own):
                optuna.delete_study(study_name=name, storage=self._storage)
        earlier = [] if fresh else [f"{folder.name}-loop{number}-{recipe}" for number in range(1, loop)]
        self._prefix = next((prefix for prefix in earlier if any(name.startswith(prefix) for name in known)), own)

    def ask(self, family: str, size: Size, problem: Problem) -> tuple[Any, Params]:
        """A trial to be told later, and its parameters."""
        study = self._study(family)
        trial = study.ask()
        space = FAMILIES[family].space
        assert space is not None
        return trial, space(trial, size, problem)

    def tell(self, family: str, trial: Any, merit: float | None, first: float | None, failed: bool = False) -> None:
        """The mean merit of the folds; None when it was pruned after the first fold, whose merit then counts."""
        state = self._optuna.trial.TrialState
        if first is not None:
            trial.report(first, 0)
        if merit is not None:
            self._study(family).tell(trial, merit)
        else:
            self._study(family).tell(trial, state=state.FAIL if failed else state.PRUNED)

    def _study(self, family: str) -> Any:
        if family not in self._studies:
            name = f"{self._prefix}-{family}"
            study = self._optuna.create_study(study_name=name, storage=self._storage, direction="maximize", load_if_exists=True)
            # Another seed in each loop and after each crash: the same one would suggest what was tried.
            seed = self._seed + sum(map(ord, family)) + LOOP_STEP * self._loop + len(study.get_trials(deepcopy=False))
            study.sampler = self._optuna.samplers.TPESampler(seed=seed, n_startup_trials=8, multivariate=True, constant_liar=True)
            self._studies[family] = study
        return self._studies[family]


def open_storage(folder: Path, url: str = "") -> Any:
    """The shared database of `url`, or the folder's journal file.

    Only one process writes the file, so the lock a killed one left behind is taken away.
    """
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    if url:
        return url
    path = folder / JOURNAL
    path.parent.mkdir(parents=True, exist_ok=True)
    Path(f"{path}.lock").unlink(missing_ok=True)
    return JournalStorage(JournalFileBackend(str(path)))
