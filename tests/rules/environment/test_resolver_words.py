"""What uv says when it gives up, read as a cause with names. The texts are uv 0.13's own."""

import time

import pytest

from tasks.rules.environment.build_failures import explain
from tasks.rules.environment.resolver_words import Complaint, last_lines, read_complaint

UNKNOWN = """error: No solution found when resolving dependencies
  cause: Because nosuch_pkg was not found in the package registry and you require nosuch_pkg, we can conclude that your requirements are unsatisfiable."""
NO_WHEEL = """error: No solution found when resolving dependencies
  cause: Because numpy==1.17.3 has no usable wheels and you require numpy==1.17.3, we can conclude that your requirements are unsatisfiable.

hint: Wheels are required for `numpy` because building from source is disabled for all packages (i.e., with `--no-build`)"""
OTHER_ABI = """error: No solution found when resolving dependencies
  cause: Because tensorflow==1.15.4 has no wheels with a matching Python ABI tag (e.g., `cp311`) and you require tensorflow==1.15.4, we can
  conclude that your requirements are unsatisfiable.

hint: You require CPython 3.11 (`cp311`), but we only found wheels for `tensorflow` (v1.15.4) with the following Python ABI tags: `cp35m`"""
TOO_NEW = """error: No solution found when resolving dependencies
  cause: Because torch==2.13.0+cpu depends on setuptools>=77.0.3 and only setuptools<=65.5.0 is available, we can conclude that torch==2.13.0+cpu depends on setuptools>=81.
         And because you require torch==2.13.0+cpu and setuptools, we can conclude that your requirements are unsatisfiable.

hint: `setuptools` was filtered by `exclude-newer` to only include packages uploaded before 2022-11-01T00:00:00Z."""
OFFLINE = """error: Request failed after 3 retries in 8.6s
  cause: Failed to fetch: https://pypi.org/simple/six/
  cause: dns error"""


@pytest.mark.parametrize(
    ("said", "kind", "first"),
    [
        (UNKNOWN, "unknown", "nosuch-pkg"),
        (NO_WHEEL, "wheels", "numpy"),
        (OTHER_ABI, "wheels", "tensorflow"),
        (TOO_NEW, "conflict", "torch"),
        (OFFLINE, "network", None),
        ("E: Unable to locate package libnosuch1", "unknown", "libnosuch1"),
        ("error: No space left on device (os error 28)", "disk", None),
    ],
)
def test_a_complaint_has_its_kind_and_the_culprit_first(said, kind, first):
    complaint = read_complaint(said)
    assert complaint.kind == kind
    assert (complaint.packages[0] if complaint.packages else None) == first


def test_packages_held_back_by_the_date_are_told_and_words_are_no_packages():
    complaint = read_complaint(TOO_NEW)
    assert complaint.filtered == ("setuptools",)
    assert set(complaint.packages) == {"torch", "setuptools"}


def test_the_tail_has_no_terminal_codes_and_is_short():
    tail = read_complaint("\x1b[31merror\x1b[0m: x\x07\n" + "line\n" * 100 + "\x1b]0;title\x07end").tail
    assert "\x1b" not in tail and "\x07" not in tail
    assert tail.endswith("end") and len(tail.splitlines()) == 20


def test_hostile_output_takes_no_time():
    started = time.monotonic()
    read_complaint("No solution found you require " + "a-" * 500_000)
    read_complaint("No solution found " + "you require a[" * 100_000)
    read_complaint("\x1b[" * 200_000)
    assert time.monotonic() - started < 2


def test_a_failure_names_what_was_asked_first():
    failure = explain(Complaint("conflict", ("numba", "numpy")), "resolve", "3.11", ["numpy==1.26"])
    assert (failure.cause, failure.packages) == ("input", ("numpy", "numba"))
    assert failure.detail == "no versions of numpy, numba go together on Python 3.11"


def test_a_full_disk_is_not_the_repositorys_fault():
    assert explain(Complaint("disk"), "install", "3.11", []).cause == "disk"


def test_last_lines_cut_long_lines():
    assert last_lines("x" * 10_000) == "x" * 300
