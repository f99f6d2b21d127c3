"""`report.sarif`: SARIF 2.1.0 as GitHub code scanning accepts it.

One result for each place of a finding, so that a pull request shows each line. Suppressed findings are results too,
with their suppression. Limits are GitHub's ("SARIF results exceed limit", docs.github.com): 5,000 results are shown, a
rule has at most 20 tags; findings are worst first, so what is cut is the least.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, islice
from typing import Any
from urllib.parse import quote, urlsplit

from tasks.rendering.links import repository_page
from tasks.rendering.plain import plain, printable
from tasks.rendering.reading import undetermined_groups
from tasks.rendering.wording import effort_words
from tasks.rules.catalogue import RULES
from tasks.rules.contract import Finding, Report, Suppressed
from tasks.rules.rule import Rule, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS_LIMIT = 5_000
TAGS_LIMIT = 20
TEXT_LIMIT = 1_000
"""Characters of one message or snippet."""
ROOT = "%SRCROOT%"
LEVELS: dict[Severity, str] = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
SECURITY_SEVERITY: dict[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
"""In the middle of GitHub's bands of the same names."""
SECURITY_RULES = frozenset({"DAT003", "DAT015", "DEP006", "DEP007", "OPS001", "OPS002", "OPS017", "TRN010"})
"""Rules about what an attacker could use; only these get a security severity."""
CATALOGUE = {rule.code: rule for rule in RULES}
FALLBACK_FILE = "README.md"
"""Where a fault of the whole repository is shown when no better file is known: code scanning needs some file."""


def render_sarif(report: Report) -> str:
    """The report's findings as one SARIF run."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _run(report: Report) -> dict[str, Any]:
    rules = _rules(report)
    index = {rule["id"]: i for i, rule in enumerate(rules)}
    results = list(islice(chain(_finding_results(report, index), _suppressed_results(report, index)), RESULTS_LIMIT))
    cut = sum(max(1, len(f.places)) for f in report.findings) + len(report.suppressed) - len(results)
    notes = [f"{what}: {reason}" for reason, what in undetermined_groups(report.undetermined)]
    notes += [f"{cut} results beyond the limit of {RESULTS_LIMIT} are in report.json only."] if cut > 0 else []
    return {
        "tool": {"driver": {"name": "Axiom", "semanticVersion": _version(), "rules": rules}},
        "automationDetails": {"id": "axiom/"},
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        **_provenance(report),
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [{"level": "note", "message": {"text": _clip(note)}} for note in notes],
            }
        ],
        "results": results,
    }


def _rules(report: Report) -> list[dict[str, Any]]:
    rules = {f.code: _rule(f) for f in report.findings}
    for item in report.suppressed:
        rules.setdefault(item.code, _rule(CATALOGUE[item.code]) if item.code in CATALOGUE else _bare_rule(item))
    return [rules[code] for code in sorted(rules)]


def _rule(source: Finding | Rule) -> dict[str, Any]:
    security = source.code in SECURITY_RULES
    tags = list(dict.fromkeys(("mlops", source.section, *(["security"] if security else []))))
    severity = {"security-severity": SECURITY_SEVERITY[source.severity]} if security else {}
    markdown = (
        f"**{source.title}**\n\n{source.why}\n\n**What to do.** {source.remedy}\n\n"
        f"Severity {source.severity}, effort {effort_words(source.effort)}."
    )
    return {
        "id": source.code,
        "name": CATALOGUE[source.code].name if source.code in CATALOGUE else source.code,
        "shortDescription": {"text": source.title},
        "fullDescription": {"text": source.why},
        "help": {"text": f"{source.why}\n\nWhat to do: {source.remedy}", "markdown": markdown},
        "defaultConfiguration": {"level": LEVELS[source.severity]},
        "properties": {"tags": tags[:TAGS_LIMIT], "problem.severity": _problem(source.severity), **severity},
    }


def _bare_rule(item: Suppressed) -> dict[str, Any]:
    """For a report of an earlier version, whose rule is no longer in the catalogue."""
    words = {"text": item.title}
    return {
        "id": item.code,
        "name": item.code,
        "shortDescription": words,
        "fullDescription": words,
        "help": words,
        "properties": {"tags": ["mlops"]},
    }


def _problem(severity: Severity) -> str:
    return {"error": "error", "warning": "warning", "note": "recommendation"}[LEVELS[severity]]


def _finding_results(report: Report, index: dict[str, int]) -> Iterable[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for finding in report.findings:
        spots: list[tuple[str | None, int | None, str, str]] = [(p.file, p.line, p.snippet, p.note) for p in finding.places]
        spots = spots or [(finding.file, finding.line, finding.snippet, "")]
        for file, line, snippet, note in spots:
            yield {
                "ruleId": finding.code,
                "ruleIndex": index[finding.code],
                "level": LEVELS[finding.severity],
                "message": {"text": _message(finding, note, file)},
                "locations": [_location(file or _file_for(report, finding.section), line if file else None, snippet)],
                "partialFingerprints": _fingerprints(finding.code, file, snippet, seen),
                "properties": {
                    "section": finding.section,
                    "severity": finding.severity,
                    "effort": finding.effort,
                    "points": finding.points,
                    "scoreGain": finding.score_gain,
                },
            }


def _suppressed_results(report: Report, index: dict[str, int]) -> Iterable[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for item in report.suppressed:
        yield {
            "ruleId": item.code,
            "ruleIndex": index[item.code],
            "message": {"text": _clip(f"{item.title}.")},
            "locations": [_location(item.file or _file_for(report, ""), None, "")],
            "partialFingerprints": _fingerprints(item.code, item.file, "", seen),
            "suppressions": [{"kind": "external", "status": "accepted", "justification": _clip(item.reason)}],
        }


def _message(finding: Finding, note: str, file: str | None) -> str:
    said = [f"{finding.title}.", finding.detail, f"Here: {note}." if note else "", f"What to do: {finding.remedy}"]
    said += [] if file else ["This is about the repository as a whole; it is shown at this file because code scanning needs one."]
    return _clip(" ".join(part for part in said if part))


def _clip(text: str) -> str:
    """Repository text in a message: one line, and never an embedded link (SARIF 2.1.0, section 3.11.6)."""
    line = plain(text).replace("](", "] (")
    return line if len(line) <= TEXT_LIMIT else line[: TEXT_LIMIT - 1] + "…"


def _location(file: str, line: int | None, snippet: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(file, safe="/"), "uriBaseId": ROOT}}
    if line is not None and line >= 1:
        told = {"snippet": {"text": printable(snippet)[:TEXT_LIMIT]}} if snippet else {}
        physical["region"] = {"startLine": line, **told}
    return {"physicalLocation": physical}


def _fingerprints(code: str, file: str | None, snippet: str, seen: Counter[str]) -> dict[str, str]:
    """The same while the line's text is, wherever it moves; equal lines of a file are counted."""
    content = "".join(snippet.split())
    digest = hashlib.sha256("\0".join((code, file or "", content)).encode(errors="replace")).hexdigest()[:16]
    seen[digest] += 1
    return {"primaryLocationLineHash": f"{digest}:{seen[digest]}"}


def _file_for(report: Report, section: str) -> str:
    """A file of the repository that a fault without a place is about."""
    facts = report.facts
    by_section = {
        "training": (facts.get("train_entrypoints"),),
        "evaluation": (facts.get("eval_entrypoints"), facts.get("train_entrypoints")),
        "monitoring": (facts.get("serve_entrypoints"), facts.get("train_entrypoints")),
        "deployment": (facts.get("serve_entrypoints"), facts.get("train_entrypoints")),
        "dataset": (facts.get("datasets"), facts.get("train_entrypoints")),
        "mlops": (facts.get("deps"),),
    }
    for entries in by_section.get(section, ()):
        if isinstance(entries, (list, tuple)) and entries and isinstance(entries[0], dict):
            return str(entries[0].get("file") or entries[0].get("path") or FALLBACK_FILE)
    mlops = report.sections.get("mlops")
    readme = mlops.facts.get("readme") if mlops else None
    return str(readme["file"]) if isinstance(readme, dict) and readme.get("file") else FALLBACK_FILE


def _provenance(report: Report) -> dict[str, Any]:
    repository = report.repository
    address = repository_page(repository.url) or _web_address(repository.url)
    if address is None:
        return {}
    revision = {"revisionId": repository.commit} if repository.commit else {}
    return {"versionControlProvenance": [{"repositoryUri": address, **revision, "mappedTo": {"uriBaseId": ROOT}}]}


def _web_address(url: str) -> str | None:
    """An https address without credentials; None for a local path."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        return None
    return f"{parts.scheme}://{host}{quote(parts.path)}" if parts.scheme in ("http", "https") and host else None


def _version() -> str:
    try:
        return version("axiom-mlops")
    except PackageNotFoundError:
        return "0.0.0"
