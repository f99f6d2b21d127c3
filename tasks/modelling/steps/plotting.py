"""Plotting: pictures of the data are drawn by a process beside the training, at low priority."""

from __future__ import annotations

import json
import os
import time
import traceback
from typing import TYPE_CHECKING, Any

from tasks.modelling.beside import work_beside
from tasks.modelling.workspace import replace

if TYPE_CHECKING:
    from tasks.modelling.session import Session

NICE = 10
SHARE = 0.5
"""Plots of the data that are not drawn after this share of the time left are not drawn: training needs the processor."""


def plot(session: Session, loop: int) -> dict[str, Any]:
    """The file that lists the plots, and when it will be there. Drawn once: later loops look at the same rows."""
    file = session.workspace / "plots" / "profile.json"
    until = time.time() + SHARE * max(0.0, session.clock.deadline - time.time())
    if loop == 1 and not file.exists():
        development, profile, contract = session.development, session.profile, session.contract
        work_beside(lambda: _draw(session, development, profile, contract, until))
    return {"file": str(file), "until": until, "keep": False}


def _draw(session: Session, development: Any, profile: Any, contract: Any, until: float) -> None:
    """In the forked process."""
    folder = session.workspace / "plots"
    plots: list[dict[str, Any]] = []
    try:
        os.nice(NICE)
        from tasks.modelling.plots.profile import draw_profile_plots

        drawn = draw_profile_plots(development.frame, development.y, profile, contract, folder, until)
        plots = [p.model_dump(mode="json") for p in drawn]
    except Exception:  # pictures never cost the build
        replace(session.workspace / "errors/plots.txt", traceback.format_exc().encode())
    finally:
        replace(folder / "profile.json", json.dumps(plots).encode())
