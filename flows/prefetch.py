"""Cloning and reading beside Prefect's start: results land in the content-addressed cache, where the flow finds them."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from tasks.adapters.checkout import Checkout, check_out, read_section
from tasks.adapters.store import axiom_home
from tasks.errors import AxiomError, SourceRefused
from tasks.evidence.child import GROUPS

QUICK_SECONDS = 0.2


class Prefetch:
    """A clone and its facts on the way. Reading errors are left to the flow's own steps, which meet them again."""

    def __init__(self, source: str, ref: str | None, groups: Sequence[str] = ("code", "data")) -> None:
        """`groups`: readers whose facts are wanted."""
        self._groups = groups
        self.source = source
        self.ref = ref
        self.error: AxiomError | None = None
        self.checkout: Checkout | None = None
        self._cloned = threading.Thread(target=self._clone, daemon=True)
        self._cloned.start()
        # A refused address or a missing folder is known at once, long before Prefect is imported.
        self._cloned.join(QUICK_SECONDS)
        if not self._cloned.is_alive():
            self.wait_for_clone()

    def wait_for_clone(self) -> None:
        """Wait until the repository is here; raises what the clone raised.

        A refused address is left to the flow when a Prefect API is configured: its settings block may allow more.
        """
        self._cloned.join()
        refused = isinstance(self.error, SourceRefused) and "PREFECT_API_URL" in os.environ
        if self.error is not None and not refused:
            raise self.error

    def _clone(self) -> None:
        hosts = [h.strip() for h in os.environ.get("AXIOM_ALLOWED_HOSTS", "").split(",") if h.strip()]
        try:
            checkout = check_out(axiom_home(), self.source, self.ref, allowed_hosts=hosts)
        except AxiomError as error:
            self.error = error
            return
        self.checkout = checkout
        for group in self._groups:
            threading.Thread(target=_read, args=(checkout, GROUPS[group][0]), daemon=True).start()


def _read(checkout: Checkout, section: str) -> None:
    try:
        read_section(checkout, section)
    except (OSError, ValueError):
        return


def as_source(text: str) -> str:
    """A local path made absolute; an address, and what no folder can be, as it is."""
    if "://" in text or not text.strip():
        return text
    try:
        path = Path(text).expanduser()
        return str(path.absolute()) if path.exists() else text
    except (OSError, RuntimeError, ValueError):  # too long, a `~user` nobody has, a NUL
        return text
