"""Steps of a pipeline that a repository has as separate programs: ingest, validate, prepare, train, tune, evaluate, …"""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.project.fitting import is_aside
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile

STAGES = {
    "ingest": re.compile(r"ingest|download|fetch|load_?data|data_?load|get_data|extract|collect|scrap|make_dataset|(?:^|_)data$|etl"),
    "validate": re.compile(r"validation|validate_|check_data|data_?(?:test|quality|check)|schema_check|sanity"),
    "prepare": re.compile(r"pre_?process|prepar|transform|featuri[sz]|features?|clean|process_data|data_processing|split"),
    "train": re.compile(r"train|(?:^|_)fit(?:$|_)|build_model"),
    "tune": re.compile(r"(?:^|_)tun(?:e|ing|er)|hyper_?param|sweep|optimi[sz]e"),
    "evaluate": re.compile(r"eval|test_model|score_model|validate_model|metrics$|benchmark"),
    "register": re.compile(r"regist|promot|model_push|pusher|publish"),
    "explain": re.compile(r"explain|explanation|interpret|shap"),
    "predict": re.compile(r"predict|infer|scoring|(?:^|_)score$|batch_"),
    "serve": re.compile(r"serve|serving|deploy|(?:^|_)(?:app|api)$"),
    "monitor": re.compile(r"monitor|drift"),
}  # fmt: skip
"""Stages by the names that files and functions have for them, lower case; the first that fits counts."""
_STAGE_FOLDER = re.compile(r"(?:^|/)(?:jobs|stages|steps|pipelines?|flows|tasks|dags)/")
_ORDER = ("validate", "evaluate", "register", "tune", "explain", "monitor", "train", "predict", "serve", "ingest", "prepare")


def runnable_stages(snapshot: Snapshot) -> dict[str, str]:
    """Different stages that are programs or jobs of their own, with a file of each."""
    found: dict[str, str] = {}
    for source in snapshot.sources:
        if is_aside(source.path) or source.is_notebook or not _runs(source):
            continue
        stage = stage_of(posixpath.splitext(posixpath.basename(source.path))[0])
        if stage:
            found.setdefault(stage, source.path)
    return found


def _runs(source: SourceFile) -> bool:
    """The file is a program, or a job in a folder of jobs that others start."""
    if source.path.endswith("__init__.py"):
        return False
    return source.has_main or source.statements >= 4 or bool(_STAGE_FOLDER.search(source.path) and source.definitions and source.calls)


def stage_of(name: str) -> str | None:
    """`stage_03_data_transformation` is `prepare`, `model_trainer` is `train`."""
    lowered = name.lower()
    return next((s for s in _ORDER if STAGES[s].search(lowered)), None)
