"""Which estimators predict a class and which a number, by the names of their constructors."""

from __future__ import annotations

import re
from collections import Counter

from tasks.evidence.source import Call, SourceFile

_CLASSIFIERS = frozenset(
    [
        "LogisticRegression",
        "LogisticRegressionCV",
        "SVC",
        "LinearSVC",
        "NuSVC",
        "GaussianNB",
        "MultinomialNB",
        "BernoulliNB",
        "ComplementNB",
        "CategoricalNB",
        "Perceptron",
        "LinearDiscriminantAnalysis",
        "QuadraticDiscriminantAnalysis",
        "LabelPropagation",
        "LabelSpreading",
        "NearestCentroid",
        "NaiveBayes",
        "LinearSVCModel",
    ]
)
_REGRESSORS = frozenset(
    [
        "LinearRegression",
        "Ridge",
        "RidgeCV",
        "Lasso",
        "LassoCV",
        "LassoLars",
        "ElasticNet",
        "ElasticNetCV",
        "BayesianRidge",
        "SVR",
        "LinearSVR",
        "NuSVR",
        "Lars",
        "HuberRegressor",
        "KernelRidge",
        "PLSRegression",
        "OrthogonalMatchingPursuit",
        "ARDRegression",
        "GeneralizedLinearRegression",
        "OLS",
    ]
)
_CLASSIFIER = re.compile(r"(?:Classifier|ClassifierCV)$")
_REGRESSOR = re.compile(r"(?:Regressor|RegressorCV)$")
_NOT_MODELS = frozenset({"VotingClassifier", "VotingRegressor", "StackingClassifier", "StackingRegressor"})


def kind_of(name: str | None) -> str | None:
    """`classification`, `regression` or None of a constructor's dotted name."""
    last = (name or "").rsplit(".", 1)[-1]
    if last in _CLASSIFIERS or _CLASSIFIER.search(last):
        return "classification"
    if last in _REGRESSORS or _REGRESSOR.search(last):
        return "regression"
    return None


def kind_in(source: SourceFile) -> str | None:
    """The kind most estimators made or imported in a file have."""
    kinds = Counter(k for c in source.calls if (k := kind_of(c.name)))
    if not kinds:
        kinds = Counter(k for i in source.imports if (k := kind_of(i.name)))
    return min(kinds, key=lambda k: (-kinds[k], k)) if kinds else None


def models_made(source: SourceFile) -> set[str]:
    """Different estimator classes constructed in a file, ensembles of them left out."""
    return {c.attribute for c in source.calls if kind_of(c.name) and c.attribute not in _NOT_MODELS and not is_dummy(c)}


def is_dummy(call: Call) -> bool:
    return call.attribute in ("DummyClassifier", "DummyRegressor")
