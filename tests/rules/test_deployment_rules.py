import pytest

from tasks.evidence.deployment.facts import Infrastructure, Service
from tasks.evidence.place import Place
from tasks.rules.deployment import RULES
from tests.readiness import NOT_ML, entry, evidence, failed, outcome

APP = Place(file="app.py", line=4)


def served(interface="api", predicts=True, **deployment):
    service = Service(file="app.py", framework="flask", interface=interface, predicts=predicts, place=APP)
    return evidence(project={"serve_entrypoints": (entry("app.py"),)}, deployment={"services": (service,)} | deployment)


PICKLED = APP.model_copy(update={"note": "pickle"})
CASES = {
    "DEP001": (evidence(), served()),
    "DEP002": (served(), served(infrastructure=(Infrastructure(kind="procfile", place=APP),))),
    "DEP003": (served(), served(contracts=(APP,))),
    "DEP004": (served(), served(health_endpoints=(APP,))),
    "DEP005": (served(), served(rollbacks=(APP,))),
    "DEP006": (served(debug_servers=(APP,)), served()),
    "DEP007": (served(model_loads=(PICKLED,)), served()),
}


@pytest.mark.parametrize("code", CASES)
def test_each_rule_fails_on_the_fault_and_passes_without_it(code):
    faulty, sound = CASES[code]
    failed(RULES, code, faulty)
    assert outcome(RULES, code, sound)[0] == "Passed"


def test_every_rule_has_a_failing_and_a_passing_case():
    assert set(CASES) == {r.code for r in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_nothing_is_asked_where_there_is_no_model(rule):
    assert outcome(RULES, rule.code, NOT_ML)[0] == "NotApplicable"


@pytest.mark.parametrize("code", ["DEP003", "DEP004"])
def test_a_page_for_people_needs_no_contract_and_no_probe(code):
    assert outcome(RULES, code, served(interface="app"))[0] == "NotApplicable"


def test_a_web_page_without_a_model_is_no_deployment_of_one():
    assert outcome(RULES, "DEP002", served(predicts=False))[0] == "NotApplicable"
