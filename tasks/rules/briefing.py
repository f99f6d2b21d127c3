"""From facts and judgement to what an agent holds: shortened, redacted, without a line of the repository's text."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tasks.evidence.redaction import redact
from tasks.rules.contract import Report
from tasks.rules.scoring import SectionJudgement
from tasks.rules.section_evidence import FindingLine, SectionEvidence

LIST_LIMIT = 12
"""Items of a list that are told; the number left out is said."""
TEXT_LIMIT = 160
"""Characters of a text."""
DEPTH_LIMIT = 6
UNTOLD_KEYS = frozenset({"snippet"})
"""Text of the repository itself."""


def brief(
    judgement: SectionJudgement, repository: str, facts: BaseModel | dict[str, Any] | None, levels: dict[str, str]
) -> SectionEvidence:
    """The evidence of one section for its agent."""
    raw = facts.model_dump(mode="json") if isinstance(facts, BaseModel) else facts or {}
    return SectionEvidence(
        section=judgement.section,
        repository=repository,
        score=judgement.score,
        facts=shorten(raw),
        findings=tuple(
            FindingLine(code=f.code, title=f.title, severity=f.severity, file=f.file, line=f.line, detail=clip(redact(f.detail)))
            for f in judgement.findings
        ),
        levels=levels,
        rules_judged=judgement.checked,
        rules_undetermined=len(judgement.undetermined),
    )


def shorten(value: Any, depth: int = 0) -> Any:
    """A JSON value with long lists, long texts, deep nesting and repository text cut."""
    if depth > DEPTH_LIMIT:
        return "…"
    if isinstance(value, dict):
        kept = [(k, v) for k, v in value.items() if k not in UNTOLD_KEYS and v not in (None, "", [], {})]
        return {redact(str(k))[:TEXT_LIMIT]: shorten(v, depth + 1) for k, v in kept[: 4 * LIST_LIMIT]}
    if isinstance(value, (list, tuple)):
        told = [shorten(v, depth + 1) for v in value[:LIST_LIMIT]]
        return told if len(value) <= LIST_LIMIT else [*told, f"and {len(value) - LIST_LIMIT} more"]
    if isinstance(value, str):
        return clip(redact(value))
    return value


def clip(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text, or its beginning with an ellipsis that says so."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def brief_report(report: Report) -> SectionEvidence:
    """The whole report for the agent that sums it up: scores, verdict, actions."""
    return SectionEvidence(
        section="project",
        repository=report.repository.name,
        score=report.score,
        facts={
            "verdict": report.verdict.sentence,
            "section_scores": {name: s.score for name, s in report.sections.items() if s.score is not None},
            "ml_test_score": report.ml_test_score.final if report.ml_test_score else None,
            "priority_actions": [
                {"rank": a.rank, "title": a.title, "effort": a.effort, "score_gain": a.score_gain}
                for a in report.priority_actions[:LIST_LIMIT]
            ],
        },
        findings=tuple(
            FindingLine(code=f.code, title=f.title, severity=f.severity, file=f.file, line=f.line, detail=clip(redact(f.detail)))
            for f in report.findings
        ),
        levels={"verdict": report.verdict.level},
    )
