"""Metrics in files that have no Python digest: R, Julia, Lua, Python 2, and metric settings of boosters and configs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.evaluation.metric_calls import Found
from tasks.evidence.evaluation.metric_names import CANONICAL, standard_name

LINE_LIMIT = 400
"""Characters of a line that are looked at."""
CODE_SUFFIXES = (".R", ".r", ".Rmd", ".rmd", ".qmd", ".jl", ".lua", ".Rnw")

_R = (
    (re.compile(r"\bconfusionMatrix\s*\(|\bconf_mat\s*\("), ("confusion_matrix",)),
    (
        re.compile(r"\b(?:yardstick::)?accuracy(?:_vec)?\s*\(|\.metric\s*==\s*[\"']accuracy|\$accuracy\b|\[[\"']Accuracy[\"']"),
        ("accuracy",),
    ),
    (re.compile(r"\bmean\s*\(\s*[\w.$\[\]\", ]{1,60}==\s*[\w.$\[\]\", ]{1,60}\)"), ("accuracy",)),
    (re.compile(r"\b(?:RMSE|rmse|rmse_vec)\s*\("), ("rmse",)),
    (re.compile(r"\b(?:MAE|mae|mae_vec)\s*\("), ("mae",)),
    (re.compile(r"\b(?:R2|rsq|rsq_vec|rsq_trad)\s*\(|\$r\.squared\b|\$adj\.r\.squared"), ("r2",)),
    (re.compile(r"\bpostResample\s*\("), ("rmse", "r2", "mae")),
    (re.compile(r"\b(?:roc_auc|roc_auc_vec|auc)\s*\(|\bpROC::|\bperformance\s*\([^)]{0,80}[\"']auc"), ("roc_auc",)),
    (re.compile(r"\btwoClassSummary\b|\bmetric\s*=\s*[\"']ROC[\"']"), ("roc_auc",)),
    (re.compile(r"\b(?:f_meas|F1_Score|F_meas)\s*\("), ("f1",)),
    (re.compile(r"\b(?:logLoss|mn_log_loss|LogLoss)\s*\("), ("log_loss",)),
    (re.compile(r"\bsilhouette\s*\("), ("silhouette",)),
)
_JULIA = (
    (re.compile(r"\b(?:MLJ\.)?(?:accuracy|Accuracy)\s*\("), ("accuracy",)),
    (re.compile(r"\bmean\s*\(\s*onecold[^=]{0,120}\.==|\bmean\s*\([^=]{1,80}\.==[^=]{1,80}\)"), ("accuracy",)),
    (re.compile(r"\b(?:rms|rmse|root_mean_squared_error)\s*\("), ("rmse",)),
    (re.compile(r"\b(?:ConfusionMatrix|confmat|confusion_matrix)\s*\("), ("confusion_matrix",)),
    (re.compile(r"\b(?:roc_auc|auc)\s*\("), ("roc_auc",)),
    (re.compile(r"@(?:show|info|printf)\b.{0,80}\bloss\b|println\s*\(.{0,80}\bloss", re.IGNORECASE), ("loss",)),
)
_LUA = (
    (re.compile(r"optim\.ConfusionMatrix"), ("confusion_matrix",)),
    (re.compile(r"\bprint\s*\(.{0,120}\bloss|\b(?:train|val|test|eval)_loss\w*\s*=", re.IGNORECASE), ("loss",)),
    (re.compile(r"\bprint\s*\(.{0,120}\baccuracy|totalValid\b", re.IGNORECASE), ("accuracy",)),
)
_SKLEARN_CALL = re.compile(r"\b([a-z][a-z0-9_]{2,38}_(?:score|error|report|matrix|loss|coef))\s*\(")
_COMPILED = re.compile(r"\bmetrics\s*=\s*(?:c|list)?\s*[(\[]([^)\]]{1,120})[)\]]|\bmetrics\s*=\s*([\"'][\w ]{2,30}[\"'])")
_METRIC_SET = re.compile(r"\bmetric_set\s*\(([^)]{1,160})\)")
_R_METRIC = re.compile(r"\b(?:metric|eval_metric)\s*=\s*[\"'](\w{2,30})[\"']")
_SETTING = re.compile(
    r"[\"']?\b(?:eval_metrics?|metrics?|scoring|loss|custom_metric)[\"']?\s*[:=]\s*\[?\s*([\"'][^\]\n]{1,80}|[A-Za-z_]\w{1,30}\s*$)"
)
_BOOSTER_METRICS = frozenset(
    [
        "multi_logloss",
        "binary_logloss",
        "multi_error",
        "binary_error",
        "logloss",
        "mlogloss",
        "merror",
        "error",
        "auc",
        "aucpr",
        "rmse",
        "mae",
        "mape",
        "l1",
        "l2",
        "rmsle",
        "ndcg",
        "map",
        "cross_entropy",
        "auc_mu",
        "average_precision",
        "Accuracy",
        "AUC",
        "Logloss",
        "MultiClass",
        "RMSE",
        "MAE",
        "F1",
        "TotalF1",
        "R2",
    ]
)
_AS_WRITTEN = {"binary_logloss": "binary_logloss", "logloss": "logloss", "mlogloss": "mlogloss", "l1": "mae", "l2": "mse"}


def metrics_in_code(path: str, text: str) -> Iterator[Found]:
    """Metrics of an R, Julia, Lua or unparsable Python file; prose of a literate document is skipped."""
    patterns = _LUA if path.endswith(".lua") else _JULIA if path.endswith(".jl") else _R
    literate = path.lower().endswith((".rmd", ".qmd"))
    for number, line in _code_lines(text, literate):
        if path.endswith((".py", ".ipynb")):
            yield from (Found(CANONICAL[n], "call", number) for n in _SKLEARN_CALL.findall(line) if n in CANONICAL)
            continue
        for pattern, names in patterns:
            if pattern.search(line):
                yield from (Found(name, "call", number) for name in names)
        yield from _named_settings(number, line)


def _named_settings(number: int, line: str) -> Iterator[Found]:
    texts = [a or b for a, b in _COMPILED.findall(line)] + _R_METRIC.findall(line)
    for word in re.findall(r"\w{2,40}", " ".join(texts + _METRIC_SET.findall(line))):
        if (name := CANONICAL.get(word.lower())) and name != "loss":
            yield Found(name, "compile", number)


def _code_lines(text: str, literate: bool) -> Iterator[tuple[int, str]]:
    inside = not literate
    for number, line in enumerate(text.split("\n"), 1):
        if literate and line.startswith("```"):
            inside = line.startswith("```{") and not inside
            continue
        code = line[:LINE_LIMIT].lstrip()
        if inside and code and not code.startswith(("#", "--", "//")):
            yield number, code


def booster_metrics(text: str) -> Iterator[Found]:
    """Evaluation metrics set for LightGBM, XGBoost or CatBoost in a parameter dictionary or a configuration file."""
    for number, line in enumerate(text.split("\n"), 1):
        if match := _SETTING.search(line[:LINE_LIMIT]):
            for word in re.findall(r"\w{2,30}", match.group(1)):
                if word in _BOOSTER_METRICS and (name := _AS_WRITTEN.get(word) or standard_name(word) or word):
                    yield Found(name, "config", number)
