"""The typed cause: what the kernel and engine saw before what the log claims."""

import pytest

from tasks.rules.sandbox.job import Limits
from tasks.rules.sandbox.verdict import Observed, judge

LIMITS = Limits(timeout_seconds=60, pids=100)
NO_SPACE = "OSError: [Errno 28] No space left on device: 'x'"
NO_THREAD = "RuntimeError: can't start new thread"


@pytest.mark.parametrize(
    ("seen", "cause"),
    [
        (Observed(0), None),
        (Observed(1), "code"),
        (Observed(0, oom=True), "oom"),
        (Observed(137, oom=True, seconds=70), "oom"),
        (Observed(137), "code"),
        (Observed(137, seconds=59.9), "code"),
        (Observed(137, seconds=60), "timeout"),
        (Observed(None, ended_by_us="timeout"), "timeout"),
        (Observed(None, oom=True, ended_by_us="timeout"), "timeout"),
        (Observed(None, oom=True, ended_by_us="cancelled"), "cancelled"),
        (Observed(1, bytes_full=0.98), "disk"),
        (Observed(1, bytes_full=0.97), "code"),
        (Observed(1, files_full=1.0), "disk"),
        (Observed(0, bytes_full=1.0), None),
        (Observed(1, tail=NO_SPACE), "disk"),
        (Observed(0, tail=NO_SPACE), None),
        (Observed(153), "disk"),
        (Observed(1, tail="OSError: [Errno 27] File too large"), "disk"),
        (Observed(1, pids_refused=4), "pids"),
        (Observed(1, pids_refused=None, tail=NO_THREAD), "pids"),
        (Observed(1, pids_refused=0, peak_pids=3, tail=NO_THREAD), "code"),
        (Observed(1, pids_refused=0, peak_pids=50, tail=NO_THREAD), "pids"),
        (Observed(0, pids_refused=4), None),
        (Observed(127), "code"),
    ],
)
def test_cause(seen, cause):
    assert judge(seen, LIMITS)[0] == cause


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Observed(None, ended_by_us="timeout"), "60 s"),
        (Observed(None, ended_by_us="timeout", pids_refused=12), "refused 12 processes"),
        (Observed(0, oom=True), "cannot be trusted"),
        (Observed(1, oom=True), "4.0 GiB"),
        (Observed(1, files_full=1.0), "200,000 files"),
        (Observed(1, tail="[Errno 27]"), "2.0 GiB"),
        (Observed(1, pids_refused=1), "limit of 100"),
        (Observed(0, bytes_full=1.0), "may be incomplete"),
        (Observed(139), "signal 11"),
        (Observed(127), "not found"),
        (Observed(None), "without an exit code"),
    ],
)
def test_the_sentence_names_the_limit(seen, words):
    assert words in judge(seen, LIMITS)[1]
