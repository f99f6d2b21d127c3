"""Which metrics the repository's own code computes, each with where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from tasks.evidence.evaluation.facts import Metric
from tasks.evidence.evaluation.metric_calls import Found, handed_over, metrics_of
from tasks.evidence.evaluation.metric_texts import CODE_SUFFIXES, booster_metrics, metrics_in_code
from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot

PLACES_LIMIT = 5
"""Places kept of one metric."""
CONFIG_LIMIT_BYTES = 100_000
"""Larger configuration files are data."""
CONFIG_COUNT_LIMIT = 400
_TEST = re.compile(r"(?:^|/)(?:tests?|testing|unit_tests?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.(?:py|R|r)$")
_CONFIG = re.compile(r"\.(?:json|ya?ml|toml)$")
_BOOSTERS = ("lightgbm", "xgboost", "catboost")


def is_test(path: str) -> bool:
    """Whether a file tests code rather than evaluates a model."""
    return bool(_TEST.search(path))


def find_metrics(snapshot: Snapshot) -> tuple[Metric, ...]:
    """All metrics by name; tests of the code count only where nothing else measures: some train and evaluate in their fixtures."""
    uses: dict[str, list[tuple[str, Found]]] = defaultdict(list)
    for path, found in _all_uses(snapshot):
        uses[found.name].append((path, found))
    if not uses:
        for path, found in _in_tests(snapshot):
            uses[found.name].append((path, found))
    return tuple(
        _metric(snapshot, name, sorted(uses[name], key=lambda u: (u[0].endswith(".ipynb"), u[0], u[1].line))) for name in sorted(uses)
    )


def _metric(snapshot: Snapshot, name: str, uses: list[tuple[str, Found]]) -> Metric:
    places = [place_in(snapshot, path, f.line, f"{name}, {f.how}") for path, f in uses[:PLACES_LIMIT]]
    return Metric(name=name, how=uses[0][1].how, places=tuple(places), in_notebooks_only=all(p.endswith(".ipynb") for p, _ in uses))


def _all_uses(snapshot: Snapshot) -> Iterator[tuple[str, Found]]:
    boosters = False
    for source in snapshot.sources:
        if is_test(source.path):
            continue
        foreign = source.notebook is not None and source.notebook.language != "python"
        if source.error or foreign:
            yield from ((source.path, f) for f in _unparsed(snapshot, source.path, foreign))
            continue
        yield from ((source.path, f) for f in metrics_of(source))
        if source.imported("sklearn.metrics"):
            code = source.notebook.code if source.notebook else snapshot.text(source.path) or ""
            yield from ((source.path, f) for f in handed_over(source, code))
        if source.modules.intersection(_BOOSTERS):
            boosters = True
            code = source.notebook.code if source.notebook else snapshot.text(source.path) or ""
            yield from ((source.path, f) for f in booster_metrics(code))
            snapshot.forget(source.path)
    for path in snapshot.own:
        if path.endswith(CODE_SUFFIXES) and not is_test(path):
            yield from ((path, f) for f in metrics_in_code(path, snapshot.text(path) or ""))
    if boosters:
        yield from _configured(snapshot)


def _in_tests(snapshot: Snapshot) -> Iterator[tuple[str, Found]]:
    """Library metrics in tests of own code that also fit a model, or whose fixtures do."""
    own = {p.split("/", 1)[0].removesuffix(".py") for p in snapshot.own if p.endswith(".py")}
    tests = [s for s in snapshot.sources if is_test(s.path) and not s.error and any(i.top in own for i in s.imports)]
    if any(c.attribute == "fit" and len(c.args) >= 2 for s in tests for c in s.calls):
        yield from ((s.path, f) for s in tests for f in metrics_of(s) if f.how in ("call", "score"))


def _unparsed(snapshot: Snapshot, path: str, foreign: bool) -> Iterator[Found]:
    source = snapshot.source(path)
    if source is None or source.notebook is None:
        return metrics_in_code(path, snapshot.text(path) or "")
    if not foreign:
        return metrics_in_code(path, source.notebook.code)
    suffix = ".jl" if source.notebook.language == "julia" else ".R"
    return (
        found._replace(line=cell.line + found.line - 1)
        for cell in source.notebook.code_cells
        for found in metrics_in_code(path + suffix, cell.source)
    )


def _configured(snapshot: Snapshot) -> Iterator[tuple[str, Found]]:
    paths = [p for p in snapshot.own if _CONFIG.search(p) and snapshot.size(p) <= CONFIG_LIMIT_BYTES and not p.startswith(".")]
    for path in paths[:CONFIG_COUNT_LIMIT]:
        yield from ((path, f) for f in booster_metrics(snapshot.text(path) or ""))
