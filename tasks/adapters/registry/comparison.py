"""Two versions of a model side by side: what the registry knows of them, and what the gate says of the second."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tasks.adapters.registry.models import GovernedModel, facts_of, files_problem, paired_test, read_model
from tasks.errors import SettingError
from tasks.rules.registry.choice import require_version
from tasks.rules.registry.facts import ModelFacts
from tasks.rules.registry.gate import GateResult, judge_challenger


@dataclass(frozen=True)
class VersionComparison:
    """Champion A and challenger B."""

    model: GovernedModel
    a: str
    b: str
    facts_a: ModelFacts
    facts_b: ModelFacts
    gate: GateResult


def compare_versions(home: Path, name: str, a: str, b: str, metric: str | None = None) -> VersionComparison:
    """Whether version `b` may replace version `a`; raises `UserError` for what does not exist."""
    a, b = a.removeprefix("v"), b.removeprefix("v")
    model = read_model(home, name)
    for version in (a, b):
        require_version(model.name, model.ledger, version)
    if a == b:
        raise SettingError(f"Version {a} cannot be compared with itself", "Name two versions.")
    return _compare(home, model, a, b, metric)


def judge_version(home: Path, model: GovernedModel, version: str, metric: str | None = None) -> GateResult:
    """The gate's word on a version: against the version in production, or by the requirements alone when there is none."""
    champion = model.ledger.production
    if champion is not None and champion != version and champion not in model.ledger.lost:
        return _compare(home, model, champion, version, metric).gate
    facts = facts_of(home, model, version)
    check_metric(facts, metric)
    state = require_version(model.name, model.ledger, version)
    return judge_challenger(facts, state, None, primary=metric, intact=files_problem(home, model, version, facts))


def check_metric(facts: ModelFacts, metric: str | None) -> None:
    """Raise `SettingError` when the metric that shall decide was not measured."""
    known = {m.name: m.direction for m in facts.metrics}
    if metric and known.get(metric, "unknown") == "unknown":
        names = ", ".join(sorted(n for n, d in known.items() if d != "unknown")[:20]) or "none"
        raise SettingError(f"No metric of known direction is named {metric[:80]!r}", f"Measured were: {names}.")


def _compare(home: Path, model: GovernedModel, a: str, b: str, metric: str | None) -> VersionComparison:
    facts_a, facts_b = facts_of(home, model, a), facts_of(home, model, b)
    check_metric(facts_b, metric)
    paired = paired_test(home, model, (a, facts_a), (b, facts_b))
    intact = files_problem(home, model, b, facts_b)
    gate = judge_challenger(facts_b, model.ledger.states[b], facts_a, paired, metric, intact)
    return VersionComparison(model, a, b, facts_a, facts_b, gate)
