"""A build arranged for a reader: the words and rows that the page, the Markdown, the terminal and the Prefect UI share. Escaping is theirs."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import Candidate, Estimate, Member, SliceScore
from tasks.evidence.scores.metrics import METRICS
from tasks.rendering.plain import plain
from tasks.rendering.wording import byte_words, capitalize_first, count, in_words, listed
from tasks.rules.building.contract import Contract, Source
from tasks.rules.building.result import BuildResult, File, Loop, SplitResult

Row = dict[str, Any]
VERDICT_WORDS = {"ship": "Ship", "do_not_ship": "Do not ship"}
TASK_WORDS = {"binary": "binary classification", "multiclass": "classification of several classes", "regression": "regression"}
SOURCE_WORDS: dict[Source, str] = {
    "flag": "your flag", "text": "your words", "data": "the data", "default": "default", "model": "language model",
    "template": "template", "person": "a person",
}  # fmt: skip
ROUTE_WORDS = {"finalize": "finalize", "refine_features": "refine the features", "retrain": "train again"}
DECIDER_WORDS = {"rules": "the rules", "model": "the language model among the allowed routes", "person": "a person"}
LEAK_WORDS = {
    "copy": "a copy of the target", "identity_sum": "parts that add up to the target", "identity_product": "factors of the target",
    "sign": "the sign gives the target away", "single_column": "one column nearly gives the target away",
    "missingness": "missing values give the target away", "row_order": "the order of rows gives the target away",
    "after_the_fact": "known only after the outcome",
}  # fmt: skip
SPLIT_WORDS = {"iid": "by chance", "group": "by group", "time": "by time"}
CLAUSE_WORDS = {True: "met", False: "not met", None: "not tested"}
ROLE_WORDS = {
    "model": "the model", "predict": "predicts from a file", "service": "FastAPI service with Dockerfile", "onnx": "ONNX export",
    "schema": "schema of the columns", "signature": "signature", "input_example": "input example",
    "reference_profile": "reference for drift", "report_html": "this report", "report_md": "this report as Markdown",
    "report_json": "this report for machines", "build_json": "the record of the build", "plot": "plot", "template": "replays this build",
    "predictions": "predictions", "log": "log",
}  # fmt: skip
CANDIDATES_SHOWN = 25
TRACKS_SHOWN = 60


def number(value: float | None, digits: int = 4) -> str:
    """Significant digits, large ones with their thousands; a dash for nothing.

    >>> number(0.91234), number(1234567.8), number(None)
    ('0.9123', '1,234,568', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if 10_000 <= abs(value) < 1e12 else f"{value:.{digits}g}"


def percent(share: float) -> str:
    """A proportion 0-1 in per cent."""
    return f"{100 * share:.1f} %" if 0 < share < 0.1 else f"{100 * share:.0f} %"


def metric_words(name: str) -> str:
    """The metric as people write it."""
    return METRICS[name].title if name in METRICS else in_words(name)


def direction_words(contract: Contract) -> str:
    """`higher is better`."""
    return f"{contract.direction} is better"


def interval_words(low: float | None, high: float | None) -> str:
    """`[0.88, 0.94]`, or nothing."""
    return "" if low is None or high is None else f"[{number(low)}, {number(high)}]"


def headline(result: BuildResult) -> str:
    """The verdict with its decisive reason, one sentence."""
    reason = capitalize_first(result.reasons[0].rstrip(".")) if result.reasons else ""
    return f"{VERDICT_WORDS[result.verdict]}.{f' {reason}.' if reason else ''}"


def score_words(result: BuildResult) -> str:
    """`ROC AUC 0.913 [0.88, 0.94] on 223 sealed rows`."""
    if result.test is None:
        return "the sealed test was not opened"
    test = result.test
    rows = f" on {count(test.rows, 'sealed row')}" if test.rows else ""
    return f"{metric_words(test.metric)} {number(test.value)} {interval_words(test.low, test.high)}{rows}"


def task_words(contract: Contract) -> str:
    """`binary classification of churn, positive class yes`."""
    positive = f", positive class {contract.positive}" if contract.positive is not None else ""
    return f"{TASK_WORDS[contract.task]} of {contract.target}{positive}"


def contract_rows(contract: Contract) -> list[tuple[str, str, str]]:
    """Field, value, and where it comes from with the reason; every field, also those nobody spoke of."""
    told = {u.field: u for u in contract.understood}
    fields = [
        ("target", contract.target), ("task", TASK_WORDS[contract.task]), ("positive", contract.positive or ""),
        ("metric", f"{metric_words(contract.metric)}, {direction_words(contract)}"),
        ("clauses", "; ".join(c.text for c in contract.clauses)),
        ("cost_ratio", f"a miss costs {contract.cost_ratio:g} false alarms" if contract.cost_ratio is not None else ""),
        ("time_column", contract.time_column or ""), ("group_column", contract.group_column or ""),
        ("forecast", "the test lies after the training" if contract.forecast else ""),
        ("forbidden", ", ".join(contract.forbidden)), ("classes", listed(contract.classes, 12) if contract.task == "multiclass" else ""),
    ]  # fmt: skip
    rows = [(in_words(name), value, _source_words(told.pop(name, None))) for name, value in fields if value]
    return rows + [
        (in_words(u.field), u.value, _source_words(u)) for u in told.values() if u.value and u.field not in {f for f, _ in fields}
    ]


def _source_words(understood: Any) -> str:
    if understood is None:
        return ""
    why = f": {understood.why}" if understood.why else ""
    return f"{SOURCE_WORDS[understood.source]}{why}"


@dataclass(frozen=True)
class Bar:
    """A row of the interval chart; positions in per cent of its width, None where there is no interval."""

    name: str
    text: str
    note: str
    role: str
    """champion, simple or dummy."""
    at: float
    low: float | None
    high: float | None


def interval_bars(result: BuildResult) -> list[Bar]:
    """The champion on the sealed test, then the baselines on the same rows, the best first."""
    if result.test is None:
        return []
    test = result.test
    sign = -1 if result.contract.direction == "higher" else 1
    rows: list[tuple[str, float, float | None, float | None, str, str]] = [("champion", test.value, test.low, test.high, "champion", "")]
    for b in sorted(result.baselines, key=lambda b: sign * b.value):
        rows.append((b.name, b.value, b.low, b.high, b.kind, beaten_words(b.beaten, b.p_value)))
    ends = [v for _, value, low, high, *_ in rows for v in (value, low, high) if v is not None and math.isfinite(v)]
    left, right = min(ends), max(ends)
    span = (right - left) or 1.0

    def place(value: float | None) -> float | None:
        return None if value is None else round(4 + 92 * (value - left) / span, 2)

    return [
        Bar(n, f"{number(v)} {interval_words(lo, hi)}".strip(), note, role, place(v) or 4.0, place(lo), place(hi))
        for n, v, lo, hi, role, note in rows
    ]


def beaten_words(beaten: bool | None, p_value: float | None) -> str:
    """Whether the champion is better beyond noise."""
    if beaten is None:
        return ""
    p = f" (p {_p(p_value)})" if p_value is not None else ""
    return f"beaten beyond noise{p}" if beaten else f"not beaten beyond noise{p}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.2g}"


def split_rows(split: SplitResult) -> list[tuple[str, str]]:
    """How rows were kept apart, and why."""
    plan = split.plan
    by = f", column {plan.column}" if plan.column else ""
    kind = f"{SPLIT_WORDS[plan.kind]}{by}{', stratified by class' if plan.stratified else ''}"
    folds = count(plan.folds, "fold")
    rows = [
        ("Kind", kind), ("Why", "; ".join(plan.reasons)),
        ("Sealed test", f"{count(split.rows_sealed, 'row')} ({percent(plan.test_share)}), opened once at the end"),
        ("Development", f"{count(split.rows_development, 'row')} in {folds}"),
    ]  # fmt: skip
    rows += (
        [("Groups", f"{split.groups_development:,} in development, {split.groups_sealed or 0:,} sealed")]
        if split.groups_development
        else []
    )
    rows += [("Sealed from", split.sealed_from)] if split.sealed_from else []
    rows += [("Without a target", f"{count(split.rows_without_target, 'row')} left out")] if split.rows_without_target else []
    return rows + [("Note", note) for note in split.notes]


def leak_rows(leaks: Sequence[LeakSuspect]) -> list[Row]:
    """What knows the target: certain ones first."""
    return [
        {"columns": ", ".join(leak.columns), "kind": LEAK_WORDS[leak.kind], "evidence": leak.evidence,
         "done": "dropped before training" if leak.certain else "suspect, left to the critic"}
        for leak in sorted(leaks, key=lambda leak: not leak.certain)
    ]  # fmt: skip


def loop_rows(loops: Sequence[Loop]) -> list[Row]:
    """What each pass brought, what the critic decided, and what it changed."""
    return [
        {"loop": loop.loop, "score": number(loop.score), "gain": gain_words(loop), "route": ROUTE_WORDS[loop.route],
         "reasons": "; ".join(r.rstrip(".") for r in loop.reasons), "change": loop.change.sentence if loop.change else "",
         "by": loop.decided_by, "argument": loop.argument, "candidates": loop.facts.candidates if loop.facts else 0,
         "features": f"{loop.facts.features_in} to {loop.facts.features_out}" if loop.facts and loop.facts.features_out else "–"}
        for loop in loops
    ]  # fmt: skip


def gain_words(loop: Loop) -> str:
    """`+0.004, noise 0.003`, positive when better."""
    if loop.facts is None or loop.facts.gain is None:
        return "–"
    return f"{loop.facts.gain:+.2g}, noise {number(loop.facts.noise, 2)}"


def ranked(candidates: Sequence[Candidate], contract: Contract) -> list[Candidate]:
    """The best first, those without a score last."""
    sign = -1 if contract.direction == "higher" else 1
    return sorted(candidates, key=lambda c: (c.score is None, sign * (c.score or 0.0), c.seconds))


def candidate_rows(candidates: Sequence[Candidate], contract: Contract) -> list[Row]:
    """Rows of the leaderboard."""
    return [
        {"rank": i, "family": c.family, "view": c.view, "origin": c.origin, "loop": c.loop, "score": number(c.score),
         "folds": spread_words(c.fold_scores), "train": number(c.train_score), "seconds": f"{c.seconds:.1f}",
         "status": c.status if c.status == "done" else f"{c.status}: {c.detail}" if c.detail else c.status,
         "params": params_words(c.params), "id": c.id}
        for i, c in enumerate(ranked(candidates, contract), 1)
    ]  # fmt: skip


def member_rows(members: Sequence[Member]) -> list[tuple[str, str]]:
    """Weight by family in the ensemble, the heaviest first."""
    families = {m.family: [o.weight for o in members if o.family == m.family] for m in members}
    heaviest = sorted(families.items(), key=lambda item: -sum(item[1]))
    return [(name, f"weight {sum(w):.2f}{f' in {len(w)} candidates' if len(w) > 1 else ''}") for name, w in heaviest]


def spread_words(scores: Sequence[float]) -> str:
    """`0.871 ± 0.012`: mean and standard deviation over folds."""
    if not scores:
        return "–"
    mean = sum(scores) / len(scores)
    if len(scores) == 1:
        return number(mean)
    return f"{number(mean)} ± {math.sqrt(sum((s - mean) ** 2 for s in scores) / (len(scores) - 1)):.2g}"


def params_words(params: dict[str, Any]) -> str:
    """Parameters in one line, numbers short."""
    told = [f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}" for name, value in params.items()]
    return ", ".join(told)


def estimate_words(estimate: Estimate) -> str:
    """`recall 0.91 [0.88, 0.94]`."""
    return f"{metric_words(estimate.metric)} {number(estimate.value)} {interval_words(estimate.low, estimate.high)}".strip()


def slice_rows(slices: Sequence[SliceScore]) -> list[Row]:
    """Parts of the sealed test, the worst first."""
    return [
        {"part": f"{s.column} = {s.level}", "rows": f"{s.rows:,}", "score": number(s.estimate.value),
         "interval": interval_words(s.estimate.low, s.estimate.high), "worse": "worse beyond noise" if s.beyond_noise else ""}
        for s in slices
    ]  # fmt: skip


def threshold_columns(table: Sequence[dict[str, float]]) -> list[str]:
    """Columns of the threshold table, the threshold first."""
    names = list(dict.fromkeys(name for row in table for name in row))
    return sorted(names, key=lambda name: name != "threshold")


def chosen_row(table: Sequence[dict[str, float]], threshold: float | None) -> int | None:
    """The row of the threshold table that lies nearest to the model's threshold."""
    if threshold is None or not table:
        return None
    return min(range(len(table)), key=lambda i: abs(table[i].get("threshold", math.inf) - threshold))


def budget_words(result: BuildResult) -> str:
    """`58.3 s of 60 s`."""
    return f"{result.seconds:.1f} s of {result.budget_seconds:g} s"


def notes_of(result: BuildResult) -> list[str]:
    """Everything that was done to rows, columns and files, once each."""
    profile = result.profile
    told = [*result.notes]
    if profile is not None:
        told += [f"{plain(s.path)}: {note}" for s in profile.sources for note in s.notes] + list(profile.notes)
    return list(dict.fromkeys(told))


def data_rows(result: BuildResult) -> list[tuple[str, str]]:
    """What was read."""
    profile = result.profile
    if profile is None:
        return []
    sampled = f", a sample of {profile.rows_in_files:,}" if profile.sampled else ""
    rows = [
        ("Rows", f"{profile.rows:,}{sampled}"),
        ("Columns", f"{len(profile.columns):,}"),
        ("Duplicates", count(profile.duplicates, "row")),
    ]
    empty = [c for c in profile.columns if c.nulls > 0]
    rows.append(("Missing", f"{count(len(empty), 'column')} with empty cells" if empty else "no empty cell"))
    return rows + [
        ("File", f"{s.path}: {s.format}, {count(s.rows, 'row')}, {count(s.columns, 'column')}, {byte_words(s.bytes)}, sha256 {s.sha256[:12]}")
        for s in profile.sources
    ]  # fmt: skip


def file_rows(files: Sequence[File]) -> list[Row]:
    """What the build left behind; plots count as one."""
    rows = [{"path": f.path, "what": f.title or ROLE_WORDS[f.role], "size": byte_words(f.bytes)} for f in files if f.role != "plot"]
    plots = [f for f in files if f.role == "plot"]
    if plots:
        folder = plots[0].path.rpartition("/")[0] or "."
        rows.append({"path": f"{folder}/", "what": count(len(plots), "plot file"), "size": byte_words(sum(f.bytes for f in plots))})
    return rows


def main_plots(result: BuildResult, most: int = 3) -> list[File]:
    """The plots that matter most, light variants."""
    return [f for f in result.main_plots if not f.path.endswith(".dark.png")][:most]


def reproduce_command(result: BuildResult) -> str:
    """The command that builds this again on the same data."""
    contract = result.contract
    paths = [s.path for s in result.profile.sources] if result.profile else []
    options = ["--objective", contract.objective, "--target", contract.target, "--metric", contract.metric]
    options += [part for column in contract.forbidden for part in ("--forbid", column)]
    options += ["--time-budget", f"{result.budget_seconds:g}", "--seed", str(result.seed)]
    return " ".join(["axiom", "build", *(shlex.quote(plain(p)) for p in paths), *(shlex.quote(plain(o)) for o in options)])


def predict_command(result: BuildResult) -> str:
    """How the model is used, when there is a script for it."""
    script = next((f.path for f in result.files if f.role == "predict"), "")
    return f"python {shlex.quote(script)} NEW_DATA.csv --out predictions.csv" if script else ""
