"""`report.json`: the contract others depend on. Exported to `docs/report.schema.json`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tasks.evidence.place import Place
from tasks.rules.execution.contract import Execution
from tasks.rules.rule import Effort, Section, Severity

SCHEMA_VERSION = "1.0"


class _Contract(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Repository(_Contract):
    url: str
    name: str
    commit: str | None
    """None for a repository without a commit."""
    commit_date: str | None
    files: int
    """Regular files in the commit."""
    bytes: int


class Finding(_Contract):
    code: str
    title: str
    severity: Severity
    section: Section
    file: str | None
    """None when the fault is an absence that no file shows."""
    line: int | None
    snippet: str
    detail: str
    """What was measured here."""
    why: str
    remedy: str
    effort: Effort
    points: float
    """Points of the section's ten that fixing this gives back."""
    score_gain: float
    """Points of the overall score that fixing this alone gives back."""
    places: list[Place]
    """Every place, the first one being `file`, `line`, `snippet`."""


class PriorityAction(_Contract):
    rank: int
    code: str
    title: str
    remedy: str
    file: str | None
    line: int | None
    effort: Effort
    score_gain: float
    gain_per_hour: float


class Suppressed(_Contract):
    code: str
    title: str
    reason: str
    """From `.axiom.yaml` of the analysed repository."""
    file: str | None
    points: float
    """What it would have cost."""


class UndeterminedItem(_Contract):
    what: str
    """A rule code, a fact or a file."""
    reason: str


class SectionReport(_Contract):
    score: float | None = Field(ge=0, le=10)
    """None when nothing in the section could be judged."""
    weight: float
    """Share of the overall score; 0 for sections that are told but not weighed."""
    facts: dict[str, Any]
    assessment: dict[str, Any]
    """The agent's assessment: levels and verdicts by rule."""
    narrative: str
    """Plain text for a reader; by rule, or a language model's words that the critic let pass."""
    narrative_by: Literal["rules", "model"]
    findings: list[str]
    """Codes, worst first."""
    checked: int
    """Rules that passed or failed."""
    not_applicable: int
    undetermined: int


class TestScoreItem(_Contract):
    id: str
    """`D1` to `D7`, `M1` to `M7`, `I1` to `I7`, `N1` to `N7` (Breck et al. 2017)."""
    title: str
    answer: Literal["automated", "manual", "absent", "not_observable"]
    evidence: str


class MLTestScore(_Contract):
    """Breck et al., "The ML Test Score", IEEE Big Data 2017: 0.5 manual, 1 automated; final is the minimum of four."""

    data: float
    model: float
    infrastructure: float
    monitoring: float
    final: float
    items: list[TestScoreItem]


class ModelUse(_Contract):
    """What the language model did and what it cost."""

    name: str | None
    """litellm model string; None when no model was asked."""
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    """None when the price of the model is not known."""
    corrections: int = 0
    rejected: int = 0
    """Opinions the critic refused in the end."""
    fallbacks: int = 0
    """Assessments that stand without an opinion although a model was asked."""
    notes: list[str] = []


class Verdict(_Contract):
    """The one sentence a lead reads first; decided by rule, never by the score alone."""

    level: Literal["ready", "nearly_ready", "not_ready", "partial", "not_applicable"]
    """`partial`: too little applies for a verdict, as in a course or a template; `not_applicable`: nothing to train."""
    sentence: str


class Report(_Contract):
    schema_version: str = SCHEMA_VERSION
    repository: Repository
    score: float | None = Field(ge=0, le=10)
    """Weighted mean of the applicable sections; None when there is nothing to train here."""
    verdict: Verdict
    summary: str = ""
    """A paragraph for a lead; by rule, or a language model's words that the critic let pass."""
    summary_by: Literal["rules", "model"] = "rules"
    ml_test_score: MLTestScore | None
    sections: dict[str, SectionReport]
    facts: dict[str, Any]
    """Canonical, flat: section 6 of the design."""
    findings: list[Finding]
    priority_actions: list[PriorityAction]
    suppressed: list[Suppressed]
    undetermined: list[UndeterminedItem]
    policy: dict[str, Any]
    """Every threshold and weight in force."""
    model: ModelUse
    isolation: str
    """How untrusted files were read, and that nothing of the repository ran."""
    timings: dict[str, float]
    """Seconds by step."""
    execution: Execution | None = None
    """What came of running it; None for an analysis."""
