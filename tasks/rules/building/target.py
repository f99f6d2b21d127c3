"""Which column is to be predicted: the flag, a name or a meaning in the text, a telling name, or, with a question, the last column."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from tasks.errors import DataRefused
from tasks.evidence.table.facts import ColumnProfile, TableProfile
from tasks.rules.building.contract import Ambiguity, Source
from tasks.rules.building.english import stems, words
from tasks.rules.building.mentions import Mention, Objective, mention_of
from tasks.rules.building.vocabulary import GENERIC_TARGETS

ENOUGH = 27.0
"""Score from which the text is taken to speak of a column, of 100 for its plain name."""
GENERIC, GENERIC_LESS, LAST, FITTING = 36.0, 28.0, 6.0, 8.0
CLOSE_SECOND = 0.93
UNFIT = {"identifier": 0.4, "text": 0.4, "datetime": 0.4, "constant": 0.5, "empty": 0.5}
"""How much less likely a column of that kind is meant."""
KEY = 0.3
"""The same, of a column named as a key."""
FEW_LEVELS = 20


@dataclass(frozen=True)
class Target:
    column: ColumnProfile
    source: Source
    why: str
    ambiguity: Ambiguity | None = None


def find_target(objective: Objective, profile: TableProfile, flag: str | None, forbidden: tuple[str, ...], asks: str) -> Target:
    """The column; `asks` is what the wording wants: `class`, `number` or nothing. DataRefused when there is none."""
    if flag is not None:
        return Target(_named(flag, profile), "flag", "given by --target")
    _check_quoted(objective, profile)
    columns = [c for c in profile.columns if c.name not in forbidden]
    if not columns:
        raise DataRefused("Every column is forbidden, so none is left to predict", "Name the target with --target.")
    ranked = sorted(((_score(c, objective, profile, asks), c) for c in columns), key=lambda s: -s[0][0])
    (best, mention, why), column = ranked[0]
    if best >= ENOUGH:
        source: Source = "text" if mention.score >= ENOUGH else "data"
        return Target(column, source, why, _rival(ranked, best))
    return _last_resort(columns, objective)


def _named(name: str, profile: TableProfile) -> ColumnProfile:
    if found := profile.column(name):
        return found
    same = [c for c in profile.columns if words(c.name) == words(name) and words(name)]
    if len(same) == 1:
        return same[0]
    raise DataRefused(f"No column is called {name!r}", _suggest(name, profile))


def _suggest(name: str, profile: TableProfile) -> str:
    names = {c.name.lower(): c.name for c in profile.columns}
    close = [names[n] for n in get_close_matches(name.lower(), list(names), n=3, cutoff=0.5)]
    close += [c.name for c in profile.columns if set(stems(c.name)) & set(stems(name)) and c.name not in close]
    if close:
        return f"Did you mean {' or '.join(repr(c) for c in close[:3])}?"
    shown = ", ".join(c.name for c in profile.columns[:12])
    return f"The columns are {shown}{', …' if len(profile.columns) > 12 else ''}."


def _check_quoted(objective: Objective, profile: TableProfile) -> None:
    """A quoted name that no column and no level bears is a mistake to tell, not to guess around."""
    names = {c.name.lower() for c in profile.columns}
    quoted = [q.strip() for q in objective.quoted]
    if not quoted or any(q.lower() in names for q in quoted):
        return
    first = quoted[0]
    is_level = any(first.lower() == level.lower() for c in profile.columns for level, _ in c.top)
    if not is_level and "_" in first and " " not in first:
        raise DataRefused(f"The objective names {first!r}, and no column is called so", _suggest(first, profile))


def _score(column: ColumnProfile, objective: Objective, profile: TableProfile, asks: str) -> tuple[float, Mention, str]:
    mention = mention_of(column, objective)
    score, why = mention.score, mention.why
    generic = _generic(column.name)
    if generic > score:
        score, why = generic, f"{column.name} is a name tables give to their target"
    if score and mention.score < 150:
        score *= UNFIT.get(column.kind, 1.0) * (KEY if set(words(column.name)) & {"id", "uuid", "key"} else 1.0)
    if score and column.name == profile.columns[-1].name:
        score += LAST
    return score + (FITTING * _fits(column, asks) if score else 0.0), mention, why


def _generic(name: str) -> float:
    own = "".join(words(name))
    if own not in GENERIC_TARGETS:
        return 0.0
    return GENERIC if own in GENERIC_TARGETS[:6] else GENERIC_LESS


def _fits(column: ColumnProfile, asks: str) -> int:
    many = column.kind == "numeric" and column.distinct > FEW_LEVELS
    few = column.kind in ("boolean", "category") or (column.kind == "numeric" and column.distinct <= FEW_LEVELS)
    if asks == "number":
        return 1 if many else (-1 if column.kind in ("boolean", "category") else 0)
    if asks == "class":
        return 1 if few else (-1 if many else 0)
    return 0


def _rival(ranked: list[tuple[tuple[float, Mention, str], ColumnProfile]], best: float) -> Ambiguity | None:
    close = [c.name for (score, _, _), c in ranked if score >= CLOSE_SECOND * best][:4]
    if len(close) < 2 or best >= 150:
        return None
    return Ambiguity(
        question="Which column is to be predicted?", options=tuple(close), chosen=close[0],
        why=f"the text could mean each of them and speaks most of {close[0]}; --target settles it", field="target",
    )  # fmt: skip


def _last_resort(columns: list[ColumnProfile], objective: Objective) -> Target:
    fit = [c for c in columns if c.kind not in UNFIT]
    if not fit:
        raise DataRefused(
            "No column can be predicted: all are ids, dates, free text, or hold one value",
            "Give a table with the outcome in a column of its own.",
        )
    last = columns[-1]
    if last.kind in UNFIT:
        raise DataRefused(
            f"The objective does not say which column to predict, and the last one, {last.name!r}, is {_KINDS[last.kind]}",
            f"Name the target with --target; {', '.join(repr(c.name) for c in fit[-4:])} could be predicted.",
        )
    others = tuple(c.name for c in fit[::-1])[:4]
    why = f"nothing in {objective.text[:60]!r} speaks of a column, so the last one, {last.name}, is taken"
    return Target(
        last,
        "default",
        why,
        Ambiguity(
            question="Which column is to be predicted?", options=others, chosen=last.name, why=why + "; --target settles it", field="target"
        ),
    )


_KINDS = {"identifier": "an id", "text": "free text", "datetime": "a date", "constant": "the same in every row", "empty": "empty"}
