"""Workers of a Dask cluster: one that exists, by its scheduler's address, or a local one for this search."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tasks.modelling.training.fitting import Bench, Job, do_remotely, save_bench
from tasks.modelling.training.workers import Done


@dataclass
class _Running:
    job: Job
    future: Any
    kill_at: float


class DaskWorkers:
    """A job past its time is cancelled and its result ignored; a thread of a foreign cluster cannot be killed."""

    def __init__(self, bench: Bench, slots: int, address: str) -> None:
        from distributed import Client, LocalCluster

        self._cluster = None if address else LocalCluster(n_workers=slots, threads_per_worker=1, dashboard_address=None, processes=True)
        self._client = Client(address or self._cluster)
        self.slots = max(1, slots if not address else sum(self._client.nthreads().values()))
        self._path = save_bench(bench)
        self._running: list[_Running] = []

    @property
    def busy(self) -> int:
        return len(self._running)

    def start(self, job: Job, kill_at: float) -> None:
        future = self._client.submit(do_remotely, job, self._path, pure=False)
        self._running.append(_Running(job, future, kill_at))

    def wait(self, seconds: float) -> list[Done]:
        until = time.time() + seconds
        while self._running:
            ended = [one for one in self._running if one.future.done() or time.time() >= one.kill_at]
            if ended or time.time() >= until:
                self._running = [one for one in self._running if one not in ended]
                return [self._result(one) for one in ended]
            time.sleep(0.01)
        return []

    def close(self) -> None:
        for one in self._running:
            one.future.cancel()
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def _result(self, one: _Running) -> Done:
        if not one.future.done():
            one.future.cancel()
            return Done(one.job, None, "not finished in the time left", timeout=True)
        error = one.future.exception()
        return Done(one.job, None, f"{type(error).__name__}: {str(error)[:300]}") if error else Done(one.job, one.future.result())
