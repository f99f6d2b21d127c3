"""The Prefect steps of `flows/model_building.py`: profile, contract, split, loops of the critic, finalize, register, report.

All heavy work happens in the builder's process; what crosses is small JSON. A step that was finished before a crash is
not done again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import runtime, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel, ConfigDict

from blocks.settings import BuildSettings, load_build_settings, load_settings
from tasks import approval
from tasks.adapters.builder import Builder, end_build, end_builds, finish_build, open_build
from tasks.adapters.record.build import BuildRecord, build_record
from tasks.adapters.record.pending import ship_pending
from tasks.adapters.registry.registration import register_model as register
from tasks.adapters.store import axiom_home, rule_version, safe_name, write_atomically
from tasks.early_building import begun, key_of, show
from tasks.errors import InfrastructureError, SettingError, SourceRefused
from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import Candidate, LoopFacts
from tasks.evidence.table.facts import TableProfile
from tasks.evidence.table.hashing import hash_files
from tasks.modelling.workspace import Workspace
from tasks.rendering.build_artifacts import contract_markdown, final_markdown, leaderboard_rows, loop_markdown, profile_markdown
from tasks.rendering.build_write import write_build_report
from tasks.rendering.terminal import agent_line
from tasks.rules.building.contract import Contract
from tasks.rules.building.critic import criticize as judge_loop
from tasks.rules.building.overrides import Overrides
from tasks.rules.building.registration import decide_registration, facts_of
from tasks.rules.building.result import BuildResult, File, Loop, Registration, SplitResult
from tasks.rules.building.state import BuildState
from tasks.rules.building.template import read_template, request_with, save_template

BUILD, PREDICTIONS, TEMPLATE = "build.json", "predictions.csv", "template.json"
REGISTRATION_PATIENCE = 300.0
MAX_LOOPS = 3
"""Loops of the critic: design, section 7."""
TRACKING_PATIENCE = 30.0
LEAST_PATIENCE = 2.0
LEAVING_SECONDS = 1.0
"""What follows the last word of the record: copies for the user, Prefect's last words, the end of the process."""
progress = logging.getLogger("axiom.progress")


class BuildOutcome(BaseModel):
    """What a build leaves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    key: str
    folder: str
    """Holds everything the user gets: the model, the report, `build.json`."""
    verdict: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    registered: str = ""
    """`NAME/VERSION`, when the model was registered."""
    mlflow_url: str | None = None
    mlflow_problem: str = ""
    finished: bool = True
    """Otherwise the same command goes on with it: the model is not registered yet."""


def name_run() -> str:
    """`model_building · churn`."""
    data = runtime.flow_run.parameters.get("data") or ["data"]
    return f"model_building · {stem(str(data[0]))}"


def stem(path: str) -> str:
    """`churn` of `/data/churn.csv.gz`."""
    return safe_name(Path(path).name.partition(".")[0] or "data")


def _name_step() -> str:
    """`train_models #2 · churn`: each loop of the critic is a node of its own in the graph."""
    parameters = runtime.task_run.parameters
    state = next((v for v in parameters.values() if isinstance(v, BuildState)), None)
    number = parameters.get("loop")
    subject = state.name if state else stem(str((parameters.get("data") or ["data"])[0]))
    return f"{runtime.task_run.task_name}{f' #{number}' if number else ''} · {subject}"


def _step(name: str) -> Any:
    return task(name=name, task_run_name=_name_step, cache_policy=NO_CACHE)


@_step("profile_data")
def profile_data(
    data: Sequence[str],
    objective: str,
    target: str | None,
    metric: str | None,
    time_budget: float,
    max_loops: int,
    seed: int | None,
    template: str | None,
    fixed: Overrides,
    max_candidates: int | None,
) -> BuildState:
    """Read the files as one table, and say what is in it."""
    said = {
        "objective": objective, "target": target, "metric": metric, "time_budget": time_budget, "max_loops": max_loops, "seed": seed,
        "max_candidates": max_candidates,
    }  # fmt: skip
    paths = [_allowed(path) for path in data]
    said = fixed.model_dump() | {k: v for k, v in said.items() if v is not None}
    request = request_with(read_template(Path(_allowed(template))) if template else None, said | parallel_work(), paths)
    early = begun(request)
    began = early.began if early else time.time()
    key = early.key if early else key_of(request)
    builder, resumed = open_build(axiom_home(), key, request, began)
    resumed = resumed or (early.resumed if early else False)
    if resumed:
        progress.info(agent_line("resume", None, 0.0, f"going on with a build that was interrupted after {builder.spent_before:.0f} s"))
    state = BuildState(
        key=key, folder=str(builder.folder), name=stem(request.data[0]), request=request, began=began,
        deadline=builder.deadline, resumed=resumed,
    )  # fmt: skip
    profile = TableProfile.model_validate(builder.run("read", on_event=show)["profile"])
    create_markdown_artifact(profile_markdown(profile), key="profile", description="What is in the data")
    return state.model_copy(update={"rows": profile.rows})


def parallel_work() -> dict[str, Any]:
    """How the settings let fits run side by side."""
    try:
        settings: BuildSettings = load_build_settings()
    except ValueError as error:
        raise SettingError(str(error), "Correct the variable or the block.") from error
    return {
        "jobs": settings.jobs, "executor": settings.executor, "address": settings.address, "optuna_storage": settings.optuna_storage,
    }  # fmt: skip


def _allowed(path: str) -> str:
    """A path this run may read: any on the command line, in deployments below the configured folder only."""
    if runtime.deployment.id is None:
        return path
    root = load_settings().local_root
    real = os.path.realpath(path)
    if not root or os.path.commonpath([os.path.realpath(root), real]) != os.path.realpath(root):
        raise SourceRefused(
            f"Deployments may not read {path}", "Set AXIOM_LOCAL_ROOT, or the settings block's local folder, to a folder above it."
        )
    return real


@_step("understand_objective")
def understand_objective(state: BuildState, model: str | None) -> BuildState:
    """What the sentence asks, as a contract that can be checked; nothing is trained before it stands."""
    result = _builder(state).run("contract", on_event=show)
    contract = Contract.model_validate(result["contract"])
    create_markdown_artifact(contract_markdown(contract), key="contract", description="What the objective was understood to ask")
    agreed = state.model_copy(update={"contract": contract})
    _open_record(agreed)
    return agreed


@_step("split_data")
def split_data(state: BuildState) -> BuildState:
    """Seal the test rows, cut the folds, and measure which columns know the target."""
    result = _builder(state).run("split", on_event=show)
    leaks = tuple(LeakSuspect.model_validate(leak) for leak in result["leaks"])
    return state.model_copy(update={"split": SplitResult.model_validate(result["split"]), "leaks": leaks})


def ask_a_person(what: str, state: BuildState) -> None:
    """Pause until somebody approves in the Prefect UI. The time they take is not the build's."""
    assert state.contract is not None
    told = contract_markdown(state.contract) + "".join(f"\n\n{loop_markdown(loop, state.contract)}" for loop in state.loops)
    with _builder(state).held():
        approval.ask_a_person(what, told)


@_step("engineer_features")
def engineer_features(state: BuildState, loop: int, model: str | None) -> BuildState:
    """The recipe of this loop's features, with what the critic asked for."""
    builder = _builder(state)
    builder.run("features", f"features#{loop}", on_event=show, loop=loop)
    builder.ask("plots", f"plots#{loop}", loop=loop)  # before the training is asked for, which it runs beside
    return state


@_step("draw_plots")
def draw_plots(state: BuildState, loop: int, model: str | None) -> int:
    """Pictures of the data, drawn beside the training; how many."""
    asked = _builder(state).ask("plots", f"plots#{loop}", loop=loop).result()
    file = Path(asked["file"])
    return len(json.loads(file.read_bytes())) if _builder(state).wait_for_file(file, asked["until"]) else 0


@_step("train_models")
def train_models(state: BuildState, loop: int) -> BuildState:
    """Baselines, candidates by cross-validation, tuning and the ensemble, until this loop's share of the time is used."""
    _builder(state).run("train", f"train#{loop}", on_event=show, loop=loop)
    return state


@_step("evaluate_models")
def evaluate_models(state: BuildState, loop: int) -> BuildState:
    """What the loop's champion is worth on rows it was not fitted on; the sealed test stays sealed."""
    result = _builder(state).run("evaluate", f"evaluate#{loop}", on_event=show, loop=loop)
    return state.model_copy(update={"facts": LoopFacts.model_validate(result["facts"])})


@_step("criticize")
def criticize(state: BuildState, loop: int, model: str | None, before: Sequence[Any]) -> BuildState:
    """Finalize, refine the features or retrain: the rules decide, with reasons and one concrete change."""
    assert state.contract is not None
    judged = _judged_before(state, loop) or _judge(state, loop)
    create_markdown_artifact(
        loop_markdown(judged, state.contract), key=f"critic-{loop}", description=f"Critic, loop {loop}: {judged.route}"
    )
    progress.info(agent_line(f"critic #{loop}", None, 0.0, f"{judged.route}: {judged.reasons[0] if judged.reasons else ''}"))
    candidates = [c for c in _candidates(state) if c.loop == loop]
    create_table_artifact(leaderboard_rows(candidates, state.contract), key=f"candidates-{loop}", description=f"Candidates of loop {loop}")
    _record(state).loop(judged, candidates, {})
    return state.model_copy(update={"loops": (*state.loops, judged), "facts": None})


def _judged_before(state: BuildState, loop: int) -> Loop | None:
    """The verdict an earlier process came to: the clock reads otherwise now, and must not change it."""
    kept = Workspace(Path(state.folder)).finished(f"judged#{loop}")
    return Loop.model_validate(kept["loop"]) if kept else None


def _judge(state: BuildState, loop: int) -> Loop:
    assert state.contract is not None and state.facts is not None
    history = [item.facts for item in state.loops if item.facts is not None]
    leaking = [c for leak in state.leaks if leak.certain for c in leak.columns]
    verdict = judge_loop(
        state.contract, [*history, state.facts], state.leaks, [i.change for i in state.loops if i.change],
        state.request.max_loops, _seconds_for_loops(state), state.request.time_budget, dropped=leaking,
    )  # fmt: skip
    judged = Loop(
        loop=loop, route=verdict.route, reasons=verdict.reasons, change=verdict.change, score=state.facts.estimate.value,
        facts=state.facts, allowed=verdict.allowed,
    )  # fmt: skip
    _builder(state).run("judged", f"judged#{loop}", loop=judged.model_dump(mode="json"), best=verdict.best_loop)
    return judged


def _seconds_for_loops(state: BuildState) -> float:
    from tasks.rules.building.schedule import ending_seconds

    return _builder(state).deadline - time.time() - ending_seconds(state.request.time_budget, state.rows)


def _candidates(state: BuildState) -> list[Candidate]:
    files = sorted(Path(state.folder).glob("search/*/candidates/*/result.json"), key=lambda p: p.stat().st_mtime)
    return [Candidate.model_validate_json(f.read_bytes()) for f in files]


@_step("finalize")
def finalize(state: BuildState) -> BuildState:
    """Open the sealed test once, score the champion of all loops, test each clause, write the model."""
    _builder(state).run("finalize", on_event=show)
    return state


@_step("register_model")
def register_model(state: BuildState) -> BuildState:
    """The model becomes a candidate in the registry when the verdict is to ship it; any other stays with its build."""
    result = _result(state)
    wanted, why = decide_registration(result)
    registered = None
    if wanted:
        try:
            registered = _register(state, result, why)
        except InfrastructureError as error:
            why = f"Not registered yet: {error} Run the same command again to register it."
    progress.info(agent_line("register_model", None, 0.0, why))
    told = result.model_copy(update={"registered": registered, "registration": why})
    write_atomically(_final(state) / BUILD, told.model_dump_json(indent=1).encode())
    return state


def _register(state: BuildState, result: BuildResult, reason: str) -> Registration:
    home, folder = axiom_home(), _final(state) / "model"
    shipped = _record(state).close(_patience(state, REGISTRATION_PATIENCE))
    if shipped.run_id is None:
        raise InfrastructureError(f"MLflow has no run of this build yet: {shipped.problem}")
    files = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    hashes = hash_files(state.request.data)
    facts = facts_of(result, source=state.name, commit=rule_version(), held_out=_held_out(state, result), predictions=PREDICTIONS)
    made = register(
        home, state.name[:80], shipped.run_id, _builder(state).identity, folder, files, facts,
        actor="model_building flow", reason=reason,
        tags={"build": state.key, "target": result.contract.target} | {f"data/{Path(p).name}"[:200]: h for p, h in hashes.items()},
    )  # fmt: skip
    return Registration(model=made.model, version=made.version, state=made.state, url=made.url)


def _held_out(state: BuildState, result: BuildResult) -> str:
    """Names the sealed rows: builds of the same data, target, split and seed have the same ones, and only such models are compared."""
    assert result.split is not None
    told = [*sorted(hash_files(state.request.data).values()), result.contract.target, result.split.plan.model_dump_json(), str(result.seed)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@_step("write_report")
def write_report(state: BuildState) -> BuildOutcome:
    """`report.html`, `report.md`, `report.json` and `build.json`; the record in MLflow is complete after it."""
    folder = _final(state)
    result = _result(state).model_copy(update={"seconds": round(_builder(state).spent, 1), "resumed": state.resumed})
    result = _keep_template(result, folder)
    write_build_report(result, folder)
    create_markdown_artifact(final_markdown(result), key="build", description=f"{result.verdict}: {state.name}")
    record = _record(state)
    record.finish(result, {"resumed": str(state.resumed)}, {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()})
    shipped = record.close(_patience(state, TRACKING_PATIENCE))
    finished = result.registered is not None or not decide_registration(result)[0]
    if finished and begun(state.request) is None:
        finish_build(axiom_home(), state.key)
    else:
        end_build(state.key)  # the command finishes it, once the user has the files; without its registration it can be taken up again
    registered = f"{result.registered.model}/{result.registered.version}" if result.registered else ""
    problem = "" if shipped.complete else f"{shipped.problem}; it is kept and sent by the next command"
    t = result.test
    return BuildOutcome(
        name=state.name, key=state.key, folder=str(folder), verdict=result.verdict, metric=result.contract.metric,
        value=t.value if t else None, low=t.low if t else None, high=t.high if t else None, registered=registered,
        mlflow_url=shipped.url, mlflow_problem=problem, finished=finished,
    )  # fmt: skip


def _keep_template(result: BuildResult, folder: Path) -> BuildResult:
    """`template.json`, which replays this build on other data; a build without a champion has none."""
    template = save_template(result)
    if template is None:
        return result
    text = template.model_dump_json(indent=1).encode()
    write_atomically(folder / TEMPLATE, text)
    others = tuple(f for f in result.files if f.path != TEMPLATE)
    kept = File(path=TEMPLATE, role="template", bytes=len(text), sha256=hashlib.sha256(text).hexdigest())
    return result.model_copy(update={"files": (*others, kept)})


def _patience(state: BuildState, most: float) -> float:
    """Seconds a store may take: what is left of the budget, a few in any case."""
    return min(most, max(LEAST_PATIENCE, _builder(state).deadline - time.time() - LEAVING_SECONDS))


def _final(state: BuildState) -> Path:
    return Path(state.folder) / "final"


def _result(state: BuildState) -> BuildResult:
    return BuildResult.model_validate_json((_final(state) / BUILD).read_bytes())


def _builder(state: BuildState) -> Builder:
    """The build's process; started again, where it left off, when it is gone."""
    return open_build(axiom_home(), state.key, state.request, state.began)[0]


def _record(state: BuildState) -> BuildRecord:
    return build_record(axiom_home(), _builder(state).identity)


def _open_record(state: BuildState) -> None:
    assert state.contract is not None
    tags = {
        "target": state.contract.target,
        "task": state.contract.task,
        "metric": state.contract.metric,
        "flow_run": str(runtime.flow_run.id),
    }
    params = {k: str(v) for k, v in state.request.model_dump(exclude={"data", "trials", "changes"}).items() if v not in (None, "", ())}
    ship_pending(axiom_home())
    record = _record(state)
    record.open(f"{state.name} · {state.contract.target}", tags | {"rule_version": rule_version()}, params)
    record.inputs(TableProfile.model_validate(_builder(state).run("read")["profile"]).sources)


def end_on_end(flow: Any, flow_run: Any, state: Any) -> None:
    """The hook for every bad end: no builder of this process runs on."""
    end_builds()
