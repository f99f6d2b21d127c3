"""An execution arranged for a reader: claimed against reproduced first, then what was measured, written, tried and locked down.

Shared by the HTML page, the Markdown file and the artifacts in the Prefect UI; escaping is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.evidence.outputs.facts import MeasuredMetric
from tasks.rendering.markdown_text import code, prose, text
from tasks.rendering.wording import count, in_words, limit_words
from tasks.rules.execution.contract import ClaimResult, Execution
from tasks.rules.execution.plan import ExecutionPlan
from tasks.rules.execution.state import ExecutionState, Trial, Verdict

VERDICT_WORDS = {
    "reproduced": "reproduced",
    "better": "better than claimed",
    "not_reproduced": "not reproduced",
    "not_measured": "not measured",
}
STATUS_WORDS = {"succeeded": "Trained here", "failed": "Training failed", "not_run": "Not run"}
CAUSE_WORDS = {
    "code": "the code failed", "timeout": "the time limit was reached", "oom": "out of memory", "pids": "too many processes",
    "disk": "the workspace was full", "network": "it needs the network", "cancelled": "it was cancelled", "policy": "refused by policy",
    "engine": "the container engine failed", "infrastructure": "our side failed", "data_missing": "data are missing",
    "credentials_or_platform": "it needs credentials or a platform", "python_version": "it needs another Python",
    "gpu_or_size": "it needs a GPU or is too large", "other_language": "it is written in another language",
    "nothing_to_train": "there is nothing to train", "dependencies": "no environment could be resolved",
}  # fmt: skip
ISOLATION_WORDS = {
    "level": "isolation level", "means": "which means", "self_test": "self-test of the engine", "user": "user and group",
    "security": "security options", "root": "root file system", "cpus": "processors", "pids": "processes",
}  # fmt: skip
ARROWS = {"higher": "higher is better", "lower": "lower is better", "unknown": ""}
METRICS_SHOWN = 40
ARTIFACTS_SHOWN = 40
Row = dict[str, Any]


def status_words(execution: Execution) -> str:
    """One sentence: what became of it."""
    why = CAUSE_WORDS.get(execution.cause or "", in_words(execution.cause or ""))
    return STATUS_WORDS[execution.status] + (f": {why}" if why and execution.status != "succeeded" else "")


def number(value: float | None) -> str:
    """Six significant digits, or a dash."""
    return "–" if value is None else f"{value:.6g}"


def claim_rows(execution: Execution) -> list[ClaimResult]:
    """Contradicted claims first, then those that hold, then those nobody could check."""
    order = ("not_reproduced", "better", "reproduced", "not_measured")
    return sorted(execution.claims, key=lambda c: order.index(c.verdict))


def final_metrics(metrics: Sequence[MeasuredMetric]) -> list[MeasuredMetric]:
    """The last value of each name, evaluation before training; what is printed and written to a file too is told once."""
    told: list[MeasuredMetric] = []
    for metric in sorted((m for m in metrics if m.is_final), key=lambda m: m.phase != "evaluation"):
        same = next((i for i, other in enumerate(told) if _is_same(other, metric)), None)
        if same is None:
            told.append(metric)
        else:
            told[same] = _joined(told[same], metric)
    return told


def _is_same(a: MeasuredMetric, b: MeasuredMetric) -> bool:
    """One value of one metric, apart from how many places of it were written."""
    places = min(len(repr(m.value).partition(".")[2]) for m in (a, b))
    return (a.name, a.phase, a.unit) == (b.name, b.phase, b.unit) and abs(a.value - b.value) <= 0.5001 * 10.0**-places


def _joined(a: MeasuredMetric, b: MeasuredMetric) -> MeasuredMetric:
    longer = max((a, b), key=lambda m: len(repr(m.value)))
    sources = [a.source] if a.source == b.source else [a.source, b.source]
    return longer.model_copy(update={"source": " and ".join(sources), "place": f"{a.place}, {b.place}"})


def claims_table(claims: Sequence[ClaimResult]) -> list[Row]:
    """Rows of a table artifact."""
    return [
        {"metric": c.name, "claimed": f"{number(c.claimed)}{c.unit}", "measured": number(c.measured), "difference": number(c.difference),
         "verdict": VERDICT_WORDS[c.verdict], "where": f"{c.file}{f':{c.line}' if c.line else ''}", "why": c.reason}
        for c in claims
    ]  # fmt: skip


def metrics_table(metrics: Sequence[MeasuredMetric]) -> list[Row]:
    """Rows of a table artifact: every final value with its source."""
    return [
        {"metric": m.name, "value": number(m.value), "step": "" if m.step is None else m.step, "source": f"{m.source}, {m.place}",
         "phase": m.phase, "better": ARROWS[m.direction], "as written": m.original}
        for m in final_metrics(metrics)
    ][:METRICS_SHOWN]  # fmt: skip


def environment_words(execution: Execution) -> str:
    """What it ran in, in one line."""
    plan = execution.plan
    if plan is None or not execution.requirements:
        return "none was built"
    as_of = f", resolved as of {plan.environment.as_of}" if plan.environment.as_of else ""
    return f"Python {plan.environment.python}, {count(len(execution.requirements), 'package')}{as_of}"


def isolation_rows(execution: Execution) -> list[tuple[str, str]]:
    """What was in force while the code ran."""
    return [(ISOLATION_WORDS.get(name, in_words(name)), value.replace("`", "")) for name, value in execution.isolation.items()]


def plan_markdown(state: ExecutionState) -> str:
    """What is about to be built and run, for the Prefect UI."""
    if state.plan is None:
        reason = state.cannot_run
        return f"**Nothing is run**: {prose(reason.detail)}\n\n{prose(reason.remedy)}" if reason else "**Nothing is run.**"
    plan = state.plan
    lines = [f"- Train: {code(plan.train.display)}"]
    lines += [f"- Evaluate: {code(plan.evaluate.display)}"] if plan.evaluate else ["- Evaluate: training itself evaluates"]
    lines += [f"- Why this command: {text('; '.join(plan.train.reasons))}"] if plan.train.reasons else []
    lines += [f"- Bounded: {text(plan.train.bound)}"] if plan.train.bound else []
    env = plan.environment
    lines.append(f"- Python {text(env.python)} ({text(env.python_reason)})")
    if env.as_of:
        lines.append(f"- Unpinned packages as of {env.as_of} ({text(env.as_of_reason)})")
    lines.append("- Packages: " + (", ".join(code(r.line()) for r in env.requirements) or "none"))
    if env.skipped:
        lines.append("- Left out: " + ", ".join(f"{code(s.what)} ({text(s.reason)})" for s in env.skipped[:20]))
    limits = state.request.limits
    lines.append(
        f"- Limits: {limits.timeout_seconds:,} s, {limit_words(limits.memory_bytes)} memory, {limits.cpus:g} processors, "
        f"{limit_words(limits.workspace_bytes)} workspace, network {limits.network}"
    )
    return "\n".join(lines)


def repair_markdown(trial: Trial, verdict: Verdict, plan: ExecutionPlan | None) -> str:
    """Why an attempt failed, and what the next one does differently."""
    repair = verdict.repair
    lines = [f"Attempt {trial.number} failed: **{text(CAUSE_WORDS.get(trial.cause or '', trial.cause or ''))}**. {text(trial.detail)}"]
    if repair is not None:
        lines += [
            "",
            f"Repair {code(repair.kind)}, proposed by {repair.proposed_by}: {prose(repair.change)}",
            "",
            f"> {text(repair.reason)}",
        ]
    changes = plan_changes(trial.plan, plan) if plan else {}
    if changes:
        lines += ["", "| part of the plan | before | after |", "| --- | --- | --- |"]
        lines += [f"| {text(name)} | {code(before)} | {code(after)} |" for name, (before, after) in changes.items()]
    return "\n".join(lines)


def plan_changes(before: ExecutionPlan, after: ExecutionPlan) -> dict[str, tuple[str, str]]:
    """What differs between two plans, leaf by leaf, as text."""
    old, new = _leaves(before.model_dump(mode="json")), _leaves(after.model_dump(mode="json"))
    return {k: (old.get(k, "none"), new.get(k, "none")) for k in sorted(old.keys() | new.keys()) if old.get(k) != new.get(k)}


def _leaves(value: Any, prefix: str = "") -> dict[str, str]:
    if isinstance(value, Mapping):
        return {k: v for name, part in value.items() for k, v in _leaves(part, f"{prefix}.{name}" if prefix else str(name)).items()}
    if isinstance(value, list):
        return {prefix: ", ".join(_short(v) for v in value)}
    return {prefix: str(value)}


def _short(value: Any) -> str:
    if isinstance(value, Mapping) and "name" in value:
        return f"{value['name']}{value.get('specifier', '')}"
    return str(value)
