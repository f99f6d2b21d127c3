from tasks.evidence.requests.facts import RequestFacts
from tasks.rules.suppression import read_suppressions


def read(*entries, error=None):
    return read_suppressions(RequestFacts(suppress=entries, error=error), {"OPS004", "no-licence"})


def test_a_code_and_a_slug_both_name_a_rule():
    found, complaints = read({"code": "OPS004", "reason": "internal"}, {"code": "no-licence", "reason": "internal"})
    assert [s.code for s in found] == ["OPS004", "no-licence"]
    assert complaints == []


def test_without_a_reason_there_is_no_effect():
    found, (complaint,) = read({"code": "OPS004"})
    assert found == ()
    assert "entry 1" in complaint
    assert "reason" in complaint


def test_an_unknown_code_is_reported():
    assert "no rule 'XYZ'" in read({"code": "XYZ", "reason": "internal"})[1][0]


def test_a_file_that_could_not_be_used_is_reported():
    assert read(error="broken")[1] == ["broken"]
