"""Workers of a Ray cluster: one that exists, by its address, or a local one for this search."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tasks.modelling.training.fitting import Bench, Job, do_remotely, save_bench
from tasks.modelling.training.workers import Done

STORE_BYTES = 80 * 2**20
"""Facts alone come back; rows and models lie in the build's folder."""


@dataclass
class _Running:
    job: Job
    reference: Any
    kill_at: float


class RayWorkers:
    """A job past its time is killed with its process."""

    def __init__(self, bench: Bench, slots: int, address: str) -> None:
        import ray

        self._ray, self._local = ray, not ray.is_initialized()
        if self._local:
            here = {"num_cpus": slots, "include_dashboard": False, "object_store_memory": STORE_BYTES}
            more: dict[str, Any] = {"address": address} if address else here
            ray.init(log_to_driver=False, configure_logging=False, **more)
        self.slots = max(1, slots if not address else int(ray.cluster_resources().get("CPU", 1)))
        self._path = save_bench(bench)
        self._function = ray.remote(max_retries=0)(do_remotely)
        self._running: list[_Running] = []

    @property
    def busy(self) -> int:
        return len(self._running)

    def start(self, job: Job, kill_at: float) -> None:
        self._running.append(_Running(job, self._function.remote(job, self._path), kill_at))

    def wait(self, seconds: float) -> list[Done]:
        if not self._running:
            return []
        soonest = min(one.kill_at for one in self._running) - time.time()
        references = [one.reference for one in self._running]
        ready, _ = self._ray.wait(references, num_returns=1, timeout=max(0.0, min(seconds, soonest)))
        ended = [one for one in self._running if one.reference in ready or time.time() >= one.kill_at]
        self._running = [one for one in self._running if one not in ended]
        return [self._result(one, one.reference in ready) for one in ended]

    def close(self) -> None:
        for one in self._running:
            self._ray.cancel(one.reference, force=True)
        if self._local:
            self._ray.shutdown()

    def _result(self, one: _Running, ready: bool) -> Done:
        if not ready:
            self._ray.cancel(one.reference, force=True)
            return Done(one.job, None, "not finished in the time left", timeout=True)
        try:
            return Done(one.job, self._ray.get(one.reference))
        except Exception as error:  # whatever a fit raises comes back wrapped by Ray
            return Done(one.job, None, f"{type(error).__name__}: {str(error).strip().splitlines()[-1][:300]}")
