import pytest

from tasks.evidence.dataset.facts import DatasetProfile, PersonalData
from tasks.evidence.deployment.facts import Infrastructure
from tasks.evidence.mlops.facts import CiPipeline, CiStep, LockFile, Registration, TestFile, TestSuite, Tracker
from tasks.evidence.monitoring.facts import Tool
from tasks.evidence.place import Place
from tasks.evidence.training.facts import Hyperparameters
from tasks.rules.evidence import Evidence
from tasks.rules.ml_test_score import score_ml_tests
from tests.readiness import HERE, entry, evidence

PERSONAL = DatasetProfile(path="p.csv", pii=(PersonalData(column="mail", kind="email", share=1.0),))
SERVED = {"serve_entrypoints": (entry("app.py"),)}
TITLES = {
    "D1": "Feature expectations are captured in a schema", "D2": "All features are beneficial", "D3": "No feature's cost is too much",
    "D4": "Features adhere to meta-level requirements", "D5": "The data pipeline has appropriate privacy controls",
    "D6": "New features can be added quickly", "D7": "All input feature code is tested",
    "M1": "Model specs are reviewed and submitted", "M2": "Offline and online metrics correlate",
    "M3": "All hyperparameters have been tuned",
    "M4": "The impact of model staleness is known", "M5": "A simpler model is not better",
    "M6": "Model quality is sufficient on important data slices", "M7": "The model is tested for considerations of inclusion",
    "I1": "Training is reproducible", "I2": "Model specs are unit tested", "I3": "The ML pipeline is integration tested",
    "I4": "Model quality is validated before serving", "I5": "The model is debuggable", "I6": "Models are canaried before serving",
    "I7": "Serving models can be rolled back",
    "N1": "Dependency changes result in notification", "N2": "Data invariants hold for inputs", "N3": "Training and serving are not skewed",
    "N4": "Models are not too stale", "N5": "Models are numerically stable", "N6": "Computing performance has not regressed",
    "N7": "Prediction quality has not regressed",
}  # fmt: skip


def answers(facts):
    return {item.id: item.answer for item in score_ml_tests(facts).items}


def tool(name, of_model=False):
    return (Tool(name=name, places=(HERE,), of_model=of_model),)


def ci(*words):
    return {"ci": (CiPipeline(system="github_actions", file="ci.yml", steps=tuple(CiStep(word=w, place=HERE) for w in words)),)}


def suite(*touches):
    return {"tests": TestSuite(files=(TestFile(file="test_a.py", functions=2, touches=touches),))}


def test_all_28_items_of_the_paper_are_answered_in_its_order():
    assert {item.id: item.title for item in score_ml_tests(evidence()).items} == TITLES
    assert [item.id for item in score_ml_tests(evidence()).items] == list(TITLES)


def test_every_answer_has_one_sentence_of_evidence():
    for item in score_ml_tests(evidence()).items:
        assert item.evidence.endswith(".") and item.evidence[0].isupper()


def test_facts_that_could_not_be_read_are_not_observable():
    assert set(answers(Evidence()).values()) == {"not_observable"}


def test_the_score_is_the_smallest_of_four_sums():
    # D1 runs by CI: 1. M3 by CI: 1. I1 seeded, not locked: 0.5. N4 scheduled: 1.
    score = score_ml_tests(
        evidence(
            training={"hyperparameters": Hyperparameters(searches=("optuna",)), "seeded": "yes"},
            monitoring={"validation": tool("pandera"), "retraining": tool("schedule")},
        )
    )
    assert (score.data, score.model, score.infrastructure, score.monitoring, score.final) == (1.0, 1.0, 0.5, 1.0, 0.5)


CASES = [
    ("D1", {"monitoring": {"validation": tool("pandera")}}, "manual"),
    ("D1", {"monitoring": {"validation": tool("pandera")}, "mlops": ci("train")}, "automated"),
    ("D1", {}, "absent"),
    ("D5", {}, "not_observable"),
    ("D5", {"dataset": {"datasets": (PERSONAL,)}}, "absent"),
    ("D7", {"mlops": suite("features")}, "manual"),
    ("D7", {"mlops": suite("features") | ci("tests")}, "automated"),
    ("D7", {"mlops": suite("serving")}, "absent"),
    ("M3", {"training": {"hyperparameters": Hyperparameters(searches=("optuna",))}}, "manual"),
    ("M3", {"mlops": {"trackers": (Tracker(name="mlflow", logs=("parameters",), places=(HERE,)),)}}, "manual"),
    ("M3", {}, "absent"),
    ("M5", {"evaluation": {"baselines": (HERE,)}}, "manual"),
    ("M5", {"evaluation": {"compared_models": 3}, "project": {"orchestrator": ("dvc",)}}, "automated"),
    ("M5", {"evaluation": {"compared_models": 2}}, "absent"),
    ("M6", {"evaluation": {"slices": (HERE,)}}, "manual"),
    ("M6", {}, "absent"),
    ("M7", {"evaluation": {"slices": (Place(file="a.py", line=1, snippet="MetricFrame", note="fairlearn"),)}}, "manual"),
    ("M7", {"evaluation": {"slices": (HERE,)}}, "absent"),
    ("I1", {"training": {"seeded": "partial"}}, "absent"),
    ("I1", {"training": {"seeded": "yes"}, "mlops": {"locks": (LockFile(file="uv.lock", kind="uv"),)}}, "manual"),
    ("I1", {"training": {"seeded": "yes"}, "mlops": {"locks": (LockFile(file="uv.lock", kind="uv"),), **ci("train")}}, "automated"),
    ("I2", {"mlops": suite("model") | ci("tests")}, "automated"),
    ("I2", {"mlops": suite("data")}, "absent"),
    ("I3", {"mlops": ci("train")}, "automated"),
    ("I3", {"mlops": suite("data", "training")}, "manual"),
    ("I3", {"mlops": suite("data")}, "absent"),
    ("I4", {"monitoring": {"instrumentation": tool("mlflow evaluate thresholds")}}, "manual"),
    ("I4", {"mlops": ci("evaluate")}, "manual"),
    ("I4", {}, "not_observable"),
    ("I4", {"mlops": {"registrations": (Registration(registry="mlflow"),)}}, "absent"),
    ("I5", {"project": {"frameworks": ("shap",), "framework_places": {"shap": HERE}}}, "manual"),
    ("I5", {}, "not_observable"),
    ("I6", {}, "not_observable"),
    ("I6", {"project": SERVED}, "not_observable"),
    ("I6", {"project": SERVED, "deployment": {"infrastructure": (Infrastructure(kind="helm", place=HERE),)}}, "absent"),
    ("I6", {"deployment": {"rollbacks": (Place(file="k.yaml", line=1, snippet="canary: 10"),)}}, "automated"),
    ("I7", {"project": SERVED}, "absent"),
    ("I7", {"deployment": {"rollbacks": (HERE,)}}, "manual"),
    ("N1", {"mlops": {"ci": (CiPipeline(system="dependabot", file=".github/dependabot.yml"),)}}, "automated"),
    ("N1", {}, "not_observable"),
    ("N2", {}, "not_observable"),
    ("N2", {"project": SERVED}, "absent"),
    ("N2", {"project": SERVED, "monitoring": {"request_validation": (HERE,)}}, "manual"),
    ("N2", {"project": SERVED, "monitoring": {"request_validation": (HERE,), "alerting": tool("webhook")}}, "automated"),
    ("N3", {"project": SERVED}, "absent"),
    ("N3", {"project": SERVED, "monitoring": {"instrumentation": tool("evidently", of_model=True)}}, "manual"),
    ("N4", {"monitoring": {"retraining": tool("cron")}}, "automated"),
    ("N4", {}, "not_observable"),
    ("N6", {"project": SERVED, "monitoring": {"instrumentation": tool("prometheus")}}, "manual"),
    ("N6", {"project": SERVED}, "not_observable"),
    ("N7", {"project": SERVED}, "absent"),
    ("N7", {"project": SERVED, "monitoring": {"prediction_log": (HERE,)}}, "not_observable"),
    ("N7", {"project": SERVED, "monitoring": {"prediction_log": (HERE,), "instrumentation": tool("evidently", of_model=True)}}, "manual"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "facts", "word"), CASES)
def test_answers(item, facts, word):
    assert answers(evidence(**facts))[item] == word


@pytest.mark.parametrize("item", ["D2", "D3", "D4", "D6", "M1", "M2", "M4", "N5"])
def test_what_no_repository_shows_is_never_called_absent(item):
    assert answers(evidence())[item] == "not_observable"
