"""Files of a run: by content, hashed, checked, never loaded."""

import hashlib
import json
import os
import pickle
import struct
import zipfile

import joblib
import numpy as np
import pytest

from tasks.evidence.outputs.artifacts import describe_artifacts
from tasks.evidence.outputs.files import list_files


class Evil:
    def __reduce__(self):
        return (os.system, ("touch executed",))


def safetensors(tensors, room, metadata=None):
    header = json.dumps(({"__metadata__": metadata} if metadata else {}) | tensors).encode()
    return struct.pack("<Q", len(header)) + header + bytes(room)


def onnx(*fields):
    return b"".join(fields)


VERSION, OPERATORS = b"\x08\x08", b"\x42\x02\x10\x0d"
GRAPH = b"\x3a\x06" + b"\x0a\x04\x22\x02" + b"Re"  # one node with an operator's name


@pytest.fixture
def describe(tmp_path):
    def artifacts(files, **more):
        for name, data in files.items():
            path = tmp_path / "outputs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        listed = list_files(tmp_path / "outputs")[0]
        found, _ = describe_artifacts(listed, "training", more.get("changed", ()), more.get("excluded", ()), True, lambda path: None)
        return {a.path: a for a in found}

    return artifacts


def test_size_and_hash(describe):
    found = describe({"plot.png": b"\x89PNG\r\n\x1a\nxyz"}, changed=("plot.png",))["plot.png"]
    assert (found.type, found.format, found.size, found.replaces_committed) == ("plot", "png", 11, True)
    assert found.sha256 == hashlib.sha256(b"\x89PNG\r\n\x1a\nxyz").hexdigest()


@pytest.mark.parametrize(
    ("name", "data", "kind", "type_"),
    [
        ("a/lgb.txt", b"tree\nversion=v4\n", "lightgbm", "model"),
        ("xgb.json", b'{"learner":{"attributes":{}}}', "xgboost", "model"),
        ("xgb.ubj", b"{L\x00\x00\x00\x00\x00\x00\x00\x01i\x07learner{", "xgboost", "model"),
        ("cat.cbm", b"CBM1....", "catboost", "model"),
        ("m.h5", b"\x89HDF\r\n\x1a\n" + b"model_weights layer_names", "keras hdf5", "model"),
        ("data.h5", b"\x89HDF\r\n\x1a\n" + b"rows", "hdf5", "data"),
        ("d.parquet", b"PAR1....", "parquet", "data"),
        ("x.npy", b"\x93NUMPY\x01", "npy", "data"),
        ("figure.svg", b"<?xml version='1.0'?><svg>", "svg", "plot"),
        ("metrics.json", b'{"a": 1}', "json", "metrics"),
        ("logs/a.log", b"hello", "log", "log"),
        ("report.html", b"<!DOCTYPE html>", "html", "report"),
        ("weights.ckpt-10.data-00000-of-00001", b"\x00\x01", "unknown", "checkpoint"),
        ("fake.png", b"not a picture", "text", "other"),
        ("nothing.pkl", b"", "empty", "other"),
    ],
)
def test_content_decides(describe, name, data, kind, type_):
    found = describe({name: data})[name]
    assert (found.format, found.type) == (kind, type_)


def test_a_torch_archive_and_a_checkpoint(describe, tmp_path):
    for name in ("model.pt", "checkpoint_3.pt"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("model/data.pkl", pickle.dumps({"w": 1}))
    found = describe({n: (tmp_path / n).read_bytes() for n in ("model.pt", "checkpoint_3.pt")})
    assert [(a.format, a.type) for a in (found["model.pt"], found["checkpoint_3.pt"])] == [("torch", "model"), ("torch", "checkpoint")]


def test_a_fitted_model_and_a_frame(describe, tmp_path):
    import pandas as pd
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit(np.ones((3, 1)), np.ones(3))
    joblib.dump(model, tmp_path / "m.joblib")
    joblib.dump(model, tmp_path / "z.pkl", compress=("gzip", 3))
    found = describe(
        {"m.joblib": (tmp_path / "m.joblib").read_bytes(), "z.pkl": (tmp_path / "z.pkl").read_bytes(), "pipe.pkl": pickle.dumps(model),
         "df.pkl": pickle.dumps(pd.DataFrame({"a": [1]}))}
    )  # fmt: skip
    assert {p: (a.type, a.format) for p, a in found.items()} == {
        "m.joblib": ("model", "joblib"), "z.pkl": ("model", "joblib gzip"), "pipe.pkl": ("model", "pickle"), "df.pkl": ("data", "pickle"),
    }  # fmt: skip
    assert not any(a.dangerous for a in found.values()) and "sklearn" in found["pipe.pkl"].check


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_an_evil_pickle_is_named_and_not_executed(describe, tmp_path, monkeypatch, protocol):
    monkeypatch.chdir(tmp_path)
    found = describe({"model.pkl": pickle.dumps(Evil(), protocol)})["model.pkl"]
    assert found.dangerous and "posix.system" in found.check and found.type == "model"
    assert not (tmp_path / "executed").exists()


def test_evil_inside_a_joblib_file_behind_an_array(describe, tmp_path):
    joblib.dump([np.arange(100.0), Evil()], tmp_path / "m.joblib")
    found = describe({"m.joblib": (tmp_path / "m.joblib").read_bytes()})["m.joblib"]
    assert found.dangerous and "posix" in found.check


def test_a_pickle_with_a_lying_length(describe):
    found = describe({"m.pkl": b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b"x"})["m.pkl"]
    assert "opcodes end early" in found.check


F32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (safetensors({"a": F32, "b": {"dtype": "I64", "shape": [], "data_offsets": [8, 16]}}, 16, {"format": "pt"}), "ok: 2 tensors"),
        (safetensors({"a": F32, "b": F32 | {"data_offsets": [4, 12]}}, 12), "overlap at byte 4"),
        (safetensors({"a": F32 | {"data_offsets": [8, 16]}}, 16), "leave a gap at byte 0"),
        (safetensors({"a": F32}, 9), "end at 8 of 9"),
        (safetensors({"a": F32 | {"shape": [3]}}, 8), "no true size"),
        (safetensors({"a": F32 | {"shape": [-2, -1]}}, 8), "no true size"),
        (struct.pack("<Q", 1 << 62) + b"{}", "a header of 4611686018427387904 bytes"),
        (struct.pack("<Q", 4) + b"nope", "no JSON"),
    ],
)
def test_safetensors_headers(describe, data, told):
    assert told in describe({"m.safetensors": data})["m.safetensors"].check


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (VERSION + GRAPH + OPERATORS, "ok: format version 8, 1 nodes"),
        (VERSION + OPERATORS, "no graph"),
        (GRAPH + OPERATORS, "no format version"),
        (VERSION + b"\x3a\xff\xff\xff\xff\x0f", "a field of 4294967295 bytes where 0 are left"),
        (b"\xff\xff\xff", "broken"),
    ],
)
def test_onnx_messages(describe, data, told):
    assert told in describe({"m.onnx": data})["m.onnx"].check


def test_a_tracking_store_is_one_artifact_and_its_models_stay(describe):
    run = "mlruns/0/" + "a" * 32
    found = describe(
        {
            f"{run}/metrics/rmse": b"1 0.5 0",
            f"{run}/meta.yaml": b"x: 1",
            f"{run}/artifacts/model/model.pkl": pickle.dumps(Evil),
            "sub/mlflow.db": b"SQLite format 3\x00",
        }
    )
    assert {(a.path, a.type) for a in found.values()} == {
        ("mlruns/", "tracking"), (f"{run}/artifacts/model/model.pkl", "model"), ("sub/mlflow.db", "tracking"),
    }  # fmt: skip
    assert found["mlruns/"].check == "2 files"


def test_links_and_pipes_are_never_opened(tmp_path):
    (tmp_path / "secret").write_text("s")
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    (outputs / "link.json").symlink_to(tmp_path / "secret")
    os.mkfifo(outputs / "metrics.json")
    assert list_files(outputs) == ([], 0)


def test_a_file_that_ended_a_reader_is_listed_without_being_parsed(describe):
    found = describe({"m.onnx": b"x"}, excluded=("m.onnx",))["m.onnx"]
    assert found.sha256 and "ended the reader" in found.check
