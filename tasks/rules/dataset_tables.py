"""Which tables the data rules judge, and how their places and names are told.

Judged are the tables that code names, or all when it names none; files made as samples or as broken examples are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.evidence.dataset.facts import DatasetProfile
from tasks.evidence.place import Place
from tasks.rules.applicability import PLACES_LIMIT
from tasks.rules.evidence import Evidence
from tasks.rules.rule import NotApplicable, Undetermined

NAMES_TOLD = 4
TARGET_WEIGHT = 3.0
"""Weight of reasons from which a judgement may rest on the target."""
_SAMPLE_NAME = re.compile(
    r"(?i)(?:^|[_\-./])(?:bad|invalid|broken|missing_values|corrupt\w*|samples?|examples?|dummy|mock|toy|fixtures?|demo)"
    r"(?:[_\-./]|$)"
)


def judged_tables(evidence: Evidence) -> tuple[DatasetProfile, ...]:
    """Profiled tables that count as this repository's data."""
    tables = [d for d in evidence.dataset.datasets if d.rows_profiled and d.format != "text" and not _SAMPLE_NAME.search(d.path)]
    loaded = [d for d in tables if d.loaded]
    return tuple(loaded or tables)


def training_tables(evidence: Evidence) -> tuple[DatasetProfile, ...]:
    """Tables with a target that is sure."""
    return tuple(d for d in judged_tables(evidence) if d.target and d.target_weight >= TARGET_WEIGHT)


def no_tables(evidence: Evidence) -> NotApplicable | Undetermined | None:
    """Why no table can be judged: there is none, or those there are could not be read."""
    if judged_tables(evidence):
        return None
    if any(d.problem for d in evidence.dataset.datasets):
        return Undetermined(reason="the data files could not be read")
    return NotApplicable(reason="no table of data in the repository")


def at_tables(tables: Iterable[tuple[DatasetProfile, str]]) -> tuple[Place, ...]:
    return tuple(Place(file=d.path, note=note) for d, note in tables)[:PLACES_LIMIT]


def named(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    more = f" and {len(listed) - NAMES_TOLD} more" if len(listed) > NAMES_TOLD else ""
    return ", ".join(f"`{n}`" for n in listed[:NAMES_TOLD]) + more
