"""Demands in the text that can be tested at the end: bounds on metrics, calibration, time a row, and what a miss costs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from tasks.evidence.scores.metrics import METRICS
from tasks.rules.building.asked_metric import metric_called
from tasks.rules.building.contract import Ambiguity, Clause, Task
from tasks.rules.building.english import NUMBER, fragments, is_denied, number

CALIBRATED_BOUND = 0.05
"""Largest expected calibration error that is still called calibrated: our policy."""
_METRIC = (
    r"(?:roc[\s-]?)?auc|average precision|pr[\s-]?auc|log[\s-]?loss|brier(?: score)?|balanced accuracy|accuracy|macro f1|f1(?:[\s-]?score)?|precision|recall"
    r"|sensitivity|mcc|rmsle|rmse|mae|mape|mean absolute error|median absolute error|percentage error|r2|r²|r[\s-]squared"
)
_LEAST = r"at least|mindestens|no (?:less|lower|worse) than|not (?:below|under|less than)|>=|≥|=>|>|above|over|more than|higher than|greater than|better than|exceed\w*|(?:a )?minimum(?: of)?|reach\w*"
_MOST = r"at most|höchstens|no (?:more|higher|greater) than|not (?:above|over|exceed\w*|more than)|<=|≤|=<|<|below|under|less than|lower than|smaller than|(?:a )?maximum(?: of)?|within|up to|max\.?"
_PERCENT = r"\s*(?:%|per ?cent)"
_MUST = r"(?:\s+(?:must|should|has to|needs to|ought to|shall|can|may|be|is|stay\w*|remain\w*|a|an|the|of|for|on|to|with|not be|[a-z]+)){0,6}?\s*"
_AFTER = re.compile(rf"\b({_METRIC})\b{_MUST}({_LEAST}|{_MOST})\s*({NUMBER})({_PERCENT})?", re.IGNORECASE)
_BEFORE = re.compile(rf"({_LEAST}|{_MOST})\s*({NUMBER})({_PERCENT})?\s*(?:of |in )?(?:the )?({_METRIC})\b", re.IGNORECASE)
_OF = re.compile(rf"\b({_METRIC})\s+(?:of|=)\s*({NUMBER})({_PERCENT})?(?:\s+or (?:more|better|higher|less|lower))?", re.IGNORECASE)
_CAUGHT = re.compile(
    rf"(?:(?:find|catch|detect|identify|flag|spot|recover)\w*\s+)({_LEAST})?\s*({NUMBER})({_PERCENT})\s+of\b"
    rf"|({_LEAST})?\s*({NUMBER})({_PERCENT})\s+of (?:all |the )?[\w\s]{{1,40}}?(?:must be|should be|have to be|need to be|are|is|get|gets) (?:found|caught|detected|flagged|identified|spotted)",
    re.IGNORECASE,
)
_FALSE = re.compile(
    rf"({_MOST})\s*({NUMBER})({_PERCENT})\s*(?:of\s*)?(?:the )?(?:alarms? (?:may|can|must|should)?\s*(?:be )?(?:false|wrong)|false (?:alarms?|positives?)(?! rate))"
    rf"|false (?:alarms?|positives?){_MUST}({_MOST})\s*({NUMBER})({_PERCENT})",
    re.IGNORECASE,
)
_OFF = re.compile(
    rf"(?:within|off by (?:less than|at most|under|no more than)|errors?{_MUST}(?:{_MOST})|(?:accurate|right|correct|precise) to)(?: within)?\s*(?:±|\+/-)?\s*({NUMBER})({_PERCENT})?",
    re.IGNORECASE,
)
_UNIT = r"(µs|us|microseconds?|ms|msec|milli[\s-]?seconds?|s|secs?|seconds?)"
_FAST = re.compile(rf"(?:{_MOST}|in|faster than)\s*({NUMBER})\s*{_UNIT}\b", re.IGNORECASE)
_CALIBRATED = re.compile(
    r"\bcalibrat\w+|probabilit\w+ (?:must|should|have to|can|need to) be (?:trusted|right|true|taken at face value|meaningful|reliable)",
    re.IGNORECASE,
)


@dataclass
class AskedClauses:
    clauses: list[Clause] = field(default_factory=list)
    spans: list[str] = field(default_factory=list)
    """The words they were read from."""
    ambiguities: list[Ambiguity] = field(default_factory=list)


def find_clauses(text: str, task: Task, positive: str | None) -> AskedClauses:
    """In order of mention; what does not fit the task is told, not dropped silently."""
    asked = AskedClauses()
    for fragment in fragments(text):
        rest = _latency(fragment, asked)
        _calibration(rest, task, asked)
        rest = _alarms(rest, task, positive, asked)
        rest = _bounds(rest, task, positive, asked)
        if task == "regression":
            _errors(rest, asked)
    return asked


def _latency(fragment: str, asked: AskedClauses) -> str:
    match = _FAST.search(fragment)
    value = number(match[1]) if match else None
    if match is None or value is None:
        return fragment
    unit = match[2].lower()
    if unit.startswith("s") and not re.search(
        r"\b(?:row|predict\w*|answer|respon\w*|latency|record|request|inference|scor\w+|each|call)\b", fragment, re.IGNORECASE
    ):
        return fragment
    factor = 1e-3 if unit[0] in "µu" or unit.startswith("micro") else (1.0 if unit.startswith("m") else 1e3)
    asked.clauses.append(Clause(kind="latency", text=f"under {value * factor:g} ms per row", bound=value * factor, comparison="at_most"))
    asked.spans.append(match.group())
    return fragment.replace(match.group(), " ")


def _calibration(fragment: str, task: Task, asked: AskedClauses) -> None:
    match = _CALIBRATED.search(fragment)
    if match is None or is_denied(fragment, *match.span()):
        return
    if task == "regression":
        asked.ambiguities.append(
            Ambiguity(
                question="What is calibrated in a regression?",
                options=("nothing tested",),
                chosen="nothing tested",
                why="it predicts no probabilities",
            )
        )
        return
    asked.clauses.append(Clause(kind="calibrated", text="probabilities are calibrated", bound=CALIBRATED_BOUND, comparison="at_most"))
    asked.spans.append(fragment if len(fragment) < 60 else match.group())


def _alarms(fragment: str, task: Task, positive: str | None, asked: AskedClauses) -> str:
    """Shares that must be found, and shares of alarms that may be false."""
    if task == "regression":
        return fragment
    for match in _CAUGHT.finditer(fragment):
        share = number(match[2] or match[5])
        if share is not None:
            _add(asked, "recall", share / 100, "at_least", positive, match.group())
            fragment = fragment.replace(match.group(), " ")
    if false := _FALSE.search(fragment):
        share = number(false[2] or false[5])
        if share is not None:
            _add(asked, "precision", 1 - share / 100, "at_least", positive, false.group())
            question = f"Of what may {share:g} % be false alarms?"
            why = "a share of false alarms is usually meant of the alarms one looks at"
            asked.ambiguities.append(
                Ambiguity(question=question, options=("of all alarms", "of all rows without the event"), chosen="of all alarms", why=why)
            )
            fragment = fragment.replace(false.group(), " ")
    return fragment


def _bounds(fragment: str, task: Task, positive: str | None, asked: AskedClauses) -> str:
    for pattern, at in ((_AFTER, (1, 2, 3, 4)), (_BEFORE, (4, 1, 2, 3)), (_OF, (1, 0, 2, 3))):
        for match in pattern.finditer(fragment):
            metric, value = _metric(match[at[0]], task), number(match[at[2]])
            if value is None or metric is None:
                continue
            usual = "at_least" if METRICS[metric].direction == "higher" else "at_most"
            said = re.fullmatch(_MOST, match[at[1]], re.IGNORECASE) if at[1] else None
            comparison = usual if not at[1] else ("at_most" if said else "at_least")
            most = 1 if METRICS[metric].scale in ("unit", "correlation", "at_most_one") or metric == "mape" else math.inf
            if match[at[3]] or value > most:
                value /= 100
            _add(asked, metric, value, comparison, positive, match.group())
            fragment = fragment.replace(match.group(), " ")
    return fragment


def _metric(word: str, task: Task) -> str | None:
    name = {"meanabsoluteerror": "mae", "percentageerror": "mape"}.get(re.sub(r"\W", "", word.lower())) or metric_called(word)
    return name if name and task in METRICS[name].tasks else None


def _errors(fragment: str, asked: AskedClauses) -> None:
    """`within 10 %` and `off by less than 3` of a number to predict."""
    match = _OFF.search(fragment)
    value = number(match[1]) if match else None
    if match is None or value is None or is_denied(fragment, *match.span()):
        return
    if match[2]:
        _add(asked, "mape", value / 100, "at_most", None, match.group())
    elif re.search(r"error|off by|accurate|right|correct|precise|within", match.group(), re.IGNORECASE):
        _add(asked, "mae", value, "at_most", None, match.group())


def _add(asked: AskedClauses, metric: str, bound: float, comparison: str, positive: str | None, span: str) -> None:
    bound = round(bound, 10)
    of = f" of {positive}" if positive is not None and metric in ("recall", "precision", "f1", "average_precision") else ""
    text = f"{METRICS[metric].title}{of} {comparison.replace('_', ' ')} {bound:g}"
    clause = Clause(kind="metric", text=text, metric=metric, bound=bound, comparison="at_most" if comparison == "at_most" else "at_least")
    if clause not in asked.clauses:
        asked.clauses.append(clause)
    asked.spans.append(span)
