"""LightGBM and CatBoost models in their own file formats: LightGBM's text, CatBoost's cbm."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

CATBOOST = ("CatBoost", "CatBoostClassifier", "CatBoostRegressor")


def is_lightgbm(thing: Any) -> bool:
    """A Booster, asked without importing LightGBM."""
    return type(thing).__module__ == "lightgbm.basic" and type(thing).__name__ == "Booster"


def is_catboost(thing: Any) -> bool:
    """A CatBoost model, asked without importing CatBoost."""
    return type(thing).__module__ == "catboost.core" and type(thing).__name__ in CATBOOST


def lightgbm_text(booster: Any) -> bytes:
    """All trees, with 17 digits: it predicts the same to the last bit."""
    return str(booster.model_to_string(num_iteration=-1)).encode()


def lightgbm_from_text(text: bytes, best_iteration: int) -> Any:
    """The booster again."""
    import lightgbm

    booster = lightgbm.Booster(model_str=text.decode())
    booster.best_iteration = best_iteration
    return booster


def catboost_bytes(model: Any) -> bytes:
    """The model in the cbm format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.cbm"
        model.save_model(str(path), format="cbm")
        return path.read_bytes()


def catboost_from_bytes(blob: bytes, kind: str) -> Any:
    """The model again; `kind` is one of `CATBOOST`."""
    import catboost

    if kind not in CATBOOST:
        raise ValueError(f"unknown kind of CatBoost model: {kind}")
    model = getattr(catboost, kind)()
    model.load_model(blob=blob, format="cbm")
    return model
