"""Columns the objective gives a part: those that must not be used, what rows belong to, and when they were."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.errors import DataRefused
from tasks.evidence.table.facts import ColumnProfile, TableProfile
from tasks.rules.building.contract import Ambiguity, Source
from tasks.rules.building.english import stem, stems, words
from tasks.rules.building.vocabulary import LITTLE_WORDS, SYNONYMS

_FORBID = re.compile(
    r"\b(?:without (?:using |looking at |the use of |relying on |access to |knowing )?|(?:do not|don'?t|never|must not|may not|cannot|can'?t|should not|shouldn'?t|not)\s+(?:to\s+)?"
    r"(?:use|using|look(?:ing)? at|rely(?:ing)? on|include|consider|train on|touch|know)\s+|ignor(?:e|ing)\s+|exclud(?:e|ing)\s+|except(?: for)?\s+|leav(?:e|ing) out\s+|drop(?:ping)?\s+|avoid(?: using)?\s+"
    r"|no use of\s+|(?:use|using) (?:everything|all(?: \w+){0,2}) but\s+)(.+)",
    re.IGNORECASE,
)
_FORBID_AFTER = re.compile(
    r"([\w`'\" ,/-]{2,80}?)\s+(?:must not|may not|cannot|can'?t|should not|shouldn'?t|are not to|is not to|must never)\s+be\s+(?:used|considered|included|looked at)|"
    r"([\w`'\" ,/-]{2,80}?)\s+(?:is|are) (?:off limits|forbidden|not allowed|taboo)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*(?:,|/|\band\b|\bor\b|\bnor\b|&)\s*", re.IGNORECASE)
_LIST_END = re.compile(
    r"[.;!?\n](?:\s|$)|\b(?:because|since|as it|which|that|so|but|for|when|to predict|while|if|in order|with|predict|rank|forecast)\b",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"\b(?:new|unseen|unknown|other|never[- ]seen|future|different|unfamiliar|held[- ]out)\s+([a-z]+)|\b(?:across|by|grouped by|group by|per|for each|for every)\s+([a-z_]+)"
    r"|\b([a-z]+)\s+(?:we|it|that|which|the model)\s+(?:have|has|had|was|were)?\s*(?:never|not)\s*(?:been\s+)?(?:seen|met|trained)",
    re.IGNORECASE,
)
_UNITS = frozenset(
    stems(
        "hour day week month year minute second quarter row record time data case house prediction date moment percent error sample example loan application"
    )
)
_FUTURE = re.compile(
    r"\b(?:forecast\w*|next (?:day|week|month|quarter|year|hour|season|morning|\d+ \w+)|tomorrow|in the future|future (?!customers|patients|users|clients)\w+|upcoming|coming (?:days?|weeks?|months?|years?)"
    r"|ahead|in advance|days? later|this (?:week|month)|following (?:day|week|month|year)|over time)\b",
    re.IGNORECASE,
)
_MOMENT_NAMES = frozenset(
    stems("date time datetime timestamp day month week year hour quarter period season ds instant when moment epoch period")
)
_ATTRIBUTE_NAMES = frozenset(
    stems(
        "birth born signup sign joined join hired hire opened created registration registered built build start since founded dob last first acquisition enrolled due expiry"
    )
)
"""Dates of the thing in the row, not of the row."""


@dataclass(frozen=True)
class Part:
    """A column given a part, or a question about it."""

    columns: tuple[str, ...]
    source: Source
    why: str
    ambiguity: Ambiguity | None = None


@dataclass(frozen=True)
class Forbidden:
    columns: tuple[str, ...]
    spans: tuple[str, ...]
    """The words of the text, which therefore do not speak of the target."""
    understood: tuple[tuple[str, str], ...]
    ambiguities: tuple[Ambiguity, ...]


def find_forbidden(text: str, profile: TableProfile, flags: tuple[str, ...]) -> Forbidden:
    """Raises `DataRefused` for a flag that is no column; words that are none are told."""
    for name in flags:
        if profile.column(name) is None:
            raise DataRefused(
                f"--forbid names {name!r}, which is no column", f"The columns are {', '.join(c.name for c in profile.columns[:20])}."
            )
    columns = list(flags)
    spans, told, questions = [], [(f, "given by --forbid") for f in flags], []
    for span, listed in _forbidding(text):
        spans.append(span)
        for item in listed:
            found = columns_called(item, profile)
            columns += [c for c in found if c not in columns]
            told += [(c, f"the text says {span.strip()[:80]!r}") for c in found]
            if not found and re.search(r"\bus(?:e|ing)\b|ignor|exclud|drop", span, re.IGNORECASE):
                why = "no column is called so"
                questions.append(
                    Ambiguity(question=f"Which column is {item!r}, that must not be used?", options=("none",), chosen="none", why=why)
                )
    return Forbidden(tuple(columns), tuple(spans), tuple(dict(told).items()), tuple(questions))


def _forbidding(text: str) -> list[tuple[str, list[str]]]:
    found = []
    for match in _FORBID.finditer(text):
        rest = match[1]
        end = _LIST_END.search(rest)
        rest = rest[: end.start()] if end else rest
        items = _items(rest)
        if items:
            found.append((text[match.start() : match.start(1) + len(rest)], items))
    for match in _FORBID_AFTER.finditer(text):
        items = _items(re.sub(r"^.*\b(?:but|that|because|of|for)\b", "", match[1] or match[2]))
        if items:
            found.append((match.group(), items))
    return found


def _items(listed: str) -> list[str]:
    cleaned = [
        re.sub(
            r"^(?:the|a|an|any|their|its|his|her|columns?|variables?|features?|fields?)\s+|\s+(?:columns?|variables?|features?|fields?)$",
            "",
            i.strip(" `'\".:"),
            flags=re.IGNORECASE,
        )
        for i in _LIST.split(listed)
    ]
    return [i for i in cleaned if 1 < len(i) <= 60 and len(i.split()) <= 5]


def columns_called(phrase: str, profile: TableProfile) -> tuple[str, ...]:
    """Columns a phrase can mean: that name, or all whose name has each of its words, or words that mean the same."""
    exact = [c.name for c in profile.columns if c.name.lower() == phrase.lower() or words(c.name) == words(phrase)]
    if exact:
        return tuple(exact)
    wanted = [stem(w) for w in words(phrase) if w not in LITTLE_WORDS]
    if not wanted:
        return ()
    for alike in (False, True):
        found = [c.name for c in profile.columns if all(_has(w, stems(c.name), alike) for w in wanted)]
        if found:
            return tuple(found)
    return tuple(c.name for c in profile.columns if wanted == ["id"] and c.kind == "identifier")


def _has(wanted: str, name: list[str], alike: bool) -> bool:
    return wanted in name or (alike and bool(SYNONYMS.get(wanted, frozenset()) & set(name)))


def find_group(text: str, profile: TableProfile, flag: str | None, target: str) -> Part | None:
    """What rows belong to, as the text says: `for new customers`, `per patient`."""
    if flag is not None:
        return Part((_flagged(flag, profile, "--group"),), "flag", "given by --group")
    for match in _ENTITY.finditer(text):
        entity = next(g for g in match.groups() if g)
        if stem(entity.lower()) in _UNITS or entity.lower() in LITTLE_WORDS:
            continue
        found = [c for c in profile.columns if c.name != target and _names_entity(c, entity, profile)]
        repeated = [c for c in found if _is_repeated(c, profile)]
        if repeated:
            best = min(repeated, key=lambda c: (stem("id") not in stems(c.name), len(c.name)))
            return Part((best.name,), "text", f"the text says {match.group()!r}, and {best.name} names each {entity.lower()}")
    return None


def _names_entity(column: ColumnProfile, entity: str, profile: TableProfile) -> bool:
    root, name = stem(entity.lower()), stems(column.name)
    if not (root in name or SYNONYMS.get(root, frozenset()) & set(name)):
        return False
    return (
        len(name) == 1
        or bool({"id", "name", "code", "key", "number", "no", "nr", "uid"} & set(words(column.name)))
        or any(g.column == column.name for g in profile.groups)
    )


def _is_repeated(column: ColumnProfile, profile: TableProfile) -> bool:
    rows = profile.rows * (1 - column.nulls)
    return column.distinct >= 5 and rows >= 1.2 * column.distinct and column.kind in ("category", "identifier", "numeric", "text")


def _flagged(flag: str, profile: TableProfile, option: str) -> str:
    found = profile.column(flag)
    if found is None:
        raise DataRefused(
            f"{option} names {flag!r}, which is no column", f"The columns are {', '.join(c.name for c in profile.columns[:20])}."
        )
    return found.name


def asks_future(text: str) -> str:
    """The words that put the question into the future; empty when none do."""
    match = _FUTURE.search(text)
    return match.group() if match else ""


def find_time(profile: TableProfile, flag: str | None, future: str, target: str) -> Part | None:
    """The column that says when a row was, when the objective is about the future or a flag names it."""
    if flag is not None:
        return Part((_flagged(flag, profile, "--time"),), "flag", "given by --time")
    if not future:
        return None
    for order in profile.orders:
        if order.column is None:
            return None
        if order.column != target and not is_attribute_date(order.column):
            return Part((order.column,), "data", f"the text says {future!r}, and {order.column} says when each row was: {order.reason}")
    dated = [
        c for c in profile.columns if c.name != target and (c.kind == "datetime" or c.semantic == "date") and not is_attribute_date(c.name)
    ]
    if not dated:
        return None
    best = max(dated, key=lambda c: (bool(set(stems(c.name)) & _MOMENT_NAMES), -c.nulls))
    return Part((best.name,), "data", f"the text says {future!r}, and {best.name} holds dates")


def is_attribute_date(name: str) -> bool:
    """A date of the thing in the row, as a birthday, and not of the row."""
    return bool(set(stems(name)) & _ATTRIBUTE_NAMES)
