"""How strongly the objective speaks of a column: by its name, by words that mean the same, or by the levels found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from tasks.evidence.table.facts import ColumnProfile
from tasks.rules.building.english import fragments, number, stem, word_set, words
from tasks.rules.building.vocabulary import ABBREVIATIONS, LITTLE_WORDS, SYNONYMS

_ASKING = re.compile(
    r"\b(?:predict\w*|forecast\w*|estimat\w*|classif\w*|tell|find\w*|detect\w*|identif\w*|rank\w*|guess\w*|determin\w*|flag\w*|model\w*|spot|infer\w*"
    r"|recogni\w*|anticipat\w*|know|learn|regress\w*|assess\w*|label|explain|score|prioriti\w*|whether|which|who|how (?:many|much|long|often|likely)|will)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:from|using|given|based on|on the basis of|with the help of|by means of|out of|as a function of|knowing|considering|without|excluding|except|so that"
    r"|because|in order to|(?<!ranked )(?<!sorted )per|according to)\b",
    re.IGNORECASE,
)
AFTER_GIVEN, BEFORE_ASKING, OTHER_FRAGMENT, AFTER_OF, MODIFIER = 0.25, 0.4, 0.35, 0.6, 0.6
EXACT, STEM, ABBREVIATED, PART, TYPO, SYNONYM = 1.0, 0.95, 0.85, 0.6, 0.7, 0.55
TYPO_LIKENESS = 0.8
FLAG_WORDS = word_set("is has flag indicator status target label class value the of will did was ind cd code type category final")
"""Say little about what a column means."""
MANY_LEVELS = 12


@dataclass(frozen=True)
class Word:
    """A word of the objective and how much it is about what is asked, 0-1."""

    text: str
    stem: str
    weight: float


@dataclass(frozen=True)
class Mention:
    """0 for a column the text does not speak of, 100 for one it names."""

    score: float
    why: str
    levels: tuple[str, ...] = ()
    """Levels of the column that the text names, first mentioned first."""


class Objective:
    """The text, its words weighed by their place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fragments = fragments(text)

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """Names between quotes or backticks."""
        return tuple(re.findall(r"[`\"“'‘«]([^`\"”'’»\n]{1,80})[`\"”'’»](?!\w)", self.text))

    @cached_property
    def words(self) -> list[Word]:
        asked = next((i for i, f in enumerate(self.fragments) if _ASKING.search(f)), None)
        found: list[Word] = []
        for i, fragment in enumerate(self.fragments):
            base = 1.0 if asked is None or i == asked else OTHER_FRAGMENT
            found += _weigh(fragment, base)
        return found

    @cached_property
    def by_stem(self) -> dict[str, Word]:
        """The heaviest word of each stem."""
        best: dict[str, Word] = {}
        for word in self.words:
            if word.text not in LITTLE_WORDS and word.weight > best.get(word.stem, Word("", "", 0.0)).weight:
                best[word.stem] = word
        return best


def _weigh(fragment: str, base: float) -> list[Word]:
    asking = _ASKING.search(fragment)
    start = asking.start() if asking else 0
    given = _GIVEN.search(fragment, start + 1)
    given_at = given.start() if given else len(fragment)
    of = re.compile(
        r"(?<!number )(?<!amount )(?<!risk )(?<!probability )(?<!chance )(?<!level )(?<!value )(?<!likelihood )\b(?:of|for|in|at|among|leaves|by)\b"
    ).search(fragment, start)
    found: list[Word] = []
    for i, match in enumerate(re.finditer(r"[^\W_]+(?:_[^\W_]+)*", fragment)):
        weight = base * 0.99**i
        if match.start() < start:
            weight *= BEFORE_ASKING
        elif match.start() >= given_at:
            weight *= AFTER_GIVEN
        elif of and match.start() > of.start():
            weight *= AFTER_OF
        found += [Word(w, stem(w), weight) for w in words(match.group())]
    return found


def mention_of(column: ColumnProfile, objective: Objective) -> Mention:
    """The strongest way in which the text speaks of the column."""
    if any(q.strip().lower() == column.name.strip().lower() for q in objective.quoted):
        return Mention(200.0, f"the text names {column.name!r} between quotes")
    return max(_by_name(column, objective), _by_levels(column, objective), key=lambda m: m.score)


def _by_name(column: ColumnProfile, objective: Objective) -> Mention:
    name = [w for w in words(column.name) if w]
    if not name or (len(name) == 1 and (len(name[0]) == 1 or name[0] in LITTLE_WORDS)):
        return _by_letter(column.name, objective)
    heard = [_hear(w, objective) for w in name]
    weights = [0.3 if w in FLAG_WORDS and len(name) > 1 else 1.0 for w in name]
    if all(w in FLAG_WORDS for w in name):
        weights = [1.0] * len(name)
    telling = [i for i, w in enumerate(weights) if w == 1.0]
    weights = [MODIFIER if i in telling[:-1] else w for i, w in enumerate(weights)]
    total = sum(h[0] * w for h, w in zip(heard, weights)) / sum(weights)
    if total <= 0:
        return Mention(0.0, "")
    told = ", ".join(dict.fromkeys(f"{h[1]!r}" for h in heard if h[0] > 0))
    whole = len(name) > 1 and all(h[0] >= PART * AFTER_OF for h in heard)
    return Mention(100 * total + (6 * (len(name) - 1) if whole else 0), f"{told} in the text is about {column.name}")


def _by_letter(name: str, objective: Objective) -> Mention:
    if re.search(rf"\b(?:column|variable|target|predict|field|label)\s+{re.escape(name)}(?!\w)", objective.text):
        return Mention(110.0, f"the text names {name}")
    return Mention(0.0, "")


def _hear(word: str, objective: Objective) -> tuple[float, str]:
    """How well the text has the word of a name, 0-1, and the word it has."""
    heard = objective.by_stem
    exact = next((w for w in objective.words if w.text == word), None)
    options: list[tuple[float, str]] = [(EXACT * exact.weight, exact.text)] if exact else []
    full = ABBREVIATIONS.get(word, word)
    for root, quality in ((stem(word), STEM), (stem(full), ABBREVIATED)):
        if root in heard:
            options.append((quality * heard[root].weight, heard[root].text))
    for alike in SYNONYMS.get(stem(full), frozenset()):
        if alike in heard:
            options.append((SYNONYM * heard[alike].weight, heard[alike].text))
    if not options and len(word) >= 5:
        options += _hear_part(word, objective)
    return max(options, default=(0.0, ""))


def _hear_part(word: str, objective: Objective) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    for root, heard in objective.by_stem.items():
        if len(root) < 4:
            continue
        if len(word) > len(root) + 1 and (word.startswith(root) or word.endswith(heard.text)):
            found.append((PART * heard.weight, heard.text))
        elif abs(len(word) - len(heard.text)) <= 2 and SequenceMatcher(None, word, heard.text).ratio() >= TYPO_LIKENESS:
            found.append((TYPO * heard.weight, heard.text))
    return found


_BOUND_LEVEL = re.compile(r"^\s*(<=|>=|<|>|≤|≥|=<|=>|over|under|above|below|more than|less than)\s*\$?\s*([\d.,]+\s*[kKmM]?)\s*$")
_OVER, _UNDER = (
    r"more than|over|above|exceed\w*|at least|greater than|higher than|>=?",
    r"less than|under|below|at most|lower than|up to|<=?",
)


def _by_levels(column: ColumnProfile, objective: Objective) -> Mention:
    if column.kind not in ("category", "boolean") or not 2 <= column.distinct <= MANY_LEVELS:
        return Mention(0.0, "")
    levels = [level for level, _ in column.top]
    if bounded := _bounded_level(levels, objective.text):
        return Mention(85.0, f"the text speaks of the level {bounded!r} of {column.name}", (bounded,))
    named = named_levels(levels, objective)
    if not named:
        return Mention(0.0, "")
    score = 45.0 if len(named) == 1 else 62.0 + 8 * len(named)
    weight = max(w for _, w in named)
    told = " and ".join(repr(level) for level, _ in named[:3])
    return Mention(score * weight, f"the text speaks of {told}, levels of {column.name}", tuple(level for level, _ in named))


def _bounded_level(levels: list[str], text: str) -> str | None:
    for level in levels:
        if not (match := _BOUND_LEVEL.match(level)):
            continue
        sign = _OVER if match[1] in (">", ">=", "≥", "=>", "over", "above", "more than") else _UNDER
        for said in re.finditer(rf"(?:{sign})\s*(?:than\s*)?\$?\s*([\d.,]*\d\s*[kKmM]?)\b", text, re.IGNORECASE):
            if number(said[1]) is not None and number(said[1]) == number(match[2]):
                return level
    return None


def named_levels(levels: list[str], objective: Objective) -> list[tuple[str, float]]:
    """Levels whose own words, not shared with another level, stand in the text; with the weight of the word, in order of mention."""
    roots = {level: {stem(w) for w in words(level) if w not in LITTLE_WORDS and len(w) > 1 and not w.isdigit()} for level in levels}
    found = []
    for level, own in roots.items():
        others = set().union(*(r for other, r in roots.items() if other != level))
        hits = [w for s, w in objective.by_stem.items() if s in own - others]
        if hits:
            found.append((level, max(w.weight for w in hits)))
    return sorted(found, key=lambda f: -f[1])
