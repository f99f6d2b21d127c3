"""How rows are held out: split functions, library splits, slices by name, cross-validation."""

from __future__ import annotations

import re

from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile
from tasks.evidence.training.facts import Split
from tasks.evidence.training.seeds import SPLITTERS, is_free_split, seeded_keyword
from tasks.evidence.training.sources import ML_MODULES, foreign_lines, training_sources

CROSS_VALIDATION = frozenset(
    [
        "KFold",
        "StratifiedKFold",
        "RepeatedKFold",
        "RepeatedStratifiedKFold",
        "GroupKFold",
        "StratifiedGroupKFold",
        "LeaveOneOut",
        "LeaveOneGroupOut",
        "LeavePOut",
        "TimeSeriesSplit",
        "cross_val_score",
        "cross_validate",
        "cross_val_predict",
        "GridSearchCV",
        "RandomizedSearchCV",
        "HalvingGridSearchCV",
        "HalvingRandomSearchCV",
        "BayesSearchCV",
        "RFECV",
        "LassoCV",
        "RidgeCV",
        "ElasticNetCV",
        "LogisticRegressionCV",
        "RidgeClassifierCV",
        "CrossValidator",
        "CalibratedClassifierCV",
        "learning_curve",
        "validation_curve",
        "OptunaSearchCV",
        "TuneSearchCV",
        "TuneGridSearchCV",
        "permutation_test_score",
    ]
)
_CV_FUNCTIONS = frozenset(
    ("xgboost.cv", "lightgbm.cv", "catboost.cv", "prophet.diagnostics.cross_validation", "surprise.model_selection.cross_validate")
)
_LIBRARY_SPLITS = frozenset(
    [
        "train_test_split",
        "random_split",
        "split_dataset",
        "RandomSplitter",
        "GrandparentSplitter",
        "TrainValidationSplit",
        "TrainTestSplit",
        "image_dataset_from_directory",
        "randomSplit",
        "random_train_test_split",
        "temporal_train_test_split",
        "RandomSubsetSplitter",
    ]
)
CONFIG_BYTES = 100_000
_TEXT_SPLITTERS = re.compile(r"^(?:langchain|llama_index)")
_PART = re.compile(r"""^['"](?:train|validation|valid|val|test|dev)(?:\[[^\]]*\])?(?:\+\w+)?['"]$""")
_OWN_SPLIT = re.compile(
    r"(?:^|_)(?:train_?(?:val(?:id)?_?)?(?:and_?)?test_?split|split_?(?:the_?)?(?:data|dataset|train|valid(?:ation)?_train|df|train_test|into_train)\w*|"
    r"(?:train_?(?:val|valid|dev)|data|dataset|stratified|stratify|test_?train)_?split(?:ter)?|holdout_split|make_split)s?$",
    re.I,
)
_HELD_OUT_NAME = re.compile(
    r"^(?:\w+\.)*(?:[xy]_?)?(?:\w*_)?(?:test|val|valid|validation|holdout|dev)(?:_?(?:set|data|df|x|y|loader|ds|"
    r"dataset|features|labels|idx|indices|texts|dataloader|gen|generator|iter|data_loader))?$",
    re.I,
)
_FOREIGN_SPLIT = re.compile(
    r"\binitial_split\s*\(|\binitial_time_split\s*\(|\bcreateDataPartition\s*\(|\bsample\.split\s*\(|\bsplitobs\s*\(|"
    r"\bpartition\s*\([^)]*\d|\bsplit_sizes\b|\btrain_frac\b|\bval_frac\b|\bsample_frac\s*\(|\bslice_sample\s*\(|"
    r"\bx?_?train\s*(?:<-|=)\s*\S+\[|\bvalidation_split\s*=|\bsplit_train_test\b"
)
_FOREIGN_CV = re.compile(
    r"\bvfold_cv\s*\(|\btrainControl\s*\(\s*method\s*=\s*[\"'](?:repeated)?cv|\bcv\.glmnet\s*\(|\bxgb\.cv\s*\(|\bcreateFolds\s*\(|"
    r"\bkfolds?\s*\(|\bgroup_vfold_cv\s*\(|\brolling_origin\s*\(|\bloo_cv\s*\("
)
_LOADER = re.compile(r"^(?:load|read|fetch)_?\w*$", re.I)
_HELD_OUT_ROWS = re.compile(
    r"^[xy]_?(?:test|valid|val)\w{0,10}$|^(?:test|valid|validation|val)_?(?:set|data|df|images|labels|x|y|ds)$", re.I
)
_RATIOS = re.compile(r"(?m)^[ \t]*split_ratios[ \t]*:[ \t]*\[")
_FILTER = re.compile(
    r"(?m)^[ \t]*(\w{0,40}(?:train|test|valid|validation))[ \t]*=[ \t]*(\w{1,40})(?:\.loc)?\[\(?~?\(?\2(?:\[|\.)[^\n]{1,120}(?:[<>]|==|!=|isin)[^\n]{1,160}\]"
)
_PART_OF_DICT = re.compile(r"\w\[[\"'](train|validation|valid|val|test|dev)(?:_matched)?[\"']\]")
_VALUE = re.compile(r"(?i)^(?:\w*_)?val(?:_\w+)?$")
_WRITTEN = re.compile(r"(?i)(?:^|_)(train|test|valid|validation|val)(?:_|$)")
_SLICE = re.compile(
    r"(?m)^[ \t]*((?:[xyXY]_?)?(?:\w{0,40}_)?(?:train|test|val|valid|validation)(?:_?(?:set|data|df|x|y|X|Y|features|labels|ds|idx|indices))?"
    r"(?:_\w{1,30})?)[ \t]*(?:,[ \t]*\w{1,40}[ \t]*){0,3}=[ \t]*[\w.\[\]'\"() ]{1,60}\[[^\]=]{0,80}(?::|~|<|>|mask|msk|idx|ind|perm)[^\]]{0,80}\]"
)


def read_splits(snapshot: Snapshot) -> tuple[tuple[Split, ...], tuple[Place, ...]]:
    """Splits and cross-validation places of the repository."""
    splits: list[Split] = []
    folds: list[Place] = []
    for source in training_sources(snapshot):
        _read_source(snapshot, source, splits, folds)
    for path in (p for p in snapshot.own if p.endswith((".yaml", ".yml")) and snapshot.size(p) < CONFIG_BYTES):
        if match := _RATIOS.search(snapshot.text(path) or ""):
            line = (snapshot.text(path) or "").count("\n", 0, match.start()) + 1
            splits.append(Split(how="split_ratios", place=place_in(snapshot, path, line)))
    for path, line, code in foreign_lines(snapshot):
        if _FOREIGN_SPLIT.search(code):
            splits.append(Split(how="split", place=place_in(snapshot, path, line)))
        if _FOREIGN_CV.search(code):
            folds.append(place_in(snapshot, path, line, "cross-validation"))
    return tuple(splits), tuple(folds)


def _read_source(snapshot: Snapshot, source: SourceFile, splits: list[Split], folds: list[Place]) -> None:
    related = bool(source.modules & ML_MODULES)
    for call in source.calls:
        if call.attribute in CROSS_VALIDATION or call.name in _CV_FUNCTIONS:
            folds.append(place_in(snapshot, source.path, call.line, call.attribute))
        how = split_name(call, related)
        if how:
            free = is_free_split(call)
            seeded = True if seeded_keyword(call) else (False if free else None)
            splits.append(Split(how=how, seeded=seeded, shuffled=_is_shuffled(call), place=place_in(snapshot, source.path, call.line)))
    if not splits:
        splits.extend(_slices(snapshot, source) or _dealt_out(snapshot, source))


def split_name(call: Call, related: bool) -> str | None:
    """What a call splits with, or None."""
    if call.attribute in _LIBRARY_SPLITS and not _TEXT_SPLITTERS.match(call.name):
        return call.attribute
    if call.attribute in SPLITTERS | CROSS_VALIDATION and call.attribute[-4:] in ("Fold", "plit"):
        return call.attribute
    if any(
        call.keywords.get(k, "None") not in ("None", "0", "0.0")
        for k in ("validation_split", "validation_data", "eval_dataset", "validation_steps")
    ):
        return "validation data"
    if "split" in call.keywords and (_PART.match(call.keywords["split"]) or call.keywords["split"].startswith(("[", "("))):
        return "library split"
    if call.keywords.get("train") == "False" and call.attribute[:1].isupper():
        return "library split"
    if call.attribute == "load_data" and ("dataset" in call.name or "keras" in call.name):
        return "library split"
    if _OWN_SPLIT.search(call.attribute) and related:
        return call.attribute
    if related and call.attribute in ("DataLoader", "read_csv", "flow_from_directory", "Dataset", "ImageFolder", "load_dataset"):
        return "own files" if any(_HELD_OUT_NAME.match(t) for t in call.targets) else None
    if related and _LOADER.match(call.attribute) and any(_HELD_OUT_ROWS.match(t) for t in call.targets):
        return "own files"
    return None


def _is_shuffled(call: Call) -> bool | None:
    if call.keywords.get("shuffle") in ("True", "False"):
        return call.keywords["shuffle"] == "True"
    return True if call.attribute == "train_test_split" else None


def _slices(snapshot: Snapshot, source: SourceFile) -> list[Split]:
    """`train = df[:n]`, `X_test = X[mask]`: an assignment to a part's name from a slice or mask."""
    code = source.notebook.code if source.notebook else snapshot.text(source.path) or ""
    if not (source.modules & ML_MODULES or source.imported("numpy", "pandas")):
        return []
    short, trains = "\n".join(line[:300] for line in code.split("\n")), "train" in code
    found = []
    for match in (*_SLICE.finditer(short), *_FILTER.finditer(short)):
        if trains or not _VALUE.match(match.group(1)):
            line = code.count("\n", 0, match.start(1)) + 1
            found.append(Split(how="slice", place=place_in(snapshot, source.path, line)))
    if source.imported("datasets") and len({m.group(1) for m in _PART_OF_DICT.finditer(short)}) > 1:
        first = next(_PART_OF_DICT.finditer(short))
        found.append(Split(how="library split", place=place_in(snapshot, source.path, code.count("\n", 0, first.start()) + 1)))
    return found[:20]


def _dealt_out(snapshot: Snapshot, source: SourceFile) -> list[Split]:
    """One file that opens a training and a test file for writing deals the rows out by itself."""
    opened = [c for c in source.calls if c.name.endswith("open") and any(a.startswith(("'w", "'a")) for a in c.args[1:2])]
    parts = {m.group(1).lower(): c for c in opened for t in c.targets if (m := _WRITTEN.search(t))}
    if "train" not in parts or len(parts) < 2:
        return []
    return [Split(how="own files", place=place_in(snapshot, source.path, parts["train"].line))]
