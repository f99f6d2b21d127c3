"""Where jobs run: forked processes that are killed at their deadline, or a Dask or Ray cluster. One interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.fitting import Bench, Job


@dataclass(frozen=True)
class Done:
    """A job that ended: with facts, or with the reason why it has none."""

    job: Job
    facts: dict[str, Any] | None
    error: str = ""
    timeout: bool = False


class Workers(Protocol):
    """Some slots; a job that cannot end in time is given up."""

    slots: int

    @property
    def busy(self) -> int: ...

    def start(self, job: Job, kill_at: float) -> None:
        """Run a job; after `kill_at` (Unix seconds) it is ended by force."""

    def wait(self, seconds: float) -> list[Done]:
        """What ended, waiting at most so long for the first."""

    def close(self) -> None: ...


def open_workers(bench: Bench, options: SearchOptions) -> Workers:
    """The workers the options name."""
    makers: dict[str, Callable[[], Workers]] = {
        "processes": lambda: _forked(bench, options),
        "dask": lambda: _dask(bench, options),
        "ray": lambda: _ray(bench, options),
    }
    return makers[options.executor]()


def _forked(bench: Bench, options: SearchOptions) -> Workers:
    from tasks.modelling.training.processes import Processes

    return Processes(bench, options.jobs)


def _dask(bench: Bench, options: SearchOptions) -> Workers:
    from tasks.modelling.training.on_dask import DaskWorkers

    return DaskWorkers(bench, options.jobs, options.address)


def _ray(bench: Bench, options: SearchOptions) -> Workers:
    from tasks.modelling.training.on_ray import RayWorkers

    return RayWorkers(bench, options.jobs, options.address)
