import pytest

from tasks.evidence.deployment.facts import Service
from tasks.evidence.mlops.facts import (
    BaseImage,
    CiPipeline,
    CiStep,
    ComposeFile,
    DependencyFile,
    Dockerfile,
    InstalledPackage,
    LargeFile,
    Licence,
    LockFile,
    ModelCard,
    PythonDeclaration,
    Readme,
    Registration,
    Requirement,
    Secret,
    TestFile,
    TestSuite,
    Tracker,
)
from tasks.evidence.place import Place
from tasks.evidence.project.facts import Language
from tasks.rules.distributions import brings
from tasks.rules.mlops import RULES
from tests.readiness import HERE, NOT_ML, USES_A_MODEL, entry, evidence, failed, outcome

SERVICE = {"services": (Service(file="app.py", framework="flask", interface="api", predicts=True, place=HERE),), "model_loads": (HERE,)}


def kept(project=None, deployment=None, **mlops):
    return evidence(project=project, deployment=deployment, mlops=mlops)


def listing(*lines, file="requirements.txt", kind="requirements", **changes):
    """A dependency file with `name` or `name==1` in each line."""
    found = (line.partition("==") for line in lines)
    requirements = tuple(
        Requirement(name=name, constraint=sign + version, pin="exact" if sign else "unpinned", line=number)
        for number, (name, sign, version) in enumerate(found, 1)
    )
    return {"dependencies": (DependencyFile(file=file, kind=kind, requirements=requirements, **changes),)}


def imports(*frameworks):
    return {"frameworks": frameworks, "framework_places": dict.fromkeys(frameworks, HERE)}


def suite(functions, *touches):
    return {"tests": TestSuite(framework="pytest", files=(TestFile(file="tests/test_a.py", functions=functions, touches=touches),))}


def pipeline(*words, echo_only=False):
    return {"ci": (CiPipeline(system="github_actions", file="ci.yml", steps=tuple(CiStep(word=w) for w in words), echo_only=echo_only),)}


def container(image="python", tag="3.12", user=None, file="Dockerfile"):
    return {"dockerfiles": (Dockerfile(file=file, bases=(BaseImage(image=image, tag=tag, place=Place(file=file, line=1)),), user=user),)}


def secret(severity):
    return {"secrets": (Secret(kind="aws_access_key", file="config.py", line=5, severity=severity),)}


def readme(**changes):
    return {"readme": Readme(file="README.md", lines=9, **changes)}


def tracker(*logs):
    return {"trackers": (Tracker(name="mlflow", places=(HERE,), logs=logs),)}


CASES = {
    "OPS001": (kept(**secret("live")), kept(**secret("placeholder"))),
    "OPS002": (kept(**secret("default")), kept(**secret("placeholder"))),
    "OPS003": (kept(imports("sklearn")), kept(imports("sklearn"), **listing("scikit-learn"))),
    "OPS004": (kept(), kept(licences=(Licence(spdx="MIT"),))),
    "OPS005": (kept(**listing("a", "b==1", "c==1")), kept(**listing("a", "b==1", "c==1", "d==1"))),
    "OPS006": (kept(**listing("a")), kept(**listing("a"), locks=(LockFile(file="uv.lock", kind="uv"),))),
    "OPS007": (kept(imports("shap"), **listing("scikit-learn")), kept(imports("shap"), **listing("scikit-learn", "SHAP"))),
    "OPS008": (kept(**listing("sklearn")), kept(**listing("scikit-learn"))),
    "OPS009": (kept(), kept(python=(PythonDeclaration(version=">=3.10", source="requires-python"),))),
    "OPS010": (kept(), kept(**suite(1))),
    "OPS011": (kept(**suite(0)), kept(**suite(1))),
    "OPS012": (kept(**suite(1, "serving")), kept(**suite(1, "features"))),
    "OPS013": (kept(), kept(**pipeline("lint"))),
    "OPS014": (kept(**pipeline(echo_only=True)), kept(**pipeline("lint"))),
    "OPS015": (kept(**suite(1), **pipeline("lint")), kept(**suite(1), **pipeline("tests"))),
    "OPS016": (
        kept(large_files=(LargeFile(file="m.pkl", size=10_000_000, kind="model"),)),
        kept(large_files=(LargeFile(file="m.pkl", size=9_999_999, kind="model"), LargeFile(file="m.mp4", size=50_000_000, kind="media"))),
    ),
    "OPS017": (kept(**container()), kept(**container(user="app"))),
    "OPS018": (kept(**container(tag=None)), kept(**container())),
    "OPS019": (kept(), kept(**tracker())),
    "OPS020": (kept(**tracker("metrics")), kept(**tracker("metrics", "parameters"))),
    "OPS021": (kept(), kept(**readme())),
    "OPS022": (kept(**readme(sections=("usage",))), kept(**readme(sections=("usage", "install")))),
    "OPS023": (kept(deployment=SERVICE), kept(deployment=SERVICE, registrations=(Registration(registry="mlflow"),))),
    "OPS025": (kept(environments=("venv/",)), kept()),
    "OPS024": (kept(deployment=SERVICE), kept(deployment=SERVICE, model_cards=(ModelCard(place=HERE),))),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_each_rule_fails_on_the_fault_and_passes_without_it(code):
    faulty, sound = CASES[code]
    assert failed(RULES, code, faulty).detail
    assert outcome(RULES, code, sound)[0] == "Passed"


def test_every_rule_has_a_failing_and_a_passing_case():
    assert set(CASES) == {r.code for r in RULES}


@pytest.mark.parametrize("code", sorted(set(CASES) - {"OPS001"}))
@pytest.mark.parametrize("facts", [NOT_ML, USES_A_MODEL], ids=["not ml", "uses a model"])
def test_nothing_is_asked_where_no_model_is_trained_or_served(code, facts):
    assert outcome(RULES, code, facts)[0] == "NotApplicable"


def test_a_live_secret_is_a_finding_in_any_repository():
    leaked = NOT_ML.model_copy(update={"mlops_facts": CASES["OPS001"][0].mlops})
    assert [(p.file, p.line) for p in failed(RULES, "OPS001", leaked).places] == [("config.py", 5)]


def test_a_committed_environment_is_a_finding_in_any_repository():
    committed = NOT_ML.model_copy(update={"mlops_facts": CASES["OPS025"][0].mlops})
    assert [p.file for p in failed(RULES, "OPS025", committed).places] == ["venv"]


@pytest.mark.parametrize("code", ["OPS002", "OPS010", "OPS013", "OPS019", "OPS006"])
def test_a_course_is_not_kept_like_a_product(code):
    faulty, _ = CASES[code]
    course = faulty.model_copy(update={"project_facts": faulty.project.model_copy(update={"kind": "course_monorepo"})})
    assert outcome(RULES, code, course)[0] == "NotApplicable"


@pytest.mark.parametrize("code", ["OPS010", "OPS013"])
def test_notebooks_alone_are_not_asked_for_tests_and_ci(code):
    assert outcome(RULES, code, kept({"train_entrypoints": (entry("a.ipynb"),)}))[0] == "NotApplicable"


def test_tests_of_a_language_that_is_not_followed_are_not_called_missing():
    julia = {"languages": (Language(name="julia", lines=90, share=1.0),)}
    assert outcome(RULES, "OPS010", kept(julia))[0] == "Undetermined"


def test_a_lock_holds_versions_that_the_list_leaves_open():
    locked = kept(**listing("a"), locks=(LockFile(file="poetry.lock", kind="poetry"),))
    assert outcome(RULES, "OPS005", locked)[0] == "Passed"


def test_the_lock_of_a_web_page_holds_nothing_for_the_model():
    assert outcome(RULES, "OPS006", kept(**listing("a"), locks=(LockFile(file="yarn.lock", kind="yarn"),)))[0] == "Failed"


def test_exact_versions_of_everything_need_no_lock():
    assert outcome(RULES, "OPS006", kept(**listing("a==1")))[0] == "Passed"


def test_versions_of_a_file_that_is_missing_are_judged_once():
    assert outcome(RULES, "OPS005", kept(imports("sklearn")))[0] == "NotApplicable"


def test_a_loose_requirement_is_shown_at_its_line():
    found = failed(RULES, "OPS005", kept(**listing("b==1", "a")))
    assert [(p.file, p.line) for p in found.places] == [("requirements.txt", 2)]
    assert found.detail == "1 of 2 requirements have no version."


@pytest.mark.parametrize(
    ("framework", "distribution"),
    [("sklearn", "scikit-learn"), ("torch", "pytorch"), ("keras", "tensorflow"), ("tensorflow", "tensorflow-gpu"),
     ("imblearn", "imbalanced-learn"), ("torch", "torchvision"), ("sentence_transformers", "sentence-transformers")],
)  # fmt: skip
def test_a_library_may_come_under_another_name(framework, distribution):
    assert brings(framework, frozenset({distribution}))


def test_a_library_does_not_come_with_any_other():
    assert not brings("xgboost", frozenset({"scikit-learn", "lightgbm"}))


def test_a_list_taken_from_elsewhere_is_not_compared_with_the_imports():
    assert outcome(RULES, "OPS007", kept(imports("shap"), **listing(reads=("base.txt",))))[0] == "NotApplicable"


def test_an_import_of_another_language_is_no_python_package():
    r_code = {"frameworks": ("xgboost",), "framework_places": {"xgboost": Place(file="train.R", line=1)}}
    assert outcome(RULES, "OPS007", kept(r_code, **listing("numpy")))[0] == "Passed"


def test_python_in_a_conda_file_is_no_mistake():
    assert outcome(RULES, "OPS008", kept(**listing("python==3.8", file="conda.yaml", kind="conda")))[0] == "Passed"


def test_lines_that_no_installer_accepts_are_told():
    broken = {"dependencies": (DependencyFile(file="requirements.txt", kind="requirements", reads=("a.txt",), invalid=("{{ x }}",)),)}
    assert failed(RULES, "OPS008", kept(**broken)).detail == "requirements.txt has 1 unreadable line."


def test_the_kernel_of_a_notebook_declares_no_python():
    assert outcome(RULES, "OPS009", kept(python=(PythonDeclaration(version="3.8", source="kernel"),)))[0] == "Failed"


def test_tests_that_could_not_be_followed_are_not_called_pointless():
    assert outcome(RULES, "OPS012", kept(**suite(3)))[0] == "Undetermined"


@pytest.mark.parametrize("user", ["root", "0", None])
def test_root_under_any_name(user):
    assert [p.line for p in failed(RULES, "OPS017", kept(**container(user=user))).places] == [1]


@pytest.mark.parametrize("container_file", [container(image="jupyter/scipy-notebook"), container(file=".devcontainer/Dockerfile")])
def test_a_base_that_sets_its_user_and_an_editor_container_are_not_judged(container_file):
    assert outcome(RULES, "OPS017", kept(**container_file))[0] == "NotApplicable"


def test_an_image_named_by_a_build_argument_is_not_judged():
    assert outcome(RULES, "OPS018", kept(**container(image="${BASE}", tag=None)))[0] == "NotApplicable"


def test_compose_images_are_judged_too():
    compose = (ComposeFile(file="compose.yaml", images=(BaseImage(image="postgres", tag="latest"),)),)
    assert failed(RULES, "OPS018", kept(compose=compose)).detail == "postgres without a version."


@pytest.mark.parametrize("facts", [kept(trackers=(Tracker(name="wandb", optional=True),)), kept({"orchestrator": ("dvc",)})])
def test_a_tracker_that_can_be_switched_on_or_dvc_keeps_runs(facts):
    assert outcome(RULES, "OPS019", facts)[0] == "Passed"


def test_what_a_logger_configuration_records_is_not_known():
    assert outcome(RULES, "OPS020", kept(**tracker()))[0] == "Undetermined"


def test_commands_help_as_much_as_sections():
    assert outcome(RULES, "OPS022", kept(**readme(commands=("pip install .", "axe run"), run_commands=("axe run",))))[0] == "Passed"


def test_how_a_service_gets_its_model_may_not_be_shown():
    assert outcome(RULES, "OPS023", kept(deployment={**SERVICE, "model_loads": ()}))[0] == "Undetermined"


def test_an_app_that_trains_when_asked_has_no_model_to_register():
    app = kept({"kind": "ml_app_trains_on_request"}, deployment=SERVICE)
    assert outcome(RULES, "OPS023", app)[0] == outcome(RULES, "OPS024", app)[0] == "NotApplicable"


def test_a_notebook_beside_scripts_may_install_what_it_needs():
    aside = {"frameworks": ("shap",), "framework_places": {"shap": Place(file="explore.ipynb", line=1)}}
    assert outcome(RULES, "OPS007", kept(aside, **listing("numpy")))[0] == "Passed"
    alone = {**aside, "train_entrypoints": (entry("explore.ipynb"),)}
    assert outcome(RULES, "OPS007", kept(alone, **listing("numpy")))[0] == "Failed"


def test_packages_of_another_language_may_be_asked_for_elsewhere():
    lua = {"frameworks": ("lua:torch",), "languages": (Language(name="lua", lines=90, share=1.0),)}
    assert outcome(RULES, "OPS003", kept(lua))[0] == "Undetermined"


def test_a_model_that_is_neither_published_nor_served_needs_no_card():
    assert outcome(RULES, "OPS024", kept())[0] == "NotApplicable"


BY_COMMAND = {"installed": (InstalledPackage(name="torch", pin="unpinned", place=HERE),)}


def test_a_package_installed_by_a_command_of_the_readme_is_named_but_not_held():
    assert outcome(RULES, "OPS003", kept(imports("torch"), **BY_COMMAND))[0] == "Passed"
    assert outcome(RULES, "OPS003", kept(imports("torch", "sklearn"), **BY_COMMAND))[0] == "Failed"
    assert outcome(RULES, "OPS006", kept(imports("torch"), **BY_COMMAND))[0] == "Failed"
    assert outcome(RULES, "OPS007", kept(imports("torch"), **listing("numpy"), **BY_COMMAND))[0] == "Passed"
