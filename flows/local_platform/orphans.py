"""Remove containers whose process is gone. Safe to repeat.

python -m flows.local_platform.orphans
"""

from __future__ import annotations

import contextlib

from tasks.adapters.store import axiom_home
from tasks.errors import SandboxRefused


def remove_orphans() -> None:
    """Remove them; without an engine there are none."""
    from tasks.adapters.container.running import reap

    with contextlib.suppress(SandboxRefused):
        reap(axiom_home())


if __name__ == "__main__":
    remove_orphans()
