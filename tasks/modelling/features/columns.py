"""The steps of one column, from its kind, its number of levels and the look of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.evidence.table.facts import ColumnProfile
from tasks.modelling.runtime.recipe import ColumnRecipe, Derived, How, StepName

SKEWED = 1.5
"""Absolute skewness from which a number is squeezed for linear models."""
MANY_LEVELS = 30
"""Above, a mean of the target and the number of rows of a level tell more than they cost; below, trees do better with the levels alone."""
CODE_LEVELS = 100
"""From here the parts of a code do."""
NEAR_UNIQUE = 3.0
"""Rows per level below which a category is read as a text and by its parts."""
REPEATED = 1.2
"""Rows per level from which a code repeats often enough to count."""
CODE_WORDS = 2.0
"""Mean words below which a text is taken for a code with letters and a number."""
PROSE_WORDS = 12.0
"""Mean words from which the first one says nothing."""
_CODE = re.compile(r"^[^\d]{0,12}\d")


@dataclass(frozen=True)
class ColumnPlan:
    """One given column: what is derived of it, and the steps of it and of those."""

    name: str
    made: str
    distinct: int
    derived: tuple[Derived, ...] = ()
    columns: tuple[ColumnRecipe, ...] = ()
    notes: tuple[str, ...] = ()


def is_level_column(facts: ColumnProfile, rows: int) -> bool:
    """A text-like identifier whose values repeat: a ticket shared by a family is a clue, a customer number is not."""
    filled = rows * (1 - facts.nulls)
    return facts.semantic in ("category", "free_text", "ordinal") and filled > REPEATED * max(1, facts.distinct)


def plan_column(facts: ColumnProfile, rows: int, *, richer: bool, simpler: bool) -> ColumnPlan:
    """The steps by kind: numbers and booleans as they are, dates by calendar, the rest by levels, parts and words."""
    if facts.kind in ("numeric", "boolean"):
        return _number(facts)
    if facts.kind == "datetime":
        steps: tuple[StepName, ...] = ("calendar",)
        return ColumnPlan(facts.name, "date", facts.distinct, columns=(ColumnRecipe(column=facts.name, made="date", steps=steps),))
    per_level = rows * (1 - facts.nulls) / max(1, facts.distinct)
    if facts.kind == "text" or per_level < NEAR_UNIQUE:
        return _text(facts, per_level, richer=richer, simpler=simpler)
    return _category(facts, simpler=simpler)


def _number(facts: ColumnProfile) -> ColumnPlan:
    steps: tuple[StepName, ...] = ("number" if facts.kind == "numeric" else "boolean",)
    if facts.nulls > 0:
        steps = (*steps, "missing")
    skewed = facts.kind == "numeric" and facts.skew is not None and abs(facts.skew) > SKEWED
    column = ColumnRecipe(column=facts.name, made=facts.kind, steps=steps, skewed=skewed) if facts.kind == "boolean" else None
    column = column or ColumnRecipe(column=facts.name, made="number", steps=steps, skewed=skewed)
    return ColumnPlan(facts.name, "number", facts.distinct, columns=(column,))


def _category(facts: ColumnProfile, *, simpler: bool) -> ColumnPlan:
    steps: tuple[StepName, ...] = ("levels",)
    if facts.distinct > MANY_LEVELS:
        steps = ("levels", "target_mean") if simpler else ("levels", "target_mean", "count")
    if facts.distinct > 2 and facts.top and _looks_like_codes(facts):
        steps = ("order", *steps)
    column = ColumnRecipe(column=facts.name, made="levels", steps=steps)
    # Parts of few codes only say again what the levels say: measured, all three families got worse.
    derived, parts = _code_parts(facts) if facts.distinct > CODE_LEVELS and not simpler else ((), ())
    return ColumnPlan(facts.name, "levels", facts.distinct, derived, (column, *parts))


def _text(facts: ColumnProfile, per_level: float, *, richer: bool, simpler: bool) -> ColumnPlan:
    """Levels that hardly repeat, or prose: words, one score, shape, the parts of a code, and the count where it repeats.

    Components and first words are for prose and for the richer plan: on names they cost forests and boosting more than they gave.
    """
    name = facts.name
    steps: tuple[StepName, ...] = ("tokens", "text_score")
    if richer or (facts.words or 0.0) >= PROSE_WORDS:
        steps = ("tokens", "components", "text_score")
    if per_level > REPEATED:
        steps = (*steps, "target_mean", "count")
    shapes: tuple[How, ...] = ("length",) if simpler else ("length", "words", "digit_share", "upper_share")
    derived = tuple(_derived(name, how) for how in shapes)
    parts = tuple(ColumnRecipe(column=d.name, made="number", steps=("number",)) for d in derived)
    more, levels = _code_parts(facts)
    if richer and _looks_like_words(facts):
        first = _derived(name, "first_word")
        more, levels = (*more, first), (*levels, ColumnRecipe(column=first.name, made="levels", steps=("target_mean", "count")))
    return ColumnPlan(name, "text", facts.distinct, derived + more, (ColumnRecipe(column=name, made="text", steps=steps), *parts, *levels))


def _code_parts(facts: ColumnProfile) -> tuple[tuple[Derived, ...], tuple[ColumnRecipe, ...]]:
    """Letters and number of codes such as `C85`: where most common levels look like one, or where a text is hardly more than a word."""
    if not _looks_like_codes(facts):
        return (), ()
    letters, digits = _derived(facts.name, "letters"), _derived(facts.name, "digits")
    return (letters, digits), (
        ColumnRecipe(column=letters.name, made="levels", steps=("levels", "target_mean")),
        ColumnRecipe(column=digits.name, made="number", steps=("number",), skewed=True),
    )


def _looks_like_codes(facts: ColumnProfile) -> bool:
    samples = [level for level, _ in facts.top]
    if not samples:
        return (facts.words or CODE_WORDS) < CODE_WORDS
    return sum(bool(_CODE.search(s)) for s in samples) >= 0.6 * len(samples)


def _looks_like_words(facts: ColumnProfile) -> bool:
    return facts.words is not None and CODE_WORDS <= facts.words < PROSE_WORDS


def _derived(column: str, how: How) -> Derived:
    return Derived(name=f"{column} {how.replace('_', ' ')}", how=how, columns=(column,))
