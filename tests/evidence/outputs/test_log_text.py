"""A message without its wrapping."""

import pytest

from tasks.evidence.outputs.log_text import LINE_LIMIT, message_of


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-22 12:00:00.123 [123/start/1 (pid 5)] MSE is 1.5",
        "2026-11-22 12:00:00,123 - INFO - MSE is 1.5",
        "[ 2022-01-01 12:00:00,123 ] 30 root - INFO - MSE is 1.5",
        "INFO:root:MSE is 1.5",
        "INFO:__main__:MSE is 1.5",
        "[INFO] MSE is 1.5",
        "2024-01-01 12:00:00.000 | INFO     | __main__:main:10 - MSE is 1.5",
        "I0101 12:00:00.000000 4242 train.py:12] MSE is 1.5",
        "[11/22/26 10:00:00] INFO     MSE is 1.5",
        "\x1b[32mMSE is 1.5\x1b[0m",
        "[cell 105] MSE is 1.5",
        "50%|██   | 1/2\r100%|████| 2/2\rMSE is 1.5",
        "MSE is np.float64(1.5)",
        "MSE is tensor(1.5, device='cuda:0', grad_fn=<MseLossBackward0>)",
    ],
)
def test_prefixes_escapes_and_scalar_wrappers_are_gone(line):
    assert message_of(line).text.strip() == "MSE is 1.5"


def test_the_notebook_cell_is_kept():
    assert message_of("[cell 105] R2 score 0.886") == ("R2 score 0.886", 105)


def test_backspaces_draw_over_what_stood_there():
    assert message_of(" 1/2 - loss: 0.5\b\b\b\b 2/2 - loss: 0.2").text == " 2/2 - loss: 0.2"


def test_a_long_line_is_cut_and_nul_is_no_text():
    message = message_of("accuracy: 0.5\x00" + "x" * 20_000)
    assert len(message.text) <= LINE_LIMIT and "\x00" not in message.text
