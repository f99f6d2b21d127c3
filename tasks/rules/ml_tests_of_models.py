"""ML Test Score, section M: tests for model development."""

from __future__ import annotations

from tasks.rules.evidence import Evidence
from tasks.rules.ml_test_answers import Answer, Question, absent, found, not_observable, seen_at, training_repeats

FAIRNESS = ("fairlearn", "aif360", "aequitas", "fairness_indicators")
ENOUGH_MODELS = 3
"""Estimator classes tried in one file, among which the simpler one is seen."""


def ask_reviewed(evidence: Evidence) -> Answer:
    return not_observable("The model's code is checked in; whether changes were reviewed is kept by the hosting site.")


def ask_online_metrics(evidence: Evidence) -> Answer:
    return not_observable("Business results that the offline metric should follow are not in the repository.")


def ask_tuned(evidence: Evidence) -> Answer:
    given = evidence.training.hyperparameters
    if given.searches:
        return found(f"Hyperparameters are searched with {', '.join(given.searches)}.", training_repeats(evidence))
    recorded = next((t for t in evidence.mlops.trackers if "parameters" in t.logs), None)
    if recorded:
        return found(f"Runs and their parameters are recorded with {recorded.name}{seen_at(recorded.places)}.", False)
    return absent("No search over hyperparameters and no recorded comparison of runs was found.")


def ask_staleness(evidence: Evidence) -> Answer:
    return not_observable("How fast the model loses quality shows only in results over time.")


def ask_simpler_model(evidence: Evidence) -> Answer:
    facts = evidence.evaluation
    if facts.baselines:
        return found(f"A baseline is evaluated{seen_at(facts.baselines)}.", training_repeats(evidence))
    if facts.compared_models >= ENOUGH_MODELS:
        return found(f"{facts.compared_models} kinds of model are compared in one file.", training_repeats(evidence))
    return absent("No baseline or simpler model is evaluated beside the model.")


def ask_slices(evidence: Evidence) -> Answer:
    slices = evidence.evaluation.slices
    if slices:
        return found(f"Metrics by class or group are computed{seen_at(slices)}.", training_repeats(evidence))
    return absent("Metrics are computed over all rows together.")


def ask_inclusion(evidence: Evidence) -> Answer:
    fair = [p for p in evidence.evaluation.slices if any(word in f"{p.note} {p.snippet}".lower() for word in FAIRNESS)]
    if fair or set(FAIRNESS) & set(evidence.project.frameworks):
        return found(f"Differences between groups of people are measured{seen_at(fair)}.", training_repeats(evidence))
    return absent("No fairness measurement was found; where the rows are not about people, there is none to make.")


QUESTIONS = (
    Question("M1", "Model specs are reviewed and submitted", ask_reviewed),
    Question("M2", "Offline and online metrics correlate", ask_online_metrics),
    Question("M3", "All hyperparameters have been tuned", ask_tuned),
    Question("M4", "The impact of model staleness is known", ask_staleness),
    Question("M5", "A simpler model is not better", ask_simpler_model),
    Question("M6", "Model quality is sufficient on important data slices", ask_slices),
    Question("M7", "The model is tested for considerations of inclusion", ask_inclusion),
)
