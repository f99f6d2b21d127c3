"""What the eight agents share: the form of an opinion and an assessment, the prompt and the asking."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import core_schema

from tasks.evidence.redaction import redact
from tasks.rules.contract import ModelUse
from tasks.rules.critic import object_to
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

FACTS_LIMIT = 12_000
"""Characters of facts a question may hold; whole keys are left out beyond it."""
FINDINGS_LIMIT = 25
PLACE_KEYS = frozenset({"file", "line", "cell", "note"})
NOT_ASKED = "No language model was asked."
OPINION_FIELDS = frozenset({"opinion", "narrative", "narrative_by", "note"})
"""All of an assessment that a language model can change."""


class Choice(StrEnum):
    """A closed choice of an opinion. Each member is `value, meaning`; the prompt lists both."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Choice:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: Any) -> core_schema.CoreSchema:
        """Written in place where pydantic would write a reference: some providers refuse those."""
        values = core_schema.literal_schema([member.value for member in cls])
        as_text = core_schema.plain_serializer_function_ser_schema(str, when_used="json")
        return core_schema.no_info_after_validator_function(cls._of, values, serialization=as_text)

    @classmethod
    def _of(cls, value: str) -> Choice:
        return next(member for member in cls if member.value == value)


def _at_most(limit: int) -> AfterValidator:
    """Checked here and not in the schema: some providers refuse bounds of lists."""

    def check(items: list[str]) -> list[str]:
        if len(items) > limit:
            raise ValueError(f"at most {limit} entries, got {len(items)}")
        return items

    return AfterValidator(check)


Codes = Annotated[list[str], _at_most(25)]
ThreeSentences = Annotated[list[str], _at_most(3)]


class Opinion(BaseModel):
    """What a model may say: words and closed choices, no number, score or level of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    narrative: str = Field(
        description="Two to four plain English sentences for the lead of the project: what it means and what to do first."
    )
    rests_on: Codes = Field(description="Codes of the findings this leans on, such as TRN001; empty when there are none.")


class Assessment(BaseModel):
    """What leaves an agent. Only `OPINION_FIELDS` differ between a model's presence and absence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: float | None
    levels: dict[str, str]
    """Decided by rule."""
    summary: str
    """In words by rule; always there."""
    opinion: Any = None
    narrative: str
    """The model's words that the critic let pass, else the summary."""
    narrative_by: Literal["rules", "model"]
    note: str = ""
    """Why there is no opinion."""


class AnswerLike(Protocol):
    """What comes back from a model: an opinion, or the reason why there is none."""

    @property
    def opinion(self) -> BaseModel | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def calls(self) -> int: ...
    @property
    def tokens(self) -> int: ...
    @property
    def cost_usd(self) -> float | None: ...
    @property
    def corrections(self) -> int: ...
    @property
    def rejected(self) -> bool: ...


class Adviser(Protocol):
    """A language model as an agent knows it."""

    model: str

    def ask(
        self, system: str, question: str, answer_type: type[BaseModel], objections: Callable[[Any], list[str]], agent: str
    ) -> AnswerLike: ...


@dataclass(frozen=True)
class Agent:
    """One agent's question and what becomes of the answer."""

    name: str
    section: Section
    opinion: type[Opinion]
    question: Callable[[SectionEvidence], str]
    overrule: Callable[[SectionEvidence, Any], Assessment]
    claims: Callable[[Any], dict[str, str]]
    """The choices the critic holds against the levels decided by rule."""


@dataclass(frozen=True)
class Consultation:
    """What one agent says, and what asking a model for it took."""

    assessment: Assessment
    use: ModelUse


def consult_agent(agent: Agent, evidence: SectionEvidence, adviser: Adviser | None) -> Consultation:
    """The agent's assessment; with an adviser its opinion is asked for, criticised and overruled."""
    if adviser is None:
        return Consultation(agent.overrule(evidence, None), ModelUse(name=None))

    def objections(opinion: Any) -> list[str]:
        return object_to(free_texts(opinion), evidence, agent.claims(opinion), tuple(opinion.rests_on))

    answer = adviser.ask(system_prompt(), agent.question(evidence), agent.opinion, objections, agent.name)
    opinion, reason, rejected = answer.opinion, answer.reason, answer.rejected
    if opinion is not None and (not isinstance(opinion, agent.opinion) or objections(opinion)):
        opinion, reason, rejected = None, "The critic refused the language model's opinion.", True
    assessment = agent.overrule(evidence, opinion)
    if opinion is None:
        assessment = assessment.model_copy(update={"note": reason})
    return Consultation(assessment, ModelUse(
        name=adviser.model, calls=answer.calls, tokens=answer.tokens, cost_usd=answer.cost_usd if answer.calls else 0.0,
        corrections=answer.corrections,
        rejected=int(rejected), fallbacks=int(opinion is None), notes=[f"{agent.name}: {reason}"] if reason else [],
    ))  # fmt: skip


def settle(evidence: SectionEvidence, opinion: Opinion | None, summary: str) -> dict[str, Any]:
    """The fields every assessment has: numbers and levels from the evidence, words from the opinion or the rules."""
    return {
        "score": evidence.score,
        "levels": dict(evidence.levels),
        "summary": summary,
        "opinion": opinion,
        "narrative": opinion.narrative.strip() if opinion else summary,
        "narrative_by": "model" if opinion else "rules",
        "note": "" if opinion else NOT_ASKED,
    }


def free_texts(opinion: Opinion) -> dict[str, str]:
    """The free texts of an opinion by field: every text that is not one of a closed choice."""
    free: dict[str, str] = {}
    for name in type(opinion).model_fields:
        value = getattr(opinion, name)
        if isinstance(value, str) and not isinstance(value, Choice):
            free[name] = value
        elif isinstance(value, list) and name != "rests_on":
            free.update({f"{name}[{i}]": text for i, text in enumerate(value)})
    return free


def closed_choices(opinion: Opinion) -> dict[str, str]:
    """The closed choices of an opinion by field."""
    chosen = {name: getattr(opinion, name) for name in type(opinion).model_fields}
    return {name: value.value for name, value in chosen.items() if isinstance(value, Choice)}


def choices_of(opinion: type[Opinion]) -> dict[str, str]:
    """For each closed choice the lines of a prompt that name its values and what they mean."""
    kinds = {name: described.annotation for name, described in opinion.model_fields.items()}
    return {
        name: "\n".join(f"  - {member.value}: {member.meaning}" for member in kind)
        for name, kind in kinds.items()
        if isinstance(kind, type) and issubclass(kind, Choice)
    }


def system_prompt() -> str:
    """What every agent's model is told about its part."""
    return _prompts().get_template("system.md").render()


def render_question(name: str, evidence: SectionEvidence, opinion: type[Opinion]) -> str:
    """The agent's prompt with the evidence in a delimited block of data. A variable the prompt lacks is an error naming it."""
    return render_prompt(
        name,
        repository=evidence.repository,
        score="not scored" if evidence.score is None else f"{evidence.score:g} of 10",
        levels=", ".join(f"{_inline(k)} is {_inline(v)}" for k, v in sorted(evidence.levels.items())) or "none",
        codes=", ".join(sorted({f.code for f in evidence.findings})) or "none",
        choices=choices_of(opinion),
        data=render_data(_data(evidence)),
    )


def render_prompt(name: str, repository: str, **values: Any) -> str:
    """The prompt of that name; a repository's name is reduced to letters that can be no instruction."""
    return _prompts().get_template(f"{name}.md").render(repository=re.sub(r"[^\w./-]", "_", repository)[:100], **values)


def render_data(text: str) -> str:
    """Untrusted text, redacted, in a block whose end it cannot write itself."""
    data = redact(text).replace("<<<", "‹‹‹").replace(">>>", "›››")
    mark = hashlib.sha256(data.encode()).hexdigest()[:12]
    return f"<<<DATA {mark}\n{data}\nDATA {mark}>>>"


def _data(evidence: SectionEvidence) -> str:
    """Findings and facts, one a line: compact, since every character is paid for."""
    findings = [_line(f.model_dump(exclude_none=True)) for f in evidence.findings[:FINDINGS_LIMIT]]
    facts = [f"{json.dumps(key, ensure_ascii=False)}: {_line(value)}" for key, value in _fitting(evidence.facts).items()]
    return "\n".join(["findings:", *(findings or ["none"]), "facts:", *(facts or ["none"])])


def _line(value: Any) -> str:
    return json.dumps(_without_places(value), ensure_ascii=False, default=str)


def _without_places(value: Any) -> Any:
    """`{"file": "train.py", "line": 3, "note": "fit"}` as `train.py:3 (fit)`."""
    if isinstance(value, Mapping):
        if "file" in value and PLACE_KEYS.issuperset(value):
            line, cell, note = value.get("line"), value.get("cell"), value.get("note")
            told = [f"cell {cell}" if cell is not None else "", str(note or "")]
            inside = ", ".join(t for t in told if t)
            return f"{value['file']}{'' if line is None else f':{line}'}{f' ({inside})' if inside else ''}"
        return {name: _without_places(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_places(inner) for inner in value]
    return value


def _fitting(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts in their order, without the keys that no longer fit."""
    kept: dict[str, Any] = {}
    left = FACTS_LIMIT
    for key, value in facts.items():
        size = len(_line(value)) + len(key) + 6
        if size <= left:
            kept[key] = value
            left -= size
    return kept


def _inline(text: str) -> str:
    return " ".join(redact(text).split())[:120]


@cache
def _prompts() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
    )
