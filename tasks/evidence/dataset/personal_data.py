"""Columns that look like personal data: which kind and how many rows, never a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tasks.evidence.dataset.facts import ColumnProfile, PersonalData

if TYPE_CHECKING:
    import pandas as pd

SAMPLE = 1_000
"""Values looked at per column."""
LEAST_SHARE = 0.5
"""Proportion of the values that must have the shape."""
LEAST_VALUES = 5

_EMAIL = re.compile(r"^[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}$")
_PHONE = re.compile(r"^\+?[\d(][\d\s().x-]{6,24}\d$")
_NATIONAL_ID = re.compile(r"^\d{3}-\d{2}-\d{4}$")
_ADDRESS = re.compile(
    r"^\d{1,6}[A-Za-z]?,? [A-Z][\w.' -]{2,60}\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place)\b", re.I
)
_IP = re.compile(r"^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$")
_CARD = re.compile(r"^\d(?:[ -]?\d){12,18}$")
_PERSON = re.compile(r"^[A-Z][\w'’.-]+(?:,? (?:(?:Mr|Mrs|Miss|Ms|Dr|Master|Rev)\.? )?[A-Z(\"][\w'’.()\"-]*){1,6}$")
_NAMES = {
    "email": re.compile(r"(?i)(?:^|[_\W])e[-_ ]?mails?(?:$|[_\W]|_?addr)"),
    "phone": re.compile(r"(?i)(?:^|[_\W])(?:tele)?phone(?:[_ ]?(?:no|number|num))?$|(?:^|[_\W])(?:mobile|cell)[_ ]?(?:no|number|phone)$"),
    "national_id": re.compile(r"(?i)(?:^|[_\W])(?:ssn|social[_ ]?security(?:[_ ]?(?:no|number))?|national[_ ]?id|"
        r"passport(?:[_ ]?(?:no|number))?|aadhaar|tax[_ ]?id)$"),
    "credit_card": re.compile(r"(?i)(?:^|[_\W])(?:credit[_ ]?card|card)[_ ]?(?:no|number|num)$|^cc[_ ]?num(?:ber)?$"),
    "ip_address": re.compile(r"(?i)(?:^|[_\W])ip(?:v4)?(?:[_ ]?addr(?:ess)?)?$"),
    "birth_date": re.compile(r"(?i)^(?:dob|birth[_ ]?date|date[_ ]?of[_ ]?birth|birthday|birth[_ ]?dt)$"),
    "address": re.compile(r"(?i)(?:^|[_\W])(?:street|home|postal|mailing|billing|shipping)[_ ]?(?:address|addr)?$|"
        r"^address(?:[_ ]?(?:line)?[_ ]?\d)?$"),
    "name": re.compile(r"(?i)^(?:first|last|full|middle|given|family|sur|maiden|customer|patient|employee|student|client|user|"
        r"person|passenger|owner|doctor)[_ ]?names?$|^(?:surname|forename)$"),
    "coordinates": re.compile(r"(?i)^(?:lat|latitude|lon|lng|long|longitude)$"),
}  # fmt: skip
_SHAPES = {"email": _EMAIL, "national_id": _NATIONAL_ID, "ip_address": _IP, "address": _ADDRESS}
"""Shapes that speak for themselves."""
_NAMED_SHAPES = {"phone": _PHONE, "national_id": re.compile(r"^[\w -]{6,20}$"), "credit_card": _CARD, "email": _EMAIL, "ip_address": _IP}
"""Shapes that a column of that name must have as well."""
_THING = re.compile(r"(?i)invoice|order|product|part|sku|item|code|isbn|serial|transaction|ticket")
_PERSON_COLUMN = re.compile(
    r"(?i)^(?:age|sex|gender|e-?mail|dob|birth\w*|salary|marital\w*|passengerid|patient\w*|customer\w*|user_?id|employee\w*|phone\w*)$"
)
"""Columns that make the rows of a table people."""


def find_personal_data(frame: pd.DataFrame, columns: tuple[ColumnProfile, ...]) -> tuple[PersonalData, ...]:
    """At most one kind per column."""
    of_people = any(_PERSON_COLUMN.match(c.name.strip()) for c in columns)
    found = []
    for position, column in enumerate(columns):
        item = _kind(column, frame.iloc[:, position], of_people)
        if item:
            found.append(PersonalData(column=column.name, kind=item[0], share=round(item[1], 4)))
    return tuple(found)


def _kind(column: ColumnProfile, series: pd.Series, of_people: bool) -> tuple[str, float] | None:
    if column.type == "boolean" or column.distinct is None or column.distinct < 2:
        return None
    named = next((kind for kind, pattern in _NAMES.items() if pattern.search(column.name.strip())), None)
    if named == "coordinates":
        return ("coordinates", 1.0) if of_people and column.type == "number" else None
    if column.type == "number":
        return None
    values = [str(v).strip()[:120] for v in series.dropna().head(SAMPLE)]
    if named in ("birth_date", "address", "name"):
        fits = column.type != "integer" and (named != "birth_date" or column.type == "date") and column.distinct > 2
        return (named, 1.0) if fits else None
    if len(values) < LEAST_VALUES:
        return (named, 1.0) if named and _share(values, _NAMED_SHAPES[named]) == 1.0 else None
    if named and (share := _share(values, _NAMED_SHAPES[named])) >= LEAST_SHARE:
        return named, share
    return _by_shape(column, values, of_people) if column.type == "text" else _cards(values)


def _by_shape(column: ColumnProfile, values: list[str], of_people: bool) -> tuple[str, float] | None:
    for kind, shape in _SHAPES.items():
        if kind == "national_id" and _THING.search(column.name):
            continue
        if (share := _share(values, shape)) >= LEAST_SHARE:
            return kind, share
    if of_people and column.name.strip().lower() in ("name", "names") and (share := _share(values, _PERSON)) >= LEAST_SHARE:
        return "name", share
    return _cards(values)


def _cards(values: list[str]) -> tuple[str, float] | None:
    """Numbers of 13 to 19 digits whose check digit holds."""
    share = sum(bool(_CARD.match(v)) and _luhn(v) for v in values) / max(1, len(values))
    return ("credit_card", share) if share >= 0.9 and len(values) >= LEAST_VALUES else None


def _luhn(text: str) -> bool:
    digits = [int(c) for c in reversed(text) if c.isdigit()]
    return sum(d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(digits)) % 10 == 0


def _share(values: list[str], shape: re.Pattern[str]) -> float:
    return sum(bool(shape.match(v)) for v in values) / len(values) if values else 0.0
