"""Plots drawn one after the other, the most important first, until the deadline; one that fails does not stop the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tasks.modelling.plots.canvas import themed
from tasks.modelling.plots.plot import Plot

Drawer = Callable[[], Plot | None]
"""Draws one plot, or None where there is nothing to see."""
FIRST_GUESS = 0.25
"""Seconds that a plot is taken to need before one was timed."""


def draw_in_turn(drawers: Sequence[tuple[str, Drawer]], deadline: float, notes: list[str] | None = None) -> list[Plot]:
    """What could be drawn before `deadline` (Unix seconds); what was left out or failed is told in `notes`."""
    plots: list[Plot] = []
    left_out: list[str] = []
    slowest = FIRST_GUESS
    told = notes if notes is not None else []
    with themed():
        for name, draw in drawers:
            began = time.time()
            if began + slowest > deadline:
                left_out.append(name.replace("_", " "))
                continue
            try:
                plot = draw()
            except Exception as fault:
                told.append(f"The plot {name.replace('_', ' ')} could not be drawn: {type(fault).__name__}: {str(fault)[:120]}")
                continue
            plots += [plot] if plot is not None else []
            slowest = max(slowest * 0.8, time.time() - began)
    if left_out:
        told.append(f"Not drawn for want of time: {', '.join(left_out)}")
    return plots
