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
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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
OTHER_TIME = "run again with the same rows and state, it gives another {}: it is not deterministic, or keeps state elsewhere"
OTHER_COMPANY = "a row gives another {} among other rows, or at another time: transform may use the row and its state only"
HARNESS = {Path(str(m.__file__)).name: Path(str(m.__file__)) for m in (plain_table, run_features)}
"""Runs in the container."""


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


@dataclass(frozen=True)
class Work:
    """What one container is given: tables without a target, states, and what is done with them in this order."""

    tables: Mapping[str, pd.DataFrame]
    states: Mapping[str, dict[str, Any]]
    steps: Sequence[Mapping[str, str]]

    def write(self, code: str, folder: Path) -> None:
        """The files of the container, beside the harness."""
        for name, frame in self.tables.items():
            write_table(frame, folder / "tables" / name)
        texts = {f"states/{name}.json": json.dumps(state) for name, state in self.states.items()}
        for name, text in {"generated_features.py": code, "steps.json": json.dumps(self.steps), **texts}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")


def make_features(
    sandbox: Sandbox, code: str, rows: pd.DataFrame, training_rows: Mapping[int, np.ndarray], target: str, deadline: float
) -> Made:
    """Run the code and check all that can be checked without the target. `rows` must not hold it. Raises CodeRefused."""
    if target in rows.columns:
        raise ValueError("rows for generated code must not hold the target")
    with _run(sandbox, code, fit_and_transform(rows), deadline) as folder:
        state, first = read_first(folder, rows, target)
    states = _fold_states(sandbox, code, rows, training_rows, deadline) if state else {}
    with _run(sandbox, code, transform_apart(rows, state, states), deadline) as folder:
        columns, by_fold = read_apart(folder, rows, first, tuple(states))
    return Made(state, columns, by_fold or dict.fromkeys(training_rows, columns))


def transform_rows(sandbox: Sandbox, code: str, rows: pd.DataFrame, state: dict[str, Any], deadline: float) -> pd.DataFrame:
    """Columns of further rows with a state fitted before. Raises CodeRefused; the caller checks names and values."""
    work = Work({"rows": rows}, {"all": state}, [_transform("rows", "all")])
    with _run(sandbox, code, work, deadline) as folder:
        return _table(folder / "out/rows", len(rows))


def fit_and_transform(rows: pd.DataFrame) -> Work:
    """The first container's."""
    return Work({"rows": rows}, {}, [_fit(), {"table": "tables/rows", "state": "out/state.json", "out": "out/rows"}])


def read_first(folder: Path, rows: pd.DataFrame, target: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """State and columns that the first container left. Raises CodeRefused."""
    state, columns = _state(folder / "out/state.json"), _table(folder / "out/rows", len(rows))
    why = check_columns(columns, len(rows), list(rows.columns), target)
    if why:
        raise CodeRefused(why)
    return state, columns


def transform_apart(rows: pd.DataFrame, state: dict[str, Any], states: Mapping[int, dict[str, Any]]) -> Work:
    """The last container's: the parts come first, so that nothing can be remembered of all rows."""
    parts = _parts(len(rows))
    tables = {"rows": rows, **{name: rows.iloc[chosen].reset_index(drop=True) for name, chosen in parts.items()}}
    steps = [_transform(name, "all") for name in (*parts, "rows")]
    steps += [{**_transform("rows", f"fold{fold}"), "out": f"out/fold{fold}"} for fold in states]
    return Work(tables, {"all": state, **{f"fold{fold}": s for fold, s in states.items()}}, steps)


def read_apart(folder: Path, rows: pd.DataFrame, first: pd.DataFrame, folds: Sequence[int]) -> tuple[pd.DataFrame, dict[int, pd.DataFrame]]:
    """Columns of all rows with the state of all and with each fold's. Raises CodeRefused where the containers disagree."""
    for name, chosen in _parts(len(rows)).items():
        alone = _table(folder / f"out/{name}", len(chosen))
        _same(first.iloc[chosen].reset_index(drop=True), alone, OTHER_COMPANY)
    again = _table(folder / "out/rows", len(rows))
    _same(first, again, OTHER_TIME)
    by_fold = {fold: _table(folder / f"out/fold{fold}", len(rows)) for fold in folds}
    for fold, table in by_fold.items():
        if list(table.columns) != list(again.columns) or any(np.isinf(table[c]).any() for c in table if table[c].dtype.kind == "f"):
            raise CodeRefused(f"fitted on the rows of fold {fold}, it makes other columns or infinite numbers")
    return again, by_fold


def _fit() -> dict[str, str]:
    return {"table": "tables/rows", "fit": "out/state.json"}


def _transform(table: str, state: str) -> dict[str, str]:
    return {"table": f"tables/{table}", "state": f"states/{state}.json", "out": f"out/{table}"}


def _parts(n: int) -> dict[str, np.ndarray]:
    """Row numbers of one row alone, a few, and a half in another order; the same for the same number of rows."""
    random = np.random.default_rng(n)
    few, half = random.permutation(n)[:FEW_ROWS], random.permutation(n)[: max(2, n // 2)]
    return {"one": few[:1], "few": few, "half": half}


def _fold_states(
    sandbox: Sandbox, code: str, rows: pd.DataFrame, training_rows: Mapping[int, np.ndarray], deadline: float
) -> dict[int, dict[str, Any]]:
    def fit(fold: int) -> dict[str, Any]:
        chosen = rows.iloc[training_rows[fold]].reset_index(drop=True)
        with _run(sandbox, code, Work({"rows": chosen}, {}, [_fit()]), deadline) as folder:
            return _state(folder / "out/state.json")

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return dict(zip(training_rows, pool.map(fit, training_rows), strict=True))


@contextmanager
def _run(sandbox: Sandbox, code: str, work: Work, deadline: float) -> Iterator[Path]:
    """Outputs of one container. Raises CodeRefused."""
    left = deadline - time.time()
    if left < LEAST_SECONDS:
        raise CodeRefused("no time was left to run it")
    with tree_of({}, HARNESS) as tree:
        work.write(code, tree)
        command = ("python", "run_features.py", "steps.json")
        with run_generated(sandbox.image, tree, command, sandbox.home, left, sandbox.run) as ran:
            if ran.problem:
                raise CodeRefused(ran.problem)
            yield ran.folder


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
