"""What training leaves behind: the formats models are saved in, from code and from files in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile
from tasks.evidence.training.facts import Artifact
from tasks.evidence.training.sources import foreign_lines, training_sources

_BY_NAME = {
    "pickle.dump": "pickle",
    "cPickle.dump": "pickle",
    "_pickle.dump": "pickle",
    "six.moves.cPickle.dump": "pickle",
    "dill.dump": "pickle",
    "cloudpickle.dump": "pickle",
    "pandas.to_pickle": "pickle",
    "joblib.dump": "joblib",
    "sklearn.externals.joblib.dump": "joblib",
    "sklearn.externals.dump": "joblib",
    "torch.save": "pt",
    "torch.jit.save": "torchscript",
    "torch.onnx.export": "onnx",
    "tf2onnx.convert.from_keras": "onnx",
    "onnx.save": "onnx",
    "skl2onnx.convert_sklearn": "onnx",
    "skl2onnx.to_onnx": "onnx",
    "onnxmltools.utils.save_model": "onnx",
    "skops.io.dump": "skops",
    "safetensors.torch.save_file": "safetensors",
    "tensorflow.saved_model.save": "saved_model",
    "tensorflow.keras.models.save_model": "h5",
    "flax.training.checkpoints.save_checkpoint": "flax_checkpoint",
    "mlflow.pyfunc.save_model": "mlflow",
    "tensorflow.lite.TFLiteConverter.from_keras_model": "tflite",
    "tensorflow.lite.TFLiteConverter.from_saved_model": "tflite",
    "bentoml.sklearn.save_model": "bentoml",
    "pmdarima.save": "pickle",
    "sklearn2pmml.sklearn2pmml": "pmml",
    "coremltools.convert": "coreml",
}
_MLFLOW = re.compile(r"^mlflow\.(?:\w+\.){1,2}(?:log_model|save_model)$")
_BY_SUFFIX = {
    ".h5": "h5", ".hdf5": "h5", ".keras": "keras", ".pkl": "pickle", ".pickle": "pickle", ".joblib": "joblib", ".pt": "pt", ".pth": "pt",
    ".ckpt": "ckpt", ".onnx": "onnx", ".cbm": "cbm", ".safetensors": "safetensors", ".model": "model", ".json": "json", ".ubj": "ubj",
    ".txt": "txt", ".bin": "bin", ".tflite": "tflite", ".rds": "rds", ".bst": "bst", ".skops": "skops",
}  # fmt: skip
_BOOSTER_SUFFIX = frozenset((".json", ".ubj", ".txt", ".cbm", ".model", ".bin", ".bst", ".pkl", ".onnx"))
_SUFFIX = re.compile(r"\.[A-Za-z]\w{1,10}(?=['\"}]*$)")
_FOREIGN_SAVES = (
    (re.compile(r"\bsaveRDS\s*\(|\bwrite_rds\s*\("), "rds"),
    (re.compile(r"\bsave_model_hdf5\s*\(|format\s*=\s*[\"']keras[\"']|\btar_format_keras\b|\bserialize_model\s*\("), "hdf5"),
    (re.compile(r"\bsave_model_tf\s*\("), "saved_model"),
    (re.compile(r"\btorch\.save\s*\("), "t7"),
    (re.compile(r"@save\b[^\n]*\.bson|\bBSON\.bson\s*\("), "bson"),
    (re.compile(r"\bjldsave\s*\(|@save\b(?![^\n]*\.bson)"), "jld2"),
    (re.compile(r"\bsave\s*\([^)\n]*\.(?:RData|rda)"), "rdata"),
    (re.compile(r"\bxgb\.save\s*\("), "model"),
)
CONFIG_BYTES = 100_000
CONFIG_LIMIT = 400
_CONFIGURED_CHECKPOINT = re.compile(r"(?m)^[^#\n]{0,80}(?:_target_|class_path)[\"']?\s*:\s*[\"']?(?:[\w.]{0,60}\.)?ModelCheckpoint\b")
_COMMITTED = re.compile(r"(?i)(?:^|/)[^/]*\.(?:pkl|pickle|joblib|h5|hdf5|keras|pt|pth|ckpt|onnx|cbm|safetensors|skops|tflite|t7|rds|pb)$")
_MODEL_WORDS = re.compile(r"(?i)model|clf|classif|regress|pipe|scaler|encoder|vector|cluster|forest|xgb|lgb|svm|net|weights|best|checkpoint|"
                          r"tokenizer|transform|process|estimator|predict|knn|bayes|kmeans|tree|logreg|voting|lstm|cnn|bert|trained|recommend|similar")  # fmt: skip
_DATA_WORDS = re.compile(
    r"(?i)dataset|(?:^|[\W_])(?:data|df|train|test|features|embeddings?|cache|results?|history|labels?|x|y|vocab|samples?|word2idx|meta|stoi|itos|"
    r"documents?|docs|corpus|vectorstore|vector_store|tokens|scores|metrics|params|config)(?:[\W_]|$)"
)


def read_artifacts(snapshot: Snapshot) -> tuple[Artifact, ...]:
    """Places that write a model, then model files in the repository in formats that no code accounts for."""
    found: list[Artifact] = []
    for source in training_sources(snapshot):
        for call in source.calls:
            if word := artifact_format(call, source):
                found.append(Artifact(format=word, place=place_in(snapshot, source.path, call.line)))
        found.extend(_by_framework(snapshot, source))
    found.extend(_configured(snapshot))
    for path, line, code in foreign_lines(snapshot):
        found.extend(Artifact(format=w, place=place_in(snapshot, path, line)) for p, w in _FOREIGN_SAVES if p.search(code))
    return tuple(found) + _committed(snapshot, {a.format for a in found})


def artifact_format(call: Call, source: SourceFile) -> str | None:
    """The word for what a call writes, or None."""
    if call.name in _BY_NAME:
        word = _BY_NAME[call.name]
        return None if word in ("pickle", "joblib", "pt") and is_data_dump(call) else word
    if _MLFLOW.match(call.name):
        return "mlflow"
    if call.attribute == "ModelCheckpoint":
        return _checkpoint_format(call, source)
    if call.attribute in ("save_weights", "save") and source.imported("keras", "tensorflow") and call.args:
        return _keras_format(call)
    if call.attribute in ("save_model", "to_onnx", "export", "save_pretrained", "save_checkpoint"):
        return _method_format(call, source)
    if call.name.endswith("train.Saver") or call.name.endswith("train.Checkpoint"):
        return "tf_checkpoint" if _saves(source) or not _restores(source) else None
    if call.name.endswith(("train.Supervisor", "train.MonitoredTrainingSession")) and {"logdir", "checkpoint_dir"} & call.keywords.keys():
        return "tf_checkpoint"
    if ".estimator." in call.name and "model_dir" in call.keywords:
        return "tf_checkpoint"
    return None


def _saves(source: SourceFile) -> bool:
    return any(c.attribute == "save" for c in source.calls)


def _restores(source: SourceFile) -> bool:
    """A file that only restores what was trained elsewhere."""
    return any(c.attribute in ("restore", "latest_checkpoint") for c in source.calls)


def is_data_dump(call: Call) -> bool:
    """A dump whose arguments name data and no model."""
    text = " ".join(call.args[:2])
    return bool(_DATA_WORDS.search(text)) and not _MODEL_WORDS.search(re.sub(r"(?i)vector_?store", "", text))


def _suffix(call: Call) -> str | None:
    for text in (*call.args[:2], *call.keywords.values()):
        if match := _SUFFIX.search(text):
            return match.group(0).lower()
    return None


def _keras_format(call: Call) -> str | None:
    suffix = _suffix(call)
    if suffix in (".h5", ".hdf5", ".keras"):
        return _BY_SUFFIX[suffix]
    if "signatures" in call.keywords:
        return "saved_model"
    if suffix == ".ckpt" or ("save_format" not in call.keywords and call.attribute == "save_weights"):
        return "tf_checkpoint"
    looks_like_model = re.search(r"(?i)model|net|clf", call.name.split(".")[0]) or (call.receiver or "").endswith(("Sequential", "Model"))
    return "saved_model" if looks_like_model and call.attribute == "save" and suffix is None else None


def _checkpoint_format(call: Call, source: SourceFile) -> str | None:
    if source.imported("pytorch_lightning", "lightning"):
        return "ckpt"
    suffix = _suffix(call)
    return _BY_SUFFIX.get(suffix or "", "h5" if source.imported("keras", "tensorflow") else None)


def _method_format(call: Call, source: SourceFile) -> str | None:
    if call.attribute == "save_pretrained":
        return "safetensors" if source.imported("transformers", "peft", "diffusers", "sentence_transformers") else None
    if call.attribute == "to_onnx" or (call.attribute == "export" and "onnx" in " ".join([*call.keywords.values(), *call.args])):
        return "onnx"
    if call.attribute == "save_checkpoint":
        return "ckpt" if source.imported("pytorch_lightning", "lightning") else None
    suffix = _suffix(call)
    if source.imported("xgboost", "lightgbm", "catboost") and suffix in _BOOSTER_SUFFIX:
        return _BY_SUFFIX[suffix]
    if source.imported("transformers"):
        return "safetensors"
    return "xgb" if source.imported("xgboost") and not suffix else None


def _by_framework(snapshot: Snapshot, source: SourceFile) -> list[Artifact]:
    """Frameworks that keep every artifact of a run without a save in sight."""
    flows = [d for d in source.definitions if d.kind == "class" and "metaflow.FlowSpec" in d.parameters]
    found = [Artifact(format="metaflow", place=place_in(snapshot, source.path, d.line)) for d in flows[:1]]
    return found if any(c.attribute in ("fit", "train") for c in source.calls) else []


def _configured(snapshot: Snapshot) -> Iterator[Artifact]:
    """Lightning's checkpoint callback made by a configuration."""
    for path in [p for p in snapshot.own if p.endswith((".yaml", ".yml")) and snapshot.size(p) <= CONFIG_BYTES][:CONFIG_LIMIT]:
        text = snapshot.text(path) or ""
        if match := _CONFIGURED_CHECKPOINT.search(text):
            yield Artifact(format="ckpt", place=place_in(snapshot, path, text.count("\n", 0, match.start()) + 1))


def _committed(snapshot: Snapshot, known: set[str]) -> tuple[Artifact, ...]:
    """Model files in the repository, when code does not already show how they were written."""
    found = []
    for path in snapshot.own:
        if _COMMITTED.search(path) and _MODEL_WORDS.search(path.rsplit("/", 1)[-1]) and snapshot.size(path) > 200:
            word = (
                "saved_model"
                if path.endswith(".pb")
                else _BY_SUFFIX.get("." + path.rsplit(".", 1)[-1].lower(), path.rsplit(".", 1)[-1].lower())
            )
            same = {word, "joblib" if word == "pickle" else word, "tf_checkpoint" if word == "ckpt" else word}
            if not same & known:
                found.append(Artifact(format=word, place=place_in(snapshot, path)))
    return tuple(found[:200])
