"""promotion: a registered version goes one step through its lifecycle. The steps are in `tasks/promotion.py`.

registered version > gate > ( a person )? > transition
"""

from __future__ import annotations

from typing import Literal

from prefect import flow

from tasks.promotion import PromotionOutcome, ask_a_person, ask_gate, check_reason, move_version, name_run, read_version


@flow(name="promotion", flow_run_name=name_run)
def promotion(
    model: str,
    version: str = "",
    to: Literal["next", "approved", "production", "rejected", "archived", "rollback"] = "next",
    reason: str = "",
    actor: str = "",
    metric: str | None = None,
    force: bool = False,
    approve: bool = False,
) -> PromotionOutcome:
    """Move a version of a governed model, if its lifecycle allows it and the gate agrees; every decision is kept.

    Args:
        model: Name of the registered model.
        version: Number of the version; not needed for a rollback.
        to: Where it shall go; next: candidate to approved, approved to production; rollback: what was in production before.
        reason: Why, for the record.
        actor: Who decides, for the record; empty: this flow run.
        metric: Metric that decides between challenger and champion; empty: the first both have of held-out data.
        force: Overrule a gate that refuses; needs a reason, and never overrules the lifecycle.
        approve: Pause until a person resumes the run in the Prefect UI.
    """
    check_reason(force, reason)
    chosen = read_version(model, version, to)
    gate = ask_gate(chosen, metric)
    if approve:
        actor = ask_a_person(chosen, gate) or actor
    return move_version(chosen, gate, actor, reason, force)
