"""Training in files without a syntax tree of ours: R, Julia, Lua, JavaScript, Scala, and Python that does not parse."""

from __future__ import annotations

import re
from collections.abc import Iterator

LINE_LIMIT = 400
"""Characters of a line that are looked at."""

Rule = tuple[re.Pattern[str], str, float]


def _rules(*rules: tuple[str, str, float]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern), how, strength) for pattern, how, strength in rules)


_R = _rules(
    (r"\bcaret::train\(|\btrain\((?!ing).{0,80}(?:~|method|x\s*=)", "caret::train", 0.9),
    (r"\b(?:xgb\.train|lgb\.train|xgboost|lightgbm|catboost\.train|lgb\.cv|xgb\.cv)\(", "boosting in R", 0.95),
    (r"\b(?:randomForest|ranger|rpart|gbm|cv\.glmnet|glmnet|naiveBayes|svm|ksvm|nnet|neuralnet|knn|cforest|ctree|C5\.0|earth|bart)\(",
     "R model", 0.75),
    (r"(?:%>%|\|>)\s*(?:generics::|keras::|parsnip::)?fit\(|^\s*fit\(|\bfit_generator\(|<-\s*fit\((?!ted)", "R fit", 0.9),
    (r"\b(?:last_fit|fit_resamples|tune_grid|tune_bayes|workflow_map|fit_xy)\(", "tidymodels fit", 0.9),
    (r"\bh2o\.(?:automl|gbm|randomForest|glm|deeplearning|xgboost|stackedEnsemble)\(", "h2o", 0.95),
    (r"\$train\(|\bresample\(.{0,60}rsmp|\bbenchmark\(.{0,60}design", "mlr3 train", 0.85),
    (r"\$(?:step|backward)\(\)|\bluz::fit\(", "optimizer step", 0.9),
    (r"\b(?:auto\.arima|arima|prophet|ets)\(", "R forecast model", 0.6),
    (r"\b(?:kmeans|hclust|prcomp|brm|stan_glm|stan|sampling)\(", "R statistical fit", 0.35),
    (r"\b(?:lm|glm|lmer|glmer|aov|gam|loess|nls|coxph|multinom|polr|lda|qda)\(", "R regression", 0.3),
)  # fmt: skip
_JULIA = _rules(
    (r"\b(?:Flux\.)?train!\(", "Flux.train!", 0.95),
    (r"\b(?:Flux\.|Optimisers\.)?update!\(.{0,80}(?:opt|grad|∇|ps|model)", "optimizer step", 0.9),
    (r"\b(?:MLJ\.)?fit!\(", "MLJ fit!", 0.9),
    (r"\b(?:build_forest|build_tree|xgboost|LightGBM\.fit!|evolutionary)\(", "Julia model", 0.85),
    (r"\b(?:ScikitLearn\.)?fit!?\(\s*\w{1,40}\s*,", "Julia fit", 0.6),
    (r"\b(?:glm|lm)\(\s*@formula", "Julia regression", 0.35),
)
_LUA = _rules(
    (r"\boptim\.(?:sgd|adam|rmsprop|adagrad|adadelta|lbfgs|cg|nag|adamax)\b", "Lua torch optimizer step", 0.97),
    (r"\b(?:optim_updates|rmsprop|adam|sgdm?|adagrad)\(\s*params", "Lua torch optimizer step", 0.95),
    (r":updateParameters\(|[tT]rainer:train\(", "Lua torch training", 0.95),
    (r":backward\(", "Lua torch backward", 0.4),
)
_SCRIPT = _rules(
    (
        r"\bawait\s+\w[\w.]{0,60}\.fit(?:Dataset)?\(|\b(?:model|net|classifier|regressor|nn)\.(?:fit|fitDataset|train|trainAsync)\(",
        "JavaScript fit",
        0.8,
    )
)
_JVM = _rules(
    (
        r"\b(?:pipeline|lr|rf|model|trainer|estimator|cv|crossval\w{0,20}|classifier|regressor|als|kmeans|net|network)\.[fF]it\(",
        "JVM or .NET fit",
        0.8,
    )
)
_PYTHON = _rules(
    (r"\b(?:xgb|xgboost|lgb|lightgbm)\.train\(", "xgboost.train", 0.9),
    (r"\b\w*(?:model|clf|classifier|reg|pipe|grid|estimator|svm|svc|rf|knn|net)\w*\.(?:fit|fit_generator)\(", "sklearn .fit", 0.85),
    (r"\b\w*trainer\w*\.(?:fit|train)\(", "Trainer.train", 0.85),
    (r"\b\w*optim\w*\.step\(|\bloss\w*\.backward\(|\bOptimizer\(.{0,80}\)\.minimize\(|\boptim\w*\.(?:minimize|apply_gradients)\(",
     "optimizer step", 0.85),
)  # fmt: skip
_SQL = _rules((r"(?i)\bcreate\s+(?:or\s+replace\s+)?model\b", "CREATE MODEL", 0.7))

_SHELL = _rules(
    (r"\b(?:rasa train|spacy train|allennlp train|fairseq-train|onmt_train|llamafactory-cli train|axolotl train|t2t-trainer|mlagents-learn|prodigy train|"
     r"ludwig (?:train|experiment)|tune run \w|autotrain \w|fasttext (?:supervised|skipgram|cbow)|svm-train|marian |yolo\s[^#\n]{0,60}\btrain)\b",
     "command-line training", 0.7),
)  # fmt: skip
_LANGUAGES: dict[str, tuple[Rule, ...]] = {
    "r": _R, "rmd": _R, "qmd": _R, "rnw": _R, "jl": _JULIA, "lua": _LUA, "py": _PYTHON, "pyw": _PYTHON, "js": _SCRIPT, "ts": _SCRIPT,
    "mjs": _SCRIPT, "scala": _JVM, "java": _JVM, "cs": _JVM, "kt": _JVM, "sql": _SQL, "sh": _SHELL, "bash": _SHELL, "makefile": _SHELL,
}  # fmt: skip
_NEEDS = {
    "js": re.compile(r"tensorflow|tfjs|brain\.js|ml5|synaptic|\btf\.(?:layers|sequential)"),
    "ts": re.compile(r"tensorflow|tfjs|brain\.js|ml5|synaptic|\btf\.(?:layers|sequential)"),
    "mjs": re.compile(r"tensorflow|tfjs|brain\.js|ml5|\btf\.(?:layers|sequential)"),
    "scala": re.compile(r"spark\.ml|mllib|smile\.|deeplearning4j"),
    "java": re.compile(r"spark\.ml|mllib|smile\.|deeplearning4j|weka\.|djl"),
    "kt": re.compile(r"deeplearning4j|kotlindl|smile\."),
    "cs": re.compile(r"Microsoft\.ML|TensorFlow|Accord"),
    "lua": re.compile(r"require\W{1,3}(?:torch|nn|optim)|\bnn\.|\btorch\."),
    "qmd": re.compile(r"\{r\b|\blibrary\("),
}
_JUDGES_UNSEEN_ROWS = re.compile(
    r"\bpredict\(|initial_split\(|createDataPartition\(|\btrainControl\(|sample\.split\(|\btrain(?:ing)?_?(?:set|data)\b"
)
_COMMENT = {"lua": "--", "js": "//", "ts": "//", "mjs": "//", "scala": "//", "java": "//", "cs": "//", "kt": "//", "sql": "--"}


_TEMPLATE_ENDING = re.compile(r"\.(?:tmpl|jinja2?|j2|template)$")


def suffix_of(path: str) -> str:
    name = _TEMPLATE_ENDING.sub("", path.rpartition("/")[2].lower())
    return name.rpartition(".")[2] if "." in name else name if name == "makefile" else ""


def is_foreign(path: str) -> bool:
    """Whether a file is of a language in which training is found by its lines."""
    return suffix_of(path) in _LANGUAGES and not path.endswith((".py", ".pyw", ".min.js"))


def fits_in_text(text: str, language: str) -> Iterator[tuple[int, str, float]]:
    """Line, kind and strength of each line that trains a model; `language` is the file's suffix."""
    rules, needs = _LANGUAGES.get(language, ()), _NEEDS.get(language)
    if not rules or (needs and not needs.search(text)):
        return
    judged = rules is _R and bool(_JUDGES_UNSEEN_ROWS.search(text))
    marker = _COMMENT.get(language, "#")
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw[:LINE_LIMIT].split(marker)[0]
        if "(" not in line and rules is not _SQL and rules is not _SHELL:
            continue
        for pattern, how, strength in rules:
            if pattern.search(line):
                yield number, how, min(1.0, strength + 0.25) if judged and strength < 0.5 else strength
                break
