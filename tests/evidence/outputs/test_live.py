"""Metrics while the command runs, from a real child."""

import time

import pytest

from tasks.evidence.outputs import live
from tasks.evidence.outputs.live import LiveMetrics


def wait_for(metrics, seconds=20.0):
    end = time.monotonic() + seconds
    found = []
    while not found and time.monotonic() < end:
        time.sleep(0.05)
        found = metrics.poll()
    return found


def test_metrics_appear_before_the_log_ends():
    metrics = LiveMetrics()
    metrics.feed("Epoch 3/10")
    metrics.feed("loss: 0.5 - val_acc: 0.7")
    found = wait_for(metrics)
    assert found and (found[0].name, found[0].value, found[0].step, found[0].is_final) == ("loss", 0.5, 3, False)
    metrics.feed("RMSE: 0.79")
    metrics.close()
    assert metrics.poll()[-1].name == "rmse"


def test_a_log_without_a_line_starts_no_child():
    metrics = LiveMetrics()
    started = time.monotonic()
    metrics.close()
    assert metrics.poll() == [] and time.monotonic() - started < 1


def test_feeding_after_the_child_died_neither_waits_nor_raises(monkeypatch):
    monkeypatch.setattr(live, "start_child", lambda *_: (_ for _ in ()).throw(OSError("no processes left")))
    metrics = LiveMetrics()
    for _ in range(live.WAITING_LINES + 10):
        metrics.feed("loss: 0.5")
    metrics.close()
    assert metrics.poll() == []


@pytest.mark.parametrize("line", ["x" * 1_000_000, "\x00" * 5000, "loss: nan", "\ud800 accuracy: 7.5"])
def test_hostile_lines_are_survived(line):
    metrics = LiveMetrics()
    metrics.feed(line)
    metrics.feed("RMSE: 0.79")
    metrics.close()
    assert [m.name for m in metrics.poll()] == ["rmse"]
