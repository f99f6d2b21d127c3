"""Which files of a repository are looked at for training, and what in them is not Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile

_TEST_PATH = re.compile(r"(?:^|/)(?:tests?|testing|spec|docs?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest|setup)\.py$")
_FOREIGN = re.compile(r"\.(?:[rR]|[rR]md|qmd|jl|lua)$")
LINE_LIMIT = 400
"""Characters of a line that plain-text scans look at."""

ML_MODULES = frozenset(
    [
        "sklearn",
        "torch",
        "torchvision",
        "pytorch_lightning",
        "lightning",
        "tensorflow",
        "keras",
        "xgboost",
        "lightgbm",
        "catboost",
        "jax",
        "flax",
        "transformers",
        "datasets",
        "statsmodels",
        "fastai",
        "mxnet",
        "paddle",
        "pyspark",
        "imblearn",
        "gensim",
        "spacy",
        "optuna",
        "hyperopt",
        "mlflow",
        "ray",
        "timm",
        "tflearn",
        "theano",
        "chainer",
        "autogluon",
        "pycaret",
        "prophet",
        "sentence_transformers",
        "peft",
        "trl",
        "tensorflow_datasets",
        "surprise",
        "implicit",
        "lightfm",
        "hmmlearn",
        "joblib",
    ]
)


def is_test_path(path: str) -> bool:
    """Tests, documentation examples and packaging: they train toy models that nobody uses."""
    return bool(_TEST_PATH.search(path))


def training_sources(snapshot: Snapshot) -> Iterator[SourceFile]:
    """Readable Python files and notebooks outside tests."""
    return (s for s in snapshot.sources if not s.error and not is_test_path(s.path))


def foreign_lines(snapshot: Snapshot) -> Iterator[tuple[str, int, str]]:
    """Path, line number and text of R, Julia and Lua files, comments dropped."""
    for path in snapshot.own:
        if not _FOREIGN.search(path) or is_test_path(path):
            continue
        marker = "--" if path.endswith(".lua") else "#"
        for number, line in enumerate((snapshot.text(path) or "").split("\n"), 1):
            code = line[:LINE_LIMIT].split(marker)[0]
            if code.strip():
                yield path, number, code
