"""What is decided outside this process and kept here: the critic's verdict, a person's pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.modelling.session import Session


def judged(session: Session, loop: dict[str, Any], best: int) -> dict[str, Any]:
    """The critic's verdict and the best loop so far, for the loop that comes next and for a build taken up again."""
    return {"loop": loop, "best": best}


def pause(session: Session, seconds: float) -> dict[str, Any]:
    """So much time was a person's: the deadline moves."""
    session.clock.began += seconds
    return {"seconds": seconds}


def finished(session: Session) -> dict[str, Any]:
    """The build is over: the same command makes it anew."""
    return {"seconds": round(session.clock.spent, 1)}
