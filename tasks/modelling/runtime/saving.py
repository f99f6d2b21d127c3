"""A model as a folder of safe files, and back.

    model.json   what it is, the versions it was made with, the sha256 of every other file
    state.skops  views, estimators, calibrator without their heavy parts
    parts.zip    trees as arrays, LightGBM as text, CatBoost as cbm
    schema.json  how each column is read

No file can run code: nothing is pickled, and types come from a list in `trusted`, not from the files. The hashes show damage
and tampering by someone who could not write `model.json`; against someone who can, compare the digest `save_model` gave.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tasks.evidence.table.schema import TableSchema
from tasks.modelling.runtime.generated import GeneratedCode
from tasks.modelling.runtime.parts import Parts
from tasks.modelling.runtime.predictor import Part, Predictor
from tasks.modelling.runtime.taking_apart import put_together, take_apart
from tasks.modelling.runtime.trusted import is_trusted
from tasks.modelling.runtime.versions import ALWAYS, check_versions, installed

FORMAT = "axiom-model"
FORMAT_VERSION = 1
MANIFEST, STATE, PARTS, SCHEMA = "model.json", "state.skops", "parts.zip", "schema.json"
NEEDED = (STATE, PARTS, SCHEMA)
_PLAIN = ("task", "target", "columns", "classes", "positive", "threshold", "about")


class ModelRefused(ValueError):
    """The folder holds no model that may be loaded here; the message says why and what to do."""


def save_model(predictor: Predictor, folder: Path, documents: Mapping[str, str] | None = None) -> str:
    """Write the model, with further text files by name; gives the sha256 of `model.json`, which stands for the whole model.

    Raises ModelRefused when something fitted cannot be kept without pickle.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = Parts()
    state = {"views": predictor.views, "estimators": [p.estimator for p in predictor.parts], "calibrator": predictor.calibrator}
    (folder / STATE).write_bytes(_dump(take_apart(state, parts)))
    parts.write(folder / PARTS)
    (folder / SCHEMA).write_text(predictor.schema.model_dump_json(indent=1), encoding="utf-8")
    documents = {**(documents or {}), **{code_file(i): one.code for i, one in enumerate(predictor.generated)}}
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    manifest = json.dumps(_manifest(predictor, folder, (*NEEDED, *documents)), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    return hashlib.sha256(manifest.encode()).hexdigest()


def load_model(folder: Path, digest: str = "", *, trust_generated_code: bool = False) -> Predictor:
    """The model of a folder. Raises ModelRefused when a file is missing, changed, or holds what it may not.

    `digest` is what `save_model` gave; with it the model is the one that was saved, whoever could write to the folder since.
    Code that a language model wrote for its features runs at prediction only with `trust_generated_code`.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder, digest)
    try:
        check_versions(manifest["versions"])
        schema = TableSchema.model_validate_json((folder / SCHEMA).read_bytes())
        state = _load_state(folder)
        fitted = [
            Part(view=told["view"], estimator=estimator, weight=float(told["weight"]), name=told.get("name", ""))
            for told, estimator in zip(manifest["parts"], state["estimators"], strict=True)
        ]
        plain = {name: manifest[name] for name in _PLAIN}
        plain |= {"columns": tuple(plain["columns"]), "classes": tuple(plain["classes"])}
        return Predictor(schema=schema, views=state["views"], parts=tuple(fitted), calibrator=state["calibrator"],
            generated=_generated(folder, manifest), trusts_generated=trust_generated_code, **plain,
        )  # fmt: skip
    except ModelRefused:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, ImportError, FileNotFoundError) as error:
        raise ModelRefused(f"The model in {folder} cannot be read: {error}") from error


def code_file(number: int) -> str:
    """Name of the file with a piece of generated code."""
    return f"generated_features_{number + 1}.py"


def _generated(folder: Path, manifest: dict[str, Any]) -> tuple[GeneratedCode, ...]:
    """The pieces of generated code; read here, run nowhere."""
    found = []
    for told in manifest.get("generated", ()):
        if told["file"] not in manifest["files"]:
            raise ModelRefused(f"{MANIFEST} names {told['file']}, whose hash it does not hold. It was not loaded.")
        code = (folder / told["file"]).read_text(encoding="utf-8")
        found.append(GeneratedCode(code, dict(told["state"]), tuple(told["reads"]), tuple((str(n), str(k)) for n, k in told["makes"])))
    return tuple(found)


def versions_needed(predictor: Predictor) -> dict[str, str]:
    """Exact version of every library the model needs to predict."""
    names = [*ALWAYS]
    seen = repr([_libraries(part.estimator) for part in predictor.parts])
    names += [library for library in ("lightgbm", "catboost") if library in seen]
    return dict(sorted(installed(names).items()))


def _manifest(predictor: Predictor, folder: Path, files: tuple[str, ...]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **{name: getattr(predictor, name) for name in _PLAIN},
        "parts": [{"name": p.name, "view": p.view, "weight": p.weight} for p in predictor.parts],
        "generated": [
            {"file": code_file(i), "state": one.state, "reads": one.reads, "makes": one.makes} for i, one in enumerate(predictor.generated)
        ],
        "versions": versions_needed(predictor),
        "files": {name: _file_facts(folder / name) for name in files},
    }


def _read_manifest(folder: Path, digest: str) -> dict[str, Any]:
    try:
        text = (folder / MANIFEST).read_bytes()
        manifest = json.loads(text)
    except FileNotFoundError as error:
        raise ModelRefused(f"{folder} holds no {MANIFEST}. Give the folder that a build wrote as `model`.") from error
    except ValueError as error:
        raise ModelRefused(f"{folder / MANIFEST} is not JSON, so it was damaged. Take the model from the build again.") from error
    if digest and hashlib.sha256(text).hexdigest() != digest:
        raise ModelRefused(f"{folder / MANIFEST} is not the one that was registered. Take the model from the build again.")
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ModelRefused(f"{folder / MANIFEST} is of no model of ours. Give the folder that a build wrote as `model`.")
    if manifest.get("format_version") != FORMAT_VERSION:
        raise ModelRefused(
            f"The model has format {manifest.get('format_version')}, this version reads {FORMAT_VERSION}. Use the version that made it."
        )
    _check_files(folder, manifest.get("files"))
    return manifest


def _check_files(folder: Path, files: Any) -> None:
    if not isinstance(files, dict) or not set(NEEDED) <= set(files):
        raise ModelRefused(f"{folder / MANIFEST} does not list the model's files. Take the model from the build again.")
    for name, told in files.items():
        path = folder / name
        if "/" in name or "\\" in name:
            raise ModelRefused(f"{folder / MANIFEST} names {name}, which is outside the model. It was not loaded.")
        if not path.is_file():
            if name in NEEDED:
                raise ModelRefused(f"{name} of the model is missing. Take the model from the build again.")
            continue  # a document that a copy may leave out
        if not isinstance(told, dict) or _file_facts(path)["sha256"] != told.get("sha256"):
            raise ModelRefused(f"{name} is not the file the model was saved with. Take the model from the build again.")


def _file_facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _dump(state: Any) -> bytes:
    import skops.io

    try:
        content = skops.io.dumps(state, compression=zipfile.ZIP_DEFLATED, compresslevel=1)
    except Exception as error:  # skops lets through whatever an object's own reduction raises
        raise ModelRefused(f"Something fitted cannot be saved without pickle: {type(error).__name__}: {error}") from error
    _refuse_untrusted(content)
    return content


def _load_state(folder: Path) -> dict[str, Any]:
    import skops.io

    content = (folder / STATE).read_bytes()
    try:
        trusted = _refuse_untrusted(content)
        with_gaps = skops.io.loads(content, trusted=trusted)
    except zipfile.BadZipFile as error:
        raise ModelRefused(f"{STATE} is not a skops file. Take the model from the build again.") from error
    parts = Parts.open(folder / PARTS)
    try:
        state = put_together(with_gaps, parts)
    finally:
        parts.close()
    if not isinstance(state, dict) or state.keys() != {"views", "estimators", "calibrator"}:
        raise ModelRefused(f"{STATE} does not hold a model's state. Take the model from the build again.")
    return state


def _refuse_untrusted(content: bytes) -> list[str]:
    """The types beyond skops' own list that the content needs, all of them on ours. Raises ModelRefused."""
    import skops.io

    found = skops.io.get_untrusted_types(data=content)
    refused = [name for name in found if not is_trusted(name)]
    if refused:
        raise ModelRefused(
            f"The model holds {', '.join(refused[:3])}, which is not on the list of types a model may hold. It was not loaded."
        )
    return list(found)


def _libraries(thing: Any, depth: int = 0) -> set[str]:
    """Top-level packages of an estimator and of what it is made of."""
    found = {type(thing).__module__.split(".")[0]}
    inner = list(vars(thing).values()) if hasattr(thing, "__dict__") and depth < 6 else []
    inner += list(thing) if isinstance(thing, (list, tuple)) else []
    inner += list(thing.values()) if isinstance(thing, dict) else []
    for one in inner:
        if not isinstance(one, (str, int, float, bool, type(None))):
            found |= _libraries(one, depth + 1)
    return found
