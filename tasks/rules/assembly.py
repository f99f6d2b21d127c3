"""The report put together from facts, judgements and assessments: every number in it was measured or decided before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from tasks.rules import drift_levels, performance, retraining, scoring
from tasks.rules.canonical import canonical_facts
from tasks.rules.catalogue import KNOWN, RULES
from tasks.rules.contract import ModelUse, Report, Repository, SectionReport, UndeterminedItem
from tasks.rules.evidence import Evidence, NotRead
from tasks.rules.ml_test_score import score_ml_tests
from tasks.rules.rule import EFFORT_HOURS, SECTION_TITLES, Section
from tasks.rules.scoring import (
    SECTION_WEIGHTS,
    SectionJudgement,
    decide_verdict,
    judge_section,
    lower_first,
    overall_score,
    rank_actions,
    with_gains,
)
from tasks.rules.suppression import read_suppressions

SECTIONS: tuple[Section, ...] = tuple(SECTION_WEIGHTS)


class AgentResult(BaseModel):
    """What one agent hands on: small, JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agent: str
    section: Section
    score: float | None
    assessment: dict[str, Any]
    """The agent's assessment; its levels were decided by rule."""
    narrative: str
    narrative_by: str
    """`rules` or `model`."""
    use: ModelUse = ModelUse(name=None)
    seconds: float = 0.0
    peak_bytes: int = 0
    problems: dict[str, str] = {}
    """What this agent could not find out, with the reason."""


def judge_all(evidence: Evidence, sections: Sequence[Section] = SECTIONS) -> dict[Section, SectionJudgement]:
    """Every section's judgement, with the repository's own suppressions."""
    suppressions, _ = _suppressions(evidence)
    judgements = {s: judge_section(s, RULES, evidence, suppressions) for s in sections}
    if nothing_to_train(evidence) is None:
        return judgements
    return {s: scoring.without_score(j) for s, j in judgements.items()}


def _suppressions(evidence: Evidence) -> tuple[Any, list[str]]:
    try:
        return read_suppressions(evidence.requests, KNOWN)
    except NotRead as missing:
        return (), [str(missing)]


def nothing_to_train(evidence: Evidence) -> str | None:
    """Why no model is trained here, as the end of a sentence; None when one is, or when that could not be read."""
    project = evidence.project_facts
    if project is None or project.has_training:
        return None
    libraries = ", ".join(project.frameworks[:3])
    reasons = {
        "empty": "the repository is empty",
        "readme_only": "it holds only a README",
        "awesome_list": "it is a list of links, without code",
        "data_collection": "it is a collection of data without training code",
        "ml_app_no_training": f"it uses models that were trained elsewhere{f' ({libraries})' if libraries else ''}",
        "non_ml": "no machine learning library is used to fit a model here",
    }
    return reasons.get(project.kind, "no code here fits a model")


def assemble_report(
    repository: Repository,
    evidence: Evidence,
    results: Mapping[Section, AgentResult],
    problems: Mapping[str, str],
    isolation: str,
    timings: Mapping[str, float],
) -> Report:
    """The report of one commit. The same evidence gives the same report but for timings and a model's words."""
    judgements = judge_all(evidence)
    findings = with_gains(judgements)
    nothing = nothing_to_train(evidence)
    score = None if nothing else overall_score(judgements)
    _, complaints = _suppressions(evidence)
    return Report(
        repository=repository,
        score=score,
        verdict=decide_verdict(score, findings, nothing, _partial(evidence, judgements)),
        ml_test_score=None if nothing else score_ml_tests(evidence),
        sections={s: _section(s, judgements[s], evidence, results.get(s)) for s in SECTIONS},
        facts=canonical_facts(evidence),
        findings=findings,
        priority_actions=rank_actions(findings),
        suppressed=[item for j in judgements.values() for item in j.suppressed],
        undetermined=_undetermined(judgements, problems, complaints),
        policy=policy_in_force(),
        model=add_uses([r.use for r in results.values()]),
        isolation=isolation,
        timings=dict(timings),
        execution=evidence.execution,
    )


NOT_OPERATED = {
    "course_monorepo": "this is a course, which nobody operates",
    "example_monorepo": "this is a collection of examples, which nobody operates",
    "template": "this is a template, which is judged once it is filled",
    "ml_library_demo": "this is a library, which others operate",
}
UNKNOWN_RULES = 3
"""So few rules without an answer hide no verdict: our policy."""


def _partial(evidence: Evidence, judgements: Mapping[Section, SectionJudgement]) -> str | None:
    """Why there is no verdict: nobody is to run it, or more of a weighed section could not be determined than was judged."""
    why = NOT_OPERATED.get(evidence.project_facts.kind) if evidence.project_facts else None
    checked = sum(j.checked for j in judgements.values())
    if why:
        return f"{why}, and {checked} of {len(RULES)} rules apply"
    for section, j in judgements.items():
        unknown = len(j.undetermined)
        if SECTION_WEIGHTS[section] and unknown > max(j.checked, UNKNOWN_RULES):
            return f"{unknown} of {unknown + j.checked} rules on {lower_first(SECTION_TITLES[section])} could not be determined"
    return None


def _section(section: Section, judgement: SectionJudgement, evidence: Evidence, result: AgentResult | None) -> SectionReport:
    facts = getattr(evidence, f"{section}_facts", None)
    return SectionReport(
        score=judgement.score,
        weight=SECTION_WEIGHTS[section],
        facts=facts.model_dump(mode="json") if facts is not None else {},
        assessment=result.assessment if result else {},
        narrative=result.narrative if result else "",
        narrative_by="model" if result and result.narrative_by == "model" else "rules",
        findings=[f.code for f in judgement.findings],
        checked=judgement.checked,
        not_applicable=judgement.not_applicable,
        undetermined=len(judgement.undetermined),
    )


def _undetermined(
    judgements: Mapping[Section, SectionJudgement], problems: Mapping[str, str], complaints: Sequence[str]
) -> list[UndeterminedItem]:
    items = [item for j in judgements.values() for item in j.undetermined]
    items += [UndeterminedItem(what=what, reason=reason) for what, reason in sorted(problems.items())]
    return items + [UndeterminedItem(what=".axiom.yaml", reason=complaint) for complaint in complaints]


def with_summary(report: Report, summary: str, summary_by: str, use: ModelUse) -> Report:
    """The report with the words of its own agent and what they cost."""
    return report.model_copy(update={"summary": summary, "summary_by": summary_by, "model": add_uses([report.model, use])})


def add_uses(uses: Sequence[ModelUse]) -> ModelUse:
    """The sum over agents; the cost is known only when every call's is."""
    asked = [u for u in uses if u.name is not None]
    if not asked:
        return ModelUse(name=None)
    costs = [u.cost_usd for u in asked]
    return ModelUse(
        name=asked[0].name,
        calls=sum(u.calls for u in asked),
        tokens=sum(u.tokens for u in asked),
        cost_usd=None if None in costs else round(sum(c for c in costs if c is not None), 6),
        corrections=sum(u.corrections for u in asked),
        rejected=sum(u.rejected for u in asked),
        fallbacks=sum(u.fallbacks for u in asked),
        notes=list(dict.fromkeys(note for u in asked for note in u.notes)),
    )


def policy_in_force() -> dict[str, Any]:
    """Every threshold and weight behind a report, by name."""
    return {
        "severity_points": dict(scoring.SEVERITY_POINTS),
        "full_points": scoring.FULL_POINTS,
        "fewest_points": scoring.FEWEST_POINTS,
        "steady_loss": scoring.STEADY_LOSS,
        "section_weights": dict(SECTION_WEIGHTS),
        "effort_hours": dict(EFFORT_HOURS),
        "ready_score": scoring.READY_SCORE,
        "nearly_ready_score": scoring.NEARLY_READY_SCORE,
        "drift": drift_levels.THRESHOLDS,
        "performance_decline": {"medium": performance.MEDIUM_DECLINE, "high": performance.HIGH_DECLINE},
        "retraining_confidence": dict(retraining.CONFIDENCE),
        "broad_drift_share": retraining.BROAD_DRIFT_SHARE,
    }
