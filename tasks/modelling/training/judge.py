"""How good predictions are for the contract: the score a reader sees, and the merit candidates are chosen by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.evidence.scores import metrics
from tasks.rules.building.contract import Contract

RANKED = {"precision": "average_precision", "recall": "average_precision"}
"""A threshold alone can make these perfect, so models are chosen by how well they rank."""


@dataclass(frozen=True)
class Judge:
    """Scores of one contract. Metrics of labels in binary tasks are taken at their best threshold, which is tuned later anyway."""

    metric: str
    n_classes: int
    positive: int = 1

    @classmethod
    def of(cls, contract: Contract, n_classes: int) -> Judge:
        positive = contract.classes.index(contract.positive) if contract.positive in contract.classes else 1
        return cls(contract.metric, n_classes, positive)

    @property
    def higher(self) -> bool:
        return metrics.METRICS[self.metric].direction == "higher"

    def score(self, y: np.ndarray, prediction: np.ndarray) -> float:
        """The contract's metric; ValueError for predictions that are not finite."""
        if self.n_classes == 2 and metrics.METRICS[self.metric].needs == "label" and self.metric not in RANKED:
            return self._at_best_threshold(np.asarray(y), prediction[:, self.positive])
        return metrics.score(self.metric, y, prediction, positive=self.positive)

    def merit(self, y: np.ndarray, prediction: np.ndarray) -> float:
        """Higher is better, whatever the metric."""
        if self.n_classes == 2 and self.metric in RANKED:
            return metrics.score(RANKED[self.metric], y, prediction, positive=self.positive)
        value = self.score(y, prediction)
        return value if self.higher else -value

    def merit_of(self, score: float) -> float:
        return score if self.higher else -score

    def _at_best_threshold(self, y: np.ndarray, chance: np.ndarray) -> float:
        if not np.isfinite(chance).all():
            raise ValueError("predictions hold NaN or infinite values: treat this candidate as failed")
        order = np.argsort(-chance, kind="stable")
        hit = (y[order] == self.positive).astype(float)
        last = np.append(chance[order][1:] != chance[order][:-1], True)
        # Calling nothing positive is a threshold too.
        hits, alarms = np.append(0.0, np.cumsum(hit)[last]), np.append(0.0, np.flatnonzero(last) + 1.0)
        return float(np.max(_of_counts(self.metric, hits, alarms - hits, hit.sum(), len(hit) - hit.sum())))


def _of_counts(metric: str, hits: np.ndarray, false: np.ndarray, positives: float, negatives: float) -> np.ndarray:
    """Value of a label metric for each threshold from its numbers of hits and false alarms."""
    missed, quiet = positives - hits, negatives - false
    with np.errstate(divide="ignore", invalid="ignore"):
        f1 = 2 * hits / (2 * hits + false + missed)
        if metric == "accuracy":
            value = (hits + quiet) / (positives + negatives)
        elif metric == "balanced_accuracy":
            value = (hits / positives + quiet / negatives) / 2
        elif metric == "f1_macro":
            value = (f1 + 2 * quiet / (2 * quiet + false + missed)) / 2
        elif metric == "mcc":
            value = (hits * quiet - false * missed) / np.sqrt((hits + false) * positives * negatives * (quiet + missed))
        else:
            value = f1
    return np.nan_to_num(value, nan=0.0)
