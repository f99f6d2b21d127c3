import pytest

from tasks.rules.registry.facts import ModelClaim, ModelFacts, ModelMetric
from tasks.rules.registry.gate import choose_primary, judge_challenger, thresholds
from tasks.rules.registry.paired import PairedTest


def model(value=0.9, name="test_accuracy", direction="higher", **more):
    return ModelFacts(metrics=(ModelMetric(name=name, value=value, direction=direction),), **more)


def paired(answer):
    return PairedTest(
        test="mcnemar_exact", n=500, p_value=0.01, difference=0.0, low=0.0, high=0.0, margin=0.01, answer=answer, sentence="tested"
    )


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("b_better", "promote_b"), ("a_better", "reject_b"), ("no_difference", "reject_b"), ("too_few_rows", "investigate")],
)
def test_the_paired_test_decides(answer, verdict):
    gate = judge_challenger(model(), "approved", model(), paired(answer))
    assert gate.verdict == verdict and gate.reasons[0].startswith("tested")


def test_no_difference_keeps_the_champion():
    assert "the champion stays" in judge_challenger(model(), "approved", model(), paired("no_difference")).reasons[0]


def test_more_rows_right_but_a_worse_primary_metric_wants_a_person():
    assert judge_challenger(model(0.8, "test_f1"), "approved", model(0.9, "test_f1"), paired("b_better")).verdict == "investigate"


@pytest.mark.parametrize(
    ("a", "b", "verdict"), [(0.80, 0.85, "promote_b"), (0.80, 0.849, "investigate"), (0.85, 0.80, "reject_b"), (0.8, 0.8, "investigate")]
)
def test_points_decide_only_where_the_difference_is_clear(a, b, verdict):
    gate = judge_challenger(model(b), "approved", model(a))
    assert gate.verdict == verdict
    assert "only point metrics were compared" in gate.reasons[0]


@pytest.mark.parametrize(("a", "b", "verdict"), [(2.0, 1.8, "promote_b"), (2.0, 1.81, "investigate"), (1.8, 2.0, "reject_b")])
def test_an_error_is_better_the_lower_it_is(a, b, verdict):
    def errors(value):
        return model(value, "test_rmse", "lower")

    assert judge_challenger(errors(b), "approved", errors(a)).verdict == verdict


def test_a_small_error_is_judged_by_proportion_not_by_points():
    assert judge_challenger(model(0.04, "test_rmse", "lower"), "approved", model(0.02, "test_rmse", "lower")).verdict == "reject_b"


def test_metrics_of_other_held_out_data_decide_nothing():
    gate = judge_challenger(model(0.99, held_out="x"), "approved", model(0.5, held_out="y"))
    assert gate.verdict == "investigate" and "different held-out data" in gate.reasons[0]


def test_metrics_of_training_data_and_losses_decide_nothing():
    for name in ("train_accuracy", "loss", "validation_loss"):
        direction = "lower" if "loss" in name else "higher"
        gate = judge_challenger(model(0.1, name, direction), "approved", model(0.9, name, direction))
        assert gate.verdict == "investigate", name


@pytest.mark.parametrize(
    "broken",
    [
        {"critical_findings": ("TRN001",)},
        {"claims": (ModelClaim(name="accuracy", verdict="not_reproduced"),)},
        {"flagged": {"accuracy": "7.5"}},
        {"metrics": ()},
    ],
)
@pytest.mark.parametrize("champion", [None, model(0.5)])
def test_a_requirement_that_is_not_met_rejects_whatever_the_comparison_says(broken, champion):
    gate = judge_challenger(model().model_copy(update=broken), "approved", champion, paired("b_better"))
    assert gate.verdict == "reject_b"
    assert not gate.allows("approved") and not gate.allows("production")


def test_changed_files_reject():
    gate = judge_challenger(model(), "approved", None, intact="file m.pkl is not the one that was registered")
    assert gate.verdict == "reject_b" and "m.pkl" in gate.reasons[0]


def test_without_a_champion_the_requirements_decide():
    gate = judge_challenger(model(), "approved", None)
    assert gate.verdict == "promote_b" and "no champion" in gate.reasons[0]


def test_approval_does_not_ask_for_a_better_model_but_production_does():
    gate = judge_challenger(model(0.5), "candidate", model(0.9))
    assert gate.allows("approved") and not gate.allows("production")


def test_the_metric_that_decides_is_of_held_out_data_and_of_known_direction():
    names = ("train_f1", "test_accuracy", "accuracy", "validation_f1", "epochs")
    metrics = tuple(ModelMetric(name=n, value=1, direction="unknown" if n == "epochs" else "higher") for n in names)
    both = ModelFacts(metrics=metrics)
    assert choose_primary(both, both) == "test_accuracy"
    assert choose_primary(both, ModelFacts(metrics=metrics[3:])) == "validation_f1"
    assert choose_primary(both, ModelFacts(metrics=metrics[4:])) is None
    assert judge_challenger(both, "approved", model(0.1), primary="test_accuracy").primary == "test_accuracy"


def test_the_policy_in_force_is_told():
    assert thresholds()["alpha"] == 0.05 and thresholds()["clear_proportion"] == 0.05
