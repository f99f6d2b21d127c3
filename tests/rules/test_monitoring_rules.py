import pytest

from tasks.evidence.deployment.facts import Service
from tasks.evidence.monitoring.facts import Tool
from tasks.evidence.place import Place
from tasks.rules.monitoring import RULES
from tests.readiness import HERE, NOT_ML, entry, evidence, failed, outcome

APP = Place(file="app.py", line=1)
DRIFT = Tool(name="evidently", places=(HERE,), of_model=True)


def served(project=None, **monitoring):
    return evidence(project={"serve_entrypoints": (entry("app.py"),)} | (project or {}), monitoring={"services": (APP,)} | monitoring)


CASES = {
    "MON001": (served(), served(instrumentation=(Tool(name="prometheus"),))),
    "MON002": (served(instrumentation=(Tool(name="prometheus"),)), served(instrumentation=(DRIFT,))),
    "MON003": (served(), served(prediction_log=(HERE,))),
    "MON004": (served(), served(validation=(Tool(name="pandera"),))),
    "MON005": (served(), served(request_validation=(HERE,))),
    "MON006": (served(), served(alerting=(Tool(name="slack"),))),
    "MON007": (served(), served(retraining=(Tool(name="airflow"),))),
    "MON008": (served(printing_files=4), served(logging_files=1, printing_files=4)),
}


@pytest.mark.parametrize("code", CASES)
def test_each_rule_fails_on_the_fault_and_passes_without_it(code):
    faulty, sound = CASES[code]
    assert failed(RULES, code, faulty).places
    assert outcome(RULES, code, sound)[0] == "Passed"


def test_every_rule_has_a_failing_and_a_passing_case():
    assert set(CASES) == {r.code for r in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_nothing_is_asked_where_there_is_no_model(rule):
    assert outcome(RULES, rule.code, NOT_ML)[0] == "NotApplicable"


@pytest.mark.parametrize("code", ["MON001", "MON002", "MON003", "MON005", "MON006", "MON007"])
def test_a_model_that_is_not_served_needs_no_watch(code):
    assert outcome(RULES, code, evidence())[0] == "NotApplicable"


def test_an_explanation_watches_nothing():
    explained = served(instrumentation=(Tool(name="shap explanations", of_model=True),))
    assert outcome(RULES, "MON002", explained)[0] == "Failed"


def test_an_app_that_trains_on_request_needs_no_trigger():
    assert outcome(RULES, "MON007", served({"kind": "ml_app_trains_on_request"}))[0] == "NotApplicable"


@pytest.mark.parametrize(("scripts", "word"), [(2, "NotApplicable"), (3, "Failed")])
def test_few_printing_scripts_need_no_log(scripts, word):
    assert outcome(RULES, "MON008", evidence(monitoring={"printing_files": scripts}))[0] == word


@pytest.mark.parametrize(("interfaces", "word"), [(("app",), "NotApplicable"), (("app", "api"), "Failed")])
def test_the_fields_of_a_page_bound_what_a_person_enters(interfaces, word):
    services = tuple(Service(file="app.py", framework="x", interface=i, predicts=True, place=HERE) for i in interfaces)
    facts = evidence(project={"serve_entrypoints": (entry("app.py"),)}, monitoring={"services": (APP,)}, deployment={"services": services})
    assert outcome(RULES, "MON005", facts)[0] == word
