"""`axiom build`: the model_building flow in this process, its progress on the terminal, its folder the user's."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.build_questions import ask_back, somebody_answers
from flows.embedded import DEFAULT_OUT, prove_writable
from flows.one_shot import prefect_api, show_progress
from tasks.adapters.model_call import check_model
from tasks.adapters.store import axiom_home, safe_name
from tasks.adapters.tracking import warm_up
from tasks.early_building import EarlyBuild, begin, parallel_defaults
from tasks.errors import InfrastructureError, SettingError
from tasks.rendering.build_terminal import summary_lines
from tasks.rules.building.overrides import Overrides
from tasks.rules.building.request import BuildRequest
from tasks.rules.building.result import BuildResult
from tasks.rules.building.template import read_template, request_with

BUILD = "build.json"
FIXED = ("positive", "task", "group", "time", "forbid")
"""Of the contract, beside target and metric."""


def run_build(
    data: Sequence[str], out: Path | None, quiet: bool, began: float, approve: bool, template: Path | None, model: str | None, **said: Any
) -> BuildResult:
    """Build and copy everything to `out`. Raises what the flow's steps raise.

    The builder starts at once, beside Prefect's server: bad data and a bad objective are told before the server is up.
    """
    here = Path.cwd()
    show_progress(quiet)
    paths = [str(Path(p).expanduser().absolute()) for p in data]
    request = _request(paths, template, said)
    folder = here / (out or DEFAULT_OUT / safe_name(Path(paths[0]).name.partition(".")[0] or "build"))
    prove_writable(folder)
    if model:
        check_model(model)
    waits = approve or bool(model)
    early = begin(axiom_home(), request, began, reads_only=waits or somebody_answers(quiet))
    try:
        if somebody_answers(quiet):
            early, said, began = _answered(early, said, paths, template, began, waits)
        early.prove()
        with prefect_api(quiet) as api:
            if approve and api.is_ours:
                raise SettingError("--approve needs a Prefect server whose page a person can open", "Start one with `axiom up`.")
            from flows.model_building import model_building

            threading.Thread(target=warm_up, args=(axiom_home(),), daemon=True).start()
            api.wait()
            fixed = Overrides(**{name: said[name] for name in FIXED})
            given = {k: v for k, v in said.items() if v is not None and k not in FIXED} | {"objective": said["objective"] or ""}
            source = str(here / template) if template else None
            outcome: Any = model_building(paths, approve=approve, model=model, template=source, fixed=fixed, **given)
    finally:
        early.end()
    result = _hand_over(Path(outcome.folder), folder)
    if outcome.finished:
        early.finish()
    if not quiet:
        for line in summary_lines(result, folder, width=shutil.get_terminal_size((100, 24)).columns, colour=_colour()):
            print(line)
        if outcome.mlflow_url:
            print(f"MLflow: {outcome.mlflow_url}")
        print(f"Done in {time.time() - began:.0f} s.")
    if outcome.mlflow_problem:
        print(f"MLflow: {outcome.mlflow_problem}", file=sys.stderr)
    return result


def _answered(
    early: EarlyBuild, said: dict[str, Any], paths: Sequence[str], template: Path | None, began: float, waits: bool
) -> tuple[EarlyBuild, dict[str, Any], float]:
    """The build with what a person answered; the time they took is not its own."""
    answers, seconds = ask_back(early.request, early.profile())
    if answers:
        early.end()
        said, began = said | answers, began + seconds
        early = begin(axiom_home(), _request(paths, template, said), began, reads_only=waits)
    elif not waits:
        early.go_on()
    return early, said, began


def _request(paths: Sequence[str], template: Path | None, said: dict[str, Any]) -> BuildRequest:

    return request_with(read_template(template) if template else None, said | parallel_defaults(), paths)


def _colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _hand_over(source: Path, folder: Path) -> BuildResult:
    """Copy what the build left to the user's folder, `build.json` last: where it stands, the rest is complete."""
    (folder / BUILD).unlink(missing_ok=True)
    for file in sorted((p for p in source.rglob("*") if p.is_file()), key=lambda p: p.name == BUILD):
        target = folder / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.partial")
        shutil.copyfile(file, partial)
        os.replace(partial, target)
    try:
        return BuildResult.model_validate_json((folder / BUILD).read_bytes())
    except (OSError, ValueError) as error:
        raise InfrastructureError("The build left no result", f"Please report this; its files are in {source}.") from error
