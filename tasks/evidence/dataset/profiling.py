"""The profile of one table: columns, duplicates, keys, dates, target, class balance, personal data, leaking predictors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.columns import constant_columns, date_columns, identifier_columns, profile_columns
from tasks.evidence.dataset.discovery import DataFile
from tasks.evidence.dataset.facts import DatasetProfile
from tasks.evidence.dataset.personal_data import find_personal_data
from tasks.evidence.dataset.reading import Table
from tasks.evidence.dataset.target import CERTAIN_WEIGHT, Target, choose_target
from tasks.evidence.dataset.target_mentions import Mention

if TYPE_CHECKING:
    import pandas as pd

CLASSES_MOST = 30
"""Numbers with more distinct values are a continuous target."""
CLASSES_LISTED = 20
CLASS_NAME_LIMIT = 60


def profile_table(file: DataFile, table: Table, mentions: list[Mention], named_in: frozenset[str], crowded: bool = False) -> DatasetProfile:
    """What a table holds; text without columns and unreadable files have their rows and the problem only."""
    base = DatasetProfile(
        path=file.path,
        format=table.format,
        rows=table.rows,
        sampled=table.sampled,
        why_sampled=table.why,
        bytes=file.size,
        problem=table.problem,
    )
    frame = table.frame
    if frame is None:
        return base
    base = base.model_copy(update={"n_columns": frame.shape[1], "rows_profiled": len(frame)})
    if table.format == "text":
        return base.model_copy(update={"columns": profile_columns(frame, 1)})
    columns = profile_columns(frame, limits.COLUMNS_LISTED)
    listed = frame.iloc[:, : limits.COLUMNS_LISTED]
    identifiers = identifier_columns(listed, columns)
    target = choose_target(file.path, columns, identifiers, mentions, named_in, crowded) if table.header else None
    return base.model_copy(
        update={
            "columns": columns,
            "duplicates": count_duplicates(frame),
            "constant_columns": constant_columns(columns, len(frame)),
            "id_columns": identifiers,
            "date_columns": date_columns(columns),
            "pii": find_personal_data(listed, columns),
            **_of_target(listed, target, columns, identifiers),
        }
    )


def _of_target(frame: pd.DataFrame, target: Target | None, columns: tuple, identifiers: tuple[str, ...]) -> dict:
    if target is None:
        return {}
    from tasks.evidence.dataset.predictors import find_suspicious

    certain = target.weight >= CERTAIN_WEIGHT
    return {
        "target": target.name,
        "target_reasons": target.reasons,
        "target_weight": target.weight,
        "class_balance": class_balance(frame, target.name, columns),
        "suspicious_predictors": find_suspicious(frame, columns, target.name, identifiers) if certain else (),
    }


def class_balance(frame: pd.DataFrame, target: str, columns: tuple) -> dict[str, float]:
    """Share of each class, most frequent first; empty for a continuous target, free text or a repeated column name."""
    column = next(c for c in columns if c.name == target)
    distinct = column.distinct or 0
    if not 2 <= distinct <= CLASSES_MOST or column.type == "number" or list(frame.columns).count(target) != 1:
        return {}
    if column.type == "integer" and distinct > 0.5 * len(frame):
        return {}
    shares = frame[target].value_counts(normalize=True).head(CLASSES_LISTED)
    return {_class_name(name): round(float(share), 6) for name, share in shares.items()}


def _class_name(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:CLASS_NAME_LIMIT]


def count_duplicates(frame: pd.DataFrame) -> int | None:
    """Rows that equal an earlier one in every column; None when cells are nested or there are no columns."""
    if not frame.shape[1]:
        return None
    try:
        return int(frame.duplicated().sum())
    except (TypeError, ValueError):
        return None
