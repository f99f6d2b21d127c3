"""What protects and bounds a long training: checkpoints while it runs, early stopping, and which trainings are long."""

from __future__ import annotations

from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile
from tasks.evidence.training.sources import training_sources

_CHECKPOINT_CALLS = frozenset(
    [
        "ModelCheckpoint",
        "save_checkpoint",
        "CheckpointManager",
        "BackupAndRestore",
        "CheckpointConfig",
        "OrbaxCheckpointer",
        "StandardCheckpointer",
        "CheckpointCallback",
        "CSVCheckpointer",
        "save_state",
        "ScoreModelSaver",
        "SaveModelCallback",
    ]
)
_EARLY_STOPPING_CALLS = frozenset(
    ["EarlyStopping", "early_stopping", "EarlyStoppingCallback", "EarlyStoppingHandler", "stop_if_no_decrease_hook"]
)
_EARLY_STOPPING_KEYWORDS = frozenset(["early_stopping_rounds", "od_wait", "early_stopping", "n_iter_no_change", "early_stopping_round"])
_BOOSTED = frozenset(
    [
        "XGBClassifier",
        "XGBRegressor",
        "LGBMClassifier",
        "LGBMRegressor",
        "CatBoostClassifier",
        "CatBoostRegressor",
        "CatBoost",
        "HistGradientBoostingClassifier",
        "HistGradientBoostingRegressor",
        "XGBRanker",
        "LGBMRanker",
    ]
)
_BOOSTED_NAMES = frozenset(("xgboost.train", "lightgbm.train"))
DEEP_MODULES = frozenset(
    [
        "torch",
        "tensorflow",
        "keras",
        "pytorch_lightning",
        "lightning",
        "jax",
        "flax",
        "mxnet",
        "paddle",
        "fastai",
        "transformers",
        "chainer",
    ]
)
_PLACES = 50


class TrainingLength:
    """Places by what they say about the length of training."""

    def __init__(self) -> None:
        self.checkpoints: list[Place] = []
        self.early_stopping: list[Place] = []
        self.iterative: list[Place] = []
        self.deep: list[Place] = []
        self.fits: list[Place] = []


def read_checkpoints(snapshot: Snapshot) -> TrainingLength:
    """Checkpoints, early stopping, boosted and deep training of the repository."""
    found = TrainingLength()
    for source in training_sources(snapshot):
        deep = bool(source.modules & DEEP_MODULES)
        for call in source.calls:
            _read_call(snapshot, source, call, deep, found)
    for places in (found.checkpoints, found.early_stopping, found.iterative, found.deep, found.fits):
        del places[_PLACES:]
    return found


def _read_call(snapshot: Snapshot, source: SourceFile, call: Call, deep: bool, found: TrainingLength) -> None:
    def add(places: list[Place], note: str) -> None:
        places.append(place_in(snapshot, source.path, call.line, note))

    if call.attribute in _CHECKPOINT_CALLS or is_resumable_save(call):
        add(found.checkpoints, call.attribute)
    if call.attribute in _EARLY_STOPPING_CALLS or _EARLY_STOPPING_KEYWORDS & call.keywords.keys():
        add(found.early_stopping, call.attribute)
    if call.attribute in _BOOSTED or call.name in _BOOSTED_NAMES:
        add(found.iterative, call.attribute)
    if is_fit(call):
        add(found.fits, call.attribute)
    if deep and is_deep_training(call):
        add(found.deep, call.attribute)


def is_resumable_save(call: Call) -> bool:
    """`torch.save` of a state in a training function, or a Saver, or a trainer that saves by steps."""
    if call.name == "torch.save":
        return "state" in " ".join(call.args) or "ckpt" in " ".join(call.args) or "checkpoint" in " ".join(call.args)
    if call.name.endswith("train.Saver") or call.name.endswith("train.Checkpoint"):
        return True
    return call.attribute == "TrainingArguments" and call.keywords.get("save_strategy", "'steps'") != "'no'"


def is_fit(call: Call) -> bool:
    """A call that fits something: `.fit`, `.fit_generator`, `.partial_fit`, `lgb.train`, `.backward`."""
    return call.name in _BOOSTED_NAMES or (call.attribute in ("fit", "fit_generator", "partial_fit", "backward") and "." in call.name)


def is_deep_training(call: Call) -> bool:
    """A step or loop of a neural network's training."""
    if call.attribute in ("backward", "fit_generator", "apply_gradients", "minimize") and "." in call.name:
        return True
    if call.attribute == "fit":
        return "epochs" in call.keywords or (call.receiver or "").endswith(("Trainer", "Model", "Sequential"))
    return call.attribute == "train" and (call.receiver or "").endswith("Trainer")
