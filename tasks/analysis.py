"""The Prefect steps of `flows/analysis.py`: clone, eight agents, the report, the record in MLflow.

An agent is one sentence: read the section's facts, judge them by rule, ask for an opinion, overrule it. What crosses
between steps is small JSON; facts stay in the content-addressed cache, keyed by commit and rule version.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact, create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote
from pydantic import BaseModel, ConfigDict

from blocks.settings import AnalysisSettings, load_credentials, load_settings
from tasks.adapters.checkout import Checkout, check_out, read_evidence, read_section
from tasks.adapters.language_model import LanguageModel, ModelLimits
from tasks.adapters.model_run import ModelRun
from tasks.adapters.store import axiom_home, rule_version, safe_name
from tasks.adapters.tracking import TrackedRun, earlier_metrics, log_model_calls, record_run
from tasks.agents import consult
from tasks.errors import InfrastructureError, SettingError, UserError
from tasks.evidence.child import ReadingLimits
from tasks.rendering.markdown import clip_markdown, render_markdown
from tasks.rendering.run_record import run_metrics, run_tags
from tasks.rendering.terminal import agent_line
from tasks.rendering.write import write_report as write_files
from tasks.rules.assembly import AgentResult, assemble_report, judge_all, with_summary
from tasks.rules.briefing import brief, brief_report
from tasks.rules.contract import Report, Repository
from tasks.rules.evidence import Evidence
from tasks.rules.execution.contract import Execution
from tasks.rules.rule import Section
from tasks.rules.telling import claimed_values, tell_section

EXPERIMENT = "axiom/analysis"
EXECUTION_EXPERIMENT = "axiom/execution"
READ_SECTIONS = ("project", "dataset", "training", "evaluation", "mlops", "monitoring", "deployment", "requests")
AGENTS = 8
ACTIONS_SHOWN = 50
progress = logging.getLogger("axiom.progress")
"""One line per finished agent; the command line shows it."""


class AnalysisOutcome(BaseModel):
    """What an analysis leaves: the report's folder and what a caller decides on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: str
    commit: str | None
    score: float | None
    verdict: str
    folder: str
    """Holds `report.json`, `.md`, `.html` and `.sarif`."""
    key: str
    """Same commit, rules and model: same key, one MLflow run."""
    mlflow_run: str | None = None
    mlflow_url: str | None = None
    mlflow_problem: str = ""
    """Why the run could not be recorded; the report is there all the same."""


def name_run() -> str:
    """`analysis · owner/name`."""
    return f"analysis · {short_name(str(runtime.flow_run.parameters.get('repository', '')))}"


def _name_task() -> str:
    parameters = runtime.task_run.parameters
    subject = parameters.get("checkout") or parameters.get("outcome")
    subject = subject.unquote() if isinstance(subject, quote) else subject
    name = getattr(subject, "name", None) or getattr(subject, "repository", None) or short_name(str(parameters.get("source", "")))
    return f"{runtime.task_run.task_name} · {name}"


def short_name(source: str) -> str:
    """`owner/name` of an address, the folder's name of a path."""
    parts = [p for p in source.rstrip("/").removesuffix(".git").replace(":", "/").split("/") if p]
    return "/".join(parts[-2:]) if "//" in source or "@" in source else "".join(parts[-1:]) or "repository"


def _not_the_users_mistake(task: Any, run: Any, state: Any) -> bool:
    return not isinstance(state.result(raise_on_failure=False), UserError)


@task(task_run_name=_name_task, cache_policy=NO_CACHE, retries=2, retry_delay_seconds=2, retry_condition_fn=_not_the_users_mistake)
def clone(source: str, ref: str | None) -> Checkout:
    """The commit as plain files; from the cache when it was here before."""
    started = time.monotonic()
    checkout = fetch_checkout(source, ref, _settings(), from_command_line=runtime.deployment.id is None)
    progress.info(
        agent_line("clone", None, time.monotonic() - started, f"{checkout.files:,} files at {(checkout.commit or 'no commit')[:12]}")
    )
    return checkout


def fetch_checkout(source: str, ref: str | None, settings: AnalysisSettings, from_command_line: bool) -> Checkout:
    """The checkout under the source policy of the caller: local paths freely only on the command line."""
    return check_out(
        axiom_home(),
        source,
        ref or None,
        allowed_hosts=settings.allowed_hosts,
        local_root=Path(settings.local_root) if settings.local_root else None,
        allow_local=from_command_line,
    )


def _agent(name: str) -> Any:
    return task(name=name, task_run_name=_name_task, cache_policy=NO_CACHE)


@_agent("project_analysis")
def analyze_project(checkout: Checkout, model: str | None) -> AgentResult:
    """What this is, how it is trained, evaluated and served, and what it claims."""
    return _assess("project_analysis", "project", checkout, model)


@_agent("dataset_analysis")
def analyze_dataset(checkout: Checkout, model: str | None, project: AgentResult) -> AgentResult:
    """What the data in the repository are like, and whether files that belong together differ."""
    return _assess("dataset_analysis", "dataset", checkout, model)


@_agent("training_analysis")
def analyze_training(checkout: Checkout, model: str | None, project: AgentResult) -> AgentResult:
    """Whether training can be repeated, and whether it leaks."""
    return _assess("training_analysis", "training", checkout, model)


@_agent("evaluation_analysis")
def analyze_evaluation(checkout: Checkout, model: str | None, project: AgentResult, executed: Execution | None = None) -> AgentResult:
    """Whether the evaluation says something about new data, and whether its numbers were seen when it was run."""
    return _assess("evaluation_analysis", "evaluation", checkout, model, executed)


@_agent("mlops_readiness")
def analyze_mlops(checkout: Checkout, model: str | None, project: AgentResult, executed: Execution | None = None) -> AgentResult:
    """Tests, CI, dependencies, tracking, secrets, and whether training ran from a clean checkout."""
    return _assess("mlops_readiness", "mlops", checkout, model, executed)


@_agent("model_monitoring")
def analyze_monitoring(checkout: Checkout, model: str | None, before: Sequence[AgentResult]) -> AgentResult:
    """What watches the model, and how healthy it is as far as files show."""
    return _assess("model_monitoring", "monitoring", checkout, model)


@_agent("retraining")
def analyze_retraining(checkout: Checkout, model: str | None, monitoring: AgentResult) -> AgentResult:
    """Whether to retrain, how soon and how; reads this repository's earlier runs."""
    return _assess("retraining", "retraining", checkout, model)


def _assess(agent: str, section: Section, checkout: Checkout, model: str | None, executed: Execution | None = None) -> AgentResult:
    evidence, _ = read_evidence(checkout, READ_SECTIONS)
    evidence = evidence.model_copy(update={"execution": executed})
    started = time.monotonic()
    judgement = judge_all(evidence, (section,))[section]
    series, problem = _performance_series(evidence, checkout) if section == "retraining" else ({}, "")
    facts, levels = tell_section(section, evidence, series)
    answer = consult(agent, brief(judgement, checkout.name, facts, levels), open_adviser(model))
    seconds, peak = _reading_cost(checkout, section)
    result = AgentResult(
        agent=agent,
        section=section,
        score=judgement.score,
        assessment=answer.assessment.model_dump(mode="json") | ({"drift": facts["drift"]} if "drift" in facts else {}),
        narrative=answer.assessment.narrative,
        narrative_by=answer.assessment.narrative_by,
        use=answer.use,
        seconds=seconds,
        peak_bytes=peak,
        problems={"earlier runs": problem} if problem else {},
    )
    progress.info(agent_line(agent, result.score, seconds + time.monotonic() - started))
    _advance()
    return result


def _performance_series(evidence: Evidence, checkout: Checkout) -> tuple[dict[str, list[float]], str]:
    """Metric values of this repository, oldest first, and why earlier ones could not be read, if so.

    They are claims of earlier analyses and of this one, and results of executions.
    """
    series: dict[str, list[float]] = {}
    problem = ""
    try:
        for experiment, prefix in ((EXPERIMENT, "claimed/"), (EXECUTION_EXPERIMENT, "final/")):
            for record in earlier_metrics(axiom_home(), experiment, {"repository": checkout.url}):
                if record.name.startswith(prefix) and (record.commit != checkout.commit or experiment == EXECUTION_EXPERIMENT):
                    series.setdefault(record.name, []).append(record.value)
    except InfrastructureError as error:
        problem = str(error)
    for name, value in claimed_values(evidence).items():
        series.setdefault(name, []).append(value)
    return series, problem


def _settings() -> AnalysisSettings:
    try:
        return load_settings()
    except ValueError as error:
        raise SettingError(str(error), "Correct the variable or the block.") from error


def open_adviser(model: str | None) -> LanguageModel | None:
    """The run's language model; None when neither the parameter nor the settings name one."""
    settings = _settings()
    name = model or settings.model
    if not name:
        return None
    credentials = load_credentials()
    key = credentials.api_key.get_secret_value() if credentials.api_key else None
    limits = ModelLimits(
        seconds_per_agent=settings.model_seconds, max_tokens_per_run=settings.model_tokens, max_usd_per_run=settings.model_usd
    )
    return _model_run().open_model(name, key, credentials.api_base, limits)


def _model_run() -> ModelRun:
    return ModelRun(axiom_home(), str(runtime.flow_run.id))


def _reading_cost(checkout: Checkout, section: str) -> tuple[float, int]:
    if section not in READ_SECTIONS:
        return 0.0, 0
    reading = read_section(checkout, section)
    return reading.seconds, reading.peak_bytes


@task(name="report", task_run_name=_name_task, cache_policy=NO_CACHE)
def write_report(checkout: Checkout, model: str | None, results: Sequence[AgentResult]) -> AnalysisOutcome:
    """Put the report together, write its files, show it as artifacts."""
    started = time.monotonic()
    report = compose_report(checkout, model, results)
    key = report_key(checkout, report.model.name)
    folder = report_folder(checkout, report.model.name)
    write_files(report, folder)
    show_report(report)
    progress.info(agent_line("report", report.score, time.monotonic() - started))
    return AnalysisOutcome(
        repository=checkout.name, commit=checkout.commit, score=report.score, verdict=report.verdict.level, folder=str(folder), key=key
    )


def compose_report(checkout: Checkout, model: str | None, results: Sequence[AgentResult], executed: Execution | None = None) -> Report:
    """All facts judged together, with the words of the agents."""
    evidence, problems = read_evidence(checkout, READ_SECTIONS)
    evidence = evidence.model_copy(update={"execution": executed})
    repository = Repository(**checkout.model_dump(include=set(Repository.model_fields)))
    timings = {r.agent: r.seconds for r in results}
    problems |= {what: why for r in results for what, why in r.problems.items()}
    report = assemble_report(repository, evidence, {r.section: r for r in results}, problems, isolation(executed), timings)
    answer = consult("report", brief_report(report), open_adviser(model))
    return with_summary(report, answer.assessment.narrative, answer.assessment.narrative_by, answer.use)


def isolation(executed: Execution | None = None) -> str:
    """How untrusted files were read, and where the repository's code ran, if it did."""
    limits = ReadingLimits()
    ran = executed is not None and bool(executed.attempts)
    return (
        f"Files of the repository were parsed in child processes limited to {limits.memory_bytes / 1e9:.0f} GB of memory, "
        f"{limits.cpu_seconds} s of CPU time and regular files only; "
        + ("its code ran in a container only" if ran else "nothing of the repository was imported, unpickled or executed")
        + "."
    )


def report_key(checkout: Checkout, model: str | None) -> str:
    """Same repository, commit, rules and model: same key."""
    return hashlib.sha256("\0".join((checkout.url, checkout.commit or "", rule_version(), model or "")).encode()).hexdigest()[:32]


def report_folder(checkout: Checkout, model: str | None) -> Path:
    """Where the report of this commit is kept, by its key."""
    return axiom_home() / "reports" / f"{safe_name(checkout.name)}-{report_key(checkout, model)[:12]}"


@task(task_run_name=_name_task, cache_policy=NO_CACHE)
def track(outcome: AnalysisOutcome) -> AnalysisOutcome:
    """Record the report in MLflow: one run per commit, rules and model, however often this is repeated.

    A store that does not answer costs the record, not the report.
    """
    try:
        run = _record(outcome)
    except InfrastructureError as error:
        get_run_logger().error(str(error))
        return outcome.model_copy(update={"mlflow_problem": str(error)})
    return outcome.model_copy(update={"mlflow_run": run.run_id, "mlflow_url": run.url})


def _record(outcome: AnalysisOutcome) -> TrackedRun:
    folder = Path(outcome.folder)
    report = Report.model_validate_json((folder / "report.json").read_bytes())
    run = record_run(
        axiom_home(),
        EXPERIMENT,
        outcome.key,
        f"{outcome.repository} {(outcome.commit or 'empty')[:8]}",
        run_metrics(report),
        run_tags(report, rule_version()),
        tuple(folder / f"report.{kind}" for kind in ("html", "md", "json", "sarif")),
    )
    calls = _model_run()
    log_model_calls(axiom_home(), run.run_id, calls.calls())
    calls.forget()
    return run


def show_report(report: Report) -> None:
    """Artifacts of the flow run: the report and the priority actions."""
    create_markdown_artifact(clip_markdown(render_markdown(report)), key="report", description=f"Readiness of {report.repository.name}")
    rows = [
        {
            "#": a.rank,
            "what to do": a.title,
            "where": f"{a.file or ''}{f':{a.line}' if a.line else ''}",
            "gain": a.score_gain,
            "effort": a.effort,
        }
        for a in report.priority_actions[:ACTIONS_SHOWN]
    ]
    create_table_artifact(
        rows or [{"#": "", "what to do": "nothing open"}], key="priority-actions", description="By points gained per effort"
    )
    _advance()


_counters: dict[str, tuple[Any, int]] = {}
_counting = threading.Lock()


def _advance() -> None:
    """Move the flow run's progress artifact by one agent; made when first needed."""
    run = str(runtime.flow_run.id)
    with _counting:
        artifact, done = _counters.get(run, (None, 0))
        if artifact is None:
            artifact = create_progress_artifact(0.0, key="progress", description="Agents that have finished")
        _counters[run] = (artifact, done + 1)
        update_progress_artifact(artifact, min(100.0, 100.0 * (done + 1) / AGENTS))
        if done + 1 >= AGENTS:
            del _counters[run]
