"""ML Test Score, section D: tests for features and data."""

from __future__ import annotations

from tasks.rules.applicability import counted
from tasks.rules.evidence import Evidence
from tasks.rules.ml_test_answers import Answer, Question, absent, found, named, not_observable, seen_at, tests_repeat, training_repeats


def ask_schema(evidence: Evidence) -> Answer:
    tools = evidence.monitoring.validation
    if tools:
        by_itself = training_repeats(evidence) or tests_repeat(evidence) or "data_validation" in evidence.mlops.ci_runs
        return found(f"Data is checked with {named(tools)}{seen_at(tools[0].places)}.", by_itself)
    return absent("No schema, range or completeness check of the data was found.")


def ask_beneficial(evidence: Evidence) -> Answer:
    return not_observable("Whether each feature helps shows in ablation results, which code alone does not tell.")


def ask_cost(evidence: Evidence) -> Answer:
    return not_observable("What a feature costs in latency, memory and upkeep is known in operation only.")


def ask_requirements(evidence: Evidence) -> Answer:
    return not_observable("Which sources and features are allowed is a policy outside the repository.")


def ask_privacy(evidence: Evidence) -> Answer:
    personal = [(d.path, p.column, p.kind) for d in evidence.dataset.datasets for p in d.pii]
    if personal:
        path, column, kind = personal[0]
        return absent(f"{path} holds what looks like personal data in the open: {column} ({kind.replace('_', ' ')}).")
    return not_observable("Access rights to the data are kept outside the repository; none of its files shows personal data.")


def ask_quick_features(evidence: Evidence) -> Answer:
    return not_observable("How long a new feature takes from idea to production is not written in code.")


def ask_feature_tests(evidence: Evidence) -> Answer:
    suite = evidence.mlops.tests
    if "features" in suite.touches:
        file = next(f.file for f in suite.files if f.functions and "features" in f.touches)
        return found(f"{file} tests feature code.", tests_repeat(evidence))
    if suite.functions:
        return absent(f"None of {counted(suite.functions, 'test')} looks at feature code.")
    return absent("There are no tests.")


QUESTIONS = (
    Question("D1", "Feature expectations are captured in a schema", ask_schema),
    Question("D2", "All features are beneficial", ask_beneficial),
    Question("D3", "No feature's cost is too much", ask_cost),
    Question("D4", "Features adhere to meta-level requirements", ask_requirements),
    Question("D5", "The data pipeline has appropriate privacy controls", ask_privacy),
    Question("D6", "New features can be added quickly", ask_quick_features),
    Question("D7", "All input feature code is tested", ask_feature_tests),
)
