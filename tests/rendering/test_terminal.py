"""Lines of the command line."""

from pathlib import Path

from tasks.rendering.terminal import agent_line, summary_lines
from tasks.rules.contract import ModelUse, Verdict
from tests.rendering.hostile import TERMINAL, hostile_report
from tests.rendering.reports import finding, report


def test_scores_and_times_of_agents_stand_in_columns():
    lines = [agent_line("clone", None, 1.25, "12 files"), agent_line("evaluation_analysis", 10.0, 12.5), agent_line("report", 6.41, 0.1)]
    assert lines == [
        "clone                              1.2 s  12 files",
        "evaluation_analysis  10.0 / 10    12.5 s",
        "report                6.4 / 10     0.1 s",
    ]


def test_a_score_of_nought_is_not_taken_for_none():
    assert "0.0 / 10" in agent_line("training_analysis", 0.0, 1.0)


def test_the_end_tells_score_verdict_three_fixes_and_the_report():
    findings = [finding(code, title=f"Fault {code}") for code in ("TRN001", "TRN002", "TRN003", "TRN004")]
    lines = summary_lines(report(findings), Path("out"), width=200, colour=False)
    text = "\n".join(lines)
    assert "Score 5.1 of 10" in text
    assert "Not ready: 5.1 of 10" in text
    assert [code in text for code in ("TRN001", "TRN002", "TRN003", "TRN004")] == [True, True, True, False]
    assert "+0.33 points" in text
    assert lines[-1] == "Report: out/report.html"


def test_lines_wrap_to_the_width():
    lines = summary_lines(report(), Path("out"), width=50, colour=False)
    assert max(map(len, lines)) <= 50


def test_without_colour_there_is_no_escape_and_with_it_only_ours():
    assert "\x1b" not in "".join(summary_lines(hostile_report(), Path("out"), 80, colour=False))
    assert "\x1b[1m" in "".join(summary_lines(report(), Path("out"), 80, colour=True))


def test_escapes_of_a_repository_do_not_reach_the_terminal():
    shown = "".join(summary_lines(hostile_report(), Path("out"), 80, colour=True)) + agent_line(TERMINAL, 1.0, 1.0, TERMINAL)
    assert "\x1b[2J" not in shown
    assert "\x1b]" not in shown
    assert not set("\x00\x07\u202e\u200b") & set(shown)


def test_nothing_to_train_shows_no_score_and_no_gain():
    verdict = Verdict(level="not_applicable", sentence="Nothing to train here, because it is a list of links, without code.")
    text = "\n".join(summary_lines(report([finding(score_gain=0.0)], score=None, verdict=verdict), Path("out"), 100, colour=False))
    assert "Nothing to train here, because" in text
    assert "Score" not in text
    assert "points" not in text


def test_a_model_that_said_nothing_is_told_at_once():
    use = ModelUse(name="a/b", calls=2, fallbacks=8, notes=["project_analysis: The provider refused the key.", "report: The same."])
    text = "\n".join(summary_lines(report().model_copy(update={"model": use}), Path("out"), 200, colour=False))
    assert "Of a/b 8 assessments stand without an opinion. The provider refused the key." in text
    assert "assessment" not in "\n".join(summary_lines(report(), Path("out"), 200, colour=False))
