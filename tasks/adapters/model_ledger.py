"""What a run has spent on a language model, and whether it may spend more. Shared by the threads of one run.

With a file it is shared by the run's processes too, and outlives them: a run that is resumed goes on counting.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tasks.adapters.store import locked, write_atomically


@dataclass
class Spent:
    """Sums over a run's questions so far."""

    calls: int = 0
    tokens: int = 0
    """Of a call that may be billed without an answer (a time-out) the most it can have been."""
    cost_usd: float | None = None
    """None while no call had a known price."""
    corrections: int = 0
    rejected: int = 0
    fallbacks: int = 0
    notes: list[str] = field(default_factory=list)
    pending_tokens: int = 0
    """Reserved by calls under way; what a killed process had reserved stays and counts as spent."""
    pending_usd: float = 0.0
    closed: str = ""
    """Why no further call makes sense in this run."""


class Ledger:
    """Sums and ceilings. Calls under way are counted at their worst, so together they cannot pass a ceiling."""

    def __init__(self, max_tokens: int, max_usd: float, path: Path | None = None) -> None:
        self.max_tokens = max_tokens
        self.max_usd = max_usd
        self._path = path
        self._spent = Spent()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spent:
        """A copy of the sums."""
        with self._opened() as spent:
            return replace(spent, notes=list(spent.notes))

    def reserve(self, tokens: int, usd: float | None) -> str:
        """Room for one more call, or the sentence why there is none."""
        with self._opened() as spent:
            if spent.closed:
                return spent.closed
            if spent.tokens + spent.pending_tokens + tokens > self.max_tokens:
                return f"The run's limit of {self.max_tokens} tokens leaves no room for another question ({spent.tokens} used)."
            if (spent.cost_usd or 0.0) + spent.pending_usd + (usd or 0.0) > self.max_usd:
                so_far = f"{spent.cost_usd or 0.0:.4f}"
                return f"The run's limit of {self.max_usd:g} US dollars leaves no room for another question ({so_far} spent)."
            spent.pending_tokens += tokens
            spent.pending_usd += usd or 0.0
            return ""

    def settle(self, reserved_tokens: int, reserved_usd: float | None, tokens: int, usd: float | None) -> None:
        """A reserved call has ended and really took this much."""
        with self._opened() as spent:
            spent.pending_tokens -= reserved_tokens
            spent.pending_usd -= reserved_usd or 0.0
            spent.calls += 1
            spent.tokens += tokens
            if usd is not None:
                spent.cost_usd = (spent.cost_usd or 0.0) + usd

    def close(self, reason: str) -> None:
        """No further call makes sense in this run: a refused key stays refused."""
        with self._opened() as spent:
            spent.closed = spent.closed or reason

    def close_question(self, corrections: int, rejected: bool, fell_back: bool, note: str) -> None:
        """One agent's question is over."""
        with self._opened() as spent:
            spent.corrections += corrections
            spent.rejected += rejected
            spent.fallbacks += fell_back
            if note and note not in spent.notes:
                spent.notes.append(note)

    @contextmanager
    def _opened(self) -> Iterator[Spent]:
        with self._lock:
            if self._path is None:
                yield self._spent
                return
            with locked(self._path.with_suffix(".lock")):
                spent = _read(self._path)
                before = asdict(spent)
                yield spent
                if asdict(spent) != before:
                    write_atomically(self._path, _SPENT.dump_json(spent))


_SPENT: TypeAdapter[Spent] = TypeAdapter(Spent)


def _read(path: Path) -> Spent:
    try:
        return _SPENT.validate_json(path.read_bytes())
    except FileNotFoundError:
        return Spent()
    except ValidationError:
        return Spent(closed=f"The record of the run's spending cannot be read: {path}.")


def worst_case(messages: list[dict[str, Any]], answer_tokens: int) -> tuple[int, int]:
    """Tokens a question and its answer can take at most: three bytes a token, where English has four and Chinese three."""
    return sum(len(str(m["content"]).encode()) for m in messages) // 3 + 1, answer_tokens
