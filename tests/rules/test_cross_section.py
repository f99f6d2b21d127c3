import pytest

from tasks.evidence.dataset.facts import DatasetPair, DatasetProfile, SuspiciousPredictor
from tasks.evidence.evaluation.facts import Evaluated
from tasks.evidence.place import Place
from tasks.evidence.project.facts import Claim, SubProject
from tasks.evidence.training.facts import Leak
from tasks.rules.cross_section import RULES
from tests.readiness import HERE, NOT_ML, USES_A_MODEL, evidence, failed, metric, outcome

CLASSES = {"tasks": ("binary_classification",)}
CLAIM = Claim(name="accuracy", value=98, unit="%", file="README.md", line=4, source="readme")


def balanced(share, *metrics, **project):
    data = DatasetProfile(path="fraud.csv", target="fraud", rows=9000, class_balance={"no": share, "yes": 1 - share})
    return evidence({**CLASSES, **project}, {"datasets": (data,)}, evaluation={"metrics": tuple(metric(m) for m in metrics)})


RMSE = (metric("rmse"),)


def overlapping(rows, share, roles=("train", "test"), metrics=RMSE):
    pair = DatasetPair(reference="train.csv", current="test.csv", roles=roles, overlap_rows=rows, overlap_share=share)
    return evidence(dataset={"pairs": (pair,)}, evaluation={"metrics": metrics})


def claimed(kind=None, certainty="certain", claim=CLAIM, evaluations=(), **project):
    leaks = (Leak(kind=kind, certainty=certainty, place=HERE),) if kind else ()
    return evidence(
        {"claimed_metrics": (claim,), **project},
        training={"leaks": leaks},
        evaluation={"evaluations": evaluations, "metrics": (metric(claim.name),)},
    )


def stated(value, unit="", **changes):
    return evidence({"claimed_metrics": (CLAIM.model_copy(update={"value": value, "unit": unit, **changes}),)})


HELD_OUT = (Evaluated(on="held_out", place=HERE),)
CASES = {
    "EVL011": (balanced(0.8, "accuracy"), balanced(0.79, "accuracy")),
    "EVL012": (overlapping(5, 0.01), overlapping(4, 0.01)),
    "EVL013": (claimed("target_in_features"), claimed(evaluations=HELD_OUT)),
    "EVL014": (stated(0.999), stated(0.998)),
}


@pytest.mark.parametrize("code", CASES)
def test_each_rule_fails_on_the_fault_and_passes_without_it(code):
    faulty, sound = CASES[code]
    found = failed(RULES, code, faulty)
    assert found.places and found.detail
    assert outcome(RULES, code, sound)[0] == "Passed"


def test_every_rule_has_a_failing_and_a_passing_case():
    assert set(CASES) == {r.code for r in RULES}


@pytest.mark.parametrize("code", CASES)
@pytest.mark.parametrize("facts", [NOT_ML, USES_A_MODEL], ids=["not ml", "uses a model"])
def test_nothing_is_asked_where_nothing_is_trained(code, facts):
    assert outcome(RULES, code, facts)[0] == "NotApplicable"


def test_the_majority_answer_is_named_with_its_accuracy():
    assert failed(RULES, "EVL011", balanced(0.95, "accuracy")).detail == (
        "fraud is 'no' in 95% of the rows of fraud.csv, so always answering that is 95% accurate."
    )


def test_a_metric_that_sees_the_rare_class_is_enough():
    assert outcome(RULES, "EVL011", balanced(0.95, "accuracy", "recall"))[0] == "Passed"


def test_data_of_one_project_is_not_held_against_the_metric_of_another():
    projects = (SubProject(path="a", kind="training_project"), SubProject(path="b", kind="training_project"))
    assert outcome(RULES, "EVL011", balanced(0.95, "accuracy", projects=projects))[0] == "NotApplicable"


def test_a_class_balance_that_is_not_here_is_not_known():
    facts = evidence(CLASSES, evaluation={"metrics": (metric("accuracy"),)})
    assert outcome(RULES, "EVL011", facts)[0] == "Undetermined"


def test_a_regression_has_no_rare_class():
    assert outcome(RULES, "EVL011", balanced(0.95, "accuracy", tasks=("regression",)))[0] == "NotApplicable"


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (overlapping(50, 0.009), "Passed"),
        (overlapping(None, None), "Undetermined"),
        (overlapping(50, 0.5, roles=("reference", "current")), "NotApplicable"),
        (overlapping(50, 0.5, metrics=()), "NotApplicable"),
    ],
)
def test_shared_rows_count_when_they_are_many_and_a_metric_is_computed(facts, word):
    assert outcome(RULES, "EVL012", facts)[0] == word


def test_a_claim_is_shown_with_the_leak_it_rests_on():
    found = failed(RULES, "EVL013", claimed("target_in_features"))
    assert [(p.file, p.line) for p in found.places] == [("README.md", 4), ("train.py", 3)]
    assert found.detail == "README.md says accuracy 98%, with target in features in train.py."


def given_away(*kinds):
    """A table whose target is the sum of two columns, and leaks in the code."""
    reason = "registered + casual gives `cnt`"
    found = SuspiciousPredictor(columns=("registered", "casual"), kind="linear_sum", measure=1.0, reason=reason)
    data = DatasetProfile(path="days.csv", rows=609, rows_profiled=609, target="cnt", target_weight=9.0,
                          suspicious_predictors=(found,))  # fmt: skip
    leaks = tuple(Leak(kind=kind, certainty="certain", place=HERE) for kind in kinds)
    return evidence({"claimed_metrics": (CLAIM,)}, {"datasets": (data,)}, {"leaks": leaks})


def test_a_column_that_gives_the_target_away_is_a_worse_ground_than_a_choice_on_the_test_set():
    found = failed(RULES, "EVL013", given_away("model_selection_on_test"))
    assert "registered + casual gives `cnt`" in found.detail
    assert found.places[-1].file == "days.csv"
    assert "target in features" in failed(RULES, "EVL013", given_away("model_selection_on_test", "target_in_features")).detail


@pytest.mark.parametrize(
    ("kind", "certainty"), [("scaler_or_imputer_fit_before_split", "certain"), ("target_in_features", "possible"), (None, "certain")]
)
def test_a_small_or_unsure_leak_leaves_the_claim_alone(kind, certainty):
    assert outcome(RULES, "EVL013", claimed(kind, certainty, evaluations=HELD_OUT))[0] == "Passed"


def test_a_notebook_s_own_number_is_not_doubted_for_another_file():
    printed = CLAIM.model_copy(update={"source": "notebook_output", "file": "other.ipynb"})
    assert outcome(RULES, "EVL013", claimed("target_in_features", claim=printed, evaluations=HELD_OUT))[0] == "Passed"


def test_a_claim_measured_on_the_fitted_rows_is_doubted():
    fitted = (Evaluated(on="training", place=Place(file="train.py", line=9)),)
    assert failed(RULES, "EVL013", claimed(evaluations=fitted)).places[-1].line == 9
    elsewhere = evidence({"claimed_metrics": (CLAIM,)}, evaluation={"evaluations": fitted, "metrics": (metric("rmse"),)})
    assert outcome(RULES, "EVL013", elsewhere)[0] == "Passed"


@pytest.mark.parametrize(
    ("facts", "word"),
    [(stated(100, "%"), "Failed"), (stated(100), "Failed"), (stated(99, "%"), "Passed"), (stated(1.0, name="rmse"), "NotApplicable")],
)
def test_perfect_is_read_in_shares_and_percent(facts, word):
    assert outcome(RULES, "EVL014", facts)[0] == word
