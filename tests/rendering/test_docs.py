"""The generated pages under docs/ are what the code says."""

import jsonschema
import pytest

from tasks.rendering.docs import DOCS, render_docs, render_schema
from tasks.rendering.documentation import render_findings
from tasks.rendering.sarif import SECURITY_RULES
from tasks.rules.catalogue import RULES
from tests.rendering.builds import build
from tests.rendering.executions import execution
from tests.rendering.hostile import hostile_report
from tests.rendering.reports import report


@pytest.mark.parametrize(
    "name", ["findings.md", "execution.md", "building.md", "report.schema.json", "execution.schema.json", "build.schema.json"]
)
def test_the_page_is_up_to_date(name):
    assert (DOCS / name).read_text() == render_docs()[name], "run `make docs`"


def test_every_code_has_an_anchor_and_its_words():
    page = render_findings()
    for rule in RULES:
        assert page.count(f'<a id="{rule.code.lower()}"></a>') == 1
        assert all(words in page for words in (rule.name, rule.title, rule.detected, rule.why, rule.remedy))


@pytest.mark.parametrize("made", [report, hostile_report])
def test_a_report_is_valid_by_the_schema(made):
    import json

    jsonschema.Draft202012Validator(json.loads(render_schema())).validate(json.loads(made().model_dump_json()))


def test_an_execution_is_valid_by_its_schema():
    import json

    schema = json.loads((DOCS / "execution.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(execution().model_dump_json()))


def test_a_build_is_valid_by_its_schema():
    import json

    schema = json.loads((DOCS / "build.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(build().model_dump_json()))


def test_rules_with_a_security_severity_exist():
    assert {rule.code for rule in RULES} >= SECURITY_RULES
