"""The configuration of a good build as a file, to be replayed on new data: the contract, the changes, the members."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from tasks.errors import SettingError
from tasks.rules.building.change import Change
from tasks.rules.building.contract import Value
from tasks.rules.building.request import BuildRequest, Trial
from tasks.rules.building.result import BuildResult

VERSION = "1"


class Template(Value):
    """`template.json` beside every report."""

    version: str = VERSION
    objective: str
    target: str
    metric: str
    positive: str | None = None
    group: str | None = None
    time: str | None = None
    forbid: tuple[str, ...] = ()
    """Columns that were forbidden, that leaked or that the critic dropped."""
    changes: tuple[Change, ...] = ()
    """What the critic asked for up to the champion's loop; a replay begins with them."""
    trials: tuple[Trial, ...] = Field(min_length=1)
    """The champion's members: tried before anything else."""
    seed: int = 0
    made_from: str = ""
    """Key of the build it was saved from."""
    score: float | None = None
    """On that build's sealed test."""


def save_template(result: BuildResult) -> Template | None:
    """The template of a build; None when it has no champion."""
    champion, contract = result.champion, result.contract
    if champion is None:
        return None
    leaking = [c for leak in result.leaks if leak.certain for c in leak.columns]
    changes = tuple(loop.change for loop in result.loops if loop.change is not None and loop.loop < champion.loop)
    critic = [c for change in changes for c in change.columns]
    return Template(
        objective=contract.objective, target=contract.target, metric=contract.metric, positive=contract.positive,
        group=contract.group_column, time=contract.time_column, forbid=tuple(dict.fromkeys((*contract.forbidden, *leaking, *critic))),
        changes=changes, trials=tuple(Trial(family=c.family, view=c.view, params=c.params) for c in champion.candidates),
        seed=result.seed, made_from=result.key, score=result.test.value if result.test else None,
    )  # fmt: skip


def read_template(path: Path) -> Template:
    """The template in a file; raises `SettingError` when it is none."""
    try:
        return Template.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise SettingError(f"There is no template {path}", "Give the template.json of an earlier build.") from error
    except (OSError, ValidationError, ValueError) as error:
        raise SettingError(f"{path} is no template of a build", "Give the template.json that stands beside a build's report.") from error


def request_with(template: Template | None, said: dict[str, Any], data: Sequence[str]) -> BuildRequest:
    """The request: what the user says wins over the template. Raises `SettingError` without an objective."""
    told = {k: v for k, v in said.items() if v not in (None, "", ())}
    if template is not None:
        base = template.model_dump(include={"objective", "target", "metric", "positive", "group", "time", "seed"}, exclude_none=True)
        told = base | told
        told["forbid"] = tuple(dict.fromkeys((*template.forbid, *told.get("forbid", ()))))
        told["trials"], told["changes"] = template.trials, template.changes
    if "objective" not in told:
        raise SettingError("A build needs an objective", 'Say what to predict, such as --objective "predict churn", or give a --template.')
    try:
        return BuildRequest(data=tuple(data), **told)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingError(f"{'.'.join(map(str, first['loc']))} cannot be used: {first['msg']}", "Correct it.") from error
