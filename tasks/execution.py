"""The Prefect steps of `flows/execution.py`: plan, build, train, criticise, evaluate, register, report, record.

What the repository's code does happens in a container behind `run_sandboxed`; these steps are trusted code that hands
small JSON on. Metrics and artifacts go through a journal, so that a store that goes away costs nothing.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from blocks.settings import ExecutionSettings, load_execution_settings
from tasks import approval
from tasks.adapters.checkout import Checkout, entry_date, hash_files, read_evidence
from tasks.adapters.container.job_folder import trim_jobs
from tasks.adapters.container.running import engine_status
from tasks.adapters.environment.image import build_environment as build_image
from tasks.adapters.record.execution import ExecutionRecord, record_of
from tasks.adapters.record.pending import ship_pending
from tasks.adapters.registry.registration import register_model as register
from tasks.adapters.self_test import require_isolation
from tasks.adapters.store import axiom_home, rule_version, safe_name, write_atomically
from tasks.agents.repair import choose
from tasks.analysis import AnalysisOutcome, compose_report, open_adviser, short_name, show_report
from tasks.early_training import EarlyTraining, begun
from tasks.errors import InfrastructureError, SettingError
from tasks.evidence.child import ALL_SECTIONS
from tasks.evidence.outputs.facts import Phase
from tasks.evidence.outputs.reading import read_outputs
from tasks.live_log import LiveLog
from tasks.rendering.execution import CAUSE_WORDS, claims_table, metrics_table, plan_markdown, repair_markdown
from tasks.rendering.run_record import run_tags
from tasks.rendering.terminal import agent_line
from tasks.rendering.write import write_report as write_files
from tasks.rules.assembly import AgentResult
from tasks.rules.contract import Report
from tasks.rules.evidence import Evidence
from tasks.rules.execution.assembly import assemble_execution
from tasks.rules.execution.contract import Execution
from tasks.rules.execution.jobs import make_job
from tasks.rules.execution.loading import loading_limits, loading_step, tell_loading
from tasks.rules.execution.plan import BuiltEnvironment, CannotRun, Repair, Step
from tasks.rules.execution.planning import plan_execution
from tasks.rules.execution.request import read_request
from tasks.rules.execution.state import ExecutionState, Trial
from tasks.rules.execution.tree import Tree
from tasks.rules.registry.candidate import kept_files, model_facts, model_files, model_key
from tasks.rules.registry.facts import ModelFacts
from tasks.rules.registry.registration import RegistrationDecision, RegistrationPolicy, decide_registration
from tasks.rules.repairs.criticism import criticize_trial
from tasks.rules.sandbox.isolation import describe_isolation
from tasks.rules.sandbox.job import Job, Network, Role
from tasks.sandbox_run import execution_key, on_pool, run_sandboxed

MAX_ATTEMPTS = 4
"""The first, and three repairs: design, section 7."""
REGISTRATION_PATIENCE = 300.0
"""Seconds that a registration waits for MLflow."""
TRACKING_PATIENCE = 30.0
DATASETS_HASHED = 50
TAIL_BYTES, TAIL_LINES = 64 * 1024, 200
progress = logging.getLogger("axiom.progress")


class ExecutionOutcome(AnalysisOutcome):
    """What an execution leaves: the report's folder with `execution.json` beside it."""

    status: str
    detail: str
    registered: str = ""
    """`NAME/VERSION`, when a model was registered."""


def name_run() -> str:
    """`execution · owner/name`."""
    return f"execution · {short_name(str(runtime.flow_run.parameters.get('repository', '')))}"


def _name_attempt() -> str:
    """`training_execution #2 · owner/name`: each attempt is a node of its own in the graph."""
    parameters = runtime.task_run.parameters
    state = next((v for v in parameters.values() if isinstance(v, ExecutionState)), None)
    number = parameters.get("attempt")
    return f"{runtime.task_run.task_name}{f' #{number}' if number else ''} · {state.repository if state else 'repository'}"


def _step(name: str) -> Any:
    return task(name=name, task_run_name=_name_attempt, cache_policy=NO_CACHE)


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE)
def plan_training(
    checkout: Checkout,
    entrypoint: str | None,
    timeout_seconds: int,
    memory: str,
    cpus: float,
    disk: str,
    network: Network,
    before: Sequence[AgentResult],
) -> ExecutionState:
    """What to build and run, or why there is nothing to run; refuses when the engine does not isolate well enough."""
    engine, settings = engine_status(), _settings()
    isolation = describe_isolation(engine, network) | require_isolation(axiom_home(), engine, settings.min_isolation)
    request = read_request(entrypoint, timeout_seconds, memory, cpus, disk, network, engine.cpus)
    evidence, _ = read_evidence(checkout, ALL_SECTIONS)
    planned = plan_execution(evidence, checkout.manifest(), request, lambda file: entry_date(checkout, file))
    state = ExecutionState(
        key=_key(), repository=checkout.name, request=request, isolation=isolation, datasets=_datasets(checkout, evidence),
        policy=RegistrationPolicy(min_readiness=settings.min_readiness, min_deployment=settings.min_deployment),
        **({"cannot_run": planned} if isinstance(planned, CannotRun) else {"plan": planned}),
    )  # fmt: skip
    create_markdown_artifact(plan_markdown(state), key="plan", description="What is built and run, and why")
    told = planned.train.display if not isinstance(planned, CannotRun) else f"not run: {planned.detail}"
    progress.info(agent_line("plan", None, 0.0, told))
    ship_pending(axiom_home())
    _record(state).open(f"{checkout.name} {(checkout.commit or 'no commit')[:8]}", *_identity(checkout, state))
    return state


def _key() -> str:
    """Of what this process has begun early, else of this flow run: one that is taken up again finds its jobs and its record."""
    early = begun()
    return early.key if early is not None else execution_key(str(runtime.flow_run.id))


def _datasets(checkout: Checkout, evidence: Evidence) -> dict[str, str]:
    facts = evidence.dataset_facts
    paths = [d.path for d in facts.datasets if not d.problem] if facts else []
    return hash_files(checkout, paths[:DATASETS_HASHED])


def _settings() -> ExecutionSettings:
    try:
        return load_execution_settings()
    except ValueError as error:
        raise SettingError(str(error), "Correct the variable or the block.") from error


def _record(state: ExecutionState) -> ExecutionRecord:
    return record_of(axiom_home(), state.key)


def _identity(checkout: Checkout, state: ExecutionState) -> tuple[dict[str, str], dict[str, str]]:
    """Tags and parameters of the execution's MLflow run."""
    tags = {
        "repository": checkout.url,
        "commit": checkout.commit or "",
        "commit_date": checkout.commit_date or "",
        "isolation": state.isolation.get("level", ""),
        "flow_run": str(runtime.flow_run.id),
        "rule_version": rule_version(),
    }
    tags |= {f"dataset/{path}": digest for path, digest in state.datasets.items()}
    params = {f"limit/{name}": str(value) for name, value in state.request.limits.model_dump().items()}
    plan = state.plan
    if plan is not None:
        params |= {"command": plan.train.display, "python": plan.environment.python, "as_of": str(plan.environment.as_of or "today")}
    return tags, params


def ask_a_person(what: str, state: ExecutionState) -> None:
    """Pause until somebody approves in the Prefect UI."""
    approval.ask_a_person(what, plan_markdown(state))


@_step("build_environment")
def build_environment(state: ExecutionState, attempt: int) -> ExecutionState:
    """An image with the dependencies, from the cache when the same was built before."""
    assert state.plan is not None
    started = time.monotonic()
    logger = get_run_logger()
    built = build_image(state.plan.environment, axiom_home(), logger.info)
    trial = Trial(number=attempt, plan=state.plan)
    if isinstance(built, BuiltEnvironment):
        trial = trial.model_copy(update={"environment": built})
        told = f"{len(built.resolved)} packages{', cached' if built.cached else ''}"
    else:
        trial = trial.model_copy(update={"failure": built})
        told = built.detail
    progress.info(agent_line("build_environment", None, time.monotonic() - started, told))
    return state.model_copy(update={"trials": (*state.trials, trial)})


@_step("training_execution")
def execute_training(checkout: Checkout, state: ExecutionState, attempt: int) -> ExecutionState:
    """Run the training command in the sandbox and read what it left."""
    trial = state.trials[-1]
    if trial.environment is None:
        return state
    ran = _run(checkout, state, trial, "train", trial.plan.train, ())
    return state.model_copy(update={"trials": (*state.trials[:-1], ran)})


def _run(checkout: Checkout, state: ExecutionState, trial: Trial, role: Role, step: Step, overlays: Sequence[str]) -> Trial:
    assert trial.environment is not None
    phase: Phase = "training" if role == "train" else "evaluation"
    job = make_job(
        state.key, role, trial.number, step, trial.plan, trial.environment.image, state.request.limits, str(checkout.tree), overlays
    )
    record = _record(state)
    early = _begun_as(job)
    log = LiveLog(
        get_run_logger(),
        lambda found: record.metrics(phase, trial.number, found),
        is_shown=early is None,
        logs_lines=early is not None or not on_pool(),
    )
    started = early.started if early is not None else time.time()
    record.begin(phase, trial.number, {"command": step.display, "image": job.image}, _packages(trial))
    try:
        outcome = early.take(log) if early is not None else None
        if outcome is None:
            progress.info(agent_line(f"{phase}_execution", None, 0.0, f"attempt {trial.number}: {step.display}"))
            outcome = run_sandboxed(job, axiom_home(), log)
    finally:
        log.close()
    folder = axiom_home() / "jobs" / job.id
    outputs = read_outputs(
        folder, phase, outcome.changed, _computed_metrics(checkout), tree=checkout.tree, entry=step.file, started=started
    )
    record.outcome(phase, trial.number, outcome, outputs, folder)
    told = "done" if outcome.cause is None else f"{CAUSE_WORDS[outcome.cause]}. {outcome.detail}"
    progress.info(agent_line(f"{phase}_execution", None, outcome.seconds, told))
    return trial.model_copy(update={"job": job.id, "outcome": outcome, "outputs": outputs})


def _begun_as(job: Job) -> EarlyTraining | None:
    """What was begun early, if it is this very job; anything else that was is ended."""
    early = begun()
    if early is None or early.prepared() == job:
        return early
    early.end()
    return None


def _packages(trial: Trial) -> dict[str, str]:
    """Parameters: the resolved version of each package that was asked for."""
    wanted = {r.name for r in trial.plan.environment.requirements}
    resolved = dict(line.partition("==")[::2] for line in (trial.environment.resolved if trial.environment else ()))
    return {f"package/{name}": version for name, version in resolved.items() if name in wanted}


def _computed_metrics(checkout: Checkout) -> list[tuple[str, str]]:
    """File and name of every metric the code computes: numbers may be printed without a word."""
    evidence, _ = read_evidence(checkout, ALL_SECTIONS)
    found = evidence.evaluation_facts.metrics if evidence.evaluation_facts else ()
    return [(place.file, metric.name) for metric in found for place in metric.places]


@_step("critic")
def criticize(checkout: Checkout, state: ExecutionState, attempt: int, model: str | None) -> ExecutionState:
    """Whether the attempt stands, and otherwise the one repair to try next, from a closed set."""
    trial, tail = state.trials[-1], _tail(state.trials[-1])

    def pick(repairs: Sequence[Repair]) -> Repair | None:
        return choose(repairs, state.repository, trial.plan.train.display, str(trial.cause), tail, open_adviser(model))[0]

    evidence, _ = read_evidence(checkout, ALL_SECTIONS)
    verdict, plan = criticize_trial(state, tail, Tree(checkout.manifest()), evidence.launch, pick)
    if verdict.repair is not None:
        create_markdown_artifact(repair_markdown(trial, verdict, plan), key=f"repair-{attempt}", description=verdict.repair.change)
        progress.info(agent_line("critic", None, 0.0, f"{verdict.repair.kind}: {verdict.repair.change}"))
    return state.model_copy(update={"verdicts": (*state.verdicts, verdict), "plan": plan or state.plan})


@_step("evaluation_execution")
def execute_evaluation(checkout: Checkout, state: ExecutionState) -> ExecutionState:
    """Run the repository's own evaluation on what training left; nothing where training evaluates itself."""
    step = state.plan.evaluate if state.plan else None
    if step is None or not state.succeeded:
        return state
    last = state.trials[-1]
    outputs = axiom_home() / "jobs" / last.job / "outputs"
    evaluation = _run(checkout, state, last, "evaluate", step, (str(outputs),))
    return state.model_copy(update={"evaluation": evaluation})


@_step("model_loading")
def load_model(checkout: Checkout, state: ExecutionState) -> ExecutionState:
    """Whether the model loads outside its training: tried in the sandbox, never here."""
    models = model_files(state.trials[-1].outputs.artifacts) if state.succeeded else []
    if not models:
        return state
    last = state.trials[-1]
    assert last.environment is not None
    outputs = str(axiom_home() / "jobs" / last.job / "outputs")
    step, limits = loading_step(last.plan, models), loading_limits(state.request.limits)
    job = make_job(state.key, "smoke", last.number, step, last.plan, last.environment.image, limits, str(checkout.tree), (outputs,))
    outcome = run_sandboxed(job, axiom_home(), lambda line: None)
    tail = _tail(last.model_copy(update={"outcome": outcome}))
    loaded = last.outputs.model_copy(update={"artifacts": tell_loading(last.outputs.artifacts, tail)})
    told = "; ".join(f"{a.path} {a.check.rpartition('; ')[2]}" for a in model_files(loaded.artifacts)[:3])
    progress.info(agent_line("model_loading", None, outcome.seconds, told))
    return state.model_copy(update={"trials": (*state.trials[:-1], last.model_copy(update={"outputs": loaded}))})


@_step("model_registration")
def register_model(checkout: Checkout, state: ExecutionState) -> Execution:
    """The whole result; the model becomes a candidate when the policy's thresholds are reached."""
    evidence, _ = read_evidence(checkout, ALL_SECTIONS)
    claims = evidence.project_facts.claimed_metrics if evidence.project_facts else ()
    execution = assemble_execution(state, claims)
    outputs = [t.outputs for t in (*state.trials[-1:], state.evaluation) if t is not None]
    facts = model_facts(evidence, execution, outputs, checkout.url, checkout.commit, state.datasets)
    decision = decide_registration(execution.status, facts, execution.artifacts, state.policy)
    if execution.status == "not_run":
        state = state.model_copy(update={"registration": "nothing was trained"})
    elif decision.register_it:
        state = _register(checkout, state, execution, facts, decision)
    else:
        state = state.model_copy(update={"registration": decision.sentence})
    progress.info(agent_line("model_registration", None, 0.0, state.registration))
    return assemble_execution(state, claims)


def _register(
    checkout: Checkout, state: ExecutionState, execution: Execution, facts: ModelFacts, decision: RegistrationDecision) -> ExecutionState:  # fmt: skip
    home, files = axiom_home(), kept_files(execution.artifacts)
    shipped = _record(state).close(REGISTRATION_PATIENCE)
    try:
        if shipped.run_id is None:
            raise InfrastructureError(f"MLflow has no run of this execution yet: {shipped.problem}")
        registered = register(
            home,
            safe_name(checkout.name.rsplit("/", 1)[-1])[:80],
            shipped.run_id,
            model_key(checkout.url, checkout.commit, execution.environment_key, files),
            home / "jobs" / state.trials[-1].job / "outputs",
            [f.path for f in files],
            facts,
            actor="execution flow",
            reason=decision.sentence,
            thresholds=state.policy.model_dump(),
            tags={"isolation": state.isolation.get("level", ""), "command": execution.command},
        )
    except InfrastructureError as error:
        return state.model_copy(update={"registration": f"Not registered: {error}"})
    return state.model_copy(update={"registered": registered, "registration": decision.sentence})


@task(name="report", task_run_name="report", cache_policy=NO_CACHE)
def write_report(checkout: Checkout, model: str | None, executed: Execution, results: Sequence[AgentResult]) -> ExecutionOutcome:
    """The readiness report with what the run showed, and `execution.json` beside it."""
    started = time.monotonic()
    report = compose_report(checkout, model, results, executed)
    folder = axiom_home() / "executions" / _key() / "report"
    write_files(report, folder)
    write_atomically(folder / "execution.json", (executed.model_dump_json(indent=1) + "\n").encode())
    show_report(report)
    create_table_artifact(
        claims_table(executed.claims) or [{"metric": "nothing is claimed"}], key="claims", description="Claimed against reproduced"
    )
    create_table_artifact(metrics_table(executed.metrics) or [{"metric": "none was measured"}], key="metrics", description="Final metrics")
    progress.info(agent_line("report", report.score, time.monotonic() - started))
    return ExecutionOutcome(
        repository=checkout.name, commit=checkout.commit, score=report.score, verdict=report.verdict.level, folder=str(folder), key=_key(),
        status=executed.status, detail=executed.detail,
        registered=f"{executed.registered.model}/{executed.registered.version}" if executed.registered else "",
    )  # fmt: skip


@task(task_run_name="track", cache_policy=NO_CACHE)
def track(outcome: ExecutionOutcome) -> ExecutionOutcome:
    """End the execution's record in MLflow. What a store that is away does not take now is sent by a later command."""
    folder = Path(outcome.folder)
    report = Report.model_validate_json((folder / "report.json").read_bytes())
    executed = Execution.model_validate_json((folder / "execution.json").read_bytes())
    record = record_of(axiom_home(), outcome.key)
    record.finish(
        executed, run_tags(report, rule_version()), {f"report.{k}": folder / f"report.{k}" for k in ("html", "md", "json", "sarif")}
    )
    shipped = record.close(TRACKING_PATIENCE)
    trim_jobs(axiom_home())
    problem = "" if shipped.complete else f"{shipped.problem}; it is kept and sent by the next command"
    return outcome.model_copy(update={"mlflow_run": shipped.run_id, "mlflow_url": shipped.url, "mlflow_problem": problem})


def _tail(trial: Trial) -> list[str]:
    """The last lines of the job's log."""
    if trial.outcome is None or not trial.outcome.log:
        return []
    with open(trial.outcome.log, "rb") as log:
        log.seek(max(0, os.fstat(log.fileno()).st_size - TAIL_BYTES))
        return log.read().decode("utf-8", "replace").splitlines()[-TAIL_LINES:]
