"""Runs inside the container: loads each model file that a training left, and prints what it is as one JSON line a file.

python load_model.py FORMAT PATH [FORMAT PATH ...]
"""

import json
import os
import pickle
import sys

MARK = "MODEL "


def load(kind, path):
    """The loaded object, by the library that wrote such files; LookupError where none is known or installed."""
    if kind in ("pickle", "joblib"):
        return load_pickled(path)
    if kind == "torch":
        return load_torch(path)
    if kind in ("keras", "keras hdf5", "hdf5"):
        from tensorflow import keras

        return keras.models.load_model(path, compile=False)
    if kind == "onnx":
        import onnxruntime

        return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    if kind == "catboost":
        import catboost

        return catboost.CatBoost().load_model(path)
    if kind == "lightgbm":
        import lightgbm

        return lightgbm.Booster(model_file=path)
    if kind == "xgboost":
        import xgboost

        booster = xgboost.Booster()
        booster.load_model(path)
        return booster
    raise LookupError(f"no loader for the format {kind}")


def load_torch(path):
    import torch

    try:
        return torch.load(path, map_location="cpu", weights_only=False)
    except TypeError:  # a torch that does not know the option
        return torch.load(path, map_location="cpu")


def load_pickled(path):
    try:
        import joblib
    except ImportError:
        with open(path, "rb") as file:
            return pickle.load(file)
    return joblib.load(path)


def told(kind, path):
    try:
        model = load(kind, path)
    except Exception as error:
        return {"path": path, "why": f"{type(error).__name__}: {str(error)[:200]}"}
    return {"path": path, "type": f"{type(model).__module__}.{type(model).__qualname__}"}


if __name__ == "__main__":
    # Classes that the repository pickled are its own modules.
    sys.path.insert(0, os.getcwd())
    for kind, path in zip(sys.argv[1::2], sys.argv[2::2]):
        print(MARK + json.dumps(told(kind, path)), flush=True)
