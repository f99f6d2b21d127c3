"""What is decided outside this process and kept here: the critic's verdict, a person's pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.modelling.session import Session


def judged(session: Session, loop: dict[str, Any], best: int) -> dict[str, Any]:
    """The critic's verdict and the best loop so far, for the loop that comes next and for a build taken up again."""
    return {"loop": loop, "best": best}


def pause(session: Session, hold: bool) -> dict[str, Any]:
    """A person is waited for from now on, or has answered: the deadline moves by the time between."""
    (session.clock.hold if hold else session.clock.go_on)()
    session.clock.keep()
    return {"keep": False}
