"""What a path says about its file: a copy nobody uses, a test, an example, a number in a row of copies."""

from __future__ import annotations

import re

_LEGACY = re.compile(
    r"(?:^|[/_ .-])(?:old|legacy|archived?|archives|deprecated|backups?|bak|obsolete|unused|attic|outdated|previous|copy|draft|wip|todo|trash)(?:[/_ .-]|\d*$|\d*\.)",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing|unit_?tests?|integration_?tests?|spec)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.(?:py|R|r|jl|ipynb)$"
)
_EXAMPLE = re.compile(
    r"(?:^|/)(?:examples?|demos?|tutorials?|samples?|playground|sandbox|scratch|trials?|research|experiments?|experimentation|exploration|benchmarks?|"
    r"docs?|contrib\w*|tools|misc|third_party|external|vendor|eda|slides|exercises?|homeworks?|challenges?|snippets|quickstart|prototypes?)/|(?:^|/)(?:demo|example|toy|playground)s?(?=[._ -])",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{\{.{1,80}\}\}|(?:^|/)template\.py$|\.(?:jinja2?|j2|tmpl)$")
_TRAIN = re.compile(
    r"(?:^|[_\- .])(?:re)?(?:train|training|trainer|fit|finetun\w*|fine_tun\w*|pretrain\w*|learn)(?:[_\- .]|\d|$)|^train", re.IGNORECASE
)
_WHOLE = re.compile(
    r"^(?:main|run|__main__|pipeline|cli|app|workflow|flow|index)(?:$|[_\d.])|(?:^|_)(?:pipeline|flow|workflow|main)$", re.IGNORECASE
)
_EVAL = re.compile(
    r"(?:^|[_\- .])(?:eval\w*|test|testing|valid(?:ate|ation)?|assess\w*|val|score_model|benchmark\w*|backtest\w*|analy[sz]e_results)(?:[_\- .]|\d|$)",
    re.IGNORECASE,
)
_SERVE = re.compile(
    r"(?:^|[_\- .])(?:predict\w*|infer\w*|serv\w+|scor(?:e|ing)|generat\w*|sampl(?:e|ing)|synthesi[sz]\w*|api|app|application|endpoint|deploy\w*|demo|chat\w*|"
    r"translate|detect\w*|recogni[sz]e|webcam|recommend|classify|inference\w*|interact\w*|web|server|lambda_function|lambda_handler|handler|main|bot)(?:[_\- .]|\d|$)",
    re.IGNORECASE,
)  # fmt: skip
_ASIDE_TRAINING = re.compile(
    r"(?:^|[_\- .])(?:tun(?:e|ing)|hyper\w*|sweep\w*|search|optuna|ablation\w*|benchmark\w*|compar\w+|debug|plot\w*|visuali[sz]\w*|utils?|helpers?|eda|explor\w*|"
    r"profile\w*|explain\w*|demo|smoke|sanity|toy|simple|naive|baseline|export\w*|convert\w*|interpret\w*|analysis|error|submit\w*|slurm|launch\w*|cluster|k8s|kubernetes|bench|monitor\w*|drift)(?:[_\- .]|\d|$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,6}")


def stem(path: str) -> str:
    return path.rpartition("/")[2].rsplit(".", 1)[0]


def is_test(path: str) -> bool:
    return bool(_TEST.search(path))


def is_legacy(path: str) -> bool:
    return bool(_LEGACY.search(path))


def is_example(path: str) -> bool:
    return bool(_EXAMPLE.search(path))


def is_template(path: str) -> bool:
    return bool(_TEMPLATE.search(path))


def says_train(path: str) -> bool:
    return bool(_TRAIN.search(stem(path)))


def says_whole(path: str) -> bool:
    """`main`, `run`, `pipeline`: the name of what runs everything."""
    return bool(_WHOLE.search(stem(path)))


def says_eval(path: str) -> bool:
    return bool(_EVAL.search(stem(path)))


def says_serve(path: str) -> bool:
    return bool(_SERVE.search(stem(path)))


def says_other_than_train(path: str) -> bool:
    """Tuning, comparison, plotting, evaluation, prediction: trains along the way."""
    name = stem(path)
    return bool(_ASIDE_TRAINING.search(name) or (_EVAL.search(name) and not _TRAIN.search(name)))


def numbers(path: str) -> tuple[int, ...]:
    """The numbers in a path, so that of near-copies the latest comes first: `week_9/train.py` before `week_0/train.py`."""
    return tuple(-int(n) for n in _NUMBER.findall(path))
