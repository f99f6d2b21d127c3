"""Generated features, computed twice in different containers, and only believed where both agree.

    1  one container      fit on all development rows, then transform them
    2  one a fold         fit on the rows the fold's models are fitted on; left out when there is no state
    3  one container      transform only: all rows with each state, half of them in another order, a few alone

No table holds the target, so there is nothing to leak of it; no container before the end holds a sealed row. That the same row
gives the same values in any company shows that `transform` uses its state and the row, not the other rows.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tasks.adapters.generated_code.running import LEAST_SECONDS, run_generated, tree_of
from tasks.modelling.generated import plain_table, run_features
from tasks.modelling.generated.checking import check_columns, differ
from tasks.modelling.generated.plain_table import TableRefused, read_table, write_table

STATE_BYTES = 1_000_000
FEW_ROWS = 7
SIDE_BY_SIDE = 2
Steps = Sequence[Mapping[str, str]]


class CodeRefused(Exception):
    """Why what the code made is not used, in one sentence."""


@dataclass(frozen=True)
class Made:
    """Columns of generated code that passed every check but the one of use."""

    state: dict[str, Any]
    """Fitted on all development rows, without a target."""
    columns: pd.DataFrame
    """Of all development rows with that state; names without prefix."""
    by_fold: dict[int, pd.DataFrame]
    """The same with the state of each fold's training rows; the one table for every fold where there is no state."""


@dataclass(frozen=True)
class Sandbox:
    """Where generated code runs."""

    image: str
    home: Path
    run: str
    """Label for people and the reaper."""


def make_features(
    sandbox: Sandbox, code: str, rows: pd.DataFrame, training_rows: Mapping[int, np.ndarray], target: str, deadline: float
) -> Made:
    """Run the code and check all that can be checked without the target. `rows` must not hold it. Raises CodeRefused."""
    if target in rows.columns:
        raise ValueError("rows for generated code must not hold the target")
    state, first = _fit_and_transform(sandbox, code, rows, deadline)
    why = check_columns(first, len(rows), list(rows.columns), target)
    if why:
        raise CodeRefused(why)
    states = _fold_states(sandbox, code, rows, training_rows, deadline) if state else {}
    return _transform_apart(sandbox, code, rows, first, state, states, tuple(training_rows), deadline)


def transform_rows(sandbox: Sandbox, code: str, rows: pd.DataFrame, state: dict[str, Any], deadline: float) -> pd.DataFrame:
    """Columns of further rows with a state fitted before. Raises CodeRefused; the caller checks names and values."""
    steps = [{"table": "rows", "state": "states/all.json", "out": "out/rows"}]
    with _Run(sandbox, code, {"rows": rows}, {"all": state}, steps, deadline) as folder:
        return _table(folder / "out/rows", len(rows))


def _fit_and_transform(sandbox: Sandbox, code: str, rows: pd.DataFrame, deadline: float) -> tuple[dict[str, Any], pd.DataFrame]:
    steps = [{"table": "rows", "fit": "out/state.json"}, {"table": "rows", "state": "out/state.json", "out": "out/rows"}]
    with _Run(sandbox, code, {"rows": rows}, {}, steps, deadline) as folder:
        return _state(folder / "out/state.json"), _table(folder / "out/rows", len(rows))


def _fold_states(
    sandbox: Sandbox, code: str, rows: pd.DataFrame, training_rows: Mapping[int, np.ndarray], deadline: float
) -> dict[int, dict[str, Any]]:
    def fit(fold: int) -> dict[str, Any]:
        chosen = rows.iloc[training_rows[fold]].reset_index(drop=True)
        with _Run(sandbox, code, {"rows": chosen}, {}, [{"table": "rows", "fit": "out/state.json"}], deadline) as folder:
            return _state(folder / "out/state.json")

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return dict(zip(training_rows, pool.map(fit, training_rows), strict=True))


def _transform_apart(
    sandbox: Sandbox, code: str, rows: pd.DataFrame, first: pd.DataFrame, state: dict[str, Any], states: dict[int, dict[str, Any]],
    folds: tuple[int, ...], deadline: float,
) -> Made:  # fmt: skip
    random = np.random.default_rng(len(rows))
    half, few = random.permutation(len(rows))[: max(2, len(rows) // 2)], random.permutation(len(rows))[:FEW_ROWS]
    parts = {"half": half, "few": few, **{f"one{i}": few[i : i + 1] for i in range(min(2, len(few)))}}
    tables = {"rows": rows, **{name: rows.iloc[chosen].reset_index(drop=True) for name, chosen in parts.items()}}
    steps = [{"table": name, "state": "states/all.json", "out": f"out/{name}"} for name in (*parts, "rows")]
    steps += [{"table": "rows", "state": f"states/fold{fold}.json", "out": f"out/fold{fold}"} for fold in states]
    kept = {"all": state, **{f"fold{fold}": s for fold, s in states.items()}}
    with _Run(sandbox, code, tables, kept, steps, deadline) as folder:
        again = _table(folder / "out/rows", len(rows))
        _same(
            first, again, "run again with the same rows and state, it gives another {}: it is not deterministic, or keeps state elsewhere"
        )
        for name, chosen in parts.items():
            alone = _table(folder / f"out/{name}", len(chosen))
            _same(
                again.iloc[chosen].reset_index(drop=True),
                alone,
                "a row gives another {} among other rows: transform may use its state only",
            )
        by_fold = {fold: _table(folder / f"out/fold{fold}", len(rows)) for fold in states}
    for fold, table in by_fold.items():
        if list(table.columns) != list(again.columns) or any(np.isinf(table[c]).any() for c in table if table[c].dtype.kind == "f"):
            raise CodeRefused(f"fitted on the rows of fold {fold}, it makes other columns or infinite numbers")
    return Made(state, again, by_fold or dict.fromkeys(folds, again))


class _Run:
    """One container with tables and states; its outputs, or CodeRefused."""

    def __init__(
        self, sandbox: Sandbox, code: str, tables: Mapping[str, pd.DataFrame], states: Mapping[str, Any], steps: Steps, deadline: float
    ) -> None:
        self.sandbox, self.code, self.tables, self.states, self.deadline = sandbox, code, tables, states, deadline
        self.steps = [{**s, "table": f"tables/{s['table']}"} for s in steps]
        self.stack = ExitStack()

    def __enter__(self) -> Path:
        left = self.deadline - time.time()
        if left < LEAST_SECONDS:
            raise CodeRefused("no time was left to run it")
        texts = {"generated_features.py": self.code, "steps.json": json.dumps(self.steps)}
        texts |= {f"states/{name}.json": json.dumps(state) for name, state in self.states.items()}
        ours = {Path(str(m.__file__)).name: Path(str(m.__file__)) for m in (plain_table, run_features)}
        try:
            tree = self.stack.enter_context(tree_of(texts, ours))
            for name, frame in self.tables.items():
                write_table(frame, tree / "tables" / name)
            command = ("python", "run_features.py", "steps.json")
            ran = self.stack.enter_context(run_generated(self.sandbox.image, tree, command, self.sandbox.home, left, self.sandbox.run))
            if ran.problem:
                raise CodeRefused(ran.problem)
        except BaseException:
            self.stack.close()
            raise
        return ran.folder

    def __exit__(self, *_: object) -> None:
        self.stack.close()


def _table(folder: Path, rows: int) -> pd.DataFrame:
    try:
        return read_table(folder, rows)
    except TableRefused as refused:
        raise CodeRefused(str(refused)) from refused


def _state(file: Path) -> dict[str, Any]:
    try:
        if file.is_symlink() or file.stat().st_size > STATE_BYTES:
            raise CodeRefused(f"its state has more than {STATE_BYTES:,} bytes")
        state = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CodeRefused("its state is no JSON") from error
    if not isinstance(state, dict):
        raise CodeRefused("its state is no dict")
    return state


def _same(first: pd.DataFrame, second: pd.DataFrame, told: str) -> None:
    column = differ(first, second)
    if column:
        raise CodeRefused(told.format(column))
