"""What an agent says by rule: score, findings worst first and one sentence of setting, for the lead of a project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tasks.rules.rule import SEVERITIES
from tasks.rules.section_evidence import FindingLine, SectionEvidence

COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
NAMED_BESIDE_THE_WORST = 2
"""Findings told by title after the first."""


def summarise(evidence: SectionEvidence, subject: str, setting: str = "") -> str:
    """The paragraph of a section: where it stands, what weighs most, what else is open, and its setting."""
    sentences = [_standing(evidence, subject), _rest(evidence), setting]
    return " ".join(s for s in sentences if s)


def _standing(evidence: SectionEvidence, subject: str) -> str:
    findings = ranked(evidence.findings)
    scored = f"{subject} scores {of_ten(evidence.score)}" if evidence.score is not None else ""
    if not findings:
        return f"{scored}: {_nothing_wrong(evidence)}." if scored else f"{subject} is not scored: nothing here could be judged."
    worst = findings[0]
    same = [f for f in findings if f.severity == worst.severity]
    lead = f"{count(len(same), f'{worst.severity} finding')}, {'' if len(same) == 1 else 'first of all '}{told(worst)}"
    if worst.severity == "low":
        lead = f"only hygiene is left, {'' if len(same) == 1 else 'first of all '}{told(worst)}"
    return f"{scored}: {lead}." if scored else f"{subject} is not scored, but it has {lead}."


def _nothing_wrong(evidence: SectionEvidence) -> str:
    """What was not looked at is no praise."""
    unknown, judged = evidence.rules_undetermined, evidence.rules_judged
    if unknown:
        return f"{count(judged, 'rule')} found nothing wrong, and {count(unknown, 'more')} could not be determined"
    return "nothing is wrong as far as files can show"


def _rest(evidence: SectionEvidence) -> str:
    rest = ranked(evidence.findings)[1:]
    if not rest:
        return ""
    named = [told(f) for f in rest[:NAMED_BESIDE_THE_WORST]]
    more = len(rest) - len(named)
    if more:
        return f"Also open: {'; '.join(named)}; and {count(more, 'more')}."
    return f"Also open: {'; '.join(named)}."


def ranked(findings: Iterable[FindingLine]) -> list[FindingLine]:
    """Worst first, in a stable order."""
    return sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.code))


def told(finding: FindingLine) -> str:
    """`the target is among the features (train.py:25)`."""
    title = finding.title.rstrip(".")
    place = f" ({finding.file}:{finding.line})" if finding.file and finding.line else f" ({finding.file})" if finding.file else ""
    return lower_first(title) + place


def of_ten(score: float) -> str:
    """`4.2 of 10`, `10 of 10`."""
    return f"{score:.1f}".removesuffix(".0") + " of 10"


def first_words(command: str, limit: int = 60) -> str:
    """A long command's beginning, cut between words: `python train.py --epochs 3 …`."""
    return command if len(command) <= limit else command[:limit].rpartition(" ")[0].rstrip() + " …"


def lower_first(title: str) -> str:
    """A title inside a sentence; acronyms and camel case keep theirs."""
    return title if re.match(r"[A-Z]{2}|[A-Z]\w*[A-Z]|I\b", title) else title[:1].lower() + title[1:]


def count(number: int, noun: str) -> str:
    """`one critical finding`, `three critical findings`, `four more`."""
    word = COUNTS[number] if number < len(COUNTS) else f"{number:,}"
    return f"{word} {noun}" if number == 1 or noun == "more" else f"{word} {noun}s"


def listed(names: Iterable[str], limit: int = 4) -> str:
    """`a, b and c`."""
    shown = list(dict.fromkeys(names))
    if len(shown) > limit:
        shown = [*shown[: limit - 1], "others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def texts_at(facts: Mapping[str, Any], key: str, inner: str = "") -> tuple[str, ...]:
    """The texts of a list among the facts, or one field of its entries; empty when there is none."""
    value = facts.get(key)
    entries = value if isinstance(value, (list, tuple)) else ()
    found = [e.get(inner) if inner and isinstance(e, Mapping) else e for e in entries]
    return tuple(dict.fromkeys(t for t in found if isinstance(t, str) and t and not re.fullmatch(r"and \d+ more", t)))


def text_at(facts: Mapping[str, Any], key: str) -> str | None:
    """A text among the facts."""
    value = facts.get(key)
    return value if isinstance(value, str) and value else None


def truth_at(facts: Mapping[str, Any], key: str) -> bool | None:
    """A yes or no among the facts; None when it was not read."""
    value = facts.get(key)
    return value if isinstance(value, bool) else None


def codes_of(evidence: SectionEvidence, *severities: str) -> tuple[str, ...]:
    """Codes of the findings of these severities, worst first."""
    return tuple(dict.fromkeys(f.code for f in ranked(evidence.findings) if f.severity in severities))
