"""What a run has spent on a language model, and whether it may spend more. Shared by the threads of one run."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Sums and ceilings. Calls under way are counted at their worst, so together they cannot pass a ceiling."""

    max_tokens: int
    max_usd: float
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    """None while no call had a known price."""
    corrections: int = 0
    rejected: int = 0
    fallbacks: int = 0
    notes: list[str] = field(default_factory=list)
    _pending_tokens: int = 0
    _pending_usd: float = 0.0
    _closed: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def reserve(self, tokens: int, usd: float | None) -> str:
        """Room for one more call, or the sentence why there is none."""
        with self._lock:
            if self._closed:
                return self._closed
            if self.tokens + self._pending_tokens + tokens > self.max_tokens:
                return f"The run's limit of {self.max_tokens} tokens leaves no room for another question ({self.tokens} used)."
            if (self.cost_usd or 0.0) + self._pending_usd + (usd or 0.0) > self.max_usd:
                spent = f"{self.cost_usd or 0.0:.4f}"
                return f"The run's limit of {self.max_usd:g} US dollars leaves no room for another question ({spent} spent)."
            self._pending_tokens += tokens
            self._pending_usd += usd or 0.0
            return ""

    def settle(self, reserved_tokens: int, reserved_usd: float | None, tokens: int, usd: float | None) -> None:
        """A reserved call has ended and really took this much."""
        with self._lock:
            self._pending_tokens -= reserved_tokens
            self._pending_usd -= reserved_usd or 0.0
            self.calls += 1
            self.tokens += tokens
            if usd is not None:
                self.cost_usd = (self.cost_usd or 0.0) + usd

    def close(self, reason: str) -> None:
        """No further call makes sense in this run: a refused key stays refused."""
        with self._lock:
            self._closed = self._closed or reason

    def close_question(self, corrections: int, rejected: bool, fell_back: bool, note: str) -> None:
        """One agent's question is over."""
        with self._lock:
            self.corrections += corrections
            self.rejected += rejected
            self.fallbacks += fell_back
            if note and note not in self.notes:
                self.notes.append(note)
