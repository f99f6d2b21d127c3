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

from fnmatch import fnmatchcase

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.rules.rule import Rule

FILE_NAME = ".axiom.yaml"
REASON_LIMIT = 300
"""Characters of a reason, and of a file's bytes in thousands."""


class Suppression(BaseModel):
    """One entry of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    """A rule's code or slug."""
    reason: str = Field(min_length=3, max_length=REASON_LIMIT)
    path: str = "*"
    """Shell pattern of the files it applies to; `*` also covers findings without a file."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    suppress: list[dict[str, object]] = []


def read_suppressions(text: str | None, known: set[str]) -> tuple[tuple[Suppression, ...], list[str]]:
    """The valid suppressions of the file's text, and a sentence for each entry that has no effect."""
    if not text:
        return (), []
    try:
        raw = yaml.load(text[: REASON_LIMIT * 1000], Loader=_SafeLoader)
        entries = _File.model_validate(raw or {}).suppress
    except (yaml.YAMLError, ValidationError, RecursionError) as error:
        return (), [f"{FILE_NAME} is not used: {str(error).splitlines()[0]}"]
    found, complaints = [], []
    for number, entry in enumerate(entries, 1):
        try:
            suppression = Suppression.model_validate(entry)
        except ValidationError as error:
            fault = error.errors()[0]
            complaints.append(f"{FILE_NAME} entry {number} has no effect: {'.'.join(map(str, fault['loc']))}: {fault['msg']}")
            continue
        if suppression.code not in known:
            complaints.append(f"{FILE_NAME} entry {number} has no effect: no rule {suppression.code[:40]!r}")
            continue
        found.append(suppression)
    return tuple(found), complaints


def matches(suppression: Suppression, rule: Rule, file: str | None) -> bool:
    """Whether a suppression covers a rule's finding in a file; None is a finding without a file."""
    if suppression.code not in (rule.code, rule.name):
        return False
    return suppression.path == "*" or (file is not None and fnmatchcase(file, suppression.path))


class _SafeLoader(yaml.SafeLoader):
    """YAML without aliases: an alias bomb is refused, not expanded."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)
