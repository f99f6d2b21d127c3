"""What one agent holds in its hand after facts and rules, and all a language model ever sees of a repository."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from tasks.rules.rule import Section, Severity


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FindingLine(_Frozen):
    """A finding as a model may read it."""

    code: str
    title: str
    severity: Severity
    file: str | None
    line: int | None
    detail: str


class SectionEvidence(_Frozen):
    """Facts and levels of one section: measured and decided before any opinion."""

    section: Section
    repository: str
    """`owner/name`."""
    score: float | None
    """0 to 10; None when nothing could be judged."""
    facts: dict[str, Any]
    """JSON values, shortened and redacted: never rows of data or text of the repository beyond names and clipped lines."""
    findings: tuple[FindingLine, ...]
    levels: dict[str, str] = {}
    """Decided by rule, never softened: `{"urgency": "immediate", "health": "critical", "drift": "high"}`."""
    rules_judged: int = 0
    rules_undetermined: int = 0
    """Rules that apply and whose answer the repository does not show."""
