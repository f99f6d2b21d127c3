"""The steps of a build, each a function of the session that returns small JSON. `told` in it is the line a person reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tasks.modelling.steps.evaluating import evaluate
from tasks.modelling.steps.features import make_features
from tasks.modelling.steps.finalizing import finalize
from tasks.modelling.steps.generating import hand_out, hand_out_sealed, judge_generated
from tasks.modelling.steps.keeping import judged, pause
from tasks.modelling.steps.plotting import plot
from tasks.modelling.steps.reading import read
from tasks.modelling.steps.splitting import split
from tasks.modelling.steps.training import train
from tasks.modelling.steps.understanding import agree

STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "read": read,
    "contract": agree,
    "split": split,
    "features": make_features,
    "hand_out": hand_out,
    "generated": judge_generated,
    "hand_out_sealed": hand_out_sealed,
    "plots": plot,
    "train": train,
    "evaluate": evaluate,
    "judged": judged,
    "pause": pause,
    "finalize": finalize,
}
