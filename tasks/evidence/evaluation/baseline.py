"""What the model is compared with: a dummy estimator, a naive prediction, or simpler models in the same script."""

from __future__ import annotations

import re

from tasks.evidence.evaluation.estimators import is_dummy, models_made
from tasks.evidence.evaluation.metrics import is_test
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot

PLACES_LIMIT = 20
_NAMED = re.compile(
    r"(?:^|_)(?:baseline|naive|dummy|majority|most_frequent|null_model|zero_rule)(?:_|$|s$)|(?:Baseline|Naive(?!Bayes)|Dummy)"
)
_NAIVE_CLASSES = frozenset(
    ["NaiveSeasonal", "NaiveMean", "NaiveDrift", "NaiveForecaster", "SeasonalNaive", "Naive", "HistoricAverage", "ZeroR"]
)


def find_baselines(snapshot: Snapshot) -> tuple[Place, ...]:
    """Dummy estimators, naive forecasters, and functions, classes, variables or files that are named a baseline."""
    places = []
    for source in snapshot.sources:
        if is_test(source.path):
            continue
        if _NAMED.search(source.path.rsplit("/", 1)[-1].split(".")[0]) and source.calls:
            places.append(place_in(snapshot, source.path, None, "a baseline script"))
        lines: dict[int, str] = {}
        for call in source.calls:
            if is_dummy(call) or call.attribute in _NAIVE_CLASSES:
                lines.setdefault(call.line, "dummy or naive model")
            elif any(_NAMED.search(t.removeprefix("self.")) for t in call.targets):
                lines.setdefault(call.line, "named a baseline")
        for definition in source.definitions:
            if _NAMED.search(definition.name.rsplit(".", 1)[-1]):
                lines.setdefault(definition.line, "named a baseline")
        places += [place_in(snapshot, source.path, line, note) for line, note in sorted(lines.items())]
    return tuple(places[:PLACES_LIMIT])


def count_compared_models(snapshot: Snapshot) -> int:
    """The largest number of different estimator classes made in one file."""
    return max((len(models_made(s)) for s in snapshot.sources if not is_test(s.path)), default=0)
