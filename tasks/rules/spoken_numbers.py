"""Numbers as a sentence may speak them, and which of them the evidence vouches for.

Whatever holds a digit, a number word or a fraction must be found in the evidence: as the same value, as that value
rounded the way it is shown, or as the percentage of a known proportion. A shape nobody can read is not vouched for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tasks.rules.section_evidence import SectionEvidence

UNITS = {
    **{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18},
    "nineteen": 19,
}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_WORD = "|".join([*UNITS, *TENS, *SCALES])
_SPELLED = re.compile(rf"\b(?:{_WORD})(?:(?:[\s-]+|\s+and\s+)(?:{_WORD}))*\b")
_LONE_ONE = re.compile(r"\s*(?:%|per\s?cent|point|(?:in|of|out of)\s+(?:every\s+)?(?:\d|" + _WORD + r"))")
_COMPOUND_NAMES = re.compile(r"\b(?:zero|one|few)[- ](?:shot|hot|day|off|way)\b|\b(?:top|year|type)-one\b")
_VAGUE = re.compile(
    r"\b(?:half(?![- ]precision)|halves|halved|(?:a|one|two|three)[- ]?(?:thirds?|quarters?|fifths?|tenths?)|"
    r"(?:third|quarter|fifth|tenth)s? of|twice|thrice|doubl(?:e(?![- ]check)|es|ed|ing(?![- ]check))|"
    r"tripl(?:e|es|ed|ing)|quadrupl\w+|\w+fold(?<!unfold)(?<!scaffold)(?<!manifold)|"
    r"factors? of|(?:almost|nearly|virtually|practically) (?:all|every|half|the entire|the whole)|"
    r"(?:vast |great |large )?(?:majority|minority)(?! (?:class(?:es)?|vote|baseline|label))|"
    r"most (?:of (?:the |its |all )?)?(?:rows|values|samples|records|columns|features|predictions|cases|images|labels|entries|files|data)|"
    r"dozens?|hundreds|thousands|millions|billions|trillions?|percentages? points?|point (?:\d|nought))\b"
)
_IDENTIFIERS = re.compile(
    r"(?<![\w.])(?:f1|r2|l1|l2|md5|sha-?(?:1|256|512)|utf-?8|co2|s3|ec2|k8s|python\s?[23]|py3|base64|u?int(?:8|16|32|64)|"
    r"b?f(?:p|loat)?(?:8|16|32|64)|p(?:50|90|95|99)|word2vec|seq2seq|h5|hdf5|mp[34])(?![\w]|\.\d)"
)
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:[ ,'_]\d{3})+(?![\d])")
_N = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?"
_PAIR = re.compile(rf"(?<![\w.])({_N})\s*(?:/|:|out of|of|in)\s*(?:the |all |every |its )*({_N})(?![\w]|\.\d)")
_SHAPE = re.compile(
    rf"(?:[\w.]+=)?[$€£~≈<>≤≥]*(?P<value>{_N})(?P<unit>%|k|m|b|st|nd|rd|th|ms|s|sec|min|h|d|kb|mb|gb|tb|px|hz)?"
    rf"(?:[-–—](?P<upper>{_N})(?P<upper_unit>%)?)?(?P<tail>-[a-z]+(?:-[a-z]+)*)?"
)
_AT_LINE = re.compile(r"(?P<file>[^\s:]+\.\w+):(?P<line>\d+)(?:[-–](?P<last>\d+))?")
_FACTORS = {"k": 1e3, "m": 1e6, "b": 1e9}
_EDGES = ".,;:!?()[]{}\"'“”‘’`*…"
PERCENT_WORDS = {"percent", "pct", "percentage"}


@dataclass
class KnownNumbers:
    """Every number the evidence holds, by what it may be used for."""

    plain: set[float] = field(default_factory=set)
    proportions: set[float] = field(default_factory=set)
    percents: set[float] = field(default_factory=set)
    lines: set[int] = field(default_factory=set)
    """Line numbers: good after the word "line" or a file's name, not as a measured value."""
    words: set[str] = field(default_factory=set)
    """Words with a digit in them, as they stand: `resnet50`, `3.11.4`, `2024-05-01`."""
    pairs: set[tuple[float, float]] = field(default_factory=set)
    """Said together: "3 of 12"."""

    @classmethod
    def of(cls, evidence: SectionEvidence) -> KnownNumbers:
        """All numbers of the score, levels, facts and findings, and how many findings there are."""
        known = cls()
        known._take(evidence.facts, "")
        known._take(dict(evidence.levels), "")
        known._read(evidence.repository)
        if evidence.score is not None:
            known._number(evidence.score, "score")
        severities = [f.severity for f in evidence.findings]
        known.plain.update(float(severities.count(s)) for s in set(severities))
        known.plain.add(float(len(severities)))
        for finding in evidence.findings:
            known._take(finding.model_dump(), "")
        return known

    def _take(self, value: Any, key: str) -> None:
        if isinstance(value, dict):
            in_percent = value.get("unit") == "%"
            for name, inner in value.items():
                self._read(str(name))
                self._take(inner, "percent" if in_percent and name == "value" else key if "scores" in key else str(name))
        elif isinstance(value, (list, tuple)):
            self.plain.add(float(len(value)))
            for inner in value:
                self._take(inner, key)
        elif isinstance(value, str):
            self._read(value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            self._number(value, key)

    def _number(self, value: float, key: str) -> None:
        if key == "line":
            self.lines.add(int(value))
            return
        if "percent" in key or "pct" in key:
            self.percents.add(float(value))
            return
        self.plain.add(float(value))
        if "score" in key:
            self.pairs.update((round(value, decimals), 10.0) for decimals in (0, 1, 2))
        if isinstance(value, float) and 0 <= value <= 1:
            self.proportions.add(value)

    def _read(self, text: str) -> None:
        folded = _unfold(text)
        for pair in _PAIR.finditer(folded):
            self.pairs.add((float(pair[1]), float(pair[2])))
        words = folded.split()
        for index, word in enumerate(words):
            bare = word.strip(_EDGES)
            if not any(c.isdigit() for c in bare):
                continue
            self.words.add(bare)
            at = _AT_LINE.fullmatch(bare)
            if at:
                self.lines.update(int(n) for n in (at["line"], at["last"]) if n)
                continue
            shape = _SHAPE.fullmatch(bare)
            if shape is None or _is_padded(shape["value"]):
                continue
            if index and words[index - 1] in {"line", "lines"} and shape["value"].isdigit():
                self.lines.add(int(shape["value"]))
                continue
            for number in (shape["value"], shape["upper"]):
                if number:
                    value = float(number) * _FACTORS.get(shape["unit"] or "", 1.0)
                    percent = shape["unit"] == "%" or shape["upper_unit"] == "%" or _next_is_percent(words, index)
                    (self.percents if percent else self.plain).add(value)


def unknown_numbers(text: str, known: KnownNumbers) -> list[str]:
    """The numbers of a text, as they are written there, that the evidence does not vouch for."""
    odd = [c for c in text if not c.isascii() and unicodedata.numeric(c, None) is not None]
    if odd:
        return sorted(set(odd))
    folded, found = _fold(text)
    pairs, rest = _judge_pairs(folded, known)
    return list(dict.fromkeys([*found, *pairs, *_judge_words(rest.split(), known)]))


def _judge_pairs(text: str, known: KnownNumbers) -> tuple[list[str], str]:
    """Pairs nobody said together, and the text without the pairs."""
    bad = []
    for pair in _PAIR.finditer(text):
        whole = text[text.rfind(" ", 0, pair.start() + 1) + 1 : pair.end()].strip(_EDGES)
        if (float(pair[1]), float(pair[2])) not in known.pairs and whole not in known.words and not _AT_LINE.fullmatch(whole):
            bad.append(pair[0])
    return bad, _PAIR.sub(lambda p: p[0] if ":" in p[0] else " ", text)


def _judge_words(words: list[str], known: KnownNumbers) -> Iterator[str]:
    for index, word in enumerate(words):
        bare = word.strip(_EDGES)
        if any(c.isdigit() for c in bare) and not _is_vouched(bare, words, index, known):
            yield bare


def _is_vouched(word: str, words: list[str], index: int, known: KnownNumbers) -> bool:
    at = _AT_LINE.fullmatch(word)
    if at:
        return _names_file(at["file"], known) and all(int(n) in known.lines for n in (at["line"], at["last"]) if n)
    shape = _SHAPE.fullmatch(word)
    if shape is None or _is_padded(shape["value"]):
        return word in known.words
    if shape["value"] != word and word in known.words:
        return True
    after_line = any(w.strip(_EDGES) in {"line", "lines"} for w in words[max(0, index - 3) : index])
    if after_line and shape["value"].isdigit() and int(shape["value"]) in known.lines:
        return shape["upper"] is None or (shape["upper"].isdigit() and int(shape["upper"]) in known.lines)
    percent = shape["unit"] == "%" or shape["upper_unit"] == "%" or _next_is_percent(words, index)
    factor = _FACTORS.get(shape["unit"] or "", 1.0)
    return all(_is_known(n, factor, percent, known) for n in (shape["value"], shape["upper"]) if n)


def _is_known(written: str, factor: float, percent: bool, known: KnownNumbers) -> bool:
    value = float(written) * factor
    signed = written[0] in "+-"
    if percent:
        decimal = {p for p in known.plain if not p.is_integer() and abs(p) > 1}
        candidates: Iterable[float] = [*known.percents, *(100 * p for p in known.proportions), *decimal]
    else:
        candidates = [*known.plain, *(p for p in known.percents if not p.is_integer())]
    digits = re.sub(r"e.*", "", written).lstrip("+-")
    significant = len(digits.replace(".", "").lstrip("0"))
    exact = significant < 2 or "e" in written
    tolerance = 0.0 if exact else 0.5 * 10.0 ** -len(digits.partition(".")[2]) * factor
    return any(abs((c if signed else abs(c)) - value) <= tolerance + 1e-9 * max(1.0, abs(c)) for c in candidates)


def _names_file(name: str, known: KnownNumbers) -> bool:
    return not any(c.isdigit() for c in name) or any(word.startswith(name) or word.endswith("/" + name) for word in known.words)


def _next_is_percent(words: list[str], index: int) -> bool:
    following = [w.strip(_EDGES) for w in words[index + 1 : index + 3]]
    return bool(following) and (following[0] in PERCENT_WORDS or following == ["per", "cent"])


def _is_padded(written: str) -> bool:
    """`007` or `000`: the tail of a number cut in two, not a value of its own."""
    bare = written.lstrip("+-")
    return len(bare) > 1 and bare[0] == "0" and bare[1].isdigit()


def _unfold(text: str) -> str:
    """Lower case, plain minus signs and fractions, thousands without separators."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2212", "-").replace("\u2044", "/")
    return _THOUSANDS.sub(lambda m: re.sub(r"[ ,'_]", "", m[0]), plain)


def _fold(text: str) -> tuple[str, list[str]]:
    """The text with number words as digits, and what in it is a quantity without being a readable number."""
    plain = _COMPOUND_NAMES.sub(" ", _unfold(text))
    bad: list[str] = [m[0] for m in _VAGUE.finditer(plain)]

    def digits(match: re.Match[str]) -> str:
        if match[0] == "one" and not _LONE_ONE.match(plain, match.end()):
            return match[0]
        value = spelled_value(match[0])
        if value is None:
            bad.append(match[0])
            return " "
        return str(value)

    return _IDENTIFIERS.sub(" ", _SPELLED.sub(digits, plain)), bad


def spelled_value(words: str) -> int | None:
    """`two hundred and five` as 205; None when the words do not make one number."""
    total, current, room = 0, 0, 1_000
    for word in re.findall(r"[a-z]+", words):
        if word == "hundred" and current < 100:
            current, room = (current or 1) * 100, 100
        elif word in SCALES and word != "hundred":
            total, current, room = total + (current or 1) * SCALES[word], 0, 1_000
        elif word != "and":
            value = UNITS.get(word, TENS.get(word, 1_000))
            if value >= room:
                return None
            current, room = current + value, 10 if word in TENS else 0
    return total + current
