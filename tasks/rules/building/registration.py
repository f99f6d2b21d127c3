"""Whether a build's model is registered, and the evidence a gate will judge it by."""

from __future__ import annotations

from tasks.evidence.scores.metrics import METRICS
from tasks.rules.building.result import BuildResult
from tasks.rules.registry.facts import ModelFacts, ModelMetric

SEALED = "sealed test"


def decide_registration(result: BuildResult) -> tuple[bool, str]:
    """A model the verdict ships becomes a candidate; any other stays with its build. With the reason."""
    if result.champion is None or result.test is None:
        return False, "Not registered: nothing was trained."
    if result.verdict != "ship":
        return False, f"Not registered: {result.reasons[0] if result.reasons else 'the verdict is not to ship it'}"
    t = result.test
    return True, f"Registered: {t.metric} {t.value:.4g} on {t.rows:,} sealed rows, and the verdict is to ship it."


def facts_of(result: BuildResult, source: str, commit: str, held_out: str, predictions: str) -> ModelFacts:
    """Metrics of the sealed test; `held_out` is the hash of its rows, so that only models tested on the same ones are compared."""
    assert result.test is not None
    found = {result.test.metric: result.test.value} | {e.metric: e.value for e in (result.test.facts.others if result.test.facts else ())}
    metrics = tuple(
        ModelMetric(name=name, value=value, direction=METRICS[name].direction if name in METRICS else "unknown", source=SEALED)
        for name, value in found.items()
    )
    return ModelFacts(repository=source, commit=commit, metrics=metrics, held_out=held_out, predictions=predictions)
