"""Facts of a section in words; absent, none and unknown are three answers."""

from tasks.rendering.key_facts import key_facts
from tests.rendering.reports import report, section


def told(key, facts, section_facts=None, assessment=None):
    made = report(facts=facts, sections={key: section(facts=section_facts or {}, assessment=assessment or {})})
    return dict(key_facts(key, made))


def test_none_found_and_not_determined_are_told_apart():
    lines = told("mlops", {"tests": {"framework": None, "files": 0, "functions": 0}, "deps": [], "lock": None, "tracking": ["mlflow"]})
    assert lines["Experiment tracking"] == "mlflow"
    assert lines["None found"].split(", ") == ["Tests", "dependencies"]
    assert "lock file" in lines["Not determined"]


def test_ci_that_checks_nothing_is_not_taken_for_ci():
    lines = told("mlops", {"ci_systems": ["github_actions"], "ci_runs": []})
    assert lines["CI"] == "github actions: checks, builds and delivers nothing"


def test_no_seed_and_unknown_seed_differ():
    assert told("training", {"seeded": "no"})["Random seeds fixed"] == "no"
    assert "Random seeds fixed" in told("training", {"seeded": None})["Not determined"]


def test_a_dataset_is_told_by_rows_columns_and_target():
    data = {"datasets": [{"path": "a.csv", "rows": 1204, "n_columns": 3, "target": "cnt"}, {"path": "b.csv", "problem": "not text"}]}
    lines = told("dataset", {}, data)
    assert lines["a.csv"] == "1,204 rows, 3 columns, target cnt"
    assert lines["b.csv"] == "could not be read: not text"


def test_overlap_of_files_is_told():
    pairs = {"pairs": [{"overlap_rows": 12}, {"overlap_rows": None}]}
    assert told("dataset", {}, pairs)["Files compared"] == "2 pairs, 12 rows on both sides"


def test_the_retraining_plan_is_told_in_words():
    plan = {"data": ["a with b"], "features_to_review": ["x", "y"]}
    lines = told("retraining", {}, {}, {"urgency": "soon", "strategy": "full_retrain", "triggers": ["x: PSI 0.400"], "plan": plan})
    assert lines == {
        "Urgency": "soon",
        "Strategy": "full retrain",
        "Triggers": "x: PSI 0.400",
        "Train on": "a with b",
        "Features to review": "x, y",
    }


def test_each_project_of_a_monorepo_is_told():
    projects = [
        {"path": "week_1", "kind": "training_project", "frameworks": ["torch"], "train_entrypoints": ["week_1/train.py"]},
        {"path": "", "kind": "non_ml", "frameworks": [], "train_entrypoints": []},
    ]
    lines = told("project", {"kind": "course_monorepo"}, {"projects": projects})
    assert lines["Projects in it"] == "2"
    assert lines["week_1"] == "a project that trains a model, with torch, trained by week_1/train.py"
    assert lines["the root"] == "software without machine learning"


def test_a_language_that_rounds_to_nothing_is_left_out_and_no_code_is_none_found():
    shares = {"languages": [{"name": "python", "share": 0.996}, {"name": "batch", "share": 0.004}]}
    assert told("project", {}, shares)["Languages"] == "Python 100 %"
    assert "Languages" in told("project", {}, {"languages": []})["None found"]
