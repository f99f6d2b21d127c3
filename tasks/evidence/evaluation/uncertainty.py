"""How sure a reported number is: spread over folds, bootstraps, repeated seeds, intervals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.evaluation.metrics import is_test
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

PLACES_LIMIT = 20
_SCORES = re.compile(r"score|accurac|\bacc|auc|rmse|mae|\bcv_|results?\b|f1|mean_test|metric", re.IGNORECASE)
_NAMED = re.compile(r"bootstrap|confidence_interval|conf_int|ci_lower|ci_upper|std_err|standard_error|credible_interval", re.IGNORECASE)
_REPEATING = frozenset(
    ["RepeatedKFold", "RepeatedStratifiedKFold", "bootstrap", "ShuffleSplit", "StratifiedShuffleSplit", "ttest_rel", "mcnemar", "wilcoxon"]
)
_SHUFFLED = frozenset({"ShuffleSplit", "StratifiedShuffleSplit"})


def find_uncertainty(snapshot: Snapshot) -> tuple[Place, ...]:
    """Places that measure how much a score varies, in path and line order."""
    places = []
    for source in snapshot.sources:
        if not is_test(source.path):
            places += [place_in(snapshot, source.path, line, note) for line, note in sorted(set(_spreads(source)))]
    return tuple(places[:PLACES_LIMIT])


def _spreads(source: SourceFile) -> Iterator[tuple[int, str]]:
    for call in source.calls:
        if call.attribute == "std" and _is_spread_of_scores(call):
            yield call.line, "spread of the scores"
        elif call.attribute in _REPEATING and not _single(call):
            yield call.line, "repeated evaluation"
        elif any(_NAMED.search(t) for t in call.targets) or (_NAMED.search(call.attribute) and call.attribute.islower()):
            yield call.line, "interval or bootstrap"
    for text, line in source.strings:
        if text in ("std_test_score", "mean±std", "test_std"):
            yield line, "spread of the scores"
    for definition in source.definitions:
        if definition.kind == "function" and _NAMED.search(definition.name.rsplit(".", 1)[-1]):
            yield definition.line, "interval or bootstrap"


def _is_spread_of_scores(call: Call) -> bool:
    return _SCORES.search(call.name.rsplit(".", 1)[0]) is not None or bool(call.args and _SCORES.search(call.args[0]))


def _single(call: Call) -> bool:
    """A shuffle split with one split is a plain hold-out."""
    return call.attribute in _SHUFFLED and (call.keywords.get("n_splits") or (call.args[0] if call.args else "10")) == "1"
