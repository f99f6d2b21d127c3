"""ML Test Score, section N: monitoring tests. What runs is seen elsewhere; a repository shows what was set up for it."""

from __future__ import annotations

from tasks.rules.evidence import Evidence
from tasks.rules.ml_test_answers import NOT_SERVED, Answer, Question, absent, found, is_served, named, not_observable, seen_at

UPDATERS = ("dependabot", "renovate")


def ask_dependencies(evidence: Evidence) -> Answer:
    updater = next((p for p in evidence.mlops.ci if any(word in f"{p.system} {p.file}".lower() for word in UPDATERS)), None)
    if updater:
        return found(f"Changes of packages are announced by {updater.file}.", True)
    return not_observable("Who is told when a source of data changes is arranged outside the repository.")


def ask_invariants(evidence: Evidence) -> Answer:
    if not is_served(evidence):
        return NOT_SERVED
    facts = evidence.monitoring
    typed = facts.request_validation
    if facts.validation or typed:
        means = named(facts.validation) or f"typed requests{seen_at(typed)}"
        return found(f"Inputs are checked with {means}.", bool(facts.alerting))
    return absent("Values reach the model as they were sent.")


def ask_skew(evidence: Evidence) -> Answer:
    if not is_served(evidence):
        return NOT_SERVED
    tools = [t for t in evidence.monitoring.instrumentation if t.of_model and "explan" not in t.name and "threshold" not in t.name]
    if tools:
        return found(f"Served inputs are compared with {named(tools)}{seen_at(tools[0].places)}.", bool(evidence.monitoring.alerting))
    return absent("Nothing compares what is served with what was trained on.")


def ask_stale(evidence: Evidence) -> Answer:
    triggers = evidence.monitoring.retraining
    if triggers:
        return found(f"Training runs again by {named(triggers)}{seen_at(triggers[0].places)}.", True)
    return not_observable("The age of the model in use is known where it runs.")


def ask_stability(evidence: Evidence) -> Answer:
    return not_observable("NaN, infinities and vanishing gradients show in runs, not in a repository.")


def ask_performance(evidence: Evidence) -> Answer:
    if not is_served(evidence):
        return NOT_SERVED
    tools = [t for t in evidence.monitoring.instrumentation if not t.of_model]
    if tools:
        return found(f"The service is measured with {named(tools)}{seen_at(tools[0].places)}.", bool(evidence.monitoring.alerting))
    return not_observable("Latency and throughput may be watched by the platform it runs on; the code exports nothing.")


def ask_quality(evidence: Evidence) -> Answer:
    if not is_served(evidence):
        return NOT_SERVED
    facts = evidence.monitoring
    tools = [t for t in facts.instrumentation if t.of_model and "explan" not in t.name]
    if tools and facts.prediction_log:
        return found(f"Predictions are recorded{seen_at(facts.prediction_log)} and judged with {named(tools)}.", bool(facts.alerting))
    if facts.prediction_log:
        return not_observable(f"Predictions are recorded{seen_at(facts.prediction_log)}; who compares them with the truth is not shown.")
    return absent("Predictions are not recorded, so their quality cannot be judged later.")


QUESTIONS = (
    Question("N1", "Dependency changes result in notification", ask_dependencies),
    Question("N2", "Data invariants hold for inputs", ask_invariants),
    Question("N3", "Training and serving are not skewed", ask_skew),
    Question("N4", "Models are not too stale", ask_stale),
    Question("N5", "Models are numerically stable", ask_stability),
    Question("N6", "Computing performance has not regressed", ask_performance),
    Question("N7", "Prediction quality has not regressed", ask_quality),
)
