"""The Prefect steps of `flows/promotion.py`: find the version, ask the gate, ask a person, move it.

The move is refused when what the gate judged by has changed meanwhile, so the steps may take as long as they like.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from prefect import runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel, ConfigDict

from tasks import approval
from tasks.adapters.registry.comparison import judge_version
from tasks.adapters.registry.models import read_model, rollback, transition
from tasks.adapters.registry.registration import registered
from tasks.adapters.store import axiom_home
from tasks.errors import SettingError
from tasks.rendering.markdown_text import text
from tasks.rendering.plain import plain
from tasks.rules.registry.choice import Chosen, Goal, choose_version
from tasks.rules.registry.gate import GateResult, thresholds
from tasks.rules.registry.ledger import Ledger
from tasks.rules.registry.lifecycle import State

progress = logging.getLogger("axiom.progress")


class PromotionOutcome(BaseModel):
    """What became of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    version: str
    before: State
    state: State
    moved: bool
    verdict: str
    """promote_b, reject_b or investigate; empty where no gate was asked."""
    reasons: tuple[str, ...] = ()
    forced: bool = False
    production: str | None = None
    """The version in production now."""
    decision: int = 0
    """Number of the ledger's entry; 0: none was written."""
    url: str | None = None


def name_run() -> str:
    """`promotion · churn 3 > production`."""
    parameters = runtime.flow_run.parameters
    return f"promotion · {parameters.get('model', '')} {parameters.get('version', '')} > {parameters.get('to', '')}"


def _name_task() -> str:
    chosen = runtime.task_run.parameters.get("chosen")
    subject = f"{chosen.model} {chosen.version}" if isinstance(chosen, Chosen) else runtime.task_run.parameters.get("model", "")
    return f"{runtime.task_run.task_name} · {subject}"


def _step(name: str) -> Any:
    """A step. None is repeated: a decision may have been written before the answer was lost, and is found by asking again."""
    return task(name=name, task_run_name=_name_task, cache_policy=NO_CACHE)


@_step("registered_version")
def read_version(model: str, version: str, to: Goal) -> Chosen:
    """The version, if the lifecycle allows it to go there; raises `TransitionRefused` naming the legal moves."""
    return choose_version(model, read_model(axiom_home(), model).ledger, version, to)


@_step("gate")
def ask_gate(chosen: Chosen, metric: str | None) -> GateResult | None:
    """What the gate says of a promotion, also as a table in the UI; None where none is asked: a step down, or a rollback."""
    if chosen.is_rollback or chosen.to not in ("approved", "production"):
        return None
    gate = judge_version(axiom_home(), read_model(axiom_home(), chosen.model), chosen.version, metric)
    key = re.sub(r"[^a-z0-9]+", "-", f"gate-{chosen.model}-{chosen.version}".lower()).strip("-")
    rows = [{"requirement": c.requirement, "result": c.result.replace("_", " "), "evidence": plain(c.evidence)} for c in gate.checks]
    create_table_artifact(rows, key=key, description=f"**{gate.verdict}**: {text('; '.join(gate.reasons))}")
    progress.info(f"gate: {gate.verdict}: {plain('; '.join(gate.reasons))}")
    return gate


def ask_a_person(chosen: Chosen, gate: GateResult | None) -> str:
    """Pause until somebody approves in the Prefect UI; the name they give."""
    lines = [f"- {text(c.requirement)}: {c.result.replace('_', ' ')} ({text(c.evidence)})" for c in gate.checks] if gate else []
    what = f"{'rollback to' if chosen.is_rollback else chosen.to + ' for'} {chosen.model} version {chosen.version}"
    answer = approval.ask_a_person(what, "\n".join([f"Gate: {gate.verdict}" if gate else "No gate applies.", "", *lines]))
    return answer.name


@_step("transition")
def move_version(chosen: Chosen, gate: GateResult | None, actor: str, reason: str, force: bool) -> PromotionOutcome:
    """Write the decision, unless the gate refuses it and nobody forces it; what it stood on must still hold."""
    outcome = PromotionOutcome(
        model=chosen.model, version=chosen.version, before=chosen.state, state=chosen.state, moved=False,
        verdict=gate.verdict if gate else "", reasons=gate.reasons if gate else (), production=chosen.seen.production,
    )  # fmt: skip
    refused = gate is not None and not gate.allows(chosen.to)
    if refused and not force:
        return outcome
    home = axiom_home()
    ledger = _decide(home, chosen, gate, actor or _flow_run(), reason, refused)
    state = ledger.states[chosen.version]
    progress.info(f"transition: version {chosen.version} of {chosen.model}: {chosen.state} > {state}")
    url = registered(home, chosen.model, chosen.version, ledger).url
    return outcome.model_copy(update={
        "state": state, "moved": True, "forced": refused, "production": ledger.production, "decision": ledger.length, "url": url,
    })  # fmt: skip


def _decide(home: Path, chosen: Chosen, gate: GateResult | None, actor: str, reason: str, forced: bool) -> Ledger:
    if chosen.is_rollback:
        return rollback(home, chosen.model, actor, reason, chosen.seen)
    evidence = (gate.evidence() if gate else {}) | ({"forced": True} if forced else {}) | {"flow_run": _flow_run()}
    policy = thresholds() if gate else {}
    return transition(home, chosen.model, chosen.version, chosen.to, actor, reason, evidence, policy, chosen.seen)


def check_reason(force: bool, reason: str) -> None:
    """Raise `SettingError` when the gate is overruled without a word why."""
    if force and not reason.strip():
        raise SettingError("Overruling the gate needs a reason", "Say why with the parameter `reason`; it is kept in the ledger.")


def _flow_run() -> str:
    return f"flow run {runtime.flow_run.name}" if runtime.flow_run.name else "command line"
