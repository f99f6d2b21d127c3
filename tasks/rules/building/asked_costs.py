"""What a miss costs in false alarms, when the objective says which of the two is worse."""

from __future__ import annotations

import re

from tasks.rules.building.contract import Ambiguity
from tasks.rules.building.english import NUMBER, fragments, is_denied, number

WORSE_WITHOUT_NUMBER = 5.0
"""How much worse when the text only says worse: the cost matrix of the Statlog German credit data, UCI."""
_MISS = r"(?:miss(?:ing|es|ed)?\b(?: (?:a|an|one|any|the))?(?: [\w-]+){0,3}?|overlook\w*(?: [\w-]+){0,3}?|false negatives?|(?:a )?miss|fail(?:ing|ure)? to (?:catch|detect|find|spot)(?: [\w-]+){0,3}?)"
_ALARM = r"(?:(?:an? |one )?false (?:alarms?|positives?|alerts?|warnings?)|(?:an? )?(?:needless|unnecessary|wrong) (?:alarms?|calls?|checks?|offers?)|crying wolf)"
_TIMES = rf"({NUMBER}|one|two|twice|double|three|thrice|four|five|six|seven|eight|nine|ten|twenty|fifty|hundred)\s*(?:times|x|-fold|fold)?"
_BE = r"(?:is|are|costs?|would be|counts?|weighs?|hurts?)"
_WORSE = r"(?:much |far |a lot |way |even )?(?:as |more )?(?:worse|bad|expensive|costly|dear|costl\w+|serious|harmful|severe|important|dangerous|much|heav\w+|more)"
_PRICES = re.compile(
    rf"{{0}}\s*(?:{_BE}|:|=)?\s*(?:us |about |roughly )?({NUMBER}).{{{{0,60}}}}?{{1}}\s*(?:{_BE}|:|=|only|just)*\s*(?:about |roughly )?({NUMBER})".format(
        _MISS, _ALARM
    ),
    re.IGNORECASE,
)
_PRICES_BACK = re.compile(_PRICES.pattern.replace(_MISS, "\0").replace(_ALARM, _MISS).replace("\0", _ALARM), re.IGNORECASE)


def _comparison(first: str, second: str) -> re.Pattern[str]:
    return re.compile(
        rf"{first}[\s,]+{_BE}\s+(?:about |roughly |at least )?(?:{_TIMES}\s+)?{_WORSE}[\s,]*(?:than|as)?[\s\w]{{0,20}}?{second}",
        re.IGNORECASE,
    )


_MISS_WORSE, _ALARM_WORSE = _comparison(_MISS, _ALARM), _comparison(_ALARM, _MISS)
_PREFER = re.compile(r"\b(?:rather|prefer|better)\b.{0,40}?\bfalse (?:alarms?|positives?).{0,20}?\bthan\b.{0,20}?\bmiss", re.IGNORECASE)
_PREFER_BACK = re.compile(
    r"\b(?:rather|prefer|better)\b.{0,40}?\bmiss.{0,40}?\bthan\b.{0,30}?\bfalse (?:alarms?|positives?)", re.IGNORECASE
)
_NOT_WORSE = re.compile(r"\b(?:no|not|never|n't)\s+(?:\w+\s+)?(?:worse|more)\b", re.IGNORECASE)


def find_cost_ratio(text: str) -> tuple[float, str, Ambiguity | None] | None:
    """Cost of a missed positive in false alarms, and the words that say so.

    >>> find_cost_ratio("a false alarm costs 10, a miss 100")[0]
    10.0
    """
    whole = " ".join(text.split())
    for pattern, inverted in ((_PRICES, False), (_PRICES_BACK, True)):
        if (match := pattern.search(whole)) and (found := _of_prices(match, inverted)):
            return found
    for fragment in fragments(text):
        for pattern, inverted in ((_MISS_WORSE, False), (_ALARM_WORSE, True)):
            match = pattern.search(fragment)
            if match and not _NOT_WORSE.search(match.group()) and not is_denied(fragment, *match.span()):
                return _of_times(match, inverted)
        for pattern, inverted in ((_PREFER, False), (_PREFER_BACK, True)):
            if match := pattern.search(fragment):
                return _unsaid(match.group(), inverted)
    return None


def _of_prices(match: re.Match[str], inverted: bool) -> tuple[float, str, None] | None:
    one, other = number(match[1]), number(match[2])
    if not one or not other:
        return None
    return (other / one if inverted else one / other), match.group(), None


def _of_times(match: re.Match[str], inverted: bool) -> tuple[float, str, Ambiguity | None]:
    times = number(match[1]) if match[1] else None
    if not times:
        return _unsaid(match.group(), inverted)
    return (1 / times if inverted else times), match.group(), None


def _unsaid(span: str, inverted: bool) -> tuple[float, str, Ambiguity]:
    ratio = 1 / WORSE_WITHOUT_NUMBER if inverted else WORSE_WITHOUT_NUMBER
    worse, other = ("a false alarm", "a miss") if inverted else ("a miss", "a false alarm")
    question = f"How many times worse is {worse} than {other}?"
    why = "the text says worse but not how much; say for example `5 times worse`"
    return ratio, span, Ambiguity(question=question, options=("2", "5", "10"), chosen=f"{WORSE_WITHOUT_NUMBER:g}", why=why)
