"""Metrics in Python: library calls, `.score()`, scoring strings, compiled and logged names, metrics computed by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tasks.evidence.evaluation.estimators import kind_in, kind_of
from tasks.evidence.evaluation.metric_names import CANONICAL, is_known, standard_name
from tasks.evidence.source import Call, Definition, SourceFile


class Found(NamedTuple):
    name: str
    how: str
    line: int


DEEP = [
    "torch",
    "tensorflow",
    "keras",
    "jax",
    "flax",
    "haiku",
    "optax",
    "lightning",
    "pytorch_lightning",
    "mxnet",
    "paddle",
    "fastai",
    "transformers",
    "accelerate",
    "torchmetrics",
    "ignite",
    "theano",
    "chainer",
    "tflearn",
]
"""Libraries whose training loops report a loss."""
_METRIC_MODULES = re.compile(
    r"^(?:sklearn\.metrics|torchmetrics|(?:tensorflow\.|tf\.)?keras\.metrics|tensorflow\.(?:compat\.v1\.)?(?:keras\.)?metrics|tensorflow_addons|"
    r"(?:pytorch_)?lightning\.metrics|seqeval|surprise\.accuracy|statsmodels\.tools\.eval_measures|jiwer|sacrebleu|rouge|nltk\.translate|"
    r"skimage\.metrics|skimage\.measure|ignite\.metrics|fastai\.|ragas|mlflow\.metrics|yellowbrick\.|scikitplot|imblearn\.metrics|cuml\.metrics|"
    r"monai\.metrics|segmentation_models|lifelines\.utils|sktime\.performance|darts\.metrics|pycocotools|bert_score|evaluate|datasets|"
    r"pyspark\.mllib\.evaluation|evidently|dask_ml\.metrics|keras\.metrics|wandb\.plot|wandb\.sklearn)"
)
_UNMISTAKABLE = re.compile(r"(?:_score|_error|_report|_matrix|_loss|_auc|corrcoef)$")
_SPECIAL: dict[str, tuple[str, ...]] = {
    "precision_recall_fscore_support": ("precision", "recall", "f1"),
    "roc_curve": ("roc_auc",),
    "plot_roc_curve": ("roc_auc",),
    "plot_roc": ("roc_auc",),
    "ROCAUC": ("roc_auc",),
    "F1": ("f1",),
    "error_rate": ("error_rate",),
    "concordance_index": ("concordance_index",),
    "COCOeval": ("map",),
    "ClassificationPreset": ("accuracy", "precision", "recall", "f1"),
    "ClassificationQualityMetric": ("accuracy", "precision", "recall", "f1"),
    "RegressionPreset": ("mae", "mape"),
    "RegressionQualityMetric": ("mae", "mape"),
}
_SPARK = {
    "BinaryClassificationEvaluator": "roc_auc",
    "MulticlassClassificationEvaluator": "f1",
    "RegressionEvaluator": "rmse",
    "ClusteringEvaluator": "silhouette",
}
_CROSS_VALIDATION = frozenset(["cross_val_score", "cross_validate", "cross_val_predict"])
_METRIC_KEYWORDS = (
    "metrics",
    "metric",
    "eval_metric",
    "eval_metrics",
    "scoring",
    "metricName",
    "custom_metric",
    "weighted_metrics",
    "score_func",
)
_LOGGERS = re.compile(
    r"(?:^|\.)(?:log_metrics?|log|log_dict|log_scalar|log_row|add_scalars?|scalar|report|report_scalar|write_scalars|log_summary|summary\.update|"
    r"logkv|record|track|log_values|append_metric|update_metrics)$"
)
_PRINTERS = re.compile(
    r"(?:^|\.)(?:print|info|debug|warning|write|set_postfix|set_postfix_str|set_description|update|metric|success|markdown|subheader|format|echo|"
    r"\w*progress\w*|print_\w+|\w+_print|log_print|write_log|log_string|logging|display)$"
)
_REDUCTIONS = frozenset(
    [
        "mean",
        "sum",
        "sqrt",
        "float",
        "round",
        "len",
        "reduce_mean",
        "item",
        "average",
        "norm",
        "numpy",
        "max",
        "min",
        "cast",
        "abs",
        "square",
        "trace",
        "diag",
        "count_nonzero",
        "compute",
        "result",
    ]
)
_EVALUATING = re.compile(r"metric|eval|score|report|valid|test", re.IGNORECASE)
_IMPORTS = re.compile(r"\s*from\s+[\w.]+\s+import\b")
_HANDED = re.compile(r"[:,=\[(]\s*([a-z_0-9]{3,40})\s*(?=[,}\])]|$)")
_QUOTED = re.compile(r"[\"']([\w/ .@-]{2,40})[\"']")
_KEYS = re.compile(r"[\"']([\w/ .@-]{2,40})[\"']\s*:")
_IDENTIFIERS = re.compile(r"[A-Za-z_]\w{2,40}")
_LABEL_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ -]?(?:score|squared|square))?|R\^2|R²")
_ROOT = re.compile(r"(?:mean_squared(?:_log)?_error|mse)\([^()]{0,80}\)\s*\*\*\s*(?:0?\.5|\(?1\s*/\s*2)")
_FIRST_LITERAL = re.compile(r"[fFrRbBuU]{0,2}(['\"])(.{0,160}?)\1")
_STRING = re.compile(r"\"([^\"]{0,160})\"?|'([^']{0,160})'?")
_PREDICTED = re.compile(r"pred|output|y_hat|yhat|logit|argmax|max")
_TRUTH = re.compile(r"label|target|truth|y_true|\by\b|mask|pred|\bgt\b|actual")
_CORRECT = re.compile(r"%+\s*correct|correct\s*[:=]?\s*\{?%")
_AMBIGUOUS = frozenset(
    [
        "map",
        "dice",
        "gini",
        "em",
        "reward",
        "kappa",
        "prec",
        "acc",
        "ap",
        "bic",
        "aic",
        "f2",
        "f05",
        "rouge",
        "cer",
        "hamming",
        "glue",
        "jaccard",
        "wer",
    ]
)
_REPORTED_LOSS = re.compile(r"(?<![a-z])(?:\w{1,20}[_/ -])?loss(?![a-z_]*(?:_fn|func))", re.IGNORECASE)


def metrics_of(source: SourceFile) -> list[Found]:
    """Every metric a Python file computes or reports; printed labels count only where no library metric is called."""
    found = [f for finder in _FINDERS for f in finder(source)]
    found += _loss(source) if source.modules.intersection(DEEP) else []
    if not any(f.how in ("call", "score", "scoring", "compile") for f in found):
        found += _printed(source)
    return sorted(set(found), key=lambda f: (f.line, f.name, f.how))


def _library_calls(source: SourceFile) -> Iterator[Found]:
    rooted: set[int] = set()
    for call in source.calls:
        if call.attribute in ("sqrt", "pow", "squareroot"):
            name = _root_of(" ".join(call.args))
            if name:
                rooted.add(call.line)
                yield Found(name, "call", call.line)
        elif call.attribute in _SPECIAL and (_METRIC_MODULES.match(call.name) or "." not in call.name):
            yield from (Found(name, "call", call.line) for name in _SPECIAL[call.attribute])
        elif name := _library_metric(call):
            if name == "mse" and call.line in rooted:
                continue
            yield Found(name, "call", call.line)
        elif call.attribute == "print" and _ROOT.search(" ".join(call.args)):
            rooted.add(call.line)
            yield Found("rmse", "call", call.line)


def handed_over(source: SourceFile, code: str) -> Iterator[Found]:
    """Library metrics that are passed on by name instead of being called: `{"auc": roc_auc_score}`."""
    names = {i.alias: CANONICAL[i.name] for i in source.imports if i.module == "sklearn.metrics" and i.name in CANONICAL}
    importing = False
    for number, line in enumerate(code.split("\n") if names else (), 1):
        inside, opens = importing, bool(_IMPORTS.match(line))
        importing = ")" not in line and (inside or (opens and "(" in line))
        if not inside and not opens and not line.lstrip().startswith("#"):
            for alias in _HANDED.findall(line[:400]):
                if alias in names:
                    yield Found(names[alias], "call", number)


def _root_of(text: str) -> str | None:
    if "log_error" in text:
        return "rmsle"
    return "rmse" if re.search(r"squared_error|\bmse\b|MSE|\bMSE\b", text) else None


def _library_metric(call: Call) -> str | None:
    last = call.attribute
    in_library = bool(_METRIC_MODULES.match(call.name))
    if not in_library and not ("." not in call.name and _UNMISTAKABLE.search(last)) and ".metrics." not in f".{call.name}":
        return _plotted(call)
    if last in ("from_estimator", "from_predictions"):
        return _plotted(call)
    name = CANONICAL.get(re.sub(r"[^a-z0-9]+", "_", last.lower())) or (standard_name(last) if in_library else None)
    if name in (None, "loss", "average_loss"):
        return standard_name(_bare(call.keywords["name"])) if "name" in call.keywords and last == "Mean" else None
    if name == "mse" and (call.keywords.get("squared") == "False" or any(standard_name(t) == "rmse" for t in call.targets)):
        return "rmse"
    return name


def _plotted(call: Call) -> str | None:
    for part, name in (
        ("ConfusionMatrixDisplay", "confusion_matrix"),
        ("RocCurveDisplay", "roc_auc"),
        ("plot_confusion_matrix", "confusion_matrix"),
    ):
        if part in call.name:
            return name
    return None


def _bare(text: str) -> str:
    return re.sub(r"^[fbru]{0,2}[\"']|[\"']$", "", text)


def _scores(source: SourceFile) -> Iterator[Found]:
    """`.score(X, y)` and cross-validation with the estimator's own metric, and everything named by a scoring string."""
    default = {"classification": "accuracy", "regression": "r2"}
    fallback = kind_in(source)
    for call in source.calls:
        kind = None
        if call.attribute == "score" and "." in call.name and (len(call.args) >= 2 or {"X", "y"} <= set(call.keywords)):
            kind = kind_of(call.receiver) or fallback
        elif call.attribute in _CROSS_VALIDATION and "scoring" not in call.keywords:
            kind = kind_of((call.argument("estimator", 0) or "").split("(")[0]) or fallback
        if kind:
            yield Found(default[kind], "score", call.line)
        if call.attribute in _SPARK:
            name = standard_name(_bare(call.keywords["metricName"])) if "metricName" in call.keywords else _SPARK[call.attribute]
            if name:
                yield Found(name, "scoring", call.line)
        if call.attribute in ("load", "load_metric", "setMetricName", "get_scorer", "combine") and call.args and _names_a_metric(call):
            for word in _QUOTED.findall(" ".join(call.args)):
                if name := standard_name(word):
                    yield Found(name, "call", call.line)


def _names_a_metric(call: Call) -> bool:
    return call.attribute not in ("load", "combine") or call.name.startswith("evaluate.")


def _keywords(source: SourceFile) -> Iterator[Found]:
    """`metrics=["accuracy"]`, `eval_metric="auc"`, `scoring="f1"`, functions passed to `make_scorer`."""
    for call in source.calls:
        for keyword in _METRIC_KEYWORDS:
            text = call.keywords.get(keyword) or ""
            text = source.assignments.get(text, text)
            if not text or call.attribute in ("dict", "run", "Namespace") or _LOGGERS.search(call.name):
                continue
            how = "compile" if keyword == "metrics" else "scoring"
            for name in _named_in(text):
                if name != "loss" or source.modules.intersection(DEEP):
                    yield Found(name, how, call.line)
        if call.attribute == "make_scorer" and call.args:
            for name in _named_in(call.args[0]):
                yield Found(name, "scoring", call.line)


def _named_in(text: str) -> set[str]:
    quoted = {n for word in _QUOTED.findall(text) if (n := standard_name(word))}
    plain = {
        n
        for word in _IDENTIFIERS.findall(re.sub(r"[\"'][^\"']*[\"']", "", text))
        if (is_known(word) or word[0].isupper()) and (n := standard_name(word))
    }
    return (quoted | plain) - {"loss"} if quoted - {"loss"} or plain else quoted


def _logged(source: SourceFile) -> Iterator[Found]:
    """Names handed to an experiment logger."""
    for call in source.calls:
        if not _LOGGERS.search(call.name) or call.name.startswith(("numpy.", "math.", "torch.log", "logging.", "tensorflow.math")):
            continue
        words: list[str] = []
        for position, text in enumerate(call.args[:3]):
            if text.startswith(("'", '"', "f'", 'f"')) and position == 0:
                literal = _FIRST_LITERAL.match(text)
                words.append(re.sub(r"\{[^}]*\}|%[sd]", "", literal.group(2) if literal else _bare(text)))
            elif text.startswith("{"):
                words += _KEYS.findall(text)
        words += [k for k in call.keywords if k not in ("prog_bar", "on_step", "on_epoch", "metric", "metrics")]
        words += _KEYS.findall(call.keywords.get("metrics", "")) + _QUOTED.findall(call.keywords.get("name", ""))
        for word in words:
            name = standard_name(word)
            if name and (name != "loss" or source.modules.intersection(DEEP)):
                yield Found(name, "logged", call.line)


def _by_hand(source: SourceFile) -> Iterator[Found]:
    """`accuracy = np.mean(pred == y)` and functions that are named as a metric."""
    for call in source.calls:
        if call.attribute in _REDUCTIONS and len(call.targets) == 1:
            name = standard_name(call.targets[0].removeprefix("self."))
            if name and name not in ("loss", "average_loss", "reward") and not _is_rate_of_something_else(call):
                yield Found(name, "by hand", call.line)
        elif (
            any(re.search(r"==", a) for a in call.args)
            and call.attribute in ("mean", "average", "reduce_mean")
            and _compares_predictions(call)
        ) or (call.attribute == "eq" and len(call.args) == 1 and _PREDICTED.search(call.name) and _TRUTH.search(call.args[0])):
            yield Found("accuracy", "by hand", call.line)
        elif call.attribute == "log_sklearn_plot" and call.args and (name := CANONICAL.get(_bare(call.args[0]))):
            yield Found(name, "call", call.line)
    for definition in source.definitions:
        last = definition.name.rsplit(".", 1)[-1]
        if definition.kind == "function" and len(definition.parameters) >= 2 and is_known(last) and _measures(definition):
            name = CANONICAL[re.sub(r"[^a-z0-9]+", "_", last.lower()).strip("_")]
            if name not in ("loss", "average_loss", "reward"):
                yield Found(name, "by hand", definition.line)


def _measures(definition: Definition) -> bool:
    """A function called like a metric; a word with other meanings needs parameters that are predictions or truths."""
    last = definition.name.rsplit(".", 1)[-1].lower()
    return last not in _AMBIGUOUS or sum(bool(_TRUTH.search(p.lower())) for p in definition.parameters) >= 2


def _is_rate_of_something_else(call: Call) -> bool:
    return call.targets[0].lower() in _AMBIGUOUS - {"acc", "prec"} or (
        call.attribute in ("max", "min", "result", "compute") and not call.args
    )


def _compares_predictions(call: Call) -> bool:
    return any(re.search(r"pred|y_hat|yhat|label|target|y_true|y_test|argmax", a) for a in call.args)


def _sklearn_by_name(source: SourceFile) -> Iterator[Found]:
    """A library function chosen by a string: `getattr(metrics, "mean_squared_error")` with the string in the same file."""
    if not source.imported("sklearn.metrics") or not any(
        c.name == "getattr" and "metric" in " ".join(c.args[:1]).lower() for c in source.calls
    ):
        return
    for text, line in source.strings:
        if _UNMISTAKABLE.search(text) and text in CANONICAL:
            yield Found(CANONICAL[text], "config", line)


def _returned_names(source: SourceFile) -> Iterator[Found]:
    """Exact metric words inside functions that evaluate (`compute_metrics`), or read from an estimator's `evaluate`."""
    estimator = any("tensorflow.estimator" in c.name or ".learn.Estimator" in c.name for c in source.calls)
    spans = [
        (d.line, d.end_line)
        for d in source.definitions
        if d.kind == "function" and re.search(r"compute_\w*metrics?|get_\w*metrics?|eval_metrics|model_eval|eval_fn", d.name, re.IGNORECASE)
    ]
    if not spans and not estimator:
        return
    for text, line in source.strings:
        if text not in CANONICAL or text in _AMBIGUOUS or (text == "loss" and not source.modules.intersection(DEEP)):
            continue
        if estimator or any(a <= line <= b for a, b in spans):
            yield Found(CANONICAL[text], "by hand", line)


_FINDERS: tuple[Callable[[SourceFile], Iterator[Found]], ...] = (
    _library_calls,
    _scores,
    _keywords,
    _logged,
    _by_hand,
    _sklearn_by_name,
    _returned_names,
)


def _loss(source: SourceFile) -> list[Found]:
    """A loss that a training loop prints, logs, plots or collects."""
    found = []
    for call in source.calls:
        printer = bool(_PRINTERS.search(call.name))
        texts = [*call.args, *call.keywords.values()]
        if (
            (printer and any(_REPORTED_LOSS.search(t) and re.search(r"[\"']", t) for t in texts))
            or any(re.search(r"history\[[\"'](?:val_)?loss", t) for t in texts)
            or (
                call.attribute in ("dict", "set_postfix", "report", "write_scalars")
                and any(standard_name(k) == "loss" for k in call.keywords)
            )
            or (
                call.attribute in ("Trainer", "Seq2SeqTrainer", "SFTTrainer")
                and "transformers" in source.modules
                and "eval_dataset" in call.keywords
            )
            or (call.attribute == "compile" and "loss" in call.keywords and "metrics" not in call.keywords)
        ):
            found.append(Found("loss", "logged", call.line))
    return found[:5]


def _printed(source: SourceFile) -> list[Found]:
    """Labels printed with a value: `print("Accuracy:", acc)`, `f"{n}% correct"`."""
    found = []
    for call in source.calls:
        if not _PRINTERS.search(call.name) or not call.args or (call.attribute in ("update", "write", "format") and len(call.args) > 2):
            continue
        first = next((a for a in call.args if a.lstrip("frFR")[:1] in ("'", '"')), call.args[0])
        text = " ".join(_literals(first))
        if not text or (len(call.args) == 1 and not re.search(r"\{|%", first)):
            continue
        names = {
            n for w in _LABEL_WORDS.findall(text[:120]) if w.lower() not in _AMBIGUOUS - {"acc"} and is_known(w) and (n := standard_name(w))
        }
        if _CORRECT.search(first):
            names.add("accuracy")
        found += [Found(name, "logged", call.line) for name in sorted(names - {"loss", "average_loss"})]
    return found


def _literals(text: str) -> list[str]:
    return [double or single for double, single in _STRING.findall(text)]
