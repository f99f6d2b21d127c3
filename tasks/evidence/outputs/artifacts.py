"""The files of a run as artifacts: type, format, size, hash, and a static check where the format has one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence

from tasks.evidence.outputs.facts import Artifact, ArtifactType, Phase
from tasks.evidence.outputs.files import OutputFile, open_regular
from tasks.evidence.outputs.formats import format_of
from tasks.evidence.outputs.metric_files import is_metrics_name
from tasks.evidence.outputs.pickle_check import check_pickle
from tasks.evidence.outputs.static_checks import check_onnx, check_safetensors
from tasks.evidence.outputs.stores import store_of

MAX_ARTIFACTS = 400
MODEL_FORMATS = frozenset(
    [
        "onnx", "safetensors", "torch", "keras", "keras hdf5", "skops", "catboost", "xgboost", "lightgbm", "tflite", "gguf", "pmml", "pickle",
        "joblib", "joblib zlib", "joblib gzip", "joblib bzip2", "joblib xz", "joblib lz4", "unreadable keras",
    ]
)  # fmt: skip
_PLOTS = frozenset(["png", "jpeg", "gif", "svg", "pdf"])
_DATA = frozenset(["csv", "parquet", "arrow", "feather", "npy", "npz", "avro", "xlsx", "sqlite", "jsonl", "hdf5"])
_CHECKPOINT = re.compile(r"(?:^|[/_.-])(?:checkpoints?|ckpts?|epoch[=_-]?\d+|step[=_-]?\d+|snapshot_?\d+)(?:[/_.=-]|$)", re.IGNORECASE)
_TF_CHECKPOINT = re.compile(r"\.ckpt(?:-\d+)?\.(?:index|meta|data-\d{5}-of-\d{5})$|\.weights\.h5$")
_DATA_GLOBALS = re.compile(r"^(?:pandas|numpy|scipy\.sparse|builtins|copyreg|_codecs|datetime|collections|pyarrow|joblib\.numpy_pickle)\b")
Announce = Callable[[str], None]


def describe_artifacts(
    files: Sequence[OutputFile], phase: Phase, changed: Collection[str], excluded: Collection[str], parse: bool, announce: Announce
) -> tuple[list[Artifact], int]:
    """Models first, then by path, at most the limit, and how many more there are. Tracking stores are one artifact each."""
    described: list[Artifact] = []
    stores: dict[str, list[Artifact]] = {}
    for file in files:
        announce(file.path)
        artifact = _describe(file, phase, file.path in changed, parse and file.path not in excluded)
        store = store_of(file.path)
        if store and artifact.type not in ("model", "checkpoint"):
            stores.setdefault(store, []).append(artifact)
        else:
            described.append(artifact)
    described += [_collapse(path, parts, phase) for path, parts in stores.items()]
    described.sort(key=lambda a: (a.type not in ("model", "checkpoint"), a.type in ("other", "data"), a.path))
    return described[:MAX_ARTIFACTS], len(described[MAX_ARTIFACTS:])


def _describe(file: OutputFile, phase: Phase, replaces: bool, parse: bool) -> Artifact:
    try:
        sha256 = _hash(file)
        kind = format_of(file) if parse else "unknown"
        check, dangerous, imports = _check(file, kind) if parse else ("not checked: reading it ended the reader", False, ("?",))
    except OSError as error:
        sha256, kind, check, dangerous, imports = "", "unknown", f"not readable: {error.strerror or error}", False, ("?",)
    return Artifact(
        path=file.path,
        type=_type(file, kind, imports),
        format=kind,
        size=file.size,
        sha256=sha256,
        phase=phase,
        replaces_committed=replaces,
        check=check,
        dangerous=dangerous,
    )


def _hash(file: OutputFile) -> str:
    with open_regular(file.full) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check(file: OutputFile, kind: str) -> tuple[str, bool, tuple[str, ...]]:
    if kind == "safetensors":
        return check_safetensors(file.full, file.size)[1], False, ()
    if kind == "onnx":
        return check_onnx(file.full, file.size)[1], False, ()
    if kind in ("pickle", "torch") or kind.startswith("joblib"):
        return check_pickle(file, kind)
    return "", False, ()


def _type(file: OutputFile, kind: str, imports: tuple[str, ...]) -> ArtifactType:
    if kind == "tensorboard" or store_of(file.path):
        return "model" if kind in MODEL_FORMATS and kind != "unreadable keras" else "tracking"
    if _TF_CHECKPOINT.search(file.name):
        return "checkpoint"
    if kind in MODEL_FORMATS or (kind == "protobuf" and file.name == "saved_model.pb"):
        if kind == "pickle" and all(_DATA_GLOBALS.match(i) for i in imports):
            return "data"
        return "checkpoint" if _CHECKPOINT.search(file.path) else "model"
    if kind in _PLOTS:
        return "plot"
    if is_metrics_name(file.path):
        return "metrics"
    if kind == "log" or re.search(r"(?:^|/)logs?/", file.path):
        return "log"
    if kind in ("html", "markdown", "notebook"):
        return "report"
    return "data" if kind in _DATA else "other"


def _collapse(path: str, parts: Sequence[Artifact], phase: Phase) -> Artifact:
    """One artifact for a whole store; its hash is that of its files' paths and hashes."""
    if len(parts) == 1 and parts[0].path == path:
        return parts[0]
    digest = hashlib.sha256("\n".join(f"{p.path} {p.sha256}" for p in parts).encode()).hexdigest()
    return Artifact(
        path=f"{path}/",
        type="tracking",
        format=path.rsplit("/", 1)[-1].lstrip("."),
        size=sum(p.size for p in parts),
        sha256=digest,
        phase=phase,
        replaces_committed=any(p.replaces_committed for p in parts),
        check=f"{len(parts)} files",
    )
