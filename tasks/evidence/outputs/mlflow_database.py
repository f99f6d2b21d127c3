"""Runs in an MLflow database that the code wrote itself: opened read-only, its tables asked with a budget.

MLflow is not imported: a database that untrusted code could have written is never given to its migrations.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tasks.evidence.outputs.mlflow_runs import MAX_POINTS, MAX_RUNS, Run

MAX_SECONDS = 20.0
MAX_VALUE_BYTES = 100_000
_TABLES = ("runs", "metrics", "params")


def read_database(path: Path, started: float | None) -> list[Run]:
    """Runs that began at `started` (seconds since the epoch) or later, oldest first. Raises `ValueError` for a broken file."""
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, timeout=1)
    deadline = time.monotonic() + MAX_SECONDS
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10 * MAX_VALUE_BYTES)
    connection.text_factory = lambda data: data.decode("utf-8", errors="replace")
    try:
        if not _has_tables(connection):
            return []
        return [_run(connection, *row) for row in _runs(connection, started)]
    except (sqlite3.Error, OverflowError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _has_tables(connection: sqlite3.Connection) -> bool:
    """Plain tables only: a view or a virtual table of that name would run what somebody else wrote."""
    marks = ",".join("?" * len(_TABLES))
    rows = connection.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name IN ({marks})", _TABLES).fetchall()
    return len(rows) == len(_TABLES) and not any("VIRTUAL" in str(sql).upper().split("(")[0] for _, sql in rows)


def _runs(connection: sqlite3.Connection, started: float | None) -> Iterator[Any]:
    return connection.execute(
        "SELECT run_uuid, start_time FROM runs WHERE coalesce(start_time, 0) >= ? AND lifecycle_stage = 'active' ORDER BY start_time LIMIT ?",
        (int(started * 1000) if started is not None else 0, MAX_RUNS),
    )


def _run(connection: sqlite3.Connection, run: Any, began: Any) -> Run:
    metrics = connection.execute(
        "SELECT key, value, step FROM metrics WHERE run_uuid = ? AND is_nan = 0 ORDER BY step, timestamp LIMIT ?", (run, MAX_POINTS)
    ).fetchall()
    params = connection.execute("SELECT key, value FROM params WHERE run_uuid = ? ORDER BY key LIMIT 300", (run,)).fetchall()
    return Run(
        id=str(run)[:64],
        began=float(began or 0) / 1000,
        points=[(str(k), float(v), int(s or 0)) for k, v, s in metrics if isinstance(v, int | float)],
        parameters={str(k)[:120]: str(v)[:500] for k, v in params},
    )
