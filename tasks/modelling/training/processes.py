"""Forked workers: they inherit the rows, use one thread each, and a fit that is too late or too large dies alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import warnings
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any

from tasks.modelling.beside import end_with
from tasks.modelling.training.fitting import Bench, Job, do
from tasks.modelling.training.workers import Done

NICENESS = 5
"""The builder, which decides and keeps time, goes before its workers."""


@dataclass
class _Worker:
    process: ForkProcess
    pipe: Connection
    job: Job | None = None
    kill_at: float = float("inf")
    extra: dict[str, Any] = field(default_factory=dict)


class Processes:
    """`slots` workers, replaced when they die. Fork, not spawn: nothing is imported or copied again."""

    def __init__(self, bench: Bench, slots: int) -> None:
        self.slots, self._bench = slots, bench
        self._workers: list[_Worker] = []
        for _ in range(slots):
            self._workers.append(self._fork())

    @property
    def busy(self) -> int:
        return sum(worker.job is not None for worker in self._workers)

    def start(self, job: Job, kill_at: float) -> None:
        worker = next(worker for worker in self._workers if worker.job is None)
        worker.job, worker.kill_at = job, kill_at
        worker.pipe.send(job)

    def wait(self, seconds: float) -> list[Done]:
        """Also ends what is past its time."""
        running = {worker.pipe: worker for worker in self._workers if worker.job is not None}
        if not running:
            return []
        soonest = min(worker.kill_at for worker in running.values()) - time.time()
        ready = wait(list(running), max(0.0, min(seconds, soonest)))
        done = [self._receive(running[pipe]) for pipe in ready if isinstance(pipe, Connection)]
        late = [worker for worker in self._workers if worker.job is not None and time.time() >= worker.kill_at]
        return done + [self._give_up(worker, "not finished in the time left", timeout=True) for worker in late]

    def close(self) -> None:
        """Everything ends now."""
        for worker in self._workers:
            self._kill(worker)

    def _receive(self, worker: _Worker) -> Done:
        try:
            facts, error = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(1)
            code = worker.process.exitcode
            cause = (
                "killed, most likely for lack of memory" if code == -signal.SIGKILL else f"the process of the fit ended with code {code}"
            )
            return self._give_up(worker, cause)
        job, worker.job, worker.kill_at = worker.job, None, float("inf")
        assert job is not None
        return Done(job, facts, error)

    def _give_up(self, worker: _Worker, cause: str, timeout: bool = False) -> Done:
        job = worker.job
        assert job is not None
        self._kill(worker)
        self._workers[self._workers.index(worker)] = self._fork()
        return Done(job, None, cause, timeout)

    def _kill(self, worker: _Worker) -> None:
        if worker.process.is_alive():
            os.kill(worker.process.pid or 0, signal.SIGKILL)
        worker.process.join()
        worker.pipe.close()

    def _fork(self) -> _Worker:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        others = [worker.pipe for worker in self._workers if not worker.pipe.closed] + [ours]
        process = context.Process(target=_serve, args=(theirs, others, self._bench, os.getpid()), daemon=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads: the child uses none of theirs
            process.start()
        theirs.close()
        return _Worker(process, ours)


def _serve(pipe: Connection, others: list[Connection], bench: Bench, builder: int) -> None:
    """Jobs until the other end is gone, which is how an idle worker learns that the builder was killed."""
    from threadpoolctl import threadpool_limits

    end_with(builder)
    for other in others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(NICENESS)
    with threadpool_limits(1):
        while True:
            try:
                job = pipe.recv()
            except (EOFError, OSError):
                os._exit(0)
            pipe.send(_answer(job, bench))


def _answer(job: Job, bench: Bench) -> tuple[dict[str, Any] | None, str]:
    try:
        return do(job, bench), ""
    except Exception as error:  # the boundary of a fit: its failure is a recorded outcome
        return None, f"{type(error).__name__}: {str(error)[:300]}"
