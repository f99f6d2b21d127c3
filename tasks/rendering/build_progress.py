"""A build on the terminal while it runs: one line an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.rendering.plain import plain

WIDTH = 110
PHASES = {"read": "profile", "agree": "contract"}


def progress_line(event: Mapping[str, Any]) -> str:
    """Phase, loop, candidate, best score so far, seconds left.

    >>> progress_line({"kind": "loop", "loop": 2, "seconds": 12.0, "seconds_left": 30.0})
    'loop #2      searching for 12 s                                                 30 s left'
    """
    kind = event.get("kind")
    if kind == "candidate":
        score = "–" if event.get("score") is None else f"{event['score']:.4g}"
        best = "–" if event.get("best") is None else f"{event['best']:.4g}"
        told = f"{event.get('number', '')}. {event.get('family', '')} {score} ({event.get('status', '')}), best so far {best}"
        name = f"loop #{event.get('loop', 1)}"
    elif kind == "loop":
        name, told = f"loop #{event.get('loop', 1)}", f"searching for {float(event.get('seconds', 0)):.0f} s"
    else:
        step = str(event.get("name", event.get("phase", "")))
        name, told = PHASES.get(step, step), str(event.get("note", ""))
    left = f"{float(event.get('seconds_left', 0)):.0f} s left"
    return f"{plain(name):<12} {plain(told)[:WIDTH]:<66} {left}"
