"""SARIF 2.1.0 as GitHub code scanning accepts it.

`sarif-2.1.0-rtm.5.json` is the JSON schema of the OASIS standard as published by SchemaStore (Apache-2.0).
"""

import json
from pathlib import Path

import jsonschema
import pytest

from tasks.evidence.place import Place
from tasks.rendering import sarif
from tasks.rendering.sarif import render_sarif
from tasks.rules.contract import Suppressed
from tests.rendering.hostile import hostile_report
from tests.rendering.reports import finding, report, repository

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text())


def run_of(made):
    return json.loads(render_sarif(made))["runs"][0]


@pytest.mark.parametrize(
    "made", [report(), report([]), hostile_report(), report(repository=repository(url="/home/me/project", commit=None))]
)
def test_the_log_is_valid_by_the_schema_of_the_standard(made):
    validator = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(json.loads(render_sarif(made)))] == []


def test_every_place_is_a_result_at_its_line():
    places = [Place(file="a.py", line=3, snippet="x"), Place(file="b c/ü#.py", line=None), Place(file="c.py", line=0)]
    results = run_of(report([finding(places=places)], suppressed=[]))["results"]
    spots = [r["locations"][0]["physicalLocation"] for r in results]
    assert [s["artifactLocation"]["uri"] for s in spots] == ["a.py", "b%20c/%C3%BC%23.py", "c.py"]
    assert [s.get("region", {}).get("startLine") for s in spots] == [3, None, None]
    assert {s["artifactLocation"]["uriBaseId"] for s in spots} == {"%SRCROOT%"}


def test_a_colon_does_not_make_a_scheme_of_a_path():
    results = run_of(report([finding(file="javascript:x.py")], suppressed=[]))["results"]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "javascript%3Ax.py"


def test_a_fault_of_the_whole_repository_is_shown_at_a_file_that_exists():
    facts = {"train_entrypoints": [{"file": "src/fit.py"}]}
    (result,) = run_of(report([finding(file=None)], suppressed=[], facts=facts))["results"]
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "src/fit.py", "uriBaseId": "%SRCROOT%"}}
    assert "the repository as a whole" in result["message"]["text"]


def test_only_security_rules_have_a_security_severity():
    rules = {
        r["id"]: r["properties"]
        for r in run_of(report([finding("TRN001"), finding("OPS001", "critical", "mlops")]))["tool"]["driver"]["rules"]
    }
    assert "security-severity" not in rules["TRN001"]
    assert float(rules["OPS001"]["security-severity"]) >= 9.0
    assert "security" in rules["OPS001"]["tags"]


def test_levels_follow_severities():
    findings = [finding(f"TRN00{i}", s) for i, s in enumerate(("critical", "high", "medium", "low"))]
    assert [r["level"] for r in run_of(report(findings, suppressed=[]))["results"]] == ["error", "error", "warning", "note"]


def test_every_result_names_its_rule_by_index_and_the_rule_helps():
    run = run_of(report())
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    assert all(r["help"]["markdown"] and r["shortDescription"]["text"] for r in rules)
    assert all(len(r["properties"]["tags"]) <= 20 for r in rules)


def test_a_suppressed_finding_is_a_suppressed_result_with_its_reason():
    made = report([], suppressed=[Suppressed(code="OPS009", title="No licence", reason="internal", file="setup.py", points=1.0)])
    (result,) = run_of(made)["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "internal"}]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "setup.py"


def test_a_suppressed_rule_keeps_its_own_words_and_level():
    made = report([], suppressed=[Suppressed(code="OPS001", title="x", reason="a test key", file="a.py", points=4.0)])
    (rule,) = run_of(made)["tool"]["driver"]["rules"]
    assert (rule["name"], rule["defaultConfiguration"]["level"]) == ("secret-in-repository", "error")


def test_a_fingerprint_follows_its_line_and_tells_equal_lines_apart():
    def prints(*places):
        return [
            r["partialFingerprints"]["primaryLocationLineHash"]
            for r in run_of(report([finding(places=list(places))], suppressed=[]))["results"]
        ]

    first = prints(Place(file="a.py", line=3, snippet="x = 1"))
    moved = prints(Place(file="a.py", line=9, snippet="x  =  1"), Place(file="a.py", line=12, snippet="x = 1"))
    assert moved[0] == first[0]
    assert moved[1] != first[0]


def test_beyond_the_limit_the_worst_are_kept_and_it_is_said(monkeypatch):
    monkeypatch.setattr(sarif, "RESULTS_LIMIT", 2)
    run = run_of(report([finding(f"TRN00{i}") for i in range(4)], suppressed=[]))
    assert [r["ruleId"] for r in run["results"]] == ["TRN000", "TRN001"]
    assert "2 results beyond the limit" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_repository_text_makes_no_link_in_a_message():
    texts = [r["message"]["text"] for r in run_of(hostile_report())["results"]]
    assert not any("](" in t or "\x1b" in t for t in texts)


def test_credentials_of_an_address_are_not_repeated():
    assert "token" not in render_sarif(report(repository=repository(url="https://user:token@git.example.org/o/r")))
