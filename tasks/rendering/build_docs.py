"""`docs/building.md`: how a model is built and judged, generated from the rules that do it."""

from __future__ import annotations

import ast
import inspect

from tasks.evidence.scores import intervals
from tasks.evidence.scores.metrics import METRICS
from tasks.evidence.scores.paired import ALPHA
from tasks.rendering.wording import capitalize_first
from tasks.rules.building import critic_thresholds, schedule
from tasks.rules.building.change import CHANGES
from tasks.rules.building.critic import SYMPTOMS
from tasks.rules.building.shipping import FEW_ROWS


def render_building_guide() -> str:
    """The page, from the closed sets in the code."""
    metrics = "\n".join(f"| `{m.name}` | {m.title} | {m.direction} | {', '.join(m.tasks)} |" for m in METRICS.values())
    symptoms = "\n".join(f"{i}. *{s.__name__.replace('_', ' ')}*: {_first_line(s.__doc__)}" for i, s in enumerate(SYMPTOMS, 1))
    changes = "\n".join(f"| `{kind}` | `{route}` | {capitalize_first(words)} |" for kind, (route, words) in CHANGES.items())
    return _PAGE.format(
        metrics=metrics, symptoms=symptoms, changes=changes, lines=_lines(), share=f"{intervals.FRESH_SHARE:.0%}".replace("%", " %"),
        alpha=ALPHA, few=FEW_ROWS, seconds=schedule.LEAST_LOOP_SECONDS,
    )  # fmt: skip


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0]


def _lines() -> str:
    """The critic's constants with the sentence that stands below each."""
    body = ast.parse(inspect.getsource(critic_thresholds)).body
    rows = []
    for name, text in zip(body, [*body[1:], None]):
        if not isinstance(name, ast.Assign):
            continue
        why = text.value.value if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) else ""
        targets = name.targets[0].elts if isinstance(name.targets[0], ast.Tuple) else name.targets
        told = ", ".join(f"`{t.id}` {getattr(critic_thresholds, t.id):g}" for t in targets if isinstance(t, ast.Name))
        rows.append(f"| {told} | {' '.join(str(why).split())} |")
    return "\n".join(rows)


_PAGE = """# How a model is built and judged

Generated from the code by `make docs`. The result of every build is `build.json`, see `build.schema.json`.

## Metrics

| name | title | better | tasks |
|---|---|---|---|
{metrics}

None is ever NaN: where one is undefined it takes the value of a model that knows nothing, or the worst one.

## The interval of the sealed score

`low` and `high` say where the score of the same model on fresh data of about as many rows (down to {share} of them) falls
95 times in 100. They hold the noise of the sealed rows and that of the fresh ones. `confidence_low` and `confidence_high`
are the plain 95 % confidence interval for the score on unlimited data, which is narrower. Rows of one group, and rows near
each other in time, are not counted as independent. Drift is in neither.

## The critic

After every loop: nothing trained, the last loop allowed, or less than {seconds:g} s left ends it. A column that may know the
target and dominates is dropped, and earlier loops no longer count. A loop that gained nothing beyond noise ends it. Then
symptoms, in this order:

{symptoms}

| change | route | what is done |
|---|---|---|
{changes}

No change is made twice. With no symptom and time left, the search goes on. The best loop is kept. A language model may
choose among the routes that are left open, and never opens another.

| line | meaning and source |
|---|---|
{lines}

## Ship or do not ship

Do not ship: nothing but leaks was left to learn from; the champion is not better than a model that looks at no feature, by
a one-sided paired test at {alpha:g} on the sealed rows; or a demand the objective states as a *must* is not met. Told and
left to you: other unmet clauses, simple models that are as good, suspects that were kept, fewer than {few} sealed rows.

A metric clause is met by its value on the sealed rows, and the doubt is told. Probabilities are calibrated when their
expected calibration error is within the bound, or within what perfect probabilities show on as many rows.
"""
