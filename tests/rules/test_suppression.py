import time

from tasks.evidence.requests.facts import RequestFacts
from tasks.rules.catalogue import RULES
from tasks.rules.suppression import Suppression, matches, read_suppressions


def read(*entries, error=None):
    return read_suppressions(RequestFacts(suppress=entries, error=error), {"OPS004", "no-licence"})


def test_a_code_and_a_slug_both_name_a_rule():
    found, complaints = read({"code": "OPS004", "reason": "internal"}, {"code": "no-licence", "reason": "internal"})
    assert [s.code for s in found] == ["OPS004", "no-licence"]
    assert complaints == []


def test_without_a_reason_there_is_no_effect():
    found, (complaint,) = read({"code": "OPS004"})
    assert found == ()
    assert complaint == "entry 1 has no effect: it gives no reason"


def test_a_misspelt_field_is_named():
    _, (complaint,) = read({"code": "OPS004", "reason": "internal", "paths": "a/*"})
    assert complaint == "entry 1 has no effect: it has a field 'paths' that means nothing here"


def test_an_unknown_code_is_reported():
    assert "no rule 'XYZ'" in read({"code": "XYZ", "reason": "internal"})[1][0]


def test_a_file_that_could_not_be_used_is_reported():
    assert read(error="broken")[1] == ["broken"]


def test_a_path_limits_it_to_files_and_leaves_out_findings_without_one():
    rule = RULES[0]
    scoped = Suppression(code=rule.code, reason="only explored", path="notebooks/*")
    assert matches(scoped, rule, "notebooks/deep/a.ipynb")
    assert not matches(scoped, rule, "src/a.py")
    assert not matches(scoped, rule, None)
    assert matches(scoped.model_copy(update={"path": "*"}), rule, None)


def test_a_hostile_pattern_is_matched_at_once():
    started = time.perf_counter()
    hostile = Suppression(code=RULES[0].code, reason="because", path="*a" * 200 + "b")
    assert not matches(hostile, RULES[0], "a" * 3000)
    assert time.perf_counter() - started < 0.5
