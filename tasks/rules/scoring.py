"""From rule outcomes to scores: points by severity, sections, the weighted mean, the verdict.

A section starts at 10 and loses its failed rules' points, however many other rules it passes: a leak is not made good by
twenty leaks that are not there. Where fewer than ten points of rules apply, each weighs more. What a finding is said to
cost is what fixing it alone gives back, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tasks.rules.contract import Finding, PriorityAction, Suppressed, UndeterminedItem, Verdict
from tasks.rules.evidence import Evidence, NotRead
from tasks.rules.rule import EFFORT_HOURS, SEVERITIES, Failed, NotApplicable, Outcome, Rule, Section, Severity, Undetermined
from tasks.rules.suppression import Suppression, matches

SEVERITY_POINTS: dict[Severity, float] = {"critical": 5.0, "high": 3.0, "medium": 1.5, "low": 0.5}
"""Points of the section's ten that a failed rule costs. Our policy: a critical finding weighs as much as ten of hygiene."""
FULL_POINTS = 10.0
"""From so many applicable points on, a finding costs just its severity's points."""
FEWEST_POINTS = 5.0
"""Fewer applicable points than these do not make a finding heavier still: one medium fault never empties a section."""
STEADY_LOSS = 6.0
"""Beyond this loss the score flattens out towards zero, so that even in the worst section every fix raises it."""
SECTION_WEIGHTS: dict[Section, float] = {
    "project": 10.0,
    "dataset": 20.0,
    "training": 20.0,
    "evaluation": 20.0,
    "mlops": 20.0,
    "monitoring": 10.0,
    "retraining": 0.0,
    "deployment": 0.0,
}
"""Share of each section in the overall score, in percent (design, section 7)."""
READY_SCORE = 8.0
"""From here on, with nothing critical or high open, a repository is called ready."""
NEARLY_READY_SCORE = 6.0


@dataclass(frozen=True)
class SectionJudgement:
    """Outcomes of one section's rules."""

    section: Section
    score: float | None
    """0 to 10; None when no rule could be judged."""
    applicable_points: float
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    undetermined: tuple[UndeterminedItem, ...]
    checked: int
    not_applicable: int


@dataclass(frozen=True)
class _Tally:
    failed: list[tuple[Rule, Failed]] = field(default_factory=list)
    suppressed: list[tuple[Rule, Failed, str]] = field(default_factory=list)
    undetermined: list[UndeterminedItem] = field(default_factory=list)
    points: list[float] = field(default_factory=list)
    not_applicable: list[str] = field(default_factory=list)


def judge_section(
    section: Section, rules: tuple[Rule, ...], evidence: Evidence, suppressions: tuple[Suppression, ...] = ()
) -> SectionJudgement:
    """Ask every rule of a section and score it. A suppressed finding counts as passed and is listed."""
    tally = _Tally()
    for rule in rules:
        if rule.section == section:
            _count(tally, rule, ask(rule, evidence), suppressions)
    applicable = sum(tally.points)
    lost = sum(SEVERITY_POINTS[rule.severity] for rule, _ in tally.failed)
    score = section_score(lost, applicable)

    def given_back(rule: Rule) -> float:
        return section_score(lost - SEVERITY_POINTS[rule.severity], applicable) - score

    def would_cost(rule: Rule) -> float:
        return score - section_score(lost + SEVERITY_POINTS[rule.severity], applicable)

    findings = [_finding(rule, failed, given_back(rule)) for rule, failed in tally.failed]
    return SectionJudgement(
        section=section,
        score=round(score, 2) if applicable else None,
        applicable_points=applicable,
        findings=tuple(sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.code))),
        suppressed=tuple(
            Suppressed(code=r.code, title=r.title, reason=why, file=f.places[0].file if f.places else None,
                       points=round(would_cost(r), 2))
            for r, f, why in tally.suppressed
        ),
        undetermined=tuple(tally.undetermined),
        checked=len(tally.points),
        not_applicable=len(tally.not_applicable),
    )  # fmt: skip


def section_score(lost: float, applicable: float) -> float:
    """Ten less the lost points, of as many points of rules as apply; falls strictly, and stays above zero.

    >>> section_score(5.0, 30.0), section_score(1.5, 1.5), section_score(24.0, 30.0)
    (5.0, 7.0, 0.5)
    """
    loss = 10.0 * lost / min(FULL_POINTS, max(FEWEST_POINTS, applicable))
    if loss <= STEADY_LOSS:
        return 10.0 - loss
    rest = 10.0 - STEADY_LOSS
    return rest * (STEADY_LOSS / loss) ** (STEADY_LOSS / rest)


def ask(rule: Rule, evidence: Evidence) -> Outcome:
    """A rule's outcome; facts that were not read make it undetermined."""
    try:
        return rule.check(evidence)
    except NotRead as missing:
        return Undetermined(reason=str(missing))


def _count(tally: _Tally, rule: Rule, outcome: Outcome, suppressions: tuple[Suppression, ...]) -> None:
    if isinstance(outcome, NotApplicable):
        tally.not_applicable.append(rule.code)
        return
    if isinstance(outcome, Undetermined):
        tally.undetermined.append(UndeterminedItem(what=rule.code, reason=outcome.reason))
        return
    tally.points.append(SEVERITY_POINTS[rule.severity])
    if not isinstance(outcome, Failed):
        return
    kept = tuple(p for p in outcome.places if not any(matches(s, rule, p.file) for s in suppressions))
    reason = next((s.reason for s in suppressions for p in outcome.places or (None,) if matches(s, rule, p.file if p else None)), None)
    if reason is not None and not kept:
        tally.suppressed.append((rule, outcome, reason))
        return
    tally.failed.append((rule, outcome.model_copy(update={"places": kept})))


def _finding(rule: Rule, failed: Failed, points: float) -> Finding:
    first = failed.places[0] if failed.places else None
    return Finding(
        code=rule.code,
        title=rule.title,
        severity=rule.severity,
        section=rule.section,
        file=first.file if first else None,
        line=first.line if first else None,
        snippet=first.snippet if first else "",
        detail=failed.detail,
        why=rule.why,
        remedy=rule.remedy,
        effort=rule.effort,
        points=round(points, 2),
        score_gain=0.0,
        places=list(failed.places),
    )


def without_score(judgement: SectionJudgement) -> SectionJudgement:
    """The same findings with nothing to gain: where nothing is trained, a number would look like praise or blame."""
    findings = tuple(f.model_copy(update={"points": 0.0}) for f in judgement.findings)
    return replace(judgement, score=None, findings=findings)


def overall_score(judgements: dict[Section, SectionJudgement]) -> float | None:
    """Weighted mean of the sections that have a score, 0 to 10; None when none has."""
    scored = [(SECTION_WEIGHTS[s], j.score) for s, j in judgements.items() if j.score is not None and SECTION_WEIGHTS[s]]
    total = sum(weight for weight, _ in scored)
    return round(sum(w * score for w, score in scored) / total, 2) if total else None


def with_gains(judgements: dict[Section, SectionJudgement]) -> list[Finding]:
    """All findings with what each alone gives back to the overall score, worst first."""
    total = sum(SECTION_WEIGHTS[s] for s, j in judgements.items() if j.score is not None)
    findings = [
        finding.model_copy(update={"score_gain": round(finding.points * SECTION_WEIGHTS[s] / total, 3) if total else 0.0})
        for s, judgement in judgements.items()
        for finding in judgement.findings
    ]
    return sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), -f.score_gain, f.code))


def rank_actions(findings: list[Finding]) -> list[PriorityAction]:
    """Findings as actions: critical ones first, then by points gained per hour of effort."""
    ordered = sorted(findings, key=lambda f: (f.severity != "critical", -f.score_gain / EFFORT_HOURS[f.effort], -f.points, f.code))
    return [
        PriorityAction(
            rank=rank,
            code=f.code,
            title=f.title,
            remedy=f.remedy,
            file=f.file,
            line=f.line,
            effort=f.effort,
            score_gain=f.score_gain,
            gain_per_hour=round(f.score_gain / EFFORT_HOURS[f.effort], 3),
        )
        for rank, f in enumerate(ordered, 1)
    ]


def decide_verdict(score: float | None, findings: list[Finding], nothing_to_train: str | None, partial: str | None = None) -> Verdict:
    """The sentence on top of the report. Anything critical open means not ready, whatever the score.

    `partial` says why little could be judged: nobody operates it, or most of a section could not be determined. Its high
    score would read as praise.
    """
    if nothing_to_train is not None:
        return Verdict(level="not_applicable", sentence=f"Nothing to train here, because {nothing_to_train}.")
    if score is None:
        return Verdict(level="not_ready", sentence="Nothing could be judged: no section of this repository could be read.")
    critical = [f for f in findings if f.severity == "critical"]
    high = [f for f in findings if f.severity == "high"]
    if critical:
        more = f" and {len(critical) - 1} more" if len(critical) > 1 else ""
        return Verdict(
            level="not_ready", sentence=f"Not ready: {lower_first(critical[0].title)}{more}. Fix what is critical before reading the score."
        )
    if partial is not None and not high:
        return Verdict(level="partial", sentence=f"No verdict: {partial}. {score:.1f} of 10 for what could be judged.")
    if score >= READY_SCORE and not high:
        return Verdict(level="ready", sentence=f"Ready: {score:.1f} of 10 with nothing critical or high open.")
    if score >= NEARLY_READY_SCORE:
        return Verdict(level="nearly_ready", sentence=f"Nearly ready: {score:.1f} of 10, {_open(high) if high else 'gaps left'}.")
    return Verdict(level="not_ready", sentence=f"Not ready: {score:.1f} of 10{f', {_open(high)}' if high else ''}.")


def _open(high: list[Finding]) -> str:
    """The actions go by gain per hour, so a high finding may stand far down there: it is named here."""
    if len(high) == 1:
        return f"1 high finding open: {lower_first(high[0].title)}"
    return f"{len(high)} high findings open, first of all: {lower_first(high[0].title)}"


def lower_first(text: str) -> str:
    """A title inside a sentence; acronyms keep their case."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
