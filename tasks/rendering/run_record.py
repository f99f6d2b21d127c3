"""A report as one MLflow run: metrics that can be charted over a repository's commits, and tags that identify it."""

from __future__ import annotations

from tasks.rules.contract import Report
from tasks.rules.rule import SEVERITIES


def run_metrics(report: Report) -> dict[str, float]:
    """Scores 0 to 10, findings by severity, and the repository's claims under `claimed/NAME`."""
    metrics: dict[str, float] = {f"section/{name}": s.score for name, s in report.sections.items() if s.score is not None}
    if report.score is not None:
        metrics["score"] = report.score
    if report.ml_test_score is not None:
        metrics["ml_test_score"] = report.ml_test_score.final
    for severity in SEVERITIES:
        metrics[f"findings/{severity}"] = sum(f.severity == severity for f in report.findings)
    for claim in reversed(report.facts.get("claimed_metrics") or []):
        metrics[f"claimed/{claim['name']}"] = claim["value"]
    return metrics


def run_tags(report: Report, rule_version: str) -> dict[str, str]:
    """Identity and verdict of a run; the description is what MLflow shows on top of it."""
    score = "no score" if report.score is None else f"{report.score:.1f} of 10"
    return {
        "repository": report.repository.url,
        "commit": report.repository.commit or "",
        "commit_date": report.repository.commit_date or "",
        "kind": str(report.facts.get("kind")),
        "verdict": report.verdict.level,
        "model": report.model.name or "none",
        "rule_version": rule_version,
        "mlflow.note.content": f"**{score}**. {report.verdict.sentence}",
    }
