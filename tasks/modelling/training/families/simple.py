"""What every candidate must beat: the prior or mean, a linear model as it comes, a small tree."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tasks.modelling.runtime.estimators import AllClasses
from tasks.modelling.training.families.family import Family, Fit


def _dummy(fit: Fit) -> Any:
    if fit.problem.n_classes:
        # The shares of all development rows: those of the other folds are lower where a class is frequent, which ranks against it.
        codes = np.flatnonzero(fit.problem.shares)
        weights = np.array(fit.problem.shares)[codes]
        return AllClasses(DummyClassifier(strategy="prior"), fit.problem.n_classes).fit(np.zeros((len(codes), 1)), codes, weights)
    middle = "median" if fit.problem.absolute else "mean"
    return DummyRegressor(strategy=middle).fit(np.zeros((len(fit.y), 1)), fit.y)


def _tree(fit: Fit) -> Any:
    settings = {"max_depth": fit.params["max_depth"], "min_samples_leaf": max(5, len(fit.y) // 200), "random_state": fit.seed}
    if fit.problem.n_classes:
        return AllClasses(DecisionTreeClassifier(**settings), fit.problem.n_classes).fit(fit.X, fit.y)
    return DecisionTreeRegressor(**settings).fit(fit.X, fit.y)


DUMMY = Family("dummy", "none", _dummy, lambda params, size: 0.01)
TREE = Family("tree", "tree", _tree, lambda params, size: 0.01 + 2e-7 * size.rows * size.columns)
