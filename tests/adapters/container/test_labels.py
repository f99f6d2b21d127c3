"""Orphan or work in progress: told by labels alone."""

import os
import subprocess
import time

import pytest

from tasks.adapters.container.labels import FINISHED, OWNED, is_orphan, make_labels, started
from tasks.rules.sandbox.job import Job

JOB = Job(id="test-labels", run="r", role="train", image="i", command=("true",), tree="/t")


@pytest.fixture
def labels():
    return make_labels(JOB, 60)


def test_what_this_process_owns_is_no_orphan_until_its_deadline(labels):
    assert not is_orphan(labels, time.time())
    assert is_orphan(labels, time.time() + 61)


def test_what_this_process_could_not_remove_when_it_was_done_is_an_orphan(labels):
    FINISHED.add(labels[OWNED])
    assert is_orphan(labels, time.time())


def test_a_dead_owner_makes_an_orphan(labels):
    with subprocess.Popen(["true"]) as dead:
        pass
    assert is_orphan(labels | {"axiom.pid": str(dead.pid)}, time.time())


def test_another_process_with_the_owners_number_is_not_the_owner(labels):
    assert is_orphan(labels | {"axiom.started": "1"}, time.time())


def test_an_earlier_boot_makes_an_orphan(labels):
    assert is_orphan(labels | {"axiom.boot": "another"}, time.time())


def test_of_another_host_only_the_deadline_tells(labels):
    foreign = labels | {"axiom.host": "elsewhere", "axiom.pid": "1", "axiom.started": "1", "axiom.boot": "another"}
    assert not is_orphan(foreign, time.time())
    assert is_orphan(foreign, time.time() + 61)


def test_what_has_no_deadline_is_not_ours_to_remove():
    assert not is_orphan({"axiom.job": "somebody-elses"}, time.time())


def test_a_process_that_ended_but_is_not_waited_for_has_no_start():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    time.sleep(0.2)
    assert started(pid) == ""
    os.waitpid(pid, 0)
    assert started(os.getpid()).isdigit()
