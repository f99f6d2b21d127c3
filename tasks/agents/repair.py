"""Which repair to try after a failed attempt: a language model may choose from the closed set of the rules, and nothing else.

Without a model the rules' own first choice stands. A model sees redacted lines of the log as data; what it names is
looked up among the repairs that the rules found applicable, so that no text of a log can make one up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from tasks.agents.asking import Adviser, render_data, render_prompt, system_prompt
from tasks.rules.contract import ModelUse
from tasks.rules.execution.plan import Repair

LINES_SHOWN = 40
LINE_LIMIT = 300
NONE = "none"


class Opinion(BaseModel):
    """What a model may say here; `repair` is narrowed to the applicable ones when it is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repair: str


def choose(
    repairs: Sequence[Repair], repository: str, command: str, cause: str, log_tail: Sequence[str], adviser: Adviser | None
) -> tuple[Repair | None, ModelUse]:
    """The repair to try: the model's choice among `repairs`, else the first of them; None when there is none."""
    if not repairs:
        return None, ModelUse(name=None)
    if adviser is None or len(repairs) == 1:
        return repairs[0], ModelUse(name=None)
    names = {r.kind: r for r in reversed(repairs)}
    data = render_data("\n".join(line[:LINE_LIMIT] for line in log_tail[-LINES_SHOWN:]))
    prompt = render_prompt(
        "repair",
        repository=repository,
        command=command,
        cause=cause,
        data=data,
        repairs="\n".join(f"  - {r.kind}: {r.change}" for r in names.values()),
    )
    answer = adviser.ask(system_prompt(), prompt, _answer_type(names), lambda _: [], "repair")
    chosen = names.get(answer.opinion.repair) if isinstance(answer.opinion, Opinion) else None
    use = ModelUse(
        name=adviser.model, calls=answer.calls, tokens=answer.tokens, cost_usd=answer.cost_usd if answer.calls else 0.0,
        corrections=answer.corrections, rejected=int(answer.rejected), fallbacks=int(answer.opinion is None),
        notes=[f"repair: {answer.reason}"] if answer.reason else [],
    )  # fmt: skip
    return (chosen.model_copy(update={"proposed_by": "model"}) if chosen else repairs[0]), use


def _answer_type(names: dict[str, Repair]) -> type[Opinion]:
    choices: Any = Literal[(*names, NONE)]
    return create_model("Opinion", __base__=Opinion, repair=(choices, Field(description="One of the named repairs, or none.")))
