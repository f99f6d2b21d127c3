"""Whether a trained model is registered: a pure function of what the execution and the report found."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from tasks.evidence.outputs.facts import Artifact
from tasks.rules.registry.facts import ModelFacts
from tasks.rules.scoring import NEARLY_READY_SCORE

MIN_READINESS = NEARLY_READY_SCORE
"""Below it a repository is not even nearly ready; its model is recorded with the run but not governed."""
MIN_DEPLOYMENT = 5.0
"""Our policy: half of what a service needs. A repository that serves nothing has no such score and is not held by it."""
MODEL_TYPES = ("model", "checkpoint")


class RegistrationPolicy(BaseModel):
    """Thresholds in force; they are stored with the decision."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_readiness: float = Field(default=MIN_READINESS, ge=0, le=10, description="Least readiness score, 0 to 10.")
    min_deployment: float = Field(default=MIN_DEPLOYMENT, ge=0, le=10, description="Least deployment readiness score, 0 to 10.")


class RegistrationDecision(BaseModel):
    """Whether to register, and every reason for or against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    register_it: bool
    reasons: tuple[str, ...]
    """Against, when it is not registered; for, when it is."""

    @property
    def sentence(self) -> str:
        return f"{'Registered' if self.register_it else 'Not registered'}: {'; '.join(self.reasons)}."


def decide_registration(
    status: str, facts: ModelFacts, artifacts: Sequence[Artifact], policy: RegistrationPolicy | None = None
) -> RegistrationDecision:
    """Register a model of a run that succeeded, with honest metrics, when both scores reach the policy's thresholds."""
    policy = policy or RegistrationPolicy()
    models = [a for a in artifacts if a.type in MODEL_TYPES and a.size > 0]
    checks = (
        (status == "succeeded", "the execution succeeded", f"the execution ended as {status}"),
        (
            not any(a.dangerous for a in models),
            "no model file runs commands when it is loaded",
            "a model file would run commands when it is loaded",
        ),
        (bool(models), f"model files written by this run: {len(models)}", "this run wrote no model file"),
        (bool(facts.metrics), f"metrics measured: {len(facts.metrics)}", "no metric was measured"),
        (not facts.flagged, "no metric is impossible", f"impossible values were reported: {', '.join(sorted(facts.flagged)[:5])}"),
        _score("readiness score", facts.readiness_score, policy.min_readiness, required=True),
        _score("deployment readiness", facts.deployment_score, policy.min_deployment, required=False),
    )
    against = tuple(bad for holds, _, bad in checks if not holds)
    return RegistrationDecision(register_it=not against, reasons=against or tuple(good for _, good, _ in checks))


def _score(name: str, value: float | None, least: float, required: bool) -> tuple[bool, str, str]:
    if value is None:
        return not required, f"{name} does not apply", f"{name} could not be judged"
    return value >= least, f"{name} {value:.2f} reaches {least:g}", f"{name} {value:.2f} is under {least:g}"
