"""Finished jobs do not fill the disk, and what may still be looked at stays."""

import os
import time

from tasks.adapters.container.job_folder import trim_jobs


def finished(home, name, size, days_ago):
    folder = home / "jobs" / name
    (folder / "outputs").mkdir(parents=True)
    (folder / "outputs" / "model.pkl").write_bytes(b"m" * size)
    (folder / "outcome.json").write_text("{}")
    when = time.time() - days_ago * 86400
    os.utime(folder / "outcome.json", (when, when))
    return folder


def test_the_oldest_finished_jobs_go_until_the_rest_fits(tmp_path):
    old, older, new = (finished(tmp_path, n, 1000, d) for n, d in (("job-old", 3), ("job-older", 9), ("job-new", 0)))
    assert trim_jobs(tmp_path, limit_bytes=2500) == ["job-older"]
    assert old.exists() and new.exists() and not older.exists()


def test_a_job_that_ended_today_or_runs_is_never_dropped(tmp_path):
    recent = finished(tmp_path, "job-recent", 1000, 0.5)
    running = tmp_path / "jobs" / "job-running"
    running.mkdir()
    (running / "log.txt").write_bytes(b"x" * 5000)
    assert trim_jobs(tmp_path, limit_bytes=10) == []
    assert recent.exists() and running.exists()


def test_without_jobs_nothing_is_dropped(tmp_path):
    assert trim_jobs(tmp_path) == []
