"""Every readiness rule, in the order of the sections."""

from __future__ import annotations

from tasks.rules import cross_section, dataset, deployment, evaluation, mlops, monitoring, project, reproduction, training
from tasks.rules.rule import Rule, Section

RULES: tuple[Rule, ...] = (
    *project.RULES,
    *dataset.RULES,
    *training.RULES,
    *evaluation.RULES,
    *cross_section.RULES,
    *mlops.RULES,
    *monitoring.RULES,
    *deployment.RULES,
    *reproduction.RULES,
)

KNOWN = frozenset(word for rule in RULES for word in (rule.code, rule.name))
"""Codes and slugs a suppression or a gate may name."""


def rules_of(section: Section) -> tuple[Rule, ...]:
    """The rules of one section, in order."""
    return tuple(rule for rule in RULES if rule.section == section)
