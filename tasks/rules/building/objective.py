"""From an objective in plain English to a contract, by rules on the text and the columns, each field with its source and reason."""

from __future__ import annotations

from tasks.evidence.scores.metrics import METRICS
from tasks.evidence.table.facts import ColumnProfile, TableProfile
from tasks.rules.building.asked_class import choose_positive, levels_of
from tasks.rules.building.asked_clauses import AskedClauses, find_clauses
from tasks.rules.building.asked_columns import Forbidden, asks_future, find_forbidden, find_group, find_time
from tasks.rules.building.asked_costs import find_cost_ratio
from tasks.rules.building.asked_metric import choose_metric
from tasks.rules.building.asked_task import asks_classes_plainly, asks_for, decide_task
from tasks.rules.building.contract import Ambiguity, Contract, Source, Understood
from tasks.rules.building.mentions import Objective
from tasks.rules.building.overrides import Overrides
from tasks.rules.building.target import find_target

__all__ = ["Overrides", "understand"]


class _Told:
    """What was understood so far."""

    def __init__(self) -> None:
        self.fields: list[Understood] = []
        self.questions: list[Ambiguity] = []

    def add(self, field: str, value: str, source: Source, why: str, question: Ambiguity | None = None) -> None:
        self.fields.append(Understood(field=field, value=value, source=source, why=why))
        if question is not None:
            self.questions.append(question)


def understand(objective: str, profile: TableProfile, overrides: Overrides | None = None) -> Contract:
    """The contract; flags win over the text, the text over the data, the data over defaults.

    `DataRefused` or `SettingError`, one line with the remedy, when no target can be predicted or a flag does not fit.
    Classes are those the profile holds; empty when it does not hold them all.
    """
    said, told = overrides or Overrides(), _Told()
    forbidden = find_forbidden(objective, profile, said.forbid)
    target, forbidden = _choose_target(objective, profile, said, forbidden, told)
    task = decide_task(target, profile.rows, asks_for(objective), said.task, asks_classes_plainly(objective))
    told.add("task", task.task, task.source, task.why, task.ambiguity)
    heard = Objective(_without(objective, forbidden.spans))
    positive = choose_positive(target, heard, said.positive) if task.task == "binary" else None
    if positive is not None:
        told.add("positive", positive.label, positive.source, positive.why, positive.ambiguity)
    cost = find_cost_ratio(objective) if task.task == "binary" else None
    clauses = find_clauses(objective, task.task, positive.label if positive else None)
    metric = choose_metric(objective, task.task, said.metric, (*clauses.spans, *((cost[1],) if cost else ())))
    told.add("metric", metric.name, metric.source, metric.why, metric.ambiguity)
    _tell_demands(clauses, cost, forbidden, told)
    group, time, future = _choose_order(objective, profile, said, target.name, told)
    return Contract(
        objective=objective, target=target.name, task=task.task,
        classes=levels_of(target) if task.task != "regression" else (),
        positive=positive.label if positive else None,
        metric=metric.name, direction=METRICS[metric.name].direction,
        clauses=tuple(clauses.clauses), cost_ratio=cost[0] if cost else None,
        time_column=time, group_column=group, forecast=future, forbidden=forbidden.columns,
        understood=tuple(told.fields), ambiguities=tuple(told.questions),
    )  # fmt: skip


def _choose_target(
    objective: str, profile: TableProfile, said: Overrides, forbidden: Forbidden, told: _Told
) -> tuple[ColumnProfile, Forbidden]:
    heard = Objective(_without(objective, forbidden.spans))
    target = find_target(heard, profile, said.target, forbidden.columns, asks_for(objective))
    told.add("target", target.column.name, target.source, target.why, target.ambiguity)
    kept = tuple(c for c in forbidden.columns if c != target.column.name)
    return target.column, Forbidden(
        kept, forbidden.spans, tuple((c, why) for c, why in forbidden.understood if c in kept), forbidden.ambiguities
    )


def _without(text: str, spans: tuple[str, ...]) -> str:
    for span in spans:
        text = text.replace(span, " . ")
    return text


def _tell_demands(clauses: AskedClauses, cost: tuple[float, str, Ambiguity | None] | None, forbidden: Forbidden, told: _Told) -> None:
    for clause, span in zip(clauses.clauses, clauses.spans):
        told.add("clause", clause.text, "text", f"the text says {span.strip()!r}")
    told.questions += clauses.ambiguities
    if cost is not None:
        told.add("cost_ratio", f"{cost[0]:g}", "text", f"the text says {cost[1].strip()!r}", cost[2])
    for column, why in forbidden.understood:
        told.add("forbidden", column, "flag" if why.startswith("given by") else "text", why)
    told.questions += forbidden.ambiguities


def _choose_order(objective: str, profile: TableProfile, said: Overrides, target: str, told: _Told) -> tuple[str | None, str | None, bool]:
    group = find_group(objective, profile, said.group, target)
    if group is not None:
        told.add("group_column", group.columns[0], group.source, group.why, group.ambiguity)
    future = asks_future(objective)
    time = find_time(profile, said.time, future, target)
    if time is not None:
        told.add("time_column", time.columns[0], time.source, time.why, time.ambiguity)
    if future:
        told.add("forecast", "yes", "text", f"the text says {future!r}")
    return (group.columns[0] if group else None), (time.columns[0] if time else None), bool(future) or said.time is not None
