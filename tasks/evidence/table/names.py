"""What a column's name says about its values, by the words in it."""

from __future__ import annotations

import re

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
ENTITIES = frozenset(
    [
        "user",
        "customer",
        "client",
        "patient",
        "subject",
        "participant",
        "person",
        "people",
        "household",
        "family",
        "member",
        "employee",
        "worker",
        "driver",
        "player",
        "athlete",
        "student",
        "school",
        "teacher",
        "session",
        "visit",
        "visitor",
        "account",
        "device",
        "machine",
        "unit",
        "sensor",
        "station",
        "meter",
        "engine",
        "vehicle",
        "car",
        "store",
        "shop",
        "branch",
        "site",
        "seller",
        "vendor",
        "supplier",
        "merchant",
        "product",
        "item",
        "sku",
        "order",
        "invoice",
        "transaction",
        "passenger",
        "respondent",
        "individual",
        "animal",
        "mouse",
        "rat",
        "donor",
        "candidate",
        "applicant",
        "loan",
        "borrower",
        "policy",
        "claim",
        "encounter",
        "admission",
        "hospital",
        "doctor",
        "physician",
        "company",
        "firm",
        "team",
        "group",
        "author",
        "speaker",
    ]
)
_SUBJECTS = frozenset(
    [
        "user",
        "customer",
        "client",
        "patient",
        "subject",
        "participant",
        "person",
        "household",
        "student",
        "player",
        "athlete",
        "session",
        "visitor",
        "respondent",
        "animal",
        "mouse",
        "rat",
        "donor",
        "borrower",
        "policyholder",
        "physician",
        "speaker",
        "author",
        "driver",
    ]
)
"""Whoever is measured or asked several times; a shop or a product is rather a level."""
_IDENTIFIERS = frozenset({"id", "ids", "uuid", "guid", "identifier", "pk", "uid", "rowid", "hash"})
_COUNTERS = frozenset({"index", "idx", "row", "rownum", "rownumber", "serial", "instant", "unnamed", "sno", "seqn", "rownames", "record"})
_NUMBERED = frozenset({"no", "nr", "num", "number"})
_CODES = frozenset(
    [
        "zip",
        "zipcode",
        "postal",
        "postcode",
        "plz",
        "pincode",
        "cep",
        "fips",
        "geoid",
        "naics",
        "sic",
        "icd",
        "icd9",
        "icd10",
        "isbn",
        "ean",
        "upc",
        "vin",
        "imei",
        "ssn",
        "phone",
        "telephone",
        "mobile",
        "iban",
    ]
)
_ORDINARY = frozenset(
    [
        "rank",
        "ranking",
        "year",
        "yr",
        "age",
        "day",
        "week",
        "month",
        "quarter",
        "position",
        "score",
        "level",
        "time",
        "step",
        "period",
        "hour",
        "minute",
        "season",
        "round",
    ]
)
_TIMES = frozenset(
    ["timestamp", "epoch", "unix", "unixtime", "time", "ts", "datetime", "date", "at", "created", "updated", "utc", "moment", "when"]
)
_DATES = frozenset(
    [
        "date",
        "day",
        "dt",
        "dte",
        "dteday",
        "ymd",
        "yyyymmdd",
        "datetime",
        "timestamp",
        "period",
        "month",
        "ym",
        "yyyymm",
        "time",
        "at",
        "on",
        "when",
    ]
)


def words(name: str) -> tuple[str, ...]:
    """`PULocationID` as pu, location, id; `customer_no` as customer, no."""
    return tuple(word.lower() for word in _WORD.split(name) if word)


def names_identifier(name: str) -> bool:
    """The name of a key: `id`, `user_id`, `customerid`, `PassengerId`, `uuid`."""
    parts = words(name)
    if not parts:
        return True
    last = parts[-1]
    return last in _IDENTIFIERS or (last.endswith("id") and last[:-2] in ENTITIES)


def names_counter(name: str) -> bool:
    """The name of a row number: `Unnamed: 0`, `index`, `instant`, `order_no`."""
    parts = words(name)
    if not parts:
        return True
    return (
        parts[0] == "unnamed" or (len(parts) == 1 and parts[0] in _COUNTERS | {"no", "nr"}) or (len(parts) > 1 and parts[-1] in _NUMBERED)
    )


def names_code(name: str) -> bool:
    """The name of a code written in digits: zip, phone, FIPS; arithmetic on it means nothing."""
    parts = words(name)
    return bool(_CODES & set(parts)) or (len(parts) > 1 and parts[-1] in ("code", "cd"))


def names_measure(name: str) -> bool:
    """The name of a count that runs through the rows and still means something: rank, year, week."""
    return bool(_ORDINARY & set(words(name)))


def names_time(name: str) -> bool:
    """The name of a moment that may be written in seconds since 1970."""
    return bool(_TIMES & set(words(name)))


def names_date(name: str) -> bool:
    """The name of a day or a month that may be written in digits."""
    return bool(_DATES & set(words(name)))


def names_entity(name: str) -> bool:
    """The name of something several rows may belong to."""
    parts = set(words(name))
    return names_identifier(name) or bool(parts & ENTITIES) or any(part.rstrip("s") in ENTITIES for part in parts)


def names_subject(name: str) -> bool:
    """The name of somebody who is measured or asked several times."""
    parts = words(name)
    return bool(parts) and (parts[-1] in _SUBJECTS or (names_identifier(name) and bool(set(parts) & _SUBJECTS)))


def names_single_entity(name: str) -> bool:
    """The name of a key in a column of numbers: `user_id`, or `subject` alone; `passengers` counts."""
    parts = words(name)
    return names_identifier(name) or (len(parts) == 1 and parts[0] in ENTITIES)
