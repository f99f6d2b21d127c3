import pytest

from tasks.evidence.dataset.facts import DatasetPair, DatasetProfile, DatasetReference
from tasks.evidence.evaluation.facts import Evaluated
from tasks.evidence.mlops.facts import Tracker
from tasks.evidence.project.facts import Language
from tasks.evidence.training.facts import Artifact, Hyperparameters, Leak, Seed, Split
from tasks.evidence.training.leakage.kinds import LEAK_KINDS
from tasks.rules import training_leaks
from tasks.rules.training import OWN_RULES, RULES
from tests.readiness import ELSEWHERE, HERE, NOT_ML, USES_A_MODEL, evidence, failed, outcome

SPLIT = {"split_present": True, "splits": (Split(how="train_test_split", place=HERE),)}
SEED = Seed(library="numpy", place=HERE)
PICKLE = {"artifact_formats": ("pickle",), "artifacts": (Artifact(format="pickle", place=HERE),)}


def trained(dataset=None, project=None, mlops=None, evaluation=None, **training):
    return evidence(training=training, dataset=dataset, project=project, mlops=mlops, evaluation=evaluation)


def rows(count):
    return {"datasets": (DatasetProfile(path="data.csv", rows=count, target="y"),)}


CASES = {
    "TRN001": (trained(unseeded=(HERE,)), trained(unseeded=(HERE,), seeded="partial")),
    "TRN002": (trained(unseeded=(HERE,), seeded="partial"), trained(seeded="yes", unseeded=(HERE,))),
    "TRN003": (trained(), trained(split_present=True)),
    "TRN004": (trained(rows(2000), **SPLIT), trained(rows(2000), cv=True, **SPLIT)),
    "TRN005": (
        trained(hyperparameters=Hyperparameters(literal=5, places=(HERE,))),
        trained(hyperparameters=Hyperparameters(literal=5, configured=1)),
    ),
    "TRN006": (
        trained(hyperparameters=Hyperparameters(literal=1, places=(HERE,))),
        trained(hyperparameters=Hyperparameters(literal=1, searches=("optuna",))),
    ),
    "TRN007": (trained(deep=(HERE,)), trained(deep=(HERE,), checkpoints=(HERE,))),
    "TRN008": (trained(iterative=(HERE,)), trained(iterative=(HERE,), early_stopping=(HERE,))),
    "TRN009": (trained(), trained(**PICKLE)),
    "TRN010": (trained(**PICKLE), trained(**PICKLE | {"artifact_formats": ("onnx", "pickle")})),
    "TRN011": (trained(deep=(HERE,), seeded="yes"), trained(deep=(HERE,), seeded="yes", determinism=(HERE,))),
}


@pytest.mark.parametrize("code", CASES)
def test_each_rule_fails_on_the_fault_and_passes_without_it(code):
    faulty, sound = CASES[code]
    assert failed(RULES, code, faulty).places
    assert outcome(RULES, code, sound)[0] == "Passed"


def test_every_rule_that_is_no_leak_has_a_failing_and_a_passing_case():
    assert set(CASES) == {r.code for r in OWN_RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
@pytest.mark.parametrize("facts", [NOT_ML, USES_A_MODEL], ids=["not ml", "uses a model"])
def test_nothing_is_asked_where_nothing_is_trained(rule, facts):
    assert outcome(RULES, rule.code, facts)[0] == "NotApplicable"


def test_a_model_without_random_steps_needs_no_seed():
    assert outcome(RULES, "TRN001", trained())[0] == "NotApplicable"


def test_a_template_may_leave_its_seed_switched_off():
    seed = SEED.model_copy(update={"conditional": True})
    assert outcome(RULES, "TRN001", trained(project={"kind": "template"}, seeds=(seed,), deep=(HERE,)))[0] == "Passed"


@pytest.mark.parametrize(
    "facts",
    [
        trained(evaluation={"evaluations": (Evaluated(on="held_out", place=HERE),)}),
        trained({"pairs": (DatasetPair(reference="train.csv", current="test.csv", roles=("train", "test")),)}),
        trained(cv=True),
    ],
)
def test_a_split_may_lie_in_files_folds_or_other_variables(facts):
    assert outcome(RULES, "TRN003", facts)[0] == "Passed"


def test_a_dataset_that_comes_in_parts_may_be_split():
    loaded = {"references": (DatasetReference(kind="torchvision", ref="MNIST"),)}
    assert outcome(RULES, "TRN003", trained(loaded))[0] == "Undetermined"


@pytest.mark.parametrize(("tasks", "word"), [(("clustering",), "NotApplicable"), ((), "Undetermined")])
def test_no_split_is_asked_of_what_has_no_labels(tasks, word):
    assert outcome(RULES, "TRN003", trained(project={"tasks": tasks}))[0] == word


def test_one_row_more_than_a_small_dataset_is_enough_for_one_split():
    assert outcome(RULES, "TRN004", trained(rows(2001), **SPLIT))[0] == "NotApplicable"


def test_a_dataset_of_unknown_size_is_not_called_small():
    assert outcome(RULES, "TRN004", trained(**SPLIT))[0] == "Undetermined"


def test_four_literals_are_few():
    assert outcome(RULES, "TRN005", trained(hyperparameters=Hyperparameters(literal=4)))[0] == "NotApplicable"


def test_recorded_runs_with_their_parameters_are_a_search_by_hand():
    recorded = {"trackers": (Tracker(name="mlflow", logs=("parameters",)),)}
    assert outcome(RULES, "TRN006", trained(mlops=recorded, hyperparameters=Hyperparameters(literal=3)))[0] == "Passed"


def test_the_best_checkpoint_is_as_good_as_stopping():
    assert outcome(RULES, "TRN008", trained(deep=(HERE,), checkpoints=(HERE,)))[0] == "Passed"


def test_what_a_platform_trains_may_be_kept_there():
    assert outcome(RULES, "TRN009", trained(fits=()))[0] == "Undetermined"


@pytest.mark.parametrize("code", ["TRN007", "TRN008", "TRN009", "TRN010", "TRN011"])
def test_a_course_is_not_asked_to_keep_its_models(code):
    faulty, _ = CASES[code]
    course = faulty.model_copy(update={"project_facts": faulty.project.model_copy(update={"kind": "course_monorepo"})})
    assert outcome(RULES, code, course)[0] == "NotApplicable"


LEAK_CODES = {
    "target_in_features": "TRN101",
    "train_test_overlap": "TRN102",
    "model_selection_on_test": "TRN103",
    "oversampling_before_split": "TRN104",
    "feature_selection_before_split": "TRN105",
    "target_encoding_before_split": "TRN106",
    "future_values_in_features": "TRN107",
    "random_split_of_time_series": "TRN108",
    "group_in_both_parts": "TRN109",
    "fit_on_train_plus_test": "TRN110",
    "target_filter_before_split": "TRN111",
    "evaluated_on_training_data": "TRN112",
    "early_stopping_on_test": "TRN113",
    "continued_training_from_checkpoints": "TRN114",
    "id_as_feature": "TRN115",
    "scaler_or_imputer_fit_before_split": "TRN116",
    "encoder_fit_before_split": "TRN117",
}
"""Written into other people's `.axiom.yaml`: these never change."""


def code_of(kind):
    return LEAK_CODES[kind]


def kind_of(rule):
    return rule.name.removeprefix("leak-").replace("-", "_")


def leaking(kind, certainty="certain", **training):
    return trained(leaks=(Leak(kind=kind, certainty=certainty, place=HERE, note="what flows where"),), **training)


def test_there_is_one_rule_for_each_kind_of_leak():
    assert {kind_of(r): r.code for r in training_leaks.RULES} == LEAK_CODES
    assert set(LEAK_CODES) == set(LEAK_KINDS)


@pytest.mark.parametrize("kind", LEAK_KINDS)
@pytest.mark.parametrize("certainty", ["certain", "likely"])
def test_a_leak_fails_the_rule_of_its_kind_and_no_other(kind, certainty):
    facts = leaking(kind, certainty)
    assert [r.code for r in training_leaks.RULES if outcome(RULES, r.code, facts)[0] == "Failed"] == [code_of(kind)]


@pytest.mark.parametrize("kind", LEAK_KINDS)
def test_a_leak_that_is_only_possible_is_no_finding(kind):
    assert outcome(RULES, code_of(kind), leaking(kind, "possible"))[0] in ("Passed", "NotApplicable")


EVERYTHING = trained(
    {"datasets": (DatasetProfile(path="d.csv", date_columns=("day",), id_columns=("id",)),), "imbalance_mentioned": True},
    iterative=(HERE,), checkpoints=(HERE,), **SPLIT,
)  # fmt: skip


@pytest.mark.parametrize("kind", LEAK_KINDS)
def test_a_leak_that_could_have_been_and_is_not_passes(kind):
    assert outcome(RULES, code_of(kind), EVERYTHING)[0] == "Passed"


def test_the_certain_leak_comes_first_and_the_places_are_counted():
    leaks = (
        Leak(kind="target_in_features", certainty="likely", place=ELSEWHERE, note="b"),
        Leak(kind="target_in_features", certainty="certain", place=HERE, note="a"),
    )
    found = failed(RULES, code_of("target_in_features"), trained(leaks=leaks))
    assert found.places == (HERE, ELSEWHERE)
    assert found.detail == "A. 2 places in 2 files."


def test_leaks_are_ranked_by_damage_and_not_by_fame():
    severity = {kind_of(r): r.severity for r in training_leaks.RULES}
    assert (severity["target_in_features"], severity["train_test_overlap"]) == ("critical", "critical")
    assert severity["model_selection_on_test"] == "high"
    assert severity["scaler_or_imputer_fit_before_split"] == "low"


def test_training_in_a_language_that_is_not_followed_has_no_verdict_on_leaks():
    lua = {"languages": (Language(name="lua", lines=90, share=0.9),)}
    assert outcome(RULES, "TRN101", trained(project=lua, files_read=0, fits=()))[0] == "Undetermined"


def test_neural_networks_alone_fit_no_scaler():
    assert outcome(RULES, code_of("scaler_or_imputer_fit_before_split"), trained(deep=(HERE,), **SPLIT))[0] == "NotApplicable"
