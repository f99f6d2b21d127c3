"""The name of a measured value: the field's standard word, with the split in front where the source says so."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.evidence.evaluation.metric_names import standard_name

NAME_LIMIT = 60
"""Characters of a label that are looked at; a longer one is prose."""
_SPLIT = {
    "train": "train", "training": "train", "trn": "train", "tr": "train", "learn": "train",
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation", "eval": "validation",
    "test": "test", "testing": "test", "holdout": "test", "tst": "test",
}  # fmt: skip
_NOT_A_METRIC = frozenset(
    [
        "lr",
        "std",
        "stdev",
        "rank",
        "learning",
        "code",
        "exit",
        "errno",
        "line",
        "time",
        "times",
        "seconds",
        "secs",
        "sec",
        "minutes",
        "hours",
        "eta",
        "duration",
        "elapsed",
        "runtime",
        "threshold",
        "thresholds",
        "tolerance",
        "tol",
        "patience",
        "weight",
        "weights",
        "decay",
        "momentum",
        "dropout",
        "batch",
        "batches",
        "epochs",
        "iterations",
        "iters",
        "steps",
        "seed",
        "version",
        "size",
        "sizes",
        "count",
        "counts",
        "total",
        "memory",
        "mem",
        "gpu",
        "cpu",
        "params",
        "parameters",
        "samples",
        "rows",
        "columns",
        "features",
        "classes",
        "norm",
        "gradient",
        "grad",
        "delta",
        "scale",
        "alpha",
        "beta",
        "gamma",
        "temperature",
        "timestamp",
        "index",
        "idx",
        "estimators",
        "depth",
        "leaves",
        "budget",
        "dt",
        "speed",
        "throughput",
        "fps",
        "flops",
        "length",
        "len",
        "width",
        "height",
        "port",
        "pid",
        "weighting",
        "penalty",
        "coef",
        "coefficient",
        "importance",
        "importances",
        "quantile",
        "percentile",
        "port",
        "year",
    ]
)
"""Words that make a number a setting, a size or a timing."""
_LIKE_A_METRIC = frozenset(
    ["loss", "losses", "score", "scores", "error", "err", "acc", "accuracy", "auc", "f1", "reward", "nll", "elbo", "psnr"]
)
_NO_SINGLE_VALUE = frozenset(["confusion_matrix", "classification_report"])
_NUMBERED = re.compile(r"\b(train|training|learn|valid|validation|val|eval|test)[_ ]?\d{1,2}(?=[-_ /'])")
_CROSS = re.compile(r"\bcross[-_ ]?val(?:idation)?(?=[-_ ])", re.IGNORECASE)
_EMPTY_WORDS = frozenset(["on", "the", "of", "set", "data", "dataset", "for", "our", "my", "a", "an", "in"])
_WORD = re.compile(r"[A-Za-z0-9²^@]+")
_CAMEL = re.compile(r"([a-z])([A-Z])")


def words_of(text: str) -> list[str]:
    """Lower-case words of a label: `val/Acc_best` is `val`, `acc`, `best`."""
    return [w.lower() for w in _WORD.findall(_CAMEL.sub(r"\1 \2", _CROSS.sub("cv", text)))]


def is_setting(word: str) -> bool:
    """Whether a number called so is a setting, a size or a timing."""
    return word.lower() in _NOT_A_METRIC


@lru_cache(maxsize=16384)
def split_of(text: str) -> str:
    """`train`, `validation` or `test` when a word of the text says so, else empty."""
    return next((_SPLIT[w] for w in words_of(text) if w in _SPLIT), "")


@lru_cache(maxsize=16384)
def metric_name(original: str, declared: bool = False, known: bool = False) -> str:
    """The standard name of what a source calls `original`, empty when that is no metric.

    `declared`: the source says that it is one (a metrics file, a tracking store), so an unknown word keeps its own name.
    `known`: only names with a standard word.

    >>> metric_name("validation_0-logloss"), metric_name("Train Accuracy"), metric_name("learning rate")
    ('validation_log_loss', 'train_accuracy', '')
    """
    text = _NUMBERED.sub(r"\1", _CROSS.sub("cv", original.strip()).replace("'s ", " ").replace("R^2", "r2").replace("r^2", "r2"))
    if not text or len(text) > NAME_LIMIT:
        return ""
    words = words_of(text)
    split = split_of(text)
    base = _base(text, words, known)
    if not base and declared and not _NOT_A_METRIC.intersection(words):
        base = "_".join(w for w in words if w not in _SPLIT) or "value"
    if not base or base in _NO_SINGLE_VALUE:
        return ""
    if words[0] == "neg" or text.startswith("neg_"):
        base = f"neg_{base}"
    return f"{split}_{base}" if split else base


def _base(text: str, words: list[str], known: bool) -> str:
    rest = [w for w in words if w not in _SPLIT and w not in _EMPTY_WORDS]
    if word := standard_name(text) or standard_name("_".join(rest)):
        return word
    if known or _NOT_A_METRIC.intersection(words) or not _LIKE_A_METRIC.intersection(rest):
        return ""
    if len(rest) == len(words) and rest in (["error"], ["err"]):
        return ""
    return "_".join("score" if w == "scores" else w for w in rest) if len(rest) <= 3 else ""
