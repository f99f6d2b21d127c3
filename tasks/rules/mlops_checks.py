"""Readiness rules of tests and CI: is there something that would notice a mistake, and does it run by itself."""

from __future__ import annotations

from tasks.evidence.place import Place
from tasks.rules.applicability import (
    COURSES,
    PLACES_LIMIT,
    counted,
    entry_places,
    mainly_other_language,
    nothing_kept,
    only_notebooks,
    teaching,
)
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

OF_THE_MODEL = frozenset({"training", "features", "data", "model", "evaluation"})
"""What a test must look at to protect the model, and not only the page around it."""


def _nothing_to_check(evidence: Evidence) -> NotApplicable | None:
    return nothing_kept(evidence) or teaching(evidence, COURSES) or only_notebooks(evidence)


def check_tests_present(evidence: Evidence) -> Outcome:
    if missing := _nothing_to_check(evidence):
        return missing
    if evidence.mlops.tests.files:
        return Passed()
    if language := mainly_other_language(evidence):
        return Undetermined(reason=f"the code is mainly {language}, whose tests are only partly read")
    entries = (*evidence.project.train_entrypoints, *evidence.project.serve_entrypoints)
    return Failed(places=entry_places(entries, "has no test"), detail="No test file was found.")


def check_tests_not_empty(evidence: Evidence) -> Outcome:
    if missing := _nothing_to_check(evidence):
        return missing
    suite = evidence.mlops.tests
    if not suite.files:
        return NotApplicable(reason="no test file, which OPS010 judges")
    if suite.functions:
        return Passed()
    if language := mainly_other_language(evidence):
        return Undetermined(reason=f"tests in {language} are not counted")
    places = tuple(Place(file=f.file, note="no test function") for f in suite.files[:PLACES_LIMIT])
    return Failed(places=places, detail=f"{counted(len(suite.files), 'test file')} without a single test function.")


def check_tests_of_model(evidence: Evidence) -> Outcome:
    if missing := _nothing_to_check(evidence):
        return missing
    suite = evidence.mlops.tests
    if not suite.functions or not evidence.project.has_training:
        return NotApplicable(reason="no test function" if not suite.functions else "nothing is trained here")
    if suite.touches & OF_THE_MODEL:
        return Passed()
    if not any(f.subjects or f.touches for f in suite.files):
        return Undetermined(reason="what the tests look at could not be told from their imports")
    places = tuple(Place(file=f.file, note="tests something else") for f in suite.files[:PLACES_LIMIT] if f.functions)
    seen = ", ".join(sorted(suite.touches)) or "other code"
    return Failed(places=places, detail=f"{counted(suite.functions, 'test')} on {seen}; none on data, features, training or the model.")


def check_ci_present(evidence: Evidence) -> Outcome:
    if missing := _nothing_to_check(evidence):
        return missing
    return Passed() if evidence.mlops.ci else Failed(detail="No CI configuration was found.")


def check_ci_works(evidence: Evidence) -> Outcome:
    if missing := _nothing_to_check(evidence):
        return missing
    pipelines = evidence.mlops.ci
    if not pipelines:
        return NotApplicable(reason="no CI, which OPS013 judges")
    if any(p.steps or not p.echo_only for p in pipelines):
        return Passed()
    places = tuple(Place(file=p.file, note="checks nothing") for p in pipelines[:PLACES_LIMIT])
    return Failed(places=places, detail="Every command prints, lists or installs; nothing is tested, built or delivered.")


def check_ci_runs_tests(evidence: Evidence) -> Outcome:
    if missing := _nothing_to_check(evidence):
        return missing
    facts = evidence.mlops
    if not facts.tests.functions or not facts.ci or all(p.echo_only for p in facts.ci):
        return NotApplicable(reason="no tests, or no working CI, to bring together")
    if "tests" in facts.ci_runs:
        return Passed()
    places = tuple(Place(file=p.file, note="runs no tests") for p in facts.ci[:PLACES_LIMIT])
    done = ", ".join(sorted(facts.ci_runs)) or "something else"
    return Failed(places=places, detail=f"CI does {done}; it does not run the {counted(facts.tests.functions, 'test')}.")


RULES: tuple[Rule, ...] = (
    Rule(
        code="OPS010", name="no-tests", title="There are no tests",
        section="mlops", severity="medium", effort="medium", check=check_tests_present,
        detected="Scripts or services, and no test file in any framework.",
        why="A change to the features or the service breaks silently, and shows as a worse model weeks later.",
        remedy="Start with two tests: features of a five-row table by hand, and a training run on fifty rows that ends with a model.",
    ),
    Rule(
        code="OPS011", name="empty-tests", title="The test files hold no test",
        section="mlops", severity="medium", effort="medium", check=check_tests_not_empty,
        detected="Test files without any test function or method.",
        why="A tests folder promises a safety that is not there.",
        remedy="Write the first real test in it, or delete the files.",
    ),
    Rule(
        code="OPS012", name="model-code-untested", title="No test looks at data, features or training",
        section="mlops", severity="low", effort="medium", check=check_tests_of_model,
        detected="Tests exist; none imports or calls own code of data, features, training, model or evaluation.",
        why="The part that decides the predictions is the part that nothing checks.",
        remedy="Test the feature function on rows computed by hand, and that training lowers the error on a tiny dataset.",
    ),
    Rule(
        code="OPS013", name="no-ci", title="Nothing is checked automatically",
        section="mlops", severity="medium", effort="low", check=check_ci_present,
        detected="No workflow or pipeline file of a CI system.",
        why="Checks that depend on memory are forgotten, first of all before a release.",
        remedy="Add a workflow that installs the dependencies, runs the linter and the tests on each push.",
    ),
    Rule(
        code="OPS014", name="ci-checks-nothing", title="CI runs and checks nothing",
        section="mlops", severity="medium", effort="low", check=check_ci_works,
        detected="Every command in every CI file only prints, lists or installs.",
        why="A green tick that means nothing is worse than none: people trust it.",
        remedy="Replace the placeholder steps by the commands that test, lint and train, or delete the workflow.",
    ),
    Rule(
        code="OPS015", name="tests-not-in-ci", title="CI does not run the tests",
        section="mlops", severity="medium", effort="low", check=check_ci_runs_tests,
        detected="Test functions exist and CI works, and no command of it runs a test framework.",
        why="Tests that are not run go stale, and then nobody repairs them.",
        remedy="Add a step with the test command, such as `python -m pytest`, before anything is built or deployed.",
    ),
)  # fmt: skip
