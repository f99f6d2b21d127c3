import pytest

from tasks.evidence.evaluation.facts import Evaluated, NotebookState
from tasks.evidence.mlops.facts import Tracker
from tasks.evidence.place import Place
from tasks.rules.evaluation import RULES
from tests.readiness import ELSEWHERE, HERE, NOT_ML, entry, evidence, failed, metric, outcome

RMSE, R2, ACCURACY, LOSS = metric("rmse"), metric("r2"), metric("accuracy"), metric("loss")
ONE = {"metrics": (RMSE,)}
NOTEBOOK = Place(file="a.ipynb", line=5)


def measured(project=None, **evaluation):
    return evidence(project=project, evaluation=evaluation)


def notebook(**state):
    project = {"kind": "notebook_project", "train_entrypoints": (entry("a.ipynb"),)}
    return measured(project, notebooks=(NotebookState(file="a.ipynb", code_cells=3, **state),))


def judged(*on):
    return measured(evaluations=tuple(Evaluated(on=word, place=HERE) for word in on))


CASES = {
    "EVL001": (measured(), measured(**ONE)),
    "EVL002": (measured(**ONE), measured(metrics=(RMSE, R2))),
    "EVL003": (measured(metrics=(ACCURACY,)), measured(metrics=(ACCURACY, RMSE))),
    "EVL004": (measured(**ONE), measured(baselines=(HERE,), **ONE)),
    "EVL005": (judged("training"), judged("held_out")),
    "EVL006": (measured(**ONE), measured(slices=(HERE,), **ONE)),
    "EVL007": (measured(**ONE), measured(uncertainty=(HERE,), **ONE)),
    "EVL008": (notebook(out_of_order=True, first_disorder=NOTEBOOK), notebook()),
    "EVL009": (notebook(with_errors=True, first_error=NOTEBOOK), notebook()),
    "EVL010": (notebook(never_run=True), notebook()),
}


@pytest.mark.parametrize("code", CASES)
def test_each_rule_fails_on_the_fault_and_passes_without_it(code):
    faulty, sound = CASES[code]
    assert failed(RULES, code, faulty).places
    assert outcome(RULES, code, sound)[0] == "Passed"


def test_every_rule_has_a_failing_and_a_passing_case():
    assert set(CASES) == {r.code for r in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_nothing_is_asked_where_nothing_is_trained(rule):
    assert outcome(RULES, rule.code, NOT_ML)[0] == "NotApplicable"


def test_a_loss_alone_is_no_metric():
    assert "loss" in failed(RULES, "EVL001", measured(metrics=(LOSS,))).detail


def test_a_language_model_may_be_measured_by_its_loss():
    assert outcome(RULES, "EVL001", measured({"tasks": ("language_modeling",)}, metrics=(LOSS,)))[0] == "Passed"


def test_two_metrics_of_another_family_are_told():
    answer = failed(RULES, "EVL003", measured({"tasks": ("binary_classification",)}, metrics=(R2, RMSE)))
    assert answer.detail == "The task is binary_classification, the metrics are r2, rmse."


@pytest.mark.parametrize("models", [2, 3])
def test_three_compared_models_are_a_comparison_and_two_are_not(models):
    assert outcome(RULES, "EVL004", measured(compared_models=models, **ONE))[0] == ("Passed" if models == 3 else "Failed")


def test_evaluations_elsewhere_in_the_folder_acquit_a_score_on_training_rows():
    assert outcome(RULES, "EVL005", judged("training", "held_out"))[0] == "Passed"


def test_a_notebook_answers_for_itself():
    on_training = Evaluated(on="training", place=NOTEBOOK)
    held_out = Evaluated(on="held_out", place=ELSEWHERE)
    assert failed(RULES, "EVL005", measured(evaluations=(on_training, held_out))).places == (NOTEBOOK,)


def test_metrics_on_rows_that_do_not_show_are_undetermined():
    assert outcome(RULES, "EVL005", measured(**ONE))[0] == "Undetermined"
    assert outcome(RULES, "EVL005", judged("unknown"))[0] == "Undetermined"


def test_folds_are_uncertainty_enough():
    assert outcome(RULES, "EVL007", measured(cross_validated=(HERE,), **ONE))[0] == "Passed"


def test_cleared_notebooks_beside_a_script_cost_nothing():
    facts = measured(notebooks=(NotebookState(file="a.ipynb", code_cells=3, never_run=True),))
    assert outcome(RULES, "EVL010", facts)[0] == "NotApplicable"


@pytest.mark.parametrize("code", ["EVL004", "EVL006", "EVL007"])
def test_a_template_reports_no_result(code):
    assert outcome(RULES, code, measured({"kind": "template"}, **ONE))[0] == "NotApplicable"


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (evidence(mlops={"trackers": (Tracker(name="mlflow", logs=("metrics",)),)}), "Undetermined"),
        (measured({"eval_entrypoints": (entry("evaluate.py"),)}), "Undetermined"),
        (measured({"eval_entrypoints": (entry("recipe.yaml"),), "train_entrypoints": (entry("recipe.yaml"),)}), "Undetermined"),
        (measured({"kind": "template"}, metrics=(LOSS,)), "Passed"),
        (measured({"tasks": ()}, metrics=(LOSS,)), "Passed"),
    ],
)
def test_where_something_is_measured_by_an_unknown_name_it_is_not_called_nothing(facts, word):
    assert outcome(RULES, "EVL001", facts)[0] == word


def test_one_example_of_many_that_scores_its_own_rows_is_no_verdict():
    places = [Place(file=f"lesson{n}/a.py", line=1) for n in range(3)]
    scored = tuple(Evaluated(on="training" if n == 0 else "held_out", place=p) for n, p in enumerate(places))
    assert outcome(RULES, "EVL005", measured({"kind": "course_monorepo"}, evaluations=scored))[0] == "Passed"
    assert outcome(RULES, "EVL005", measured({"kind": "training_project"}, evaluations=scored))[0] == "Failed"
