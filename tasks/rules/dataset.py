"""Readiness rules of data: can a model trained on these tables be believed, and can anyone get the same tables again."""

from __future__ import annotations

from tasks.rules import dataset_keeping, dataset_leaks, dataset_quality
from tasks.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted((*dataset_leaks.RULES, *dataset_quality.RULES, *dataset_keeping.RULES), key=lambda rule: rule.code),
)
