"""Only a model that the verdict ships is registered, with the sealed test as its evidence."""

from tasks.rules.building.registration import decide_registration, facts_of
from tests.rendering.builds import build, ended_build, leaky_build


def test_a_model_to_ship_is_registered_with_its_sealed_score_as_the_reason():
    assert decide_registration(build()) == (True, "Registered: roc_auc 0.907 on 740 sealed rows, and the verdict is to ship it.")


def test_any_other_model_is_not_and_the_first_reason_is_told():
    wanted, why = decide_registration(leaky_build())
    assert not wanted and "does not beat the mean" in why
    assert decide_registration(ended_build()) == (False, "Not registered: nothing was trained.")


def test_the_evidence_is_every_metric_of_the_sealed_test_with_its_direction():
    facts = facts_of(build(), source="churn", commit="abc", held_out="rows", predictions="predictions.csv")
    found = {m.name: (m.value, m.direction, m.source) for m in facts.metrics}
    assert found == {
        "roc_auc": (0.907, "higher", "sealed test"),
        "recall": (0.91, "higher", "sealed test"),
        "average_precision": (0.77, "higher", "sealed test"),
    }
    assert (facts.held_out, facts.predictions, facts.commit) == ("rows", "predictions.csv", "abc")
