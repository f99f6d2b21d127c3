import pytest

from tasks.evidence.dataset.facts import DatasetFacts, DatasetProfile
from tasks.evidence.deployment.facts import DeploymentFacts
from tasks.evidence.evaluation.facts import EvaluationFacts
from tasks.evidence.monitoring.facts import MonitoringFacts
from tasks.evidence.project.facts import Claim, Entrypoint, ProjectFacts
from tasks.evidence.training.facts import Leak, TrainingFacts
from tasks.rules.evidence import Evidence
from tasks.rules.health import decide_health
from tasks.rules.performance import find_declines
from tasks.rules.retraining import decide_retraining, urgency_floor
from tests.readiness import HERE, metric


def evidence(**project):
    facts = ProjectFacts(**{"is_ml": True, "has_training": True, "kind": "training_project", "frameworks": ("sklearn",), **project})
    return Evidence(project_facts=facts, monitoring_facts=MonitoringFacts(), deployment_facts=DeploymentFacts())


def pair(*levels, roles=("reference", "current"), beyond_noise=True):
    features = [
        {"name": f"x{i}", "psi": psi, "ks": 0.1, "js": 0.01, "level": level, "beyond_noise": beyond_noise}
        for i, (level, psi) in enumerate(levels)
    ]
    return {"reference": "reference.csv", "current": "current.csv", "roles": list(roles), "features": features}


def decide(drift=(), declines=(), **project):
    facts = evidence(**project)
    return decide_retraining(facts, list(drift), decide_health(facts, list(drift)), declines)


def test_high_drift_over_time_is_critical_and_immediate():
    drift = [pair(("high", 0.31), ("none", 0.02))]
    assert decide_health(evidence(), drift).health == "critical"
    assert decide(drift).urgency == "immediate"


def test_moderate_drift_is_at_risk_and_soon():
    assert decide([pair(("moderate", 0.15), ("none", 0.01))]).urgency == "soon"


def test_drift_within_sampling_noise_is_healthy():
    drift = [pair(("high", 0.31), beyond_noise=False)]
    assert decide_health(evidence(), drift).health == "healthy"
    assert decide(drift).urgency == "none"


def test_a_train_and_test_file_that_differ_are_no_drift_over_time():
    drift = [pair(("high", 0.5), roles=("train", "test"))]
    assert decide_health(evidence(), drift).health == "unknown"
    assert decide(drift).urgency == "monitor"


def test_a_served_model_that_nothing_watches_is_at_risk():
    served = {"serve_entrypoints": (Entrypoint(file="app.py", command="python app.py", confidence=0.9),)}
    decision = decide(**served)
    assert (decision.urgency, decision.triggers[0].kind) == ("soon", "health")


def test_a_performance_decline_of_ten_percent_is_immediate():
    decision = decide(declines=find_declines({"final/accuracy": [0.9, 0.8]}))
    assert (decision.urgency, decision.confidence) == ("immediate", 0.9)


def test_nothing_trained_needs_no_retraining():
    decision = decide([pair(("high", 0.9))], has_training=False, kind="non_ml")
    assert (decision.urgency, decision.strategy, decision.plan.data) == ("none", "none", ())


@pytest.mark.parametrize(
    ("drift", "frameworks", "strategy"),
    [
        ([pair(("high", 0.3), ("high", 0.3))], ("torch",), "full_retrain"),
        ([pair(("high", 0.3), ("none", 0.0), ("none", 0.0))], ("torch",), "fine_tune"),
        ([pair(("high", 0.3), ("none", 0.0), ("none", 0.0))], ("sklearn",), "full_retrain"),
    ],
)
def test_strategy_follows_how_broad_the_drift_is_and_what_can_be_tuned(drift, frameworks, strategy):
    assert decide(drift, frameworks=frameworks).strategy == strategy


def test_quality_that_falls_without_drift_asks_for_another_architecture():
    decision = decide([pair(("none", 0.01))], declines=find_declines({"final/accuracy": [0.9, 0.8]}))
    assert decision.strategy == "architecture_change"


def test_drifted_features_are_to_be_reviewed_and_both_files_to_be_used():
    plan = decide([pair(("high", 0.3), ("none", 0.0))]).plan
    assert plan.features_to_review == ("x0",)
    assert plan.data == ("reference.csv together with current.csv",)


def test_floor_is_none_only_without_triggers_and_in_good_health():
    assert urgency_floor((), decide_health(evidence(), [pair(("none", 0.0))])) == "none"


README_CLAIM = Claim(name="r2", value=0.99, file="README.md", line=5, source="readme")


def criteria(claim, leaks=()):
    facts = evidence(claimed_metrics=(claim,))
    facts = facts.model_copy(
        update={"training_facts": TrainingFacts(leaks=leaks), "evaluation_facts": EvaluationFacts(metrics=(metric("r2"),))}
    )
    drift = [pair(("high", 0.3))]
    return decide_retraining(facts, drift, decide_health(facts, drift), ()).plan.promotion_criteria[0]


def test_a_stated_metric_is_the_bar_for_the_new_model_and_a_notebook_s_many_are_not():
    assert criteria(README_CLAIM) == "r2 not worse than the claimed 0.99 (README.md:5)"
    assert criteria(README_CLAIM.model_copy(update={"source": "notebook_output"})).startswith("no open critical finding")


def test_a_claim_that_rests_on_a_leak_is_no_bar():
    leak = Leak(kind="target_in_features", certainty="certain", place=HERE)
    assert criteria(README_CLAIM, (leak,)) == "r2 is measured anew: the claimed 0.99 (README.md:5) rests on a leak"


def test_the_target_is_no_feature_to_review():
    data = DatasetFacts(datasets=(DatasetProfile(path="reference.csv", target="x0"),))
    facts = evidence().model_copy(update={"dataset_facts": data})
    drift = [pair(("high", 0.3), ("high", 0.3))]
    assert decide_retraining(facts, drift, decide_health(facts, drift), ()).plan.features_to_review == ("x1",)
