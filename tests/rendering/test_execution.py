"""What a reader sees of an execution, in HTML, Markdown and the artifacts of the Prefect UI."""

import pytest
from markdown_it import MarkdownIt

from tasks.rendering.execution import claim_rows, final_metrics, plan_changes, repair_markdown, status_words
from tasks.rendering.markdown import render_markdown
from tasks.rendering.page import render_page
from tasks.rules.execution.plan import Repair, Requirement
from tasks.rules.execution.state import Trial, Verdict
from tests.rendering.executions import claim, execution, metric
from tests.rendering.hostile import HOSTILE, hostile_report
from tests.rendering.reports import report
from tests.rendering.test_page import Page


def executed(**changes):
    return report().model_copy(update={"execution": execution(**changes)})


def test_contradicted_claims_come_first_and_unchecked_ones_last():
    claims = [claim(verdict="not_measured", measured=None), claim(), claim("accuracy", 0.99, 0.81, "not_reproduced")]
    assert [c.verdict for c in claim_rows(execution(claims=claims))] == ["not_reproduced", "reproduced", "not_measured"]


def test_only_final_values_are_shown_those_of_the_evaluation_first():
    shown = final_metrics([metric("a"), metric("b", is_final=False), metric("c", phase="evaluation")])
    assert [m.name for m in shown] == ["c", "a"]


def test_a_value_printed_and_written_to_a_file_is_told_once_with_both_places():
    (shown,) = final_metrics([metric("r2", 0.9941, place="log:4"), metric("r2", 0.9940952, source="file", place="metrics.json")])
    assert (shown.value, shown.source, shown.place) == (0.9940952, "stdout and file", "log:4, metrics.json")
    assert len(final_metrics([metric("r2", 0.9941), metric("r2", 0.9939, source="file")])) == 2


def test_the_page_sets_what_is_claimed_beside_what_was_measured():
    text = Page(render_page(executed())).text
    assert "accuracy 0.99 0.81 -0.18 not reproduced" in text
    assert "r2 0.88 0.8804 0.0004 reproduced" in text
    assert "mlproject version 1, candidate" in text
    assert "dill is installed too" in text


def test_an_analysis_has_no_such_section_and_an_execution_no_table_of_bare_claims():
    assert 'id="execution"' not in render_page(report())
    assert 'id="claims"' not in render_page(executed())


def test_what_could_not_run_says_why_and_what_to_do():
    page = render_page(
        executed(status="not_run", cause="data_missing", detail="data/train.csv is not here.", remedy="Fetch it.", attempts=[])
    )
    assert "Not run: data are missing." in Page(page).text
    assert "data/train.csv is not here. Fetch it." in Page(page).text


def test_hostile_words_of_a_run_open_no_tag_and_load_nothing():
    made = hostile_report().model_copy(update={"execution": execution(HOSTILE)})
    page = Page(render_page(made))
    assert (page.broken, page.stack) == ([], [])
    assert {"img", "svg/onload=alert(1)"}.isdisjoint(tag for tag, _ in page.tags)
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(render_markdown(made))
    assert not [tag for tag, attrs in Page(html).tags if tag in ("img", "script", "svg")]


@pytest.mark.parametrize(
    ("status", "cause", "words"), [("failed", "oom", "Training failed: out of memory"), ("succeeded", None, "Trained here")]
)
def test_status_in_words(status, cause, words):
    assert status_words(execution(status=status, cause=cause)) == words


def test_a_repair_is_shown_as_what_differs_between_the_plans():
    before = execution().plan
    more = (*before.environment.requirements, Requirement(name="numpy", specifier="<2", source="repair 1"))
    after = before.model_copy(update={"environment": before.environment.model_copy(update={"requirements": more})})
    assert plan_changes(before, after) == {"environment.requirements": ("dill", "dill, numpy<2")}
    verdict = Verdict(finished=False, repair=Repair(kind="cap", reason="<b>np.float</b>", change="numpy below 2"))
    told = repair_markdown(Trial(number=1, plan=before), verdict, after)
    assert "| environment.requirements | `dill` | `dill, numpy<2` |" in told.replace("\\", "")
    assert "<b>" not in told
