"""A build on the terminal while it runs: one line an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.rendering.plain import plain

WIDTH = 110
NAME_WIDTH = 12
NOTE_WIDTH = 66
PHASES = {"read": "profile", "agree": "contract"}


def progress_line(event: Mapping[str, Any], width: int = WIDTH) -> str:
    """Phase, loop, candidate, best score so far, seconds left; never longer than `width`.

    >>> progress_line({"kind": "loop", "loop": 2, "seconds": 12.0, "seconds_left": 30.0})
    'loop #2      searching for 12 s                                                 30 s left'
    """
    name, told = _told(event)
    left = f"{float(event.get('seconds_left') or 0):.0f} s left"
    room = max(width - NAME_WIDTH - 2 - len(left), 8)
    note = plain(told)
    note = note if len(note) <= room else f"{note[: room - 1]}…"
    return f"{plain(name)[:NAME_WIDTH]:<{NAME_WIDTH}} {note:<{min(NOTE_WIDTH, room)}} {left}"


def _told(event: Mapping[str, Any]) -> tuple[str, str]:
    """Name of the phase, and what happened in it."""
    kind = event.get("kind")
    if kind == "candidate":
        status = event.get("status", "done")
        ended = f" {_number(event.get('score'))}" if status == "done" else f" {status}"
        told = f"{event.get('number', '')}. {event.get('family', '')}{ended}, best so far {_number(event.get('best'))}"
        return f"loop #{event.get('loop', 1)}", told
    if kind == "loop":
        return f"loop #{event.get('loop', 1)}", f"searching for {float(event.get('seconds') or 0):.0f} s"
    step = str(event.get("name", event.get("phase", "")))
    return PHASES.get(step, step), str(event.get("note", ""))


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else "–"
