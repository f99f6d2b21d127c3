"""The libraries a model was made with, and whether these here read it the same way."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

ALWAYS = ("numpy", "pandas", "pydantic", "scikit-learn", "scipy", "skops")
SAME_MINOR = ("scikit-learn",)
"""Their fitted objects change between minor versions."""
SAME_MAJOR = ("catboost", "lightgbm", "numpy", "pandas")


class VersionWarning(UserWarning):
    """A library differs from the one the model was made with."""


def installed(names: Iterable[str]) -> dict[str, str]:
    """Version of each library; one that is not installed is left out."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def check_versions(made_with: Mapping[str, str]) -> None:
    """Raises ValueError for a library that cannot read the model, warns of one that may predict otherwise."""
    here = installed(made_with)
    for name, then in made_with.items():
        now = here.get(name)
        if now is None:
            raise ValueError(f"The model needs {name} {then}, which is not installed. Install its requirements.txt.")
        if (name in SAME_MINOR and now.split(".")[:2] != then.split(".")[:2]) or (
            name in SAME_MAJOR and now.split(".")[0] != then.split(".")[0]
        ):
            raise ValueError(
                f"The model was made with {name} {then}, here is {now}, which may read it wrongly. Install its requirements.txt."
            )
        if now != then:
            told = f"the model was made with {name} {then}, here is {now}: predictions may differ in the last digits"
            warnings.warn(told, VersionWarning, stacklevel=3)
