"""A pause for a human in the Prefect UI: what is about to happen, and a form to approve or refuse it."""

from __future__ import annotations

import logging
from typing import Literal

from prefect import get_run_logger, pause_flow_run
from prefect.input import RunInput

from tasks.errors import UserError

WAIT_SECONDS = 24 * 3600
progress = logging.getLogger("axiom.progress")


class Approval(RunInput):
    """The form a person fills in to go on."""

    decision: Literal["approve", "refuse"] = "approve"
    name: str = ""
    """Who decides; open-source Prefect has no users, so it is what they type."""
    reason: str = ""


class Refused(UserError):
    """A person said no."""


def ask_a_person(what: str, explanation: str, wait_seconds: int = WAIT_SECONDS) -> Approval:
    """Pause the flow run until somebody resumes it; raises `Refused` when they refuse.

    `explanation` is Markdown whose untrusted parts are escaped already.
    """
    waiting = f"Waiting for a person to approve: {what}. Resume the run in the Prefect UI."
    get_run_logger().info(waiting)
    progress.info(waiting)
    form = Approval.with_initial_data(description=f"## Approve {what}?\n\n{explanation}")
    answer = pause_flow_run(wait_for_input=form, timeout=wait_seconds, poll_interval=2)
    if answer.decision == "refuse":
        said = f" by {answer.name}" if answer.name else ""
        raise Refused(f"{what.capitalize()} was refused{said}{f': {answer.reason}' if answer.reason else ''}", "Nothing was done.")
    return answer
