"""Models that are given their rows when they are made: `sm.OLS(y, X).fit()`, `smf.logit("y ~ a + b", data=df).fit()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.evidence.training.leakage.joins import data_in
from tasks.evidence.training.leakage.values import Estimator

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

_ARRAYS = frozenset(["OLS", "WLS", "GLS", "Logit", "Probit", "GLM", "MNLogit", "Poisson", "QuantReg", "RLM", "NegativeBinomial"])
_FORMULAS = frozenset(["ols", "wls", "gls", "logit", "probit", "glm", "mnlogit", "poisson", "quantreg", "rlm", "negativebinomial"])


def make_regression(name: str, last: str, arguments: Arguments) -> Estimator | None:
    """The model with the rows that its `fit()` will learn from; None for any other call."""
    if "statsmodels" not in name and not name.startswith(("sm.", "smf.")):
        return None
    made = Estimator(last, "model", arguments.node.lineno)
    if last in _ARRAYS:
        made.given_target = next(iter(data_in(arguments.first("endog", position=0))), None)
        made.given = next(iter(data_in(arguments.first("exog", position=1))), None)
    elif last in _FORMULAS:
        made.given = next(iter(data_in(arguments.first("data", position=1))), None)
    return made if made.given is not None else None
