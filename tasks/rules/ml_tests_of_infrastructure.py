"""ML Test Score, section I: tests for ML infrastructure."""

from __future__ import annotations

from tasks.evidence.mlops.lock import locks_environment
from tasks.rules.applicability import counted
from tasks.rules.evidence import Evidence
from tasks.rules.ml_test_answers import (
    NOT_SERVED,
    Answer,
    Question,
    absent,
    found,
    is_served,
    not_observable,
    seen_at,
    tests_repeat,
    training_repeats,
)

EXPLAINERS = frozenset({"shap", "lime", "eli5", "interpret", "captum", "alibi", "dalex"})
_CANARY = ("canary", "traffic", "bluegreen", "kind: rollout", "kubectl rollout")
_THRESHOLDS = "mlflow evaluate thresholds"


def ask_reproducible(evidence: Evidence) -> Answer:
    """The paper asks that two trainings give the same model; seeds and a locked environment are what a repository can do for it."""
    if evidence.training.seeded != "yes":
        return absent("Not every random generator of training is seeded.")
    seeds = seen_at([s.place for s in evidence.training.seeds])
    if any(locks_environment(lock) for lock in evidence.mlops.locks):
        return found(f"Generators are seeded{seeds} and the environment is locked.", training_repeats(evidence))
    return found(f"Generators are seeded{seeds}; the environment is not locked.", False)


def ask_spec_tests(evidence: Evidence) -> Answer:
    suite = evidence.mlops.tests
    if {"training", "model"} & suite.touches:
        file = next(f.file for f in suite.files if f.functions and {"training", "model"} & set(f.touches))
        return found(f"{file} tests model or training code.", tests_repeat(evidence))
    if suite.functions:
        return absent(f"None of {counted(suite.functions, 'test')} looks at model or training code.")
    return absent("There are no tests.")


def ask_integration(evidence: Evidence) -> Answer:
    facts = evidence.mlops
    if "train" in facts.ci_runs:
        step = next(s for p in facts.ci for s in p.steps if s.word == "train")
        return found(f"CI runs the training{seen_at([step.place] if step.place else [])}.", True)
    whole = next((f for f in facts.tests.files if f.functions and {"data", "training"} <= set(f.touches)), None)
    if whole:
        return found(f"{whole.file} tests data and training together.", tests_repeat(evidence))
    return absent("No test or CI job runs the pipeline from data to model.")


def ask_gate(evidence: Evidence) -> Answer:
    gate = next((t for t in evidence.monitoring.instrumentation if t.name == _THRESHOLDS), None)
    if gate:
        return found(f"The model is checked against thresholds{seen_at(gate.places)}.", training_repeats(evidence))
    if "evaluate" in evidence.mlops.ci_runs:
        return found("CI evaluates the model; a threshold that stops it was not seen.", False)
    if not is_served(evidence) and not evidence.mlops.registrations:
        return not_observable("No model is handed on from this repository, so no gate can be seen.")
    return absent("The model is served or registered without a check of its quality.")


def ask_debuggable(evidence: Evidence) -> Answer:
    tools = sorted(EXPLAINERS & set(evidence.project.frameworks))
    if tools:
        place = evidence.project.framework_places.get(tools[0])
        return found(f"Single predictions can be explained with {', '.join(tools)}{seen_at([place] if place else [])}.", False)
    return not_observable("Whether one example can be followed through the model step by step depends on tools outside the code.")


def ask_canary(evidence: Evidence) -> Answer:
    steps = [p for p in evidence.deployment.rollbacks if any(word in p.snippet.lower() for word in _CANARY)]
    if steps:
        return found(f"New versions receive traffic step by step{seen_at(steps)}.", True)
    if not is_served(evidence):
        return NOT_SERVED
    if evidence.deployment.infrastructure:
        return absent("The deployment configuration replaces the model at once.")
    return not_observable("How new versions are rolled out is set up outside this repository.")


def ask_rollback(evidence: Evidence) -> Answer:
    ways = evidence.deployment.rollbacks
    if ways:
        return found(f"An earlier version can be chosen{seen_at(ways)}.", False)
    return absent("The service loads one fixed model; no earlier version can be chosen.") if is_served(evidence) else NOT_SERVED


QUESTIONS = (
    Question("I1", "Training is reproducible", ask_reproducible),
    Question("I2", "Model specs are unit tested", ask_spec_tests),
    Question("I3", "The ML pipeline is integration tested", ask_integration),
    Question("I4", "Model quality is validated before serving", ask_gate),
    Question("I5", "The model is debuggable", ask_debuggable),
    Question("I6", "Models are canaried before serving", ask_canary),
    Question("I7", "Serving models can be rolled back", ask_rollback),
)
