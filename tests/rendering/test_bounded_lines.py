"""A log that people read is bounded in rate and in all, and says what it leaves out."""

import pytest

from tasks.rendering.bounded_lines import BoundedLines


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def flood():
    """Bounded lines with a clock that stands still: `lines, shown, clock`."""
    shown, clock = [], Clock()
    return BoundedLines(shown.append, "lines are elsewhere.", clock), shown, clock


def test_a_flood_of_lines_is_cut_and_counted(flood):
    lines, shown, _ = flood
    for number in range(1000):
        lines.take(f"line {number}")
    lines.close()
    assert shown[:2] == ["| line 0", "| line 1"]
    assert len(shown) == 200 + 1
    assert shown[-1] == "800 more lines are elsewhere."


def test_lines_go_on_at_fifty_a_second_up_to_five_thousand(flood):
    lines, shown, clock = flood
    for second in range(200):
        clock.now = float(second)
        for _ in range(60):
            lines.take("x")
    lines.close()
    # 200 at once, then 50 a second: 5,000 lines are reached, and nothing after them but the count.
    assert len(shown) == 5000 + 1
    assert f"{200 * 60 - 5000:,} more lines" in shown[-1]


def test_a_line_cannot_move_the_cursor(flood):
    lines, shown, _ = flood
    lines.take("loss\x1b[2J=0.1\r100%\x07 %s %d")
    assert shown == ["| loss=0.1 100% %s %d"]


def test_a_line_of_our_own_has_no_mark_and_counts_as_well(flood):
    lines, shown, _ = flood
    for _ in range(201):
        lines.tell("» loss 0.1")
    lines.close()
    assert shown[0] == "» loss 0.1" and shown[-1] == "1 more lines are elsewhere."
