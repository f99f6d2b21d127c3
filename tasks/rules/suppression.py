"""Findings the analysed repository asks to leave out, each with its reason: `.axiom.yaml`.

    suppress:
      - code: OPS004
        reason: internal repository, licence is the company's
      - code: TRN101
        path: notebooks/*
        reason: exploration only, never deployed

A suppression without a reason, or for a code that does not exist, is reported and has no effect.
"""

from __future__ import annotations

from collections.abc import Set
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.evidence.requests.facts import RequestFacts
from tasks.rules.rule import Rule

REASON_LIMIT = 300
"""Characters of a reason."""


class Suppression(BaseModel):
    """One entry of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    """A rule's code or slug."""
    reason: str = Field(min_length=3, max_length=REASON_LIMIT)
    path: str = "*"
    """Shell pattern of the files it applies to; `*` also covers findings without a file."""


def read_suppressions(requests: RequestFacts, known: Set[str]) -> tuple[tuple[Suppression, ...], list[str]]:
    """The valid suppressions, and a sentence for each entry that has no effect."""
    found = []
    complaints = [requests.error] if requests.error else []
    for number, entry in enumerate(requests.suppress, 1):
        try:
            suppression = Suppression.model_validate(entry)
        except ValidationError as error:
            complaints.append(f"entry {number} has no effect: {_fault(error)}")
            continue
        if suppression.code not in known:
            complaints.append(f"entry {number} has no effect: no rule {suppression.code[:40]!r}")
            continue
        found.append(suppression)
    return tuple(found), complaints


def _fault(error: ValidationError) -> str:
    """In the words of who wrote the file."""
    fault = error.errors()[0]
    field = ".".join(map(str, fault["loc"]))
    if fault["type"] == "missing":
        return f"it gives no {field}"
    return f"it has a field {field!r} that means nothing here" if fault["type"] == "extra_forbidden" else f"{field}: {fault['msg']}"


def matches(suppression: Suppression, rule: Rule, file: str | None) -> bool:
    """Whether a suppression covers a rule's finding in a file; None is a finding without a file."""
    if suppression.code not in (rule.code, rule.name):
        return False
    return suppression.path == "*" or (file is not None and fnmatchcase(file, suppression.path))
