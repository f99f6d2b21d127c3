"""Lines from the worker's process to the flow's, through a file of the job."""

import threading
import time

import pytest

from tasks.adapters.container.job_folder import job_folder, write_job
from tasks.adapters.container.job_lines import followed, handed_on
from tasks.rules.sandbox.job import Job

ID = "job-12345678"


@pytest.fixture
def folder(axiom_home):
    write_job(axiom_home, Job(id=ID, run="x", role="train", image="i", command=("true",), tree="/tree"))
    return job_folder(axiom_home, ID)


def test_lines_are_handed_on_while_the_job_runs_and_the_file_is_gone_after_it(folder, axiom_home):
    got, first = [], threading.Event()
    with followed(axiom_home, ID, lambda line: (got.append(line), first.set())), handed_on(axiom_home, ID, 1000) as add:
        add("loss 0.5 ✓")
        assert first.wait(10) and got == ["loss 0.5 ✓"]
        add("two\nlines")
    assert got == ["loss 0.5 ✓", "two lines"]
    assert not (folder / "lines.txt").exists()


def test_a_line_that_is_half_written_is_not_handed_on(folder, axiom_home):
    got = []
    with followed(axiom_home, ID, got.append), open(folder / "lines.txt", "wb", buffering=0) as file:
        file.write(b"whole\nacc")
        deadline = time.monotonic() + 10
        while not got and time.monotonic() < deadline:
            time.sleep(0.02)
        assert got == ["whole"]
        file.write(b"uracy 0.9\n")
    assert got == ["whole", "accuracy 0.9"]


def test_the_file_does_not_grow_beyond_its_bound(folder, axiom_home):
    with handed_on(axiom_home, ID, 100) as add:
        for _ in range(1000):
            add("nine char")
    assert (folder / "lines.txt").stat().st_size == 100


def test_a_job_that_prints_nothing_is_followed_to_its_end(folder, axiom_home):
    got = []
    with followed(axiom_home, ID, got.append):
        pass
    assert got == []


def test_a_job_started_again_does_not_repeat_earlier_lines(folder, axiom_home):
    (folder / "lines.txt").write_text("of the dead\n")
    write_job(axiom_home, Job(id=ID, run="x", role="train", image="i", command=("true",), tree="/tree"))
    got = []
    with followed(axiom_home, ID, got.append):
        time.sleep(0.1)
    assert got == []
