"""Which column of a table is the target, and why: what code says, where it says it, then what the column is called."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import NamedTuple

from tasks.evidence.dataset.columns import is_identifier_name
from tasks.evidence.dataset.facts import ColumnProfile
from tasks.evidence.dataset.target_mentions import LAST_COLUMN, Mention

LEAST_WEIGHT = 1.5
"""Below this weight of reasons no target is named."""
CERTAIN_WEIGHT = 3.0
"""From here on, judgements may rest on the target."""
NEAR = 1.0
"""Weight of a mention in the same project folder as the table; farther ones count less."""
FAR = 0.6
SAME_FILE_NAMED = 1.6
"""Factor for a mention in a file that also names the table's file."""
ELSEWHERE_IN_A_CROWD = 0.6
"""Factor for a mention in a file that does not name the table, where other files do and there are many tables."""
UNLIKELY = 0.3
"""Factor for keys, dates and texts that never repeat."""
NORMALISED = 0.9
"""Factor for a mention that fits once names are lower case with underscores, as code often makes them."""
REPEATED = 0.3
"""What each further file that says the same adds, as a proportion of its weight."""
_LAST_WEIGHT = 1.0
_CLASSES_LIMIT = 20

KNOWN_NAMES: dict[str, float] = {
    "target": 3.0, "label": 2.5, "labels": 2.5, "class": 2.5, "y": 2.5, "outcome": 2.5, "survived": 3.0, "saleprice": 3.0, "churn": 3.0,
    "exited": 2.5, "deathevent": 3.0, "loanstatus": 2.5, "diagnosis": 2.5, "species": 2.5, "quality": 2.0, "medv": 2.5,
    "medhousevalue": 2.5,
    "medianhousevalue": 2.5, "income": 1.5, "price": 1.8, "sellingprice": 2.0, "charges": 1.8, "isfraud": 3.0, "fraud": 2.5,
    "satisfaction": 2.0, "sentiment": 2.5, "attrition": 3.0, "defaultpaymentnextmonth": 3.0, "default": 2.0, "response": 2.0,
    "subscribed": 2.0, "deposit": 1.8, "variety": 2.0, "strokes": 2.0, "stroke": 2.0, "heartdisease": 2.0, "targetvariable": 3.0,
    "classlabel": 3.0, "groundtruth": 2.5, "category": 1.5, "tag": 1.5, "spam": 2.5, "toxic": 2.0, "tripduration": 1.6, "fareamount": 1.6,
    "cnt": 1.6, "converted": 2.0, "clicked": 2.0, "isclick": 2.0, "readmitted": 2.5, "approved": 2.0, "loanapproved": 2.5, "winner": 1.5,
    "mpg": 1.6, "failure": 2.0, "machinefailure": 2.5, "intent": 1.8, "progression": 1.6, "salary": 1.5, "yield": 1.6, "humanlabel": 2.5,
    "num": 0.5, "result": 1.0, "type": 0.6, "rating": 1.0, "score": 0.6, "consumption": 1.0, "demand": 2.0, "sales": 2.4, "count": 1.5, "total": 1.2, "msrp": 1.5,
}  # fmt: skip
"""Names, lower case without separators, that a target often has in public data sets; weight as for mentions."""
_NEVER_TARGET = re.compile(r"(?i)^(?:time_?stamp|date|datetime|time|url|name|title|description)$")
_TARGET_FILE = re.compile(r"(?i)(?:^|[_\-./])(?:targets?|labels?|y|outcomes?)(?:[_\-.]|$)")


class Target(NamedTuple):
    name: str
    weight: float
    reasons: tuple[str, ...]


def choose_target(
    path: str,
    columns: tuple[ColumnProfile, ...],
    identifiers: tuple[str, ...],
    mentions: list[Mention],
    named_in: frozenset[str],
    crowded: bool = False,
) -> Target | None:
    """The best supported column; `named_in` are the code files that name the table's file, `crowded` a repository of many tables."""
    usable = {c.name: c for c in columns if c.distinct != 0}
    if not usable:
        return None
    weights, reasons = _weigh_mentions(path, columns, mentions, named_in, crowded)
    if only := _only_column_of_target_file(path, columns, identifiers):
        weights[only] += 3.0
        reasons[only].insert(0, (9.0, "the only column beside the key in a file of targets"))
    for name in usable:
        known = KNOWN_NAMES.get(_bare(name), 0.0) or _by_affix(name)
        if known and name not in identifiers:
            weights[name] += known
            reasons[name].append((known, "a name that targets often have"))
    last = columns[-1]
    if len(columns) > 1 and last.name in usable and last.name not in identifiers:
        weights[last.name] += _LAST_WEIGHT * (1.0 if (last.distinct or 0) <= _CLASSES_LIMIT else 0.5)
        reasons[last.name].append((_LAST_WEIGHT, "the last column"))
    for name in weights:
        if name in usable and _is_unlikely(usable[name], name in identifiers):
            weights[name] *= UNLIKELY
    candidates = [n for n in weights if n in usable and weights[n] >= LEAST_WEIGHT and max(w for w, _ in reasons[n]) >= LEAST_WEIGHT]
    if not candidates:
        return None
    best = max(candidates, key=lambda n: (weights[n], -_position(columns, n)))
    told = list(dict.fromkeys(reason for _, reason in sorted(reasons[best], key=lambda r: -r[0])))
    return Target(best, round(weights[best], 2), tuple(told[:4]))


def _position(columns: tuple[ColumnProfile, ...], name: str) -> int:
    return next(i for i, c in enumerate(columns) if c.name == name)


def _is_unlikely(column: ColumnProfile, is_identifier: bool) -> bool:
    if KNOWN_NAMES.get(_bare(column.name)):
        return False
    return (
        is_identifier
        or is_identifier_name(column.name)
        or column.type == "date"
        or (column.distinct or 0) < 2
        or _NEVER_TARGET.match(column.name) is not None
    )


def _weigh_mentions(
    path: str, columns: tuple[ColumnProfile, ...], mentions: list[Mention], named_in: frozenset[str], crowded: bool
) -> tuple[defaultdict[str, float], defaultdict[str, list[tuple[float, str]]]]:
    known = {c.name: c.name for c in columns} | {c.name.strip(): c.name for c in columns}
    normal = {re.sub(r"\s+", "_", c.name.strip()).lower(): c.name for c in columns}
    beside = ELSEWHERE_IN_A_CROWD if crowded and named_in else 1.0
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for mention in mentions:
        last = mention.name == LAST_COLUMN
        name = columns[-1].name if last else known.get(mention.name) or normal.get(mention.name)
        if name is None or (last and len(columns) == 1):
            continue
        factor = SAME_FILE_NAMED if mention.file in named_in else beside * (NEAR if _near(path, mention.file) else FAR)
        factor *= 1.0 if last or mention.name in known else NORMALISED
        weight = mention.weight * factor * (0.4 if last and mention.file not in named_in else 1.0)
        if weight > best.get((name, mention.file), (0.0, ""))[0]:
            best[name, mention.file] = weight, f"{mention.file}:{mention.line}: {mention.reason}"
    weights: defaultdict[str, float] = defaultdict(float)
    reasons: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for (name, _), (weight, reason) in sorted(best.items(), key=lambda item: -item[1][0]):
        weights[name] += weight if not reasons[name] else min(REPEATED * weight, 1.0) / len(reasons[name])
        reasons[name].append((weight, reason))
    return weights, reasons


def _near(path: str, other: str) -> bool:
    """Whether two files share their first folder, or one of them stands in the root or a general folder of it."""
    left, right = PurePosixPath(path).parts[:-1], PurePosixPath(other).parts[:-1]
    general = {
        "data",
        "dataset",
        "datasets",
        "notebook",
        "notebooks",
        "src",
        "scripts",
        "config",
        "conf",
        "configs",
        "code",
        "artifacts",
        "app",
        "input",
    }
    if not left or not right or left[0].lower() in general or right[0].lower() in general:
        return True
    shared = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= min(2, len(left), len(right))


def _only_column_of_target_file(path: str, columns: tuple[ColumnProfile, ...], identifiers: tuple[str, ...]) -> str | None:
    rest = [c.name for c in columns if c.name not in identifiers]
    return rest[0] if len(rest) == 1 and len(columns) <= 3 and _TARGET_FILE.search(path.rsplit("/", 1)[-1].rsplit(".", 1)[0]) else None


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _by_affix(name: str) -> float:
    lowered = name.strip().lower()
    if re.search(r"(?:^|[_\W])(?:target|label|class|churn|attrition|default|fraud|exited|survived|outcome)(?:$|[_\W])", lowered):
        return 2.0
    return 1.0 if re.match(r"(?:is|has|will)[_\W]", lowered) else 0.0
