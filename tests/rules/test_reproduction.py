"""What only a run can answer is judged by what the run did, and never held against an analysis."""

import pytest

from tasks.rules.reproduction import RULES
from tests.readiness import evidence, failed, outcome
from tests.rendering.executions import claim, execution


def ran(**changes):
    return evidence().model_copy(update={"execution": execution(**changes)})


@pytest.mark.parametrize("code", ["EVL020", "OPS030"])
def test_an_analysis_and_a_repository_without_training_are_not_judged(code):
    assert outcome(RULES, code, evidence())[0] == "NotApplicable"
    assert outcome(RULES, code, ran(attempts=[], status="not_run", cause="nothing_to_train"))[0] == "NotApplicable"


def test_a_contradicted_claim_fails_at_its_place_with_both_numbers():
    answer = failed(RULES, "EVL020", ran(claims=[claim(), claim("accuracy", 0.99, 0.81, "not_reproduced")]))
    assert (answer.places[0].file, answer.places[0].line, answer.detail) == ("README.md", 12, "accuracy claimed 0.99, measured 0.81.")


@pytest.mark.parametrize(("verdict", "name"), [("reproduced", "Passed"), ("better", "Passed"), ("not_measured", "Undetermined")])
def test_a_claim_that_holds_passes_and_one_nobody_measured_is_undetermined(verdict, name):
    assert outcome(RULES, "EVL020", ran(claims=[claim(verdict=verdict)]))[0] == name


def test_training_that_needed_a_repair_does_not_run_from_a_checkout():
    assert "dill is installed too" in failed(RULES, "OPS030", ran()).detail


def test_training_that_ran_at_once_passes():
    assert outcome(RULES, "OPS030", ran(attempts=execution().attempts[1:]))[0] == "Passed"


def test_a_failure_of_ours_is_not_held_against_the_repository():
    assert outcome(RULES, "OPS030", ran(status="failed", cause="engine"))[0] == "Undetermined"
    assert outcome(RULES, "OPS030", ran(status="failed", cause="code"))[0] == "Failed"
