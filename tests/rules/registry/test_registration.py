import pytest

from tasks.evidence.outputs.facts import Artifact
from tasks.rules.registry.facts import ModelFacts, ModelMetric
from tasks.rules.registry.registration import RegistrationPolicy, decide_registration

GOOD = ModelFacts(metrics=(ModelMetric(name="accuracy", value=0.9),), readiness_score=6.0, deployment_score=5.0)


def artifact(kind="model", size=10):
    return Artifact(path="m.pkl", type=kind, format="pickle", size=size, sha256="0" * 64)


def decide(facts=GOOD, status="succeeded", artifacts=None, **policy):
    return decide_registration(status, facts, (artifact(),) if artifacts is None else artifacts, RegistrationPolicy(**policy))


def test_scores_at_the_thresholds_register():
    decision = decide()
    assert decision.register_it
    assert decision.sentence.startswith("Registered: ") and "readiness score 6.00 reaches 6" in decision.sentence


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"readiness_score": 5.99}, "readiness score 5.99 is under 6"),
        ({"readiness_score": None}, "readiness score could not be judged"),
        ({"deployment_score": 4.9}, "deployment readiness 4.90 is under 5"),
        ({"flagged": {"accuracy": "7.5"}}, "impossible values were reported: accuracy"),
        ({"metrics": ()}, "no metric was measured"),
    ],
)
def test_each_reason_against_is_told(changes, why):
    decision = decide(GOOD.model_copy(update=changes))
    assert not decision.register_it and why in decision.reasons


def test_what_failed_or_left_no_model_is_not_registered():
    assert decide(status="failed").reasons == ("the execution ended as failed",)
    for artifacts in ((), (artifact("plot"),), (artifact(size=0),)):
        assert decide(artifacts=artifacts).reasons == ("this run wrote no model file",)
    assert decide(artifacts=(artifact("checkpoint"),)).register_it


def test_a_repository_that_serves_nothing_is_not_held_by_deployment():
    assert decide(GOOD.model_copy(update={"deployment_score": None})).register_it


def test_the_policy_can_be_set():
    assert decide(GOOD.model_copy(update={"readiness_score": 2.0}), min_readiness=2.0).register_it
    assert not decide(min_deployment=5.1).register_it


def test_a_model_that_runs_commands_when_loaded_is_never_registered():
    evil = artifact().model_copy(update={"dangerous": True})
    assert decide(artifacts=(evil,)).reasons == ("a model file would run commands when it is loaded",)
