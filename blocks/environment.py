"""Settings from the environment, readable without Prefect: a command must begin its work before Prefect is imported."""

from __future__ import annotations

import math
import os
from typing import Any

EXECUTORS = ("processes", "dask", "ray")
MOST_JOBS = 16
"""Fits side by side that are taken without being asked for."""


def number(variable: str, default: float, least: float | None = None) -> float:
    """The variable's value; raises ValueError that names it, since a limit that was mistyped must not become another.

    At least `least`, or above 0 without one.
    """
    text = os.environ.get(variable, "").strip()
    try:
        value = float(text or default)
    except ValueError:
        value = math.nan
    if not (value > 0 if least is None else least <= value) or value == math.inf:
        raise ValueError(f"{variable} must be a number {'above 0' if least is None else f'from {least:g} on'} but is {text[:40]!r}")
    return value


def choice(variable: str, choices: tuple[str, ...]) -> str:
    """The variable's value, by default the first choice; raises ValueError that names both."""
    value = os.environ.get(variable, "").strip() or choices[0]
    if value not in choices:
        raise ValueError(f"{variable} must be one of {', '.join(choices)} but is {value[:40]!r}")
    return value


def build_defaults() -> dict[str, Any]:
    """How fits of model building run side by side; raises ValueError that names the variable."""
    return {
        "jobs": int(number("AXIOM_BUILD_JOBS", min(os.cpu_count() or 2, MOST_JOBS))),
        "executor": choice("AXIOM_BUILD_EXECUTOR", EXECUTORS),
        "address": os.environ.get("AXIOM_BUILD_ADDRESS", ""),
        "optuna_storage": os.environ.get("AXIOM_OPTUNA_STORAGE", ""),
    }
