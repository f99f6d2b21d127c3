"""Whether rows belong to something that has several of them, as visits to a patient, and not merely to a category, as to a city."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.evidence.table.facts import GroupCandidate, TableProfile
from tasks.rules.building.contract import Contract
from tasks.rules.building.english import stem, word_set, words

FEWEST_GROUPS = 8
ROWS_PER_GROUP, ROWS_PER_NAMED_GROUP = 1.8, 1.15
"""Mean rows from which a thing has several; less suffices where the name says id."""
_BEINGS = frozenset(
    map(
        stem,
        [
            "patient",
            "subject",
            "person",
            "customer",
            "client",
            "user",
            "member",
            "household",
            "family",
            "student",
            "pupil",
            "player",
            "athlete",
            "participant",
            "respondent",
            "employee",
            "driver",
            "passenger",
            "speaker",
            "author",
            "writer",
            "visitor",
            "session",
            "device",
            "sensor",
            "machine",
            "engine",
            "unit",
            "vehicle",
            "car",
            "truck",
            "aircraft",
            "animal",
            "mouse",
            "rat",
            "dog",
            "cow",
            "donor",
            "individual",
            "account",
            "card",
            "patientid",
            "userid",
            "customerid",
            "subjectid",
            "sessionid",
            "deviceid",
            "volunteer",
            "guest",
            "owner",
            "borrower",
            "applicant",
            "worker",
            "operator",
            "rater",
            "doctor",
            "physician",
            "image",
            "video",
            "recording",
            "scan",
            "slide",
            "specimen",
            "sample",
            "batch",
            "lot",
            "well",
            "meter",
            "turbine",
            "battery",
            "bearing",
            "pump",
            "asset",
            "equipment",
            "store",
            "shop",
            "outlet",
            "hospital",
            "school",
            "site",
            "plot",
            "farm",
            "field",
            "company",
            "firm",
            "molecule",
            "scaffold",
            "compound",
            "protein",
            "experiment",
            "trial",
            "run",
            "trajectory",
            "track",
            "document",
            "article",
            "conversation",
            "thread",
            "query",
            "group",
            "cluster",
        ],
    )
)
_NUMBERS = frozenset(("id", "ids", "no", "nr", "nbr", "num", "number", "code", "key", "uid", "uuid", "guid", "identifier", "hash", "ref"))
_PLACES = frozenset(
    map(
        stem,
        [
            "city",
            "state",
            "country",
            "region",
            "zone",
            "borough",
            "district",
            "county",
            "area",
            "neighborhood",
            "neighbourhood",
            "zip",
            "postal",
            "postcode",
            "department",
            "category",
            "type",
            "brand",
            "model",
        ],
    )
)
_ID_ENDING = re.compile(r"(?:^|[_\W]|(?<=[a-z]))(?:id|ID|Id|uid|UUID|uuid|key|no|nr)$")
_WEAK = frozenset(
    map(
        stem,
        [
            "store",
            "shop",
            "outlet",
            "hospital",
            "school",
            "site",
            "plot",
            "farm",
            "field",
            "company",
            "firm",
            "unit",
            "car",
            "group",
            "cluster",
            "sample",
            "run",
            "image",
            "document",
            "article",
        ],
    )
)
"""Names of things that are as often ordinary categories: a group only with an id, or with very many of them."""
MANY_GROUPS = 20
_COUNTERS = frozenset(
    map(stem, word_set("cycle visit step trial session epoch round lap attempt repetition window frame time day week month"))
)


@dataclass(frozen=True)
class Grouping:
    column: str
    groups: int
    mean_rows: float
    reason: str


def find_grouping(profile: TableProfile, contract: Contract) -> Grouping | None:
    """The likeliest thing that rows belong to, or None."""
    for candidate in profile.groups:
        if candidate.column not in (contract.target, contract.time_column) and is_entity(candidate, profile):
            return Grouping(candidate.column, candidate.groups, candidate.mean_rows, _told(candidate))
    return _unlisted(profile, contract)


def _unlisted(profile: TableProfile, contract: Contract) -> Grouping | None:
    """A whole number named like the key of a thing, or like a thing beside a column that counts what happened to it: `unit`, `cycle`."""
    counted = any(c.kind == "numeric" and {stem(w) for w in words(c.name)} & _COUNTERS for c in profile.columns)
    for column in profile.columns:
        q, own = column.quantiles, words(column.name)
        named = len(own) <= 2 and bool({stem(w) for w in own} & _BEINGS)
        whole = len(q) == 5 and float(q[0]).is_integer() and float(q[4]).is_integer()
        if column.name == contract.target or column.kind != "numeric" or not named or not whole:
            continue
        rows = profile.rows * (1 - column.nulls) / max(1, column.distinct)
        is_key = bool(set(own) & _NUMBERS)
        is_dense = counted and q[4] - q[0] + 1 <= 2 * column.distinct
        if column.distinct >= FEWEST_GROUPS and rows >= (ROWS_PER_NAMED_GROUP if is_key else ROWS_PER_GROUP) and (is_key or is_dense):
            candidate = GroupCandidate(column=column.name, groups=column.distinct, mean_rows=rows, reason="")
            return Grouping(column.name, column.distinct, rows, _told(candidate))
    return None


def is_entity(candidate: GroupCandidate, profile: TableProfile) -> bool:
    """By the name of the column and how many rows each value has."""
    if candidate.groups < FEWEST_GROUPS:
        return False
    own = words(candidate.column)
    roots = {stem(w) for w in own}
    has_id = bool(set(own) & _NUMBERS) or bool(_ID_ENDING.search(candidate.column))
    is_being = bool(roots & _BEINGS) or any(w.endswith("id") and stem(w[:-2]) in _BEINGS for w in own)
    if roots & _PLACES and not is_being:
        return False
    if has_id:
        return candidate.mean_rows >= ROWS_PER_NAMED_GROUP
    if not is_being or candidate.mean_rows < ROWS_PER_GROUP:
        return False
    return not roots & _WEAK or candidate.groups >= MANY_GROUPS


def _told(candidate: GroupCandidate) -> str:
    return f"{candidate.column} has {candidate.groups:,} values with {candidate.mean_rows:.1f} rows each: rows of one are alike"
