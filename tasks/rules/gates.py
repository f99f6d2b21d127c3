"""Gates a user sets on a report: a minimal score, rules or severities that must not be open."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.errors import SettingError
from tasks.rules.catalogue import RULES
from tasks.rules.contract import Report
from tasks.rules.rule import SEVERITIES


@dataclass(frozen=True)
class Gates:
    """What must hold for exit code 0."""

    fail_under: float | None = None
    codes: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()


def read_gates(fail_under: float | None, fail_on: tuple[str, ...]) -> Gates:
    """Gates from options. A severity stands for itself and everything worse. Raises `SettingError` on an unknown word."""
    slugs = {rule.name: rule.code for rule in RULES} | {rule.code: rule.code for rule in RULES}
    codes: set[str] = set()
    severities: set[str] = set()
    for word in fail_on:
        if word.lower() in SEVERITIES:
            severities.update(SEVERITIES[: SEVERITIES.index(word.lower()) + 1])
        elif code := slugs.get(word) or slugs.get(word.upper()):
            codes.add(code)
        else:
            raise SettingError(
                f"--fail-on {word!r} is neither a severity ({', '.join(SEVERITIES)}) nor a rule", "The rules are listed in docs/findings.md"
            )
    return Gates(fail_under, frozenset(codes), frozenset(severities))


def missed_gates(gates: Gates, report: Report) -> list[str]:
    """One sentence for each gate the report misses; empty when all hold."""
    missed = []
    if gates.fail_under is not None and report.score is not None and report.score < gates.fail_under:
        missed.append(f"score {report.score:.2f} is under {gates.fail_under:g}")
    for finding in report.findings:
        if finding.code in gates.codes or finding.severity in gates.severities:
            missed.append(f"{finding.code} ({finding.severity}) is open: {finding.title}")
    return missed
