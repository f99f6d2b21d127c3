import pytest

from tasks.evidence.evaluation.facts import Metric
from tasks.evidence.mlops.facts import Readme
from tasks.evidence.place import Place
from tasks.evidence.project.facts import Claim, Language, SubProject
from tasks.rules.documented_commands import tells_how
from tasks.rules.project import RULES
from tests.readiness import NOT_ML, USES_A_MODEL, entry, evidence, failed, outcome

CLAIM = Claim(name="accuracy", value=98, unit="%", file="README.md", line=4, source="readme", snippet="98 % accuracy")
NOTEBOOK = {"train_entrypoints": (entry("model.ipynb"),)}
TWO_PROGRAMS = {"train_entrypoints": (entry(),), "serve_entrypoints": (entry("app.py"),)}


def readme(*commands):
    return {"readme": Readme(file="README.md", lines=20, commands=commands, run_commands=commands)}


def claims(*metrics, **project):
    return evidence(project={"claimed_metrics": (CLAIM,), **project}, evaluation={"metrics": tuple(Metric(name=m) for m in metrics)})


def rivals(*confidences, mlops=None, **project):
    entries = tuple(entry(f"train_{n}.py", confidence=c) for n, c in enumerate(confidences))
    return evidence(project={"train_entrypoints": entries, **project}, mlops=mlops)


LIE = Place(file="README.md", line=8, note="run.py is not in the repository")
ABSENT = {"readme": Readme(file="README.md", commands=("python run.py",), absent_files=(LIE,))}
CASES = {
    "PRJ001": (evidence(project={"train_entrypoints": ()}), evidence()),
    "PRJ002": (evidence(mlops=readme("pip install x")), evidence(mlops=readme("python train.py"))),
    "PRJ003": (rivals(0.9, 0.86), rivals(0.9, 0.84)),
    "PRJ004": (claims("r2"), claims("accuracy")),
    "PRJ005": (evidence(project=TWO_PROGRAMS), evidence(project={**TWO_PROGRAMS, "config": ("yaml",)})),
    "PRJ006": (evidence(project=NOTEBOOK), evidence()),
    "PRJ007": (evidence(mlops=ABSENT), evidence(mlops=readme("python train.py"))),
}


@pytest.mark.parametrize("code", CASES)
def test_each_rule_fails_on_the_fault_and_passes_without_it(code):
    faulty, sound = CASES[code]
    assert failed(RULES, code, faulty).detail
    assert outcome(RULES, code, sound)[0] == "Passed"


def test_every_rule_has_a_failing_and_a_passing_case():
    assert set(CASES) == {r.code for r in RULES}


@pytest.mark.parametrize("code", CASES)
@pytest.mark.parametrize("facts", [NOT_ML, USES_A_MODEL], ids=["not ml", "uses a model"])
def test_nothing_is_asked_where_nothing_is_trained(code, facts):
    assert outcome(RULES, code, facts)[0] == "NotApplicable"


@pytest.mark.parametrize(("code", "kind"), [("PRJ001", "ml_library_demo"), ("PRJ002", "course_monorepo"), ("PRJ006", "course_monorepo")])
def test_libraries_and_courses_are_not_asked_for_a_program(code, kind):
    faulty, _ = CASES[code]
    as_kind = faulty.model_copy(update={"project_facts": faulty.project.model_copy(update={"kind": kind})})
    assert outcome(RULES, code, as_kind)[0] == "NotApplicable"


def test_an_app_that_trains_when_asked_needs_no_training_command():
    app = evidence(project={"train_entrypoints": (), "kind": "ml_app_trains_on_request"})
    assert outcome(RULES, "PRJ001", app)[0] == "NotApplicable"


def test_a_wrong_path_to_the_training_is_told_once():
    wrong = Place(file="README.md", line=8, note="app/train.py is not in the repository")
    told = {"readme": Readme(file="README.md", commands=("python app/train.py",), absent_files=(wrong,))}
    facts = evidence(project={"train_entrypoints": (entry("apps/train.py"),)}, mlops=told)
    assert outcome(RULES, "PRJ002", facts)[0] == "NotApplicable"
    assert outcome(RULES, "PRJ007", facts)[0] == "Failed"


def test_without_a_readme_another_rule_speaks():
    assert outcome(RULES, "PRJ002", evidence())[0] == "NotApplicable"


@pytest.mark.parametrize(
    ("command", "file", "starts"),
    [
        ("python src/train.py --epochs 3", "src/train.py", "python src/train.py"),
        ("cd app && python train.py", "app/train.py", "python app/train.py"),
        ("python -m src.train", "src/train.py", "python -m src.train"),
        ("uv run dvc repro", "dvc.yaml", "dvc repro"),
        ("kedro run --env local", "pyproject.toml", "kedro run"),
        ("mlflow run . -P alpha=0.4", "MLproject", "mlflow run ."),
    ],
)
def test_a_command_tells_how_by_file_module_or_tool(command, file, starts):
    assert tells_how(Readme(commands=(command,)), [entry(file, starts)])


@pytest.mark.parametrize(
    ("command", "file", "starts"),
    [
        ("python app/train.py", "apps/train.py", "python apps/train.py"),
        ("python constrain.py", "train.py", "python train.py"),
        ("dvc pull", "dvc.yaml", "dvc repro"),
        ("python app.py", "train.py", "python train.py"),
        ("pip install -r requirements.txt", "src/train.py", "python -m src.train"),
    ],
)
def test_a_command_for_something_else_does_not_tell_how(command, file, starts):
    assert not tells_how(Readme(commands=(command,)), [entry(file, starts)])


def test_a_readme_command_or_a_pipeline_ends_the_competition():
    assert outcome(RULES, "PRJ003", rivals(0.9, 0.9, mlops=readme("python train_1.py")))[0] == "Passed"
    assert outcome(RULES, "PRJ003", rivals(0.9, 0.9, orchestrator=("dvc",)))[0] == "Passed"


def test_a_tool_s_file_names_the_script_and_does_not_compete_with_it():
    entries = (entry("train.py"), entry("MLproject", "mlflow run ."))
    assert outcome(RULES, "PRJ003", evidence(project={"train_entrypoints": entries}))[0] == "Passed"


def test_a_bare_score_is_no_metric():
    bare = CLAIM.model_copy(update={"name": "score"})
    assert outcome(RULES, "PRJ004", claims("r2", claimed_metrics=(bare,)))[0] == "NotApplicable"


def test_projects_of_a_monorepo_do_not_compete():
    projects = (SubProject(path="a", kind="training_project"), SubProject(path="b", kind="training_project"))
    assert outcome(RULES, "PRJ003", rivals(0.9, 0.9, projects=projects))[0] == "NotApplicable"


def test_the_place_of_a_claim_is_its_line():
    assert [(p.file, p.line) for p in failed(RULES, "PRJ004", claims("r2")).places] == [("README.md", 4)]


def test_a_class_report_backs_a_claimed_accuracy():
    assert outcome(RULES, "PRJ004", claims("classification_report"))[0] == "Passed"


def test_a_number_printed_by_a_notebook_is_no_statement():
    printed = CLAIM.model_copy(update={"source": "notebook_output"})
    assert outcome(RULES, "PRJ004", claims("r2", claimed_metrics=(printed,)))[0] == "NotApplicable"


def test_metrics_of_a_language_that_is_not_followed_are_not_called_missing():
    languages = (Language(name="r", lines=90, share=0.9), Language(name="python", lines=10, share=0.1))
    assert outcome(RULES, "PRJ004", claims("r2", languages=languages))[0] == "Undetermined"


def test_a_single_program_may_hold_its_settings():
    assert outcome(RULES, "PRJ005", evidence())[0] == "NotApplicable"


def test_one_script_beside_notebooks_is_a_program():
    assert outcome(RULES, "PRJ006", evidence(project={"train_entrypoints": (entry("a.ipynb"), entry("b.py"))}))[0] == "Passed"


def test_what_an_orchestrator_starts_has_a_start():
    facts = evidence(project={"train_entrypoints": (), "orchestrator": ("dagster",)})
    assert outcome(RULES, "PRJ001", facts)[0] == "Undetermined"
