"""Readiness rules of MLOps: the environment, the checks, and what is kept."""

from __future__ import annotations

from tasks.rules import mlops_checks, mlops_dependencies, mlops_keeping
from tasks.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted((*mlops_keeping.RULES, *mlops_dependencies.RULES, *mlops_checks.RULES), key=lambda rule: rule.code),
)
