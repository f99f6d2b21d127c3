"""Reports made by hand: one as a real repository gets it, and parts to change."""

from tasks.evidence.place import Place
from tasks.rules.contract import (
    Finding,
    MLTestScore,
    ModelUse,
    PriorityAction,
    Report,
    Repository,
    SectionReport,
    Suppressed,
    TestScoreItem,
    UndeterminedItem,
    Verdict,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def finding(code="TRN001", severity="high", section="training", file="train.py", line=41, **changes):
    place = [Place(file=file, line=line, snippet="scaler.fit(X)")] if file else []
    values = {
        "code": code,
        "title": "The scaler is fitted before the split",
        "severity": severity,
        "section": section,
        "file": file,
        "line": line if file else None,
        "snippet": place[0].snippet if place else "",
        "detail": "`scaler.fit` sees all 609 rows.",
        "why": "The test rows leak into training, so the score is too good.",
        "remedy": "Fit the scaler inside a `Pipeline`, after the split.",
        "effort": "low",
        "points": 1.5,
        "score_gain": 0.33,
        "places": place,
    }
    return Finding(**(values | changes))


def action(of, rank=1):
    return PriorityAction(
        rank=rank, code=of.code, title=of.title, remedy=of.remedy, file=of.file, line=of.line, effort=of.effort,
        score_gain=of.score_gain, gain_per_hour=of.score_gain,
    )  # fmt: skip


def section(score=6.4, weight=20.0, **changes):
    values = {
        "score": score, "weight": weight, "facts": {}, "assessment": {}, "narrative": "Two faults stand out.", "narrative_by": "rules",
        "findings": [], "checked": 9, "not_applicable": 2, "undetermined": 1,
    }  # fmt: skip
    return SectionReport(**(values | changes))


def ml_test_score():
    answers = ["automated", "manual", "absent", "not_observable", "absent", "absent", "absent"]
    items = [
        TestScoreItem(id=f"{letter}{n}", title=f"Test {letter}{n}", answer=answer, evidence=f"evidence {letter}{n}")
        for letter in "DMIN"
        for n, answer in enumerate(answers, 1)
    ]
    return MLTestScore(data=1.5, model=1.5, infrastructure=1.5, monitoring=1.5, final=1.5, items=items)


DRIFT = [
    {
        "reference": "data/train.csv",
        "current": "data/current.csv",
        "roles": ["reference", "current"],
        "features": [
            {"name": "temp", "psi": 0.41, "ks": 0.33, "js": 0.05, "level": "high", "beyond_noise": True},
            {"name": "windspeed", "psi": 0.12, "ks": 0.1, "js": 0.01, "level": "moderate", "beyond_noise": False},
            {"name": "season", "psi": None, "ks": None, "js": None, "level": "none", "reason": "one side has no rows"},
        ],
    }
]
WEIGHTS = {"project": 10, "dataset": 20, "training": 20, "evaluation": 20, "mlops": 20, "monitoring": 10, "retraining": 0, "deployment": 0}


CLAIM = {"name": "r2", "value": 0.99, "file": "README.md", "line": 7}


def repository(**changes):
    values = {"url": "https://github.com/owner/name", "name": "owner/name", "commit": COMMIT, "commit_date": "2026-01-02T03:04:05+00:00"}
    return Repository(**(values | {"files": 12, "bytes": 34_567} | changes))


def section_of(key, weight, findings):
    codes = [f.code for f in findings if f.section == key]
    return section(6.4 if weight else None, weight, findings=codes, assessment={"drift": DRIFT} if key == "dataset" else {})


def report(findings=None, **changes):
    """A report of several findings; every field can be replaced."""
    found = [finding(), finding("OPS002", "critical", "mlops", "config.py", 3)] if findings is None else findings
    values = {
        "repository": repository(),
        "score": 5.1,
        "verdict": Verdict(level="not_ready", sentence="Not ready: 5.1 of 10, 1 high finding open."),
        "ml_test_score": ml_test_score(),
        "sections": {key: section_of(key, weight, found) for key, weight in WEIGHTS.items()},
        "facts": {"kind": "training_project", "frameworks": ["sklearn"], "claimed_metrics": [CLAIM]},
        "findings": found,
        "priority_actions": [action(f, rank) for rank, f in enumerate(found, 1)],
        "suppressed": [Suppressed(code="OPS009", title="No licence", reason="internal", file=None, points=0.4)],
        "undetermined": [UndeterminedItem(what="old.py", reason="Python 2"), UndeterminedItem(what="older.py", reason="Python 2")],
        "policy": {"drift": {"psi": {"moderate": 0.1, "high": 0.25}}, "ready_score": 8.0},
        "model": ModelUse(name=None),
        "isolation": "Files were parsed in child processes; nothing was executed.",
        "timings": {"training_analysis": 0.8},
    }  # fmt: skip
    return Report(**(values | changes))
