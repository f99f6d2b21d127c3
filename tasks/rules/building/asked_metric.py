"""The metric by which models are chosen: the flag, the words of the text that nobody took back, or the task's usual one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from tasks.errors import SettingError
from tasks.evidence.scores.metrics import METRICS
from tasks.rules.building.contract import Ambiguity, Source, Task
from tasks.rules.building.english import fragments, is_denied

USUAL: dict[Task, str] = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}
_CLASS, _REAL = ("binary", "multiclass"), ("regression",)
_WORDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("average_precision", r"average precision|pr[\s_-]?auc|auprc|auc[\s_-]?pr|area under the precision|precision[\s/-]recall (?:curve|auc)", _CLASS),
    ("balanced_accuracy", r"balanced accuracy|accuracy per class|all classes equally", _CLASS),
    ("f1_macro", r"macro[\s_-]?(?:averaged )?f1|f1[\s_-]?macro", _CLASS),
    ("f1", r"f1(?:[\s_-]?scores?)?|f[\s_-]?measure|f-?scores?", _CLASS),
    ("log_loss", r"log[\s_-]?loss|cross[\s_-]?entropy|(?:good|honest|reliable|accurate|precise|trustworthy|well[\s-]calibrated) probabilit\w+", _CLASS),
    ("brier", r"brier", _CLASS),
    ("mcc", r"mcc|matthews", _CLASS),
    ("roc_auc", r"roc|auc|auroc|area under|rank(?:s|ed|ing|ings)?|order(?:ing)? (?:them|the)|prioriti\w+|sort(?:ed|ing)?", _CLASS),
    ("recall", r"recall|sensitivity|true positive rate|miss(?:ing)? (?:as )?(?:few|none)|catch (?:all|every|as many)", _CLASS),
    ("precision", r"precision|positive predictive value", _CLASS),
    ("accuracy", r"accuracy|(?:share|proportion|percentage|number) of (?:correct|right)\w*|percent correct|as often right as possible", _CLASS),
    ("average_precision", r"\brare\b|imbalanced?|unbalanced|needles?", ("binary",)),
    ("rmsle", r"rmsle|log(?:arithmic)? error", _REAL),
    ("mape", r"mape|percent(?:age)? errors?|relative errors?|error in percent|per ?cent off", _REAL),
    ("median_absolute_error", r"median (?:absolute )?(?:error|deviation)|typical error", _REAL),
    ("mae", r"mae|mean absolute|absolute (?:error|deviation)s?|average (?:error|deviation)|off by", _REAL),
    ("rmse", r"rmse|mse|root mean|squared errors?|large errors", _REAL),
    ("r2", r"r2|r²|r[\s-]squared|explained variance|variance explained|coefficient of determination", _REAL),
)  # fmt: skip
_ALIASES = {
    "auc": "roc_auc", "rocauc": "roc_auc", "auroc": "roc_auc", "roc": "roc_auc", "ap": "average_precision", "prauc": "average_precision", "auprc": "average_precision",
    "averageprecision": "average_precision", "logloss": "log_loss", "neglogloss": "log_loss", "crossentropy": "log_loss", "brierscore": "brier", "acc": "accuracy",
    "bacc": "balanced_accuracy", "balancedaccuracy": "balanced_accuracy", "f1score": "f1", "f1macro": "f1_macro", "macrof1": "f1_macro", "sensitivity": "recall",
    "ppv": "precision", "matthews": "mcc", "rootmeansquarederror": "rmse", "meanabsoluteerror": "mae", "mape": "mape", "rsquared": "r2", "medae": "median_absolute_error",
    "mse": "rmse", "medianabsoluteerror": "median_absolute_error",
}  # fmt: skip


@dataclass(frozen=True)
class AskedMetric:
    name: str
    source: Source
    why: str
    ambiguity: Ambiguity | None = None


def choose_metric(text: str, task: Task, flag: str | None, clause_spans: tuple[str, ...] = ()) -> AskedMetric:
    """`clause_spans`: parts of the text already read as clauses, whose metrics are bounds and not aims."""
    if flag is not None:
        return AskedMetric(_flagged(flag, task), "flag", "given by --metric")
    for span in clause_spans:
        text = text.replace(span, " … ")
    found = _spoken(text, task)
    usual = USUAL[task]
    if not found:
        return AskedMetric(usual, "default", f"the usual one of a {task} task; the text names none")
    (name, word), *rest = found
    others = tuple(dict.fromkeys(n for n, _ in rest if n != name))
    why = f"the text says {word!r}"
    note = None
    if others:
        note = Ambiguity(
            question="Which metric decides?", options=(name, *others), chosen=name, why=f"{why} first; --metric settles it", field="metric"
        )
    elif name == "recall":
        note = Ambiguity(
            question="Is recall alone to decide?", options=("recall", "f1", "average_precision"), chosen=name,
            why=f"{why}, though an alarm for every row has a recall of 1; a bound on precision or --metric settles it", field="metric",
        )  # fmt: skip
    return AskedMetric(name, "text", why, note)


def _spoken(text: str, task: Task) -> list[tuple[str, str]]:
    """Metrics of the task in order of mention, the longer phrase first where two begin alike."""
    found: list[tuple[int, int, str, str]] = []
    for position, fragment in enumerate(fragments(text)):
        taken: list[tuple[int, int]] = []
        for name, pattern, tasks in _WORDS:
            for match in re.finditer(rf"(?<![\w-])(?:{pattern})(?!\w)", fragment, re.IGNORECASE):
                if task not in tasks or any(a < match.end() and match.start() < b for a, b in taken):
                    continue
                taken.append(match.span())
                if not is_denied(fragment, *match.span()):
                    found.append((position, match.start(), name, match.group()))
    found.sort()
    return [(name, word) for _, _, name, word in found]


def metric_called(word: str) -> str | None:
    """The standard word of a metric people call otherwise."""
    plain = re.sub(r"[\s_\-²]+", "", word.lower().replace("²", "2"))
    return _ALIASES.get(plain) or next((m for m in METRICS if m.replace("_", "") == plain), None)


def _flagged(flag: str, task: Task) -> str:
    name = metric_called(flag)
    fit = [m for m, metric in METRICS.items() if task in metric.tasks]
    if name is None:
        close = get_close_matches(flag.lower(), list(METRICS), n=3, cutoff=0.5)
        raise SettingError(
            f"No metric is called {flag!r}", f"Did you mean {' or '.join(close)}?" if close else f"Choose one of {', '.join(fit)}."
        )
    if name not in fit:
        raise SettingError(f"{name} does not measure a {task} task", f"Choose one of {', '.join(fit)}.")
    return name
