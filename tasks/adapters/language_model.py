"""The language model, through litellm: asked within limits of time, tokens and money, and never a reason to fail.

`LanguageModel.ask` returns an `Answer` whatever happens; without a usable opinion the answer says why in one sentence.
litellm is imported with the first call: it takes seconds.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from tasks.adapters.model_call import CallFailed, Reply, call_model, price_of
from tasks.adapters.model_ledger import Ledger, worst_case
from tasks.adapters.model_text import explain, unwrap, without_secrets
from tasks.rules.contract import ModelUse
from tasks.rules.critic import MAX_CORRECTIONS

Format = Literal["schema", "object", "plain"]
FORMATS: tuple[Format, ...] = ("schema", "object", "plain")
"""How an answer's form is asked for, strictest first; a provider that refuses one gets the next."""
_formats: dict[tuple[str, str | None], Format] = {}
"""What a model at an address was found to take: the agents of a run each open their own `LanguageModel`."""
MAX_INVALID = 1
"""Answers that are not what was asked for are sent back so often."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelLimits:
    """What one run may spend on a language model."""

    seconds_per_call: float = 45.0
    seconds_per_agent: float = 60.0
    """All calls, corrections and pauses of one question together."""
    max_tokens_per_run: int = 200_000
    """Read and written, all agents together."""
    max_usd_per_run: float = 1.0
    """Holds for models whose price litellm knows; for others the tokens are the ceiling."""
    retries: int = 3
    """Further tries of one call after a passing fault."""
    first_pause: float = 1.0
    """Seconds before the first retry; doubles with each. The provider's Retry-After wins."""
    answer_tokens: int = 1_500
    """Longest answer asked for; doubled once when it was cut."""


@dataclass(frozen=True)
class Spending:
    """What one call took, or could take at most."""

    tokens: int
    usd: float | None
    """None when the model's price is not known."""


@dataclass(frozen=True)
class Answer:
    """What came of one question."""

    opinion: BaseModel | None
    reason: str = ""
    """Why there is no opinion, one sentence; empty when there is one."""
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    """None when the model's price is not known."""
    corrections: int = 0
    rejected: bool = False
    """The critic refused the last opinion too."""


@dataclass
class _Talk:
    """One question while it is being answered."""

    agent: str
    messages: list[dict[str, str]]
    deadline: float
    max_tokens: int
    answer: Answer = field(default_factory=lambda: Answer(opinion=None))
    grown: bool = False
    invalid: int = 0
    objections: int = 0

    def take(self, spending: Spending) -> None:
        """One more call was made and took this."""
        known = self.answer.cost_usd
        cost = known if spending.usd is None else (known or 0.0) + spending.usd
        self.answer = replace(self.answer, calls=self.answer.calls + 1, tokens=self.answer.tokens + spending.tokens, cost_usd=cost)


class _GivenUp(Exception):
    """No opinion will come; the message is the reason."""


class LanguageModel:
    """One litellm model. Threads may share it; models that share a `Ledger` share the run's ceilings."""

    def __init__(
        self,
        model: str,
        api_key: str | None = None,
        api_base: str | None = None,
        limits: ModelLimits = ModelLimits(),
        ledger: Ledger | None = None,
        trace: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.model = model
        self.limits = limits
        self.ledger = ledger or Ledger(limits.max_tokens_per_run, limits.max_usd_per_run)
        self._api_key = api_key
        self._api_base = api_base
        self._trace = trace
        self._place = (model, api_base)

    def ask(
        self,
        system: str,
        question: str,
        answer_type: type[BaseModel],
        objections: Callable[[Any], list[str]] = lambda _: [],
        agent: str = "",
    ) -> Answer:
        """An opinion of the asked type to which there are no objections, or the reason why there is none. Never raises."""
        schema = json.dumps(answer_type.model_json_schema(), separators=(",", ":"))
        system = f"{system}\n\nAnswer with one JSON object and nothing else. It must match this JSON schema:\n{schema}"
        talk = _Talk(
            agent=agent,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": question}],
            deadline=time.monotonic() + self.limits.seconds_per_agent,
            max_tokens=self.limits.answer_tokens,
        )
        try:
            opinion = self._converse(talk, answer_type, objections)
            answer = replace(talk.answer, opinion=opinion)
        except _GivenUp as stop:
            answer = replace(talk.answer, reason=str(stop))
        except Exception as error:  # an opinion is never worth a failed analysis
            _LOG.debug("language model", exc_info=True)
            answer = replace(talk.answer, reason=self._clean(f"The language model could not be asked: {type(error).__name__}: {error}"))
        self.ledger.close_question(answer.corrections, answer.rejected, answer.opinion is None, answer.reason)
        return answer

    @property
    def usage(self) -> ModelUse:
        """What all questions of this model's ledger took together."""
        spent = self.ledger.spent
        return ModelUse(
            name=self.model, calls=spent.calls, tokens=spent.tokens, cost_usd=spent.cost_usd, corrections=spent.corrections,
            rejected=spent.rejected, fallbacks=spent.fallbacks, notes=list(spent.notes),
        )  # fmt: skip

    def _converse(self, talk: _Talk, answer_type: type[BaseModel], objections: Callable[[Any], list[str]]) -> BaseModel:
        while True:
            reply = self._reply(talk, answer_type)
            try:
                opinion = answer_type.model_validate_json(unwrap(reply.text))
            except ValidationError as error:
                self._send_back_invalid(talk, reply, error)
                continue
            complaints = objections(opinion)
            if not complaints:
                return opinion
            self._send_back_objections(talk, reply, complaints)

    def _reply(self, talk: _Talk, answer_type: type[BaseModel]) -> Reply:
        """A complete reply; one that was cut is asked for again with twice the room, once."""
        while True:
            reply = self._call_with_retries(talk, answer_type)
            if reply.finish == "content_filter" or (reply.refusal and not reply.text.strip()):
                raise _GivenUp("The language model declined to answer.")
            if reply.finish != "length":
                return reply
            if talk.grown:
                raise _GivenUp(f"The language model's answer was longer than {talk.max_tokens} tokens.")
            talk.grown, talk.max_tokens = True, talk.max_tokens * 2

    def _call_with_retries(self, talk: _Talk, answer_type: type[BaseModel]) -> Reply:
        tries = 0
        while True:
            wanted = _formats.get(self._place, FORMATS[0])
            try:
                return self._call_once(talk, answer_type, wanted)
            except CallFailed as failed:
                if failed.status in (400, 422) and not failed.too_long and wanted != "plain":
                    looser = FORMATS[FORMATS.index(wanted) + 1]
                    _formats[self._place] = max(_formats.get(self._place, looser), looser, key=FORMATS.index)
                    continue
                if failed.is_final:
                    if failed.status in (401, 402, 403, 404):
                        self.ledger.close(failed.sentence)
                    raise _GivenUp(failed.sentence) from None
                # Agents that ask side by side must not come back side by side.
                backoff = self.limits.first_pause * 2**tries * random.uniform(0.75, 1.25)
                pause = backoff if failed.retry_after is None else failed.retry_after
                tries += 1
                if tries > self.limits.retries:
                    raise _GivenUp(f"{failed.sentence.rstrip('.')}, {tries} times.") from None
                if time.monotonic() + pause >= talk.deadline:
                    raise _GivenUp(
                        f"{failed.sentence.rstrip('.')}; waiting {pause:.0f} s for another try would pass the time limit."
                    ) from None
                time.sleep(pause)

    def _call_once(self, talk: _Talk, answer_type: type[BaseModel], wanted: Format) -> Reply:
        seconds = min(self.limits.seconds_per_call, talk.deadline - time.monotonic())
        if seconds <= 0:
            raise _GivenUp(f"The language model took longer than {self.limits.seconds_per_agent:g} s.")
        messages = [{"role": m["role"], "content": without_secrets(m["content"])} for m in talk.messages]
        asked, answered = worst_case(messages, talk.max_tokens)
        worst = Spending(asked + answered, price_of(self.model, asked, answered))
        refusal = self.ledger.reserve(worst.tokens, worst.usd)
        if refusal:
            raise _GivenUp(refusal)
        started, reply, failure, took = time.time(), None, "", worst
        try:
            reply = call_model(
                self.model, messages, seconds, talk.max_tokens, self._api_key, self._api_base, response_format(wanted, answer_type)
            )
            took = Spending(reply.tokens or worst.tokens, worst.usd if reply.cost_usd is None else reply.cost_usd)
            return reply
        except CallFailed as failed:
            failure = self._clean(failed.sentence)
            took = worst if failed.may_be_billed else Spending(0, None)
            raise CallFailed(failure, failed.status, failed.retry_after, failed.too_long) from None
        finally:
            self.ledger.settle(worst.tokens, worst.usd, took.tokens, took.usd)
            talk.take(took)
            self._tell({
                "agent": talk.agent, "model": self.model, "started": started, "seconds": time.time() - started, "messages": messages,
                "answer": without_secrets(reply.text) if reply else None, "tokens": took.tokens, "cost_usd": took.usd, "format": wanted,
                "error": failure,
            })  # fmt: skip

    def _send_back_invalid(self, talk: _Talk, reply: Reply, error: ValidationError) -> None:
        if talk.invalid >= MAX_INVALID:
            raise _GivenUp("The language model's answer did not have the asked form, even after a correction.")
        talk.invalid += 1
        self._send_back(
            talk, reply, f"Your answer is not valid:\n{explain(error)}\nAnswer again with one JSON object that matches the schema."
        )

    def _send_back_objections(self, talk: _Talk, reply: Reply, complaints: list[str]) -> None:
        if talk.objections >= MAX_CORRECTIONS:
            talk.answer = replace(talk.answer, rejected=True)
            raise _GivenUp(f"The critic refused the language model's opinion after {MAX_CORRECTIONS} corrections: {complaints[0]}")
        talk.objections += 1
        listed = "\n".join(f"- {c}" for c in complaints[:12])
        self._send_back(talk, reply, f"Your answer cannot be used:\n{listed}\nAnswer again with one JSON object, mending exactly this.")

    def _send_back(self, talk: _Talk, reply: Reply, message: str) -> None:
        """Only the last answer is kept in the conversation: earlier ones cost tokens and teach nothing."""
        talk.messages = [
            *talk.messages[:2],
            {"role": "assistant", "content": reply.text[:8_000] or "{}"},
            {"role": "user", "content": message},
        ]
        talk.answer = replace(talk.answer, corrections=talk.answer.corrections + 1)

    def _tell(self, call: dict[str, Any]) -> None:
        if self._trace is None:
            return
        try:
            self._trace(call)
        except Exception:  # a record of a call is never worth the call
            _LOG.debug("model trace", exc_info=True)

    def _clean(self, text: str) -> str:
        """One line without secrets."""
        if self._api_key:
            text = text.replace(self._api_key, "[key]")
        return " ".join(without_secrets(text).split())[:300]


def response_format(wanted: Format, answer_type: type[BaseModel]) -> Any:
    """litellm's argument for the wanted form."""
    return {"schema": answer_type, "object": {"type": "json_object"}, "plain": None}[wanted]
