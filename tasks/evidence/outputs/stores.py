"""Folders and databases in which experiment trackers and workflow tools keep their own state."""

from __future__ import annotations

import re

_FOLDERS = re.compile(
    r"(?:^|.*?/)(?:mlruns|mlartifacts|\.metaflow|wandb|catboost_info|lightning_logs|\.neptune|\.comet|\.aim|\.clearml|\.zen|\.guild|dvclive|"
    r"runs(?=/[^/]+/events\.out\.tfevents)|\.dvc|\.prefect|\.ipynb_checkpoints|__pycache__)(?=/)"
)
_DATABASES = re.compile(r"(?:^|/)mlflow\.db$|^\.axiom/[^/]+\.db$")


def store_of(path: str) -> str:
    """The store that a file belongs to, empty when it is an output of its own.

    >>> store_of("out/mlruns/0/abc/metrics/rmse"), store_of("model.pkl")
    ('out/mlruns', '')
    """
    if len(path) > 1000:
        return ""
    if match := _FOLDERS.match(path):
        return match[0]
    return path if _DATABASES.search(path) else ""
