from __future__ import annotations

from tasks.rendering.comparison import comparison_lines, run_lines, table_rows
from tasks.rules.registry.comparison import RunView, compare_runs

ESC = "\x1b[31m"


def compared():
    one = RunView(run_id="1" * 32, name=f"a{ESC}\u202e", metrics={"loss": 0.5, f"odd{ESC}": 1.0}, params={"lr": f"0.1{ESC}\nx"})
    other = RunView(run_id="2" * 32, name="b", metrics={"loss": 0.25}, params={"lr": "0.2"})
    return compare_runs([one, other])


def test_the_best_value_has_a_star_and_each_delta_its_sign():
    line = next(line for line in comparison_lines(compared()) if line.startswith("loss"))
    assert line.split() == ["loss", "lower", "0.5", "0.25*", "(-0.25,", "-50.0%)", "▲"]


def test_a_missing_value_is_a_dash():
    assert next(line for line in comparison_lines(compared()) if line.startswith("odd")).split() == ["odd", "?", "1", "–"]


def test_nothing_of_a_run_moves_the_cursor_or_hides():
    text = "".join([*comparison_lines(compared()), *run_lines([RunView(run_id="1" * 32, name=f"a{ESC}")]), str(table_rows(compared()))])
    assert "\x1b" not in text and "\u202e" not in text and "\\x1b" not in text


def test_a_row_of_the_table_has_values_deltas_verdicts_and_the_best():
    row = table_rows(compared())[0]
    assert row == {
        "metric": "loss", "better": "lower", "A: a (11111111)": "0.5", "B: b (22222222)": "0.25", "Δ B": "-0.25", "B is": "better", "best": "B",
    }  # fmt: skip


def test_no_runs_say_how_to_make_some():
    assert "axiom execute" in run_lines([])[0]
