"""The class the objective is about: by flag, by the text, by a telling word, or the rarer one."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.errors import DataRefused
from tasks.evidence.table.facts import ColumnProfile
from tasks.rules.building.contract import Ambiguity, Source
from tasks.rules.building.english import stem, stems, words
from tasks.rules.building.mentions import Objective, mention_of
from tasks.rules.building.vocabulary import NEGATIVE_WORDS, OPPOSITES, POSITIVE_WORDS


@dataclass(frozen=True)
class AskedClass:
    label: str
    source: Source
    why: str
    ambiguity: Ambiguity | None = None


def levels_of(column: ColumnProfile) -> tuple[str, ...]:
    """Labels as text, numbers in their order, texts sorted; empty when the profile does not hold them all."""
    levels = [level for level, _ in column.top]
    if len(levels) != column.distinct:
        if column.distinct != 2 or len(column.quantiles) != 5:
            return ()
        levels = [_plain(column.quantiles[0]), _plain(column.quantiles[-1])]
    try:
        return tuple(sorted(levels, key=float))
    except ValueError:
        return tuple(sorted(levels))


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def choose_positive(column: ColumnProfile, objective: Objective, flag: str | None) -> AskedClass:
    """Of a target with two classes."""
    levels = levels_of(column)
    if len(levels) != 2:
        raise DataRefused(f"The target {column.name!r} does not hold two classes", "Name another with --target.")
    if flag is not None:
        return AskedClass(_flagged(flag, levels, column.name), "flag", "given by --positive")
    named = mention_of(column, objective).levels
    said = [level for level in named if level in levels]
    if len(said) == 1:
        return AskedClass(said[0], "text", f"the text speaks of {said[0]!r}")
    if opposite := _opposite(column, levels, objective):
        return opposite
    return _by_word(levels, said) or _by_rarity(column, levels, said)


def _flagged(flag: str, levels: tuple[str, ...], name: str) -> str:
    for level in levels:
        if level == flag or level.lower() == flag.strip().lower() or _same_number(level, flag):
            return level
    raise DataRefused(f"{flag!r} is not a class of {name!r}", f"Its classes are {levels[0]!r} and {levels[1]!r}.")


def _same_number(a: str, b: str) -> bool:
    try:
        return float(a) == float(b)
    except ValueError:
        return False


def _opposite(column: ColumnProfile, levels: tuple[str, ...], objective: Objective) -> AskedClass | None:
    """`Who died?` of a column `survived` asks for its 0."""
    yes = [level for level in levels if _means(level, POSITIVE_WORDS)]
    no = [level for level in levels if level not in yes]
    if len(yes) != 1 or not no:
        return None
    name = set(stems(column.name))
    for one, other in OPPOSITES:
        for own, against in ((one, other), (other, one)):
            if (
                name & own
                and not any(s in objective.by_stem for s in own)
                and (hit := [objective.by_stem[s].text for s in against if s in objective.by_stem])
            ):
                why = f"the text asks for {hit[0]!r}, the opposite of {column.name}"
                question = Ambiguity(
                    question=f"Which value of {column.name} is {hit[0]!r}?", options=levels, chosen=no[0], why=why, field="positive"
                )
                return AskedClass(no[0], "text", why, question)
    return None


def _means(level: str, vocabulary: frozenset[str]) -> bool:
    lower = level.strip().lower()
    return lower in vocabulary or (bool(words(level)) and words(level)[0] in vocabulary)


def _by_word(levels: tuple[str, ...], said: list[str]) -> AskedClass | None:
    yes = [level for level in levels if _means(level, POSITIVE_WORDS)]
    no = [level for level in levels if _means(level, NEGATIVE_WORDS)]
    if len(yes) == 1:
        return AskedClass(yes[0], "data", f"{yes[0]!r} is the word for what is looked for")
    if len(no) == 1 and not yes:
        other = next(level for level in levels if level != no[0])
        return AskedClass(other, "data", f"{no[0]!r} is the word for nothing found, so {other!r} is looked for")
    prefixed = [
        level
        for level in levels
        if any(stem(level.lower()) in (stem("un" + o.lower()), stem("non" + o.lower())) for o in levels if o != level)
    ]
    if len(prefixed) == 1:
        other = next(level for level in levels if level != prefixed[0])
        return AskedClass(other, "data", f"{prefixed[0]!r} denies {other!r}")
    return AskedClass(said[0], "text", f"the text speaks of {said[0]!r} first") if said else None


def _by_rarity(column: ColumnProfile, levels: tuple[str, ...], said: list[str]) -> AskedClass:
    counts = dict(column.top)
    if len(counts) == 2 and len(set(counts.values())) == 2:
        rare = min(levels, key=lambda level: counts.get(level, 0))
        why = f"{rare!r} is the rarer class"
    else:
        rare, why = levels[-1], f"{levels[-1]!r} is the higher or later of two alike classes"
    return AskedClass(
        rare,
        "data",
        why,
        Ambiguity(
            question=f"Which class of {column.name} is looked for?",
            options=levels,
            chosen=rare,
            why=why + "; --positive settles it",
            field="positive",
        ),
    )
