"""Named numbers in one line of a log: `loss=0.42`, `Accuracy: 9880/10000 (99%)`, `R2 score 0.886`, `[10]\\tvalidation_0-auc:0.8`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tasks.evidence.outputs.direction import base_name
from tasks.evidence.outputs.naming import is_setting, metric_name, split_of

MAX_PER_LINE = 60
NUMBER = re.compile(
    r"(?<![\w.^@/-])[-+]?(?>\d{1,20}(?:,\d{3}(?!\d)){0,5}(?:\.\d{0,40})?|\.\d{1,40})(?>(?:[eE][-+]?\d{1,3})?)(?![A-Za-z_]|\.\d)"
    r"|(?<=[:= ])[-+]?(?:nan|inf|NaN|Infinity)\b"
)
_PROGRESS = re.compile(r"\s?[|\[]")
_RATIO = re.compile(r"\s{0,2}/\s{0,2}(\d{1,12})(?![\w.])")
_SHARE = re.compile(r"\s{0,2}[(=]\s{0,2}[\d.]{1,12}\s?%\)?")
_PERCENT = re.compile(r"\s?%")
_UNIT = re.compile(
    r"\s{0,2}(?:ms|us|µs|s|secs?|seconds?|min|minutes?|h|hours?|MB|GB|KB|MiB|GiB|KiB|B|bytes|it/s|rows?|samples?|images?|epochs?|steps?|items?|"
    r"iterations?|x|px|Hz|days?|points?|batches)\b(?!\s{0,2}[:=#]?\s{0,2}\d)|s/"
)
_BREAK = re.compile(r"[|;│┃▏\t,]|\s-{1,2}\s|[{}]|\.\s|--+")
_SEPARATED = re.compile(
    r"(?:[:=→≈~]|->|\b(?:is|was|are|of|at|to|reached|achieved|got|equals|about|score|value))\s*(?:about|approximately)?[\s*_$(`'\"]*$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[\[(]\s*$")
_FILLER = frozenset(
    [
        "is",
        "was",
        "are",
        "of",
        "the",
        "a",
        "an",
        "on",
        "for",
        "in",
        "at",
        "to",
        "model",
        "our",
        "my",
        "set",
        "data",
        "dataset",
        "final",
        "best",
        "mean",
        "average",
        "overall",
        "with",
        "reached",
        "achieved",
        "got",
        "equals",
        "about",
        "current",
        "new",
        "has",
    ]
)
_PROSE = re.compile(
    r"improved? from|did not improve|mixed precision|\d-?bit\b|start training from score|^\s*\[CV\b|threshold|at least|expected|baseline of|min_delta|early stopping",
    re.IGNORECASE,
)
_CORRECT = re.compile(r"\s{0,2}(?:%\s{0,2})?correct\b", re.IGNORECASE)
_HEAD = re.compile(r"\W{0,8}(train|training|test|testing|val|valid|validation|eval|evaluation)\b", re.IGNORECASE)
_AFTER_SPLIT = re.compile(r"\s{1,3}(?:on|for)\s(?:the\s|our\s)?(train|training|test|testing|validation|val|valid)\b", re.IGNORECASE)


_STEP_WORDS = frozenset(["step", "epoch", "iter", "iteration", "round", "batch", "episode"])


class Value(NamedTuple):
    name: str
    original: str
    value: float
    unit: str


def values_in(line: str) -> Iterator[Value]:
    """Named metrics of a line, left to right. Timings, sizes, settings, counts and progress are none."""
    if _PROSE.search(line):
        return
    start, found, head = 0, 0, _head_split(line)
    for match in NUMBER.finditer(line):
        if match.start() < start:
            continue
        label, separated = _label(line[start : match.start()])
        number, unit, end = _number(line, match)
        hit = _named(label, separated) if number is not None and label else None
        if hit is None or number is None:
            start = start if match[0].isdigit() and line[end : end + 1] in (" ", ":") else end
            continue
        start = end
        name, original = hit
        after = _AFTER_SPLIT.match(line, end)
        if _CORRECT.match(line, end) and name.endswith("score"):
            name = "accuracy"
        split = split_of(original) or (split_of(after[1]) if after else "") or head
        yield Value(name if split_of(name) or not split else f"{split}_{name}", original, number, unit)
        found += 1
        if found >= MAX_PER_LINE:
            return


def _head_split(line: str) -> str:
    """`Test set: Average loss: 0.05, Accuracy: 0.9` tells of the test set throughout."""
    match = _HEAD.match(line)
    return split_of(match[1]) if match else ""


def _number(line: str, match: re.Match[str]) -> tuple[float | None, str, int]:
    """The value with its unit and where it ends; None for a timing, a size or a list's first element."""
    value, end = float(match[0].replace(",", "")), match.end()
    if ratio := _RATIO.match(line, end):
        whole = float(ratio[1])
        end = ratio.end()
        rest = _SHARE.match(line, end)
        is_share = whole > 0 and 0 <= value <= whole and rest is not None
        return (value / whole if is_share else None), "", rest.end() if rest else end
    if percent := _PERCENT.match(line, end):
        if _PROGRESS.match(line, percent.end()):
            return None, "", percent.end()
        return value, "%", percent.end()
    if (unit := _UNIT.match(line, end)) and not _AFTER_SPLIT.match(line, end):
        return None, "", unit.end()
    if _LISTED.search(line[max(0, match.start() - 3) : match.start()]) and not re.match(r"\s*[\])]", line[end : end + 3]):
        return None, "", end
    return value, "", end


def _label(text: str) -> tuple[str, bool]:
    """The words before a number back to the last break, and whether something says that the number belongs to them."""
    text = text[-200:]
    separated = bool(_SEPARATED.search(text[-40:]))
    text = text.rstrip(" \t:=→≈~*_$([`'\">")
    parts = _BREAK.split(text)
    return parts[-1].strip(" \t'\"*_`#>:=([])-"), separated


@lru_cache(maxsize=8192)
def _named(label: str, separated: bool) -> tuple[str, str] | None:
    """Name and original of a label: its last words if they are a metric, else the one metric among few words."""
    words = label.split()
    while words and words[-1].lower().strip(":=") in _FILLER:
        words.pop()
    while len(words) > 2 and words[0].lower() in _STEP_WORDS and words[1].strip(":/").isdigit():
        words = words[2:]
    if len(words) >= 3 and words[-2].isdigit() and not metric_name(words[-1], known=False):
        words = words[:-2]
    if not words or is_setting(words[-1]):
        return None
    if not separated:
        whole = " ".join(words).rsplit(":", 1)[-1].strip()
        name = metric_name(whole, known="loss" not in whole.lower()) if whole.count(" ") <= 2 else ""
        return (name, whole) if name else None
    words = words[-12:]
    return _ending(words, known=True) or _inside(words) or _ending(words, known=False)


def _ending(words: list[str], known: bool) -> tuple[str, str] | None:
    for length in range(min(8, len(words)), 0, -1):
        phrase = " ".join(words[-length:])
        if name := metric_name(phrase, known=known):
            return _with_split(name, words), phrase
    return None


def _inside(words: list[str]) -> tuple[str, str] | None:
    """`Accuracy of the network on the test images`: the only metric among the words."""
    for length in (4, 3, 2, 1):
        windows = (" ".join(words[at : at + length]) for at in range(len(words)))
        found = [base_name(name) for window in windows if (name := metric_name(window, known=True))]
        if found and (length > 1 or len(set(found)) == 1):
            return _with_split(found[0], words), " ".join(words)
    return None


def _with_split(name: str, words: list[str]) -> str:
    split = "" if split_of(name) else split_of(" ".join(words))
    return f"{split}_{name}" if split else name
