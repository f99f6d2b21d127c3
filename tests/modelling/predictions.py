"""Made predictions for tests of what is measured on them: no model is fitted."""

import numpy as np
import pandas as pd

from tasks.evidence.scores.facts import Candidate, Member
from tasks.evidence.scores.metrics import METRICS, score
from tasks.modelling.training.data import SearchOutcome, TrainingData
from tasks.rules.building.contract import Contract


def contract(metric="roc_auc", task="binary", **changes):
    classes = {"binary": ("no", "yes"), "multiclass": ("a", "b", "c"), "regression": ()}[task]
    values = {
        "objective": "predict it", "target": "t", "task": task, "classes": classes, "positive": "yes" if task == "binary" else None,
        "metric": metric, "direction": METRICS[metric].direction,
    }  # fmt: skip
    return Contract(**(values | changes))


def probabilities(y, strength, random, sharp=1.0):
    """Of the true classes with noise: calibrated for two classes when `sharp` is 1."""
    k = int(y.max()) + 1
    if k == 2:
        rate = y.mean()
        z = random.normal(size=len(y)) + strength * y
        p = 1 / (1 + np.exp(-sharp * (np.log(rate / (1 - rate)) + strength * z - strength**2 / 2)))
        return np.column_stack([1 - p, p])
    z = sharp * strength * (random.normal(size=(len(y), k)) + strength * np.eye(k)[y])
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def candidate(id, y, oof, metric, origin="portfolio", **changes):
    values = {
        "id": id, "loop": 1, "family": id, "view": "tree", "params": {}, "origin": origin, "status": "done",
        "fold_scores": (0.5,) * 5, "score": score(metric, y, oof), "train_score": None,
    }  # fmt: skip
    return Candidate(**(values | changes))


def search_outcome(folder, y, predictions, metric, best, **changes):
    """An outcome whose champion is `best`; every prediction lies where the search would have put it."""
    candidates = []
    for id, oof in predictions.items():
        (folder / "candidates" / id).mkdir(parents=True)
        np.save(folder / "candidates" / id / "oof.npy", oof)
        candidates.append(candidate(id, y, oof, metric, "baseline" if id in ("dummy", "logistic", "ridge") else "portfolio", **changes))
    return SearchOutcome(
        candidates=tuple(candidates), members=(Member(id=best, family=best, weight=1.0),), oof=predictions[best],
        score=score(metric, y, predictions[best]), baselines=tuple(c for c in candidates if c.origin == "baseline"),
    )  # fmt: skip


def training_data(y, made, folds=5, groups=None):
    return TrainingData(pd.DataFrame({"x": np.arange(float(len(y)))}), y, np.arange(len(y)) % folds, made, groups)
