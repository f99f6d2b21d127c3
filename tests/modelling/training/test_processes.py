import os
import signal
import time

import pytest

from tasks.modelling.training import processes
from tasks.modelling.training.processes import Processes


@pytest.fixture
def two(monkeypatch):
    """Two workers whose jobs are plain functions."""
    monkeypatch.setattr(processes, "do", lambda job, bench: job(bench))
    workers = Processes("bench", 2)
    yield workers
    workers.close()


def collect(workers, count):
    done = []
    while len(done) < count:
        done += workers.wait(5)
    return done


def sleep_long(bench):
    time.sleep(60)


def die(bench):
    os.kill(os.getpid(), signal.SIGKILL)


def fail(bench):
    raise MemoryError("no room for 3 GB")


def answer(bench):
    return {"bench": bench, "threads": os.nice(0)}


def test_facts_come_back(two):
    two.start(answer, float("inf"))
    assert collect(two, 1)[0].facts["bench"] == "bench"


def test_a_fit_past_its_time_is_killed_and_its_worker_replaced(two):
    started = time.time()
    two.start(sleep_long, started + 0.2)
    done = collect(two, 1)[0]
    assert done.timeout and time.time() - started < 2
    two.start(answer, float("inf"))
    assert collect(two, 1)[0].facts


def test_a_worker_that_dies_costs_its_own_fit_only(two):
    two.start(answer, float("inf"))
    two.start(die, float("inf"))
    by_job = {done.job: done for done in collect(two, 2)}
    assert by_job[answer].facts and "lack of memory" in by_job[die].error


def test_an_exception_is_an_outcome(two):
    two.start(fail, float("inf"))
    done = collect(two, 1)[0]
    assert done.facts is None and "no room for 3 GB" in done.error and not done.timeout


def test_workers_give_way_to_the_builder(two):
    two.start(answer, float("inf"))
    assert collect(two, 1)[0].facts["threads"] == os.nice(0) + processes.NICENESS


def test_closing_ends_what_runs():
    workers = Processes("bench", 1)
    process = workers._workers[0].process
    workers.close()
    assert not process.is_alive()
