"""Work beside the builder's own: in a forked process that has its memory, and that ends with it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import threading
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def work_beside(work: Callable[[], None]) -> None:
    """Do it in a forked process; what it raises is its own affair. Call it from the main thread, whose end is that process's end."""
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            end_with(parent)
            work()
        finally:
            os._exit(0)
    threading.Thread(target=os.waitpid, args=(child, 0), name="burial", daemon=True).start()


def end_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that forked it is gone; where it cannot, the process group's end has to do."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
