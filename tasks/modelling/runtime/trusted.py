"""Which types a model file may hold. The list stands here and is never read from a file.

skops rebuilds an object by calling its type's `__new__` and setting attributes, so a type is harmless when nothing in it runs
code it was given. Its own list holds scikit-learn's estimators and numpy's types; ours adds what those are made of, our own
classes, and LightGBM's wrappers. Functions are never trusted.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

TYPES = frozenset(
    {
        "builtins.bytes",
        "collections.OrderedDict",
        "collections.defaultdict",
        "datetime.date",
        "datetime.datetime",
        "lightgbm.compat._LGBMLabelEncoder",
        "lightgbm.sklearn.LGBMClassifier",
        "lightgbm.sklearn.LGBMModel",
        "lightgbm.sklearn.LGBMRegressor",
        "numpy.dtype",
        "scipy.sparse._csr.csr_matrix",
        "sklearn._loss._loss.CyHalfBinomialLoss",
        "sklearn._loss._loss.CyHalfMultinomialLoss",
        "sklearn._loss._loss.CyHalfSquaredError",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.gaussian_process.kernels.ConstantKernel",
        "sklearn.gaussian_process.kernels.Matern",
        "sklearn.gaussian_process.kernels.Product",
        "sklearn.gaussian_process.kernels.RBF",
        "sklearn.gaussian_process.kernels.Sum",
        "sklearn.gaussian_process.kernels.WhiteKernel",
        "sklearn.utils._bunch.Bunch",
    }
)
OWN = re.compile(r"(tasks\.modelling\.runtime|tasks\.evidence\.table)\.([a-z_]+)\.([A-Za-z_]\w*)")


def is_trusted(name: str) -> bool:
    """A name as skops gives it: `module.Type`."""
    return name in TYPES or _is_own_class(name)


def _is_own_class(name: str) -> bool:
    """A class written in one of our modules that travel; not a function, and nothing that such a module merely imports."""
    match = OWN.fullmatch(name)
    if not match:
        return False
    package, module, attribute = match.groups()
    if not any((Path(folder) / f"{module}.py").is_file() for folder in importlib.import_module(package).__path__):
        return False
    found = getattr(importlib.import_module(f"{package}.{module}"), attribute, None)
    return isinstance(found, type) and found.__module__ == f"{package}.{module}"
