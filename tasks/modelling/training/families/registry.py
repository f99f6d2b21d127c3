"""All families by name."""

from __future__ import annotations

from tasks.modelling.training.families.bayes import LINEAR_DISCRIMINANT, NAIVE_BAYES, QUADRATIC_DISCRIMINANT
from tasks.modelling.training.families.boosting import CATBOOST, HISTOGRAM, HURDLE, LIGHTGBM
from tasks.modelling.training.families.family import Family
from tasks.modelling.training.families.forests import EXTRA_TREES, RANDOM_FOREST
from tasks.modelling.training.families.instances import GAUSSIAN_PROCESS, NEIGHBOURS, SUPPORT_VECTORS
from tasks.modelling.training.families.linear import ELASTIC_NET, HUBER, LOGISTIC, RIDGE
from tasks.modelling.training.families.networks import NETWORK
from tasks.modelling.training.families.simple import DUMMY, TREE

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        DUMMY, TREE, LOGISTIC, RIDGE, ELASTIC_NET, HUBER, NEIGHBOURS, SUPPORT_VECTORS, GAUSSIAN_PROCESS, NAIVE_BAYES,
        LINEAR_DISCRIMINANT, QUADRATIC_DISCRIMINANT, RANDOM_FOREST, EXTRA_TREES, LIGHTGBM, CATBOOST, HISTOGRAM, HURDLE, NETWORK,
    )
}  # fmt: skip
