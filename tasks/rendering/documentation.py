"""`docs/findings.md`, generated from the rules; a test fails when the file is not what this module writes."""

from __future__ import annotations

from tasks.rules.catalogue import RULES, rules_of
from tasks.rules.rule import EFFORT_HOURS, Rule
from tasks.rules.scoring import SECTION_WEIGHTS, SEVERITY_POINTS


def render_findings() -> str:
    """The page of all findings, one section for each code."""
    parts = [_HEAD.format(count=len(RULES), severities=_severities(), efforts=_efforts())]
    for section, weight in SECTION_WEIGHTS.items():
        rules = rules_of(section)
        if rules:
            share = f"{weight:g} % of the score" if weight else "told, not weighed in the score"
            parts.append(f"## {section}\n\n{share}, {len(rules)} rules.\n")
            parts += [_entry(rule) for rule in rules]
    return "\n".join(parts)


def _severities() -> str:
    return ", ".join(f"{name} {points:g}" for name, points in SEVERITY_POINTS.items())


def _efforts() -> str:
    return ", ".join(f"{name} {hours:g} h" for name, hours in EFFORT_HOURS.items())


def _entry(rule: Rule) -> str:
    return (
        f'<a id="{rule.code.lower()}"></a>\n\n### {rule.code} {rule.name}\n\n'
        f"**{rule.title}.** Severity {rule.severity}, effort {rule.effort}.\n\n"
        f"- *How it is detected.* {rule.detected}\n- *Why it matters.* {rule.why}\n- *What to do.* {rule.remedy}\n"
    )


_HEAD = """# Findings

Generated from the code by `make docs`; {count} rules. Each has a stable code and a stable name, and either can be used
in `.axiom.yaml` (`suppress`, with a reason) and with `axiom analyze --fail-on`.

A section starts at ten points. A finding costs the points of its severity ({severities}), more where fewer than ten
points of rules apply; beyond six lost points the score flattens out, so that every fix raises it. Rules that do not apply
or could not be determined cost nothing. Effort: {efforts}.
"""
