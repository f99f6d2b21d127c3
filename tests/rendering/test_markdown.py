"""The report as GitHub-flavoured Markdown."""

import pytest
from markdown_it import MarkdownIt

from tasks.rendering.markdown import clip_markdown, render_markdown
from tasks.rendering.markdown_text import code, prose, text
from tasks.rules.contract import Verdict
from tests.rendering.hostile import HOSTILE, hostile_report
from tests.rendering.reports import COMMIT, finding, report

READER = MarkdownIt("commonmark", {"html": True}).enable("table")


def tokens(markdown):
    for token in READER.parse(markdown):
        yield token
        yield from token.children or ()


def told(markdown):
    return "".join(t.content for t in tokens(markdown) if t.type in ("text", "code_inline"))


@pytest.mark.parametrize(
    "hostile",
    [
        HOSTILE, "<script>alert(1)</script>", "![x](y)", "[a](javascript:alert(1))", "](javascript:alert(1))", "<http://evil.example>",
        "# heading", "> quote", "- item", "1. item", "***", "--- | ---", "`tick", "``two`` ticks`", "a\\", "&lt;b&gt;", "[^1]", "a\n\n# b",
        "+ x", "1) x", "$$\\frac$$", "~~~", "=====", "|", "a | b", "\\|",
    ],
)  # fmt: skip
@pytest.mark.parametrize("escape", [text, prose])
def test_escaped_text_is_one_paragraph_of_text_and_code(hostile, escape):
    kinds = {t.type for t in tokens(escape(hostile))}
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "code_inline", "text_special"}


@pytest.mark.parametrize("plain", ["a*b_c", "<b>", "1. x", "- x", "C:\\dir", "&amp;", "[x](y)", "0.99", "#3"])
def test_a_reader_sees_the_text_as_it_was(plain):
    assert told(text(plain)) == plain


@pytest.mark.parametrize("hostile", ["a | b", "x\\|y", "`|`", "|", "[a](b) | c", HOSTILE])
def test_no_text_opens_another_cell_of_a_table(hostile):
    for cell in (text(hostile), prose(hostile), code(hostile)):
        table = f"| a | b |\n| --- | --- |\n| {cell} | end |\n"
        cells = [t for t in READER.parse(table) if t.type == "td_open"]
        assert len(cells) == 2
        assert READER.render(table).count("<td>end</td>") == 1


def test_addresses_are_not_turned_into_links_by_github():
    assert "://" not in text("see https://evil.example/x")
    assert "www." not in text("see www.evil.example")


def test_code_keeps_backticks_inside():
    assert told(code("a `b` ``c``")) == "a `b` ``c``"


def test_a_hostile_repository_adds_no_markup():
    markdown = render_markdown(hostile_report())
    kinds = {t.type for t in tokens(markdown)}
    assert not kinds & {"html_inline", "html_block", "image"}
    assert not [t for t in tokens(markdown) if t.type == "link_open"]
    assert not set("\x1b\x00\u202e\u200b") & set(markdown)


def test_links_lead_to_the_file_at_the_commit():
    links = {t.attrs["href"] for t in tokens(render_markdown(report())) if t.type == "link_open"}
    assert f"https://github.com/owner/name/blob/{COMMIT}/train.py#L41" in links
    assert all(link.startswith("https://github.com/owner/name") for link in links)


def test_the_report_tells_score_findings_and_what_could_not_be_determined():
    markdown = render_markdown(report())
    for words in ("Score: 5.1 of 10", "Priority actions", "`TRN001`", "Why it matters", "r2", "Python 2: old.py, older.py", "internal"):
        assert words in markdown
    assert sum(line.startswith(("| D", "| M", "| I", "| N")) and "Test" in line for line in markdown.splitlines()) >= 28


def test_nothing_to_train_has_no_score_and_no_gain():
    verdict = Verdict(level="not_applicable", sentence="Nothing to train here, because it holds only a README.")
    markdown = render_markdown(report([finding(score_gain=0.0, points=0.0)], score=None, verdict=verdict, ml_test_score=None))
    assert "Nothing to train here, because it holds only a README." in markdown
    assert "of 10" not in markdown.replace("6.4 of 10", "")
    assert "Gain" not in markdown


def test_a_short_report_is_not_clipped():
    assert clip_markdown("short\n") == "short\n"


def test_a_long_report_is_clipped_at_a_line_and_says_so():
    clipped = clip_markdown("ä" * 30 + "\n" + "b" * 60 + "\n", limit=100)
    assert clipped.startswith("ä" * 30 + "\n\n**The report was cut here, at 100 of 122 bytes.**")
    assert "b" * 10 not in clipped
