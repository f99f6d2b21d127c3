"""The HTML page: self-contained, escaped, readable without a script."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from tasks.rendering.page import render_page
from tasks.rules import contract
from tasks.rules.contract import ModelUse, UndeterminedItem, Verdict
from tests.rendering.hostile import HOSTILE, hostile_report
from tests.rendering.reports import COMMIT, finding, report, section

VOID = {"meta", "br", "rect", "line", "input", "link", "img"}


class Page(HTMLParser):
    """Tags with attributes, text by tag, and whether every tag is closed in its order."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts, self.stack, self.broken = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.broken.append(tag)

    def handle_data(self, data):
        if not self.stack or self.stack[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())

    def named(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("made", [report, hostile_report])
def test_every_tag_is_closed_and_every_id_is_unique(made):
    page = Page(render_page(made()))
    assert (page.broken, page.stack) == ([], [])
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    anchors = {attrs["href"][1:] for attrs in page.named("a") if attrs["href"].startswith("#")}
    assert anchors <= set(ids)


@pytest.mark.parametrize("made", [report, hostile_report])
def test_nothing_is_fetched_from_anywhere(made):
    html = render_page(made())
    page = Page(html)
    assert {name for name, _ in page.tags} & {"link", "img", "iframe", "object", "embed", "base", "form", "image", "use"} == set()
    assert not [attrs for _, attrs in page.tags if {"src", "srcset", "style", "action"} & set(attrs)]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert "url(" not in style and "@import" not in style


def test_links_lead_only_to_the_page_and_to_the_repository():
    links = [attrs["href"] for attrs in Page(render_page(report())).named("a")]
    assert all(link.startswith(("#", "https://github.com/owner/name")) for link in links)
    assert f"https://github.com/owner/name/blob/{COMMIT}/train.py#L41" in links


def test_a_hostile_repository_adds_no_tag_and_no_link():
    html = render_page(hostile_report())
    page = Page(html)
    assert len(page.named("script")) == 1
    assert [attrs["href"] for attrs in page.named("a") if not attrs["href"].startswith("#")] == []
    assert "<script>alert(1)</script>" in page.text
    assert not set("\x1b\x00\u202e\u200b") & set(html)


def test_the_policy_names_the_hashes_of_the_only_style_and_script():
    html = render_page(hostile_report())
    policy = next(attrs["content"] for attrs in Page(html).named("meta") if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>(?!.*</{tag}>)", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_each_finding_opens_to_place_snippet_why_remedy_and_effort():
    html = render_page(report([finding()]))
    (details,) = re.findall(r'<details class="finding".*?</details>', html, re.DOTALL)
    words = Page(details).text
    for expected in (
        "high",
        "train.py:41",
        "scaler.fit(X)",
        "Why it matters",
        "too good",
        "How to fix it",
        "Pipeline",
        "Low, ≈ 1 h",
        "+0.33",
    ):
        assert expected in words


def test_the_top_says_verdict_score_kind_commit_and_ml_test_score():
    header = Page(re.search(r"<header>.*?</header>", render_page(report()), re.DOTALL)[0]).text
    for expected in ("Not ready: 5.1 of 10", "5.1 of 10", "a project that trains a model, with sklearn", COMMIT[:12], "1.5 of 7"):
        assert expected in header


def test_charts_show_scores_severities_and_drift():
    html = render_page(report())
    widths = re.findall(r'<rect class="bar" width="([\d.]+)"', html)
    assert widths[:6] == ["64.0"] * 6
    assert re.search(r'<rect class="critical" width="100.0"', html)
    assert re.search(r'<rect class="high" width="82.0"', html), "PSI 0.41 of 0.5"
    assert re.search(r'<rect class="noise" width="24.0"', html), "within sampling noise"
    assert "data/train.csv" in html


def test_a_section_that_could_not_be_judged_has_no_bar_and_says_so():
    html = render_page(report(sections={"training": section(None, 20.0)}))
    assert "not judged" in html
    assert '<rect class="bar"' not in html


def test_nothing_to_train_has_no_score_no_bars_and_no_gain():
    verdict = Verdict(level="not_applicable", sentence="Nothing to train here, because the repository is empty.")
    sections = {"project": section(None, 10.0), "training": section(None, 20.0, checked=0)}
    html = render_page(
        report([finding(score_gain=0.0, points=0.0, section="project")], score=None, verdict=verdict, ml_test_score=None, sections=sections)
    )
    page = Page(html)
    assert "Nothing to train here, because the repository is empty." in page.text
    assert "of 10" not in page.text
    assert "Score by section" not in page.text
    assert "Worth doing anyway" in page.text
    assert "nothing in them applies or was found: Training." in page.text


def test_the_28_items_and_the_three_outcomes_are_told_apart():
    page = Page(render_page(report()))
    assert sum(t.startswith("evidence ") for t in page.texts) == 28
    assert "not to be seen in a repository" in page.text
    assert "9 rules judged, 2 not applicable, 1 could not be determined" in page.text


def test_many_unreadable_files_are_one_line():
    items = [UndeterminedItem(what=f"{i}.py", reason="Python 2") for i in range(1000)]
    assert "and 988 more" in Page(render_page(report(undetermined=items))).text


def test_a_language_models_part_is_told():
    use = ModelUse(
        name="groq/x", calls=9, tokens=1234, cost_usd=None, corrections=2, rejected=1, fallbacks=1, notes=["dataset_analysis: refused"]
    )
    words = Page(render_page(report(model=use, summary="Words.", summary_by="model"))).text
    for expected in (
        "groq/x was asked in 9 calls: 1,234 tokens, cost not known",
        "corrected 2 times",
        "refused 1",
        "dataset_analysis: refused",
    ):
        assert expected in words
    assert "In the words of a language model, checked against the facts." in words


def test_without_a_model_the_page_says_that_none_was_asked():
    assert "No language model was asked" in Page(render_page(report())).text


@pytest.mark.parametrize(
    "facts", [{}, {"kind": ["list"], "frameworks": "text", "claimed_metrics": {"a": 1}, "tests": [1], "notebooks": 3, "deps": "x"}]
)
def test_facts_of_a_wrong_shape_are_left_out_not_an_error(facts):
    odd = {"datasets": "x", "pairs": [1], "drift": {"a": 1}, "languages": [{"name": None}], "services": 3}
    sections = {
        k: section(facts=odd, assessment={"drift": "x", "plan": [], "triggers": 3})
        for k in ("project", "dataset", "mlops", "retraining", "deployment")
    }
    assert "Readiness report" in render_page(report(facts=facts, sections=sections))


def test_answers_without_evidence_do_not_break_the_table():
    item = contract.TestScoreItem(id="D1", title=HOSTILE, answer="absent", evidence="")
    score = report().ml_test_score.model_copy(update={"items": [item]})
    assert Page(render_page(report(ml_test_score=score))).broken == []


def test_a_retraining_that_is_due_now_stands_at_the_head_and_one_that_can_wait_does_not():
    def head(urgency):
        due = section(assessment={"urgency": urgency, "strategy": "full_retrain"})
        return render_page(report(sections={"retraining": due})).partition("</header>")[0]

    assert "due immediately, full retrain" in head("immediate")
    assert "full retrain" not in head("soon")


def test_one_reason_of_all_agents_is_one_line():
    use = ModelUse(name="a/b", fallbacks=2, notes=["project_analysis: refused the key", "report: refused the key", "report: too late"])
    page = render_page(report().model_copy(update={"model": use}))
    assert page.count("refused the key") == 1
    assert "project_analysis, report: refused the key" in page
    assert "report: too late" in page
