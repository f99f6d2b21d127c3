"""A uniform sample of rows that stream by in batches, in their order, with a bound on what is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


class RowSample:
    """Every row is given a random number by the seed; those with the smallest numbers stay (a bottom-k sample)."""

    def __init__(self, most: int, seed: int, most_bytes: int) -> None:
        self.seen = 0
        self._most = most
        self._most_bytes = most_bytes
        self._random = np.random.default_rng(seed)
        self._batches: list[pa.RecordBatch] = []
        self._numbers: list[np.ndarray] = []
        self._held = 0
        self._bytes = 0
        self._bound = 1.0

    def add(self, batch: pa.RecordBatch) -> None:
        """Takes the rows that may still be among the sample. MemoryError when what is held grows beyond the bound."""
        import pyarrow as pa

        numbers = self._random.random(batch.num_rows)
        self.seen += batch.num_rows
        if self._bound < 1.0:
            kept = np.flatnonzero(numbers <= self._bound)
            batch, numbers = batch.take(pa.array(kept)), numbers[kept]
        if not batch.num_rows:
            return
        self._batches.append(batch)
        self._numbers.append(numbers)
        self._held += batch.num_rows
        self._bytes += batch.nbytes
        if self._held > 1.3 * self._most + 1000:
            self._thin()
        if self._bytes > self._most_bytes:
            raise MemoryError

    def _thin(self) -> None:
        import pyarrow as pa

        if self._held <= self._most:
            return
        numbers = np.concatenate(self._numbers)
        self._bound = float(np.partition(numbers, self._most - 1)[self._most - 1])
        kept = [np.flatnonzero(part <= self._bound) for part in self._numbers]
        self._batches = [b.take(pa.array(k)) for b, k in zip(self._batches, kept, strict=True) if len(k)]
        self._numbers = [n[k] for n, k in zip(self._numbers, kept, strict=True) if len(k)]
        self._held = sum(b.num_rows for b in self._batches)
        self._bytes = sum(b.nbytes for b in self._batches)

    def schema(self) -> pa.Schema:
        """Of the batches that came; a table without rows has none."""
        import pyarrow as pa

        return self._batches[0].schema if self._batches else pa.schema([])

    def table(self, schema: pa.Schema) -> pa.Table:
        """The sampled rows in the order they came."""
        import pyarrow as pa

        self._thin()
        return pa.Table.from_batches(self._batches, schema)
