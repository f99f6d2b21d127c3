"""What the models of a repository are for: regression, binary classification, language modelling, …

Code decides (`task_signals`), prose does not. Two classes or many is settled by losses, metrics, well-known targets and,
where the data is in the repository, by the number of different values in the target's column.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from tasks.evidence.project.config_files import config_texts
from tasks.evidence.project.fitting import is_aside, is_aside_source
from tasks.evidence.project.foreign import ForeignFile
from tasks.evidence.project.frameworks import Frameworks
from tasks.evidence.project.languages import NOTEBOOKS
from tasks.evidence.project.subprojects import FEWEST, PROJECTS_LIMIT, Row
from tasks.evidence.project.target_values import count_target_values
from tasks.evidence.project.task_signals import (
    BELIEVED,
    BINARY_WORDS,
    DOMAIN_WORDS,
    FOREIGN,
    MULTICLASS_WORDS,
    NAMES,
    PARAMETERS,
    STRINGS,
    Signal,
)
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile

_INTERNAL = frozenset(["classification", "binary", "multiclass", "image", "text"])
"""Parts of a task that `_settle` puts together, never an answer."""
_IMAGE_TASKS = frozenset(
    [
        "object_detection",
        "image_segmentation",
        "image_generation",
        "image_captioning",
        "super_resolution",
        "style_transfer",
        "pose_estimation",
    ]
)
_TEXT_TASKS = frozenset(["language_modeling", "named_entity_recognition", "question_answering", "machine_translation", "summarization"])
_CLASSIFYING_TASKS = frozenset(
    ["node_classification", "graph_classification", "link_prediction", "reinforcement_learning", "audio_classification"]
)
"""Tasks whose losses and metrics are those of classification."""
SURE = 5
"""Weight from which on classification or regression stands beside a task that has losses and metrics of the same name."""
_SENTENCE_WORDS = 6
"""Blanks from which on a string is prose: help, a message, a prompt."""
_NAMES_LIMIT = 3_000
"""Different names looked at per file."""
_SETTING = re.compile(
    r"^\s*-?\s*[\"']?[\w.-]{1,60}[\"']?\s*:\s*\[?[\"']?([^\s\"',#{}\[\]][^\"',#{}\[\]\n]{0,80}?)[\"']?\s*,?\s*$", re.MULTILINE
)
"""The value of a line of YAML or JSON."""
_AVERAGED = re.compile(r"\.(?:f1_score|precision_score|recall_score|fbeta_score|jaccard_score)$")
_SQUARE = re.compile(r"^[(\[]\s*(?:None,\s*)?(\d{2,3}),\s*\1\s*(?:,\s*[134]\s*)?[)\]]$")
"""The shape of a picture: as high as wide, with or without colours."""
_ESTIMATOR_OF_N_CLASSES = re.compile(r"(?:^|\.)(?:DNNClassifier|LinearClassifier|BoostedTrees\w*|DNNLinearCombinedClassifier)$")


class Weights:
    """Weights of the tasks, each signal counted once."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int]] = set()
        self.of: dict[str, int] = defaultdict(int)

    def add(self, task: str, weight: int, mark: int) -> None:
        if (task, mark) not in self._seen:
            self._seen.add((task, mark))
            self.of[task] += weight

    def match(self, signals: tuple[Signal, ...], words: Iterable[str], base: int) -> None:
        """Count every signal that matches one of the words."""
        words = list(words)
        for number, (task, weight, pattern) in enumerate(signals, base):
            if (task, number) not in self._seen and any(pattern.search(w) for w in words):
                self.add(task, weight, number)


def find_tasks_of_projects(
    snapshot: Snapshot,
    foreign: tuple[ForeignFile, ...],
    frameworks: Frameworks,
    has_training: bool,
    row: Row | None,
    notebooks: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Tasks of the whole repository. In a row of projects each is asked for itself, so are the notebooks of a repository
    that trains in nothing else: a model of texts in one and of a table in another are two tasks."""
    units = row.folders if row else notebooks if len(notebooks) >= FEWEST else ()
    settings = _settings(snapshot)
    each = [find_tasks(snapshot, foreign, False, has_training, unit, settings) for unit in units[:PROJECTS_LIMIT]]
    found = Counter(task for tasks in each for task in tasks)
    return tuple(t for t, _ in found.most_common()) or find_tasks(snapshot, foreign, bool(frameworks.apis), has_training)


def find_tasks(
    snapshot: Snapshot,
    foreign: tuple[ForeignFile, ...],
    apis: bool,
    has_training: bool,
    folder: str = "",
    settings: dict[str, set[str]] | None = None,
) -> tuple[str, ...]:
    """Tasks of the code below a folder (or in one file), the surest first. `apis`: a language model of somebody else is called;
    where nothing is trained that is the task, whatever the prompts are for."""
    prefix = f"{folder}/" if folder and not folder.endswith(NOTEBOOKS) else folder
    below = [s for s in snapshot.sources if s.path.startswith(prefix)]
    sources = [s for s in below if not is_aside_source(s)]
    every = _settings(snapshot) if settings is None else settings
    words = {v for path, values in every.items() if path.startswith(prefix) for v in values}
    files = [f for f in foreign if f.path.startswith(prefix) and not is_aside(f.path)]
    weights = _weigh(snapshot, sources, files, prefix)
    weights.match(STRINGS, words, 1000)
    if not folder:
        weights.match(DOMAIN_WORDS, [_name(snapshot)], 2000)
    _two_or_many(weights, snapshot, sources, files, words, prefix)
    found = _settle(weights.of, has_training)
    if not found and has_training and len(below) > len(sources):
        found = _settle(_weigh(snapshot, below, files, prefix).of, has_training)
    if apis and not has_training:
        return ("llm_application",)
    return tuple(sorted(found, key=lambda t: (-weights.of.get(t, 0), t)))


def _name(snapshot: Snapshot) -> str:
    """What the repository is called: the shortest statement of what its authors were at."""
    return snapshot.manifest.name.rpartition("/")[2]


def _settings(snapshot: Snapshot) -> dict[str, set[str]]:
    """Values in configuration files, by path."""
    return {path: set(_SETTING.findall(text)) for path, text in config_texts(snapshot)}


def _weigh(snapshot: Snapshot, sources: list[SourceFile], files: list[ForeignFile], prefix: str) -> Weights:
    weights = Weights()
    for source in sources:
        names = list(dict.fromkeys([*_imported(snapshot, source), *(c.name for c in source.calls), *_asked_classes(source)]))[:_NAMES_LIMIT]
        own = [posixpath.basename(d.name.replace(".", "/")) for d in source.definitions]
        weights.match(NAMES, [*names, *own], 0)
        weights.match(STRINGS, {s for s, _ in source.strings}, 1000)
        weights.match(DOMAIN_WORDS, {*own, *source.path[len(prefix) :].split("/")}, 2000)
        weights.match(PARAMETERS, {p for d in source.definitions if d.kind == "function" for p in d.parameters}, 4000)
        _marks(source, weights)
    for file in files:
        text = [line for _, line in file.lines]
        weights.match(FOREIGN, text, 3000)
        weights.match(DOMAIN_WORDS, file.path[len(prefix) :].split("/"), 2000)
    return weights


def _imported(snapshot: Snapshot, source: SourceFile) -> Iterable[str]:
    """Modules, and the names taken from them that the file uses: an import cell copied from elsewhere brings twenty estimators."""
    text = source.notebook.code if source.notebook else snapshot.text(source.path) or ""
    used = Counter(re.findall(r"\w+", text))
    for item in source.imports:
        if not item.name:
            yield item.module
        elif item.name == "*" or source.error or used[item.alias] > 1:
            yield f"{item.module}.{item.name}"


def _asked_classes(source: SourceFile) -> Iterable[str]:
    """`transformers.AutoModelForCausalLM` of a call to its `from_pretrained`."""
    owners = (c.name.rpartition(".")[0] for c in source.calls if c.attribute[:1].islower())
    return (o for o in owners if o.rpartition(".")[2][:1].isupper())


def _marks(source: SourceFile, weights: Weights) -> None:
    """What arguments tell: an average is for many classes, a score without one for two, so is `[:, 1]`."""
    for call in source.calls:
        if _AVERAGED.search(call.name):
            average = call.keywords.get("average", "'binary'").strip("'\"")
            if average in ("macro", "micro", "weighted"):
                weights.add("multiclass", 1, 9001)
            elif average == "binary" and "**" not in call.keywords:
                weights.add("binary", 1, 9002)
        if _SQUARE.match(call.keywords.get("input_shape", call.keywords.get("target_shape", ""))):
            weights.add("image", 3, 9010)
        if "scale_pos_weight" in call.keywords or "pos_label" in call.keywords:
            weights.add("binary", 2, 9003)
        if call.keywords.get("num_class", call.keywords.get("num_classes", "2")).isdigit() and {"num_class", "num_classes"} & set(
            call.keywords
        ):
            many = int(call.keywords.get("num_class", call.keywords.get("num_classes", "2"))) > 2
            weights.add("multiclass" if many else "binary", 2, 9004 + many)
        if _ESTIMATOR_OF_N_CLASSES.search(call.name) and "n_classes" not in call.keywords:
            weights.add("binary", 2, 9006)
        if call.attribute == "Dense" and (call.args or "units" in call.keywords):
            _head(call.argument("units", 0) or "", call.argument("activation", 1) or "", weights)


def _head(units: str, activation: str, weights: Weights) -> None:
    if units == "1" and "sigmoid" in activation:
        weights.add("binary", 2, 9007)
    elif "softmax" in activation:
        weights.add("multiclass", 1, 9008)
        weights.add("classification", 2, 9009)


def _two_or_many(
    weights: Weights, snapshot: Snapshot, sources: list[SourceFile], files: list[ForeignFile], settings: set[str], prefix: str
) -> None:
    if weights.of["text"] >= BELIEVED and weights.of["image"] >= BELIEVED:
        return
    words = [
        *settings,
        *{s for source in sources for s, _ in source.strings if s.count(" ") < _SENTENCE_WORDS},
        *(p[len(prefix) :] for p in snapshot.own if p.startswith(prefix)),
        *(line for file in files for _, line in file.lines[:_NAMES_LIMIT]),
        *([] if prefix else [_name(snapshot)]),
    ]
    if any(BINARY_WORDS.search(w) for w in words):
        weights.add("binary", 4, 9101)
    if any(MULTICLASS_WORDS.search(w) for w in words):
        weights.add("multiclass", 4, 9102)
    for count in count_target_values(snapshot, sources, prefix):
        weights.add("binary" if count == 2 else "multiclass", 3, 9103 + (count > 2))


def _settle(weights: dict[str, int], has_training: bool) -> set[str]:
    """Tasks of enough weight, classification named. Where code trains and nothing is believed, the one likely task is taken; a
    squared loss beside pictures, rewards or a series is their loss and no regression, unless an estimator says so."""
    found = {t for t, w in weights.items() if w >= BELIEVED and t not in _INTERNAL}
    if weights.get("classification", 0) >= BELIEVED or (weights.get("classification", 0) >= 2 and has_training and not found):
        found |= _classification(weights, found)
    elif weights.get("image", 0) >= SURE and "reinforcement_learning" not in found and not found & _IMAGE_TASKS:
        found.add("image_classification")
    if not found and has_training and weights.get("multiclass", 0) > weights.get("binary", 0):
        found.add("multiclass_classification")
    if not found and has_training:
        likely = {t: w for t, w in weights.items() if w == BELIEVED - 1 and t not in _INTERNAL}
        special = likely.keys() - {"regression"} or likely.keys()
        found |= special if len(special) == 1 else set()
    if found & (_IMAGE_TASKS | {"reinforcement_learning", "time_series_forecasting"}) and weights.get("regression", 0) < SURE:
        found.discard("regression")
    return found


def _classification(weights: dict[str, int], found: set[str]) -> set[str]:
    """The task that classification evidence stands for, given what else was found: weak evidence is part of another task, and
    the words or pictures of items are what a recommender looks at."""
    if "recommendation" in found and weights.get("classification", 0) < SURE:
        return set()
    image, text, weak = weights.get("image", 0), weights.get("text", 0), weights.get("classification", 0) < SURE
    if image >= BELIEVED and image >= text:
        return set() if found & _IMAGE_TASKS and weak else {"image_classification"}
    if text >= BELIEVED:
        return set() if found & _TEXT_TASKS and weak else {"text_classification"}
    if weak and found & (_TEXT_TASKS | _IMAGE_TASKS | _CLASSIFYING_TASKS):
        return set()
    many = weights.get("multiclass", 0) > weights.get("binary", 0)
    return {"multiclass_classification" if many else "binary_classification"}
