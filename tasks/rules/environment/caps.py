"""Versions that broke what earlier code relies on: bounds for names that nobody bounded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from packaging.specifiers import SpecifierSet


@dataclass(frozen=True)
class Cap:
    name: str
    below: str
    written_before: date
    """Code of this day or later may know the new version."""
    reason: str


CAPS = (
    Cap("pandas", "3", date(2026, 1, 21), "pandas 3 copies on write and refuses calls that earlier code makes"),
    Cap("numpy", "2", date(2024, 6, 16), "NumPy 2 removed names and broke wheels built before it"),
    Cap("scikit-learn", "1.2", date(2022, 12, 8), "scikit-learn 1.2 removed plot_confusion_matrix, load_boston and others"),
    Cap("sqlalchemy", "2", date(2023, 1, 26), "SQLAlchemy 2 removed calls that earlier code makes"),
    Cap("pydantic", "2", date(2023, 6, 30), "pydantic 2 is another interface"),
    Cap("matplotlib", "3.9", date(2024, 5, 15), "matplotlib 3.9 removed style names and calls of old notebooks"),
    Cap("keras", "3", date(2023, 11, 28), "Keras 3 is another package"),
    Cap("tensorflow", "2.16", date(2024, 3, 8), "TensorFlow 2.16 brings Keras 3"),
    Cap("pytorch-lightning", "2", date(2023, 3, 15), "Lightning 2 removed hooks and trainer arguments"),
    Cap("gym", "0.26", date(2022, 9, 6), "gym 0.26 changed what reset and step return"),
    Cap("mlflow", "3", date(2025, 6, 9), "MLflow 3 removed arguments and stages"),
    Cap("openai", "1", date(2023, 11, 6), "openai 1 is another interface"),
)
ALWAYS = {"setuptools": ("81", "pkg_resources left setuptools with release 82, and 81 warns on standard error")}


def cap_for(name: str, specifier: str, as_of: date | None) -> tuple[str, str]:
    """Bound and reason for a package; empty when it has a bound of its own or the code is recent.

    Without a date only what breaks most code of any age is bounded (pandas, NumPy).
    """
    if name in ALWAYS and not _is_bounded(specifier) and _allows(specifier, ALWAYS[name][0]):
        return f"<{ALWAYS[name][0]}", ALWAYS[name][1]
    for cap in CAPS:
        if cap.name == name and not _is_bounded(specifier) and _allows(specifier, cap.below):
            if as_of is None and name not in ("pandas", "numpy"):
                continue
            if as_of is None or as_of < cap.written_before:
                return f"<{cap.below}", cap.reason
    return "", ""


def _is_bounded(specifier: str) -> bool:
    return any(s.operator in ("==", "===", "<", "<=", "~=") for s in SpecifierSet(specifier))


def _allows(specifier: str, below: str) -> bool:
    """Whether some version under the bound is allowed: `>=2` leaves none under 2."""
    from packaging.version import Version

    lower = [Version(s.version) for s in SpecifierSet(specifier) if s.operator in (">=", ">")]
    return all(v < Version(below) for v in lower)
