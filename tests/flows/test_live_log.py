"""What a run's own log has of a command: its lines, or only what was measured when another log has the lines."""

from types import SimpleNamespace

import pytest

from tasks.live_log import LiveLog


@pytest.mark.parametrize(("logs_lines", "logged"), [(True, ["| starting", "| epoch 1 loss: 0.5"]), (False, ["» loss 0.5 (step 1)"])])
def test_metrics_come_in_any_case_and_each_is_logged_once(logs_lines, logged):
    log, metrics = [], []
    live = LiveLog(SimpleNamespace(info=log.append), metrics.extend, logs_lines=logs_lines)
    live("starting")
    live("epoch 1 loss: 0.5")
    live.close()
    assert [(m.name, m.value, m.step) for m in metrics] == [("loss", 0.5, 1)]
    assert log == logged
