"""One call of litellm with a hard end: the reply, or a typed failure that says whether another try makes sense.

Calls run on an event loop of their own thread, so that one which hangs or drips is truly cancelled at its deadline:
litellm's own timeout only bounds each read.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import email.utils
import logging
import os
import threading
import time
import warnings
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from tasks.errors import SettingError

FINAL_STATUSES = frozenset({400, 401, 402, 403, 404, 405, 413, 422})
"""Another try of the same call cannot succeed."""
CANCEL_GRACE = 1.0
"""Seconds a cancelled call gets to clean up before it is left alone."""
_SENTENCES = {
    401: "The model provider refused the key: set the provider's variable or the model credentials block.",
    402: "The model provider asks for payment.",
    403: "The model provider denied access to this model.",
    404: "The model provider does not know this model or address.",
    413: "The question is too long for the model provider.",
    429: "The model provider limits the rate of calls.",
}


@dataclass(frozen=True)
class Reply:
    """What the model said and what it took."""

    text: str
    finish: str
    refusal: bool
    tokens: int
    cost_usd: float | None


class CallFailed(Exception):
    """One call gave no reply."""

    def __init__(self, sentence: str, status: int | None = None, retry_after: float | None = None, too_long: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.retry_after = retry_after
        """Seconds the provider asked to wait."""
        self.too_long = too_long
        """The question does not fit the model's context."""

    @property
    def may_be_billed(self) -> bool:
        """The provider may have answered, and counted it, although nothing usable came back."""
        return self.status in (None, 408)

    @property
    def is_final(self) -> bool:
        return self.too_long or self.status in FINAL_STATUSES


def call_model(
    model: str,
    messages: list[dict[str, str]],
    seconds: float,
    max_tokens: int,
    api_key: str | None = None,
    api_base: str | None = None,
    response_format: Any = None,
) -> Reply:
    """Ask once and wait at most so many seconds. Raises `CallFailed`."""
    litellm = load_litellm()
    arguments: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "max_tokens": max_tokens,
        "timeout": seconds,
        "max_retries": 0,
        "num_retries": 0,
    }
    given = {"api_key": api_key, "api_base": api_base, "response_format": response_format}
    arguments.update({name: value for name, value in given.items() if value is not None})

    async def bounded() -> Any:
        return await asyncio.wait_for(litellm.acompletion(**arguments), seconds)

    future = asyncio.run_coroutine_threadsafe(bounded(), _event_loop())
    try:
        response = future.result(seconds + CANCEL_GRACE)
    except (TimeoutError, concurrent.futures.TimeoutError):
        future.cancel()
        raise CallFailed(f"The language model did not answer within {seconds:.0f} s.") from None
    except Exception as error:
        raise _failure(error, seconds) from None
    return _reply(litellm, response)


def price_of(model: str, prompt_tokens: int, answer_tokens: int) -> float | None:
    """US dollars for so many tokens; None when litellm does not know the model's price."""
    try:
        prices = load_litellm().cost_per_token(model=model, prompt_tokens=prompt_tokens, completion_tokens=answer_tokens)
    except Exception:  # litellm raises a bare Exception for unknown models
        return None
    return float(sum(prices)) or None


def check_model(model: str) -> None:
    """Raise `SettingError` when litellm knows no provider for the model string; nothing is sent."""
    litellm = load_litellm()
    try:
        litellm.get_llm_provider(model)
    except litellm.BadRequestError as error:
        known = "such as anthropic/…, openai/…, groq/… or ollama_chat/…"
        raise SettingError(f"No provider of language models is known for {model[:80]!r}", f"Write provider/model, {known}.") from error


@cache
def load_litellm() -> ModuleType:
    """litellm, quiet, with the cost table it ships: at import it would fetch one and wait for it."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    # About types of litellm's own, with its first call.
    warnings.filterwarnings("ignore", message=".*`ReadOnly` qualifier.*", category=UserWarning)
    import litellm

    litellm.suppress_debug_info = True
    litellm.telemetry = False
    litellm.drop_params = True
    for name in ("LiteLLM", "litellm", "httpx", "openai"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


_loop_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def _event_loop() -> asyncio.AbstractEventLoop:
    """The loop all calls of this process run on; a forked child makes its own."""
    with _loop_lock:
        loop = _loops.get(os.getpid())
        if loop is None:
            loop = _loops[os.getpid()] = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="language-model", daemon=True).start()
        return loop


def _reply(litellm: ModuleType, response: Any) -> Reply:
    try:
        choice = response.choices[0]
        message = choice.message
    except (AttributeError, IndexError, TypeError):
        raise CallFailed("The model provider's answer holds no message.") from None
    usage = getattr(response, "usage", None)
    tokens = int(getattr(usage, "total_tokens", 0) or 0)
    cost = (getattr(response, "_hidden_params", None) or {}).get("response_cost")
    return Reply(
        text=message.content if isinstance(message.content, str) else "",
        finish=str(choice.finish_reason or ""),
        refusal=bool(getattr(message, "refusal", None)),
        tokens=tokens,
        cost_usd=float(cost) if cost else None,
    )


def _failure(error: Exception, seconds: float) -> CallFailed:
    """By the status code: litellm's classes do not tell (a 401 may come as BadRequestError)."""
    kind = type(error).__name__
    if kind in {"Timeout", "APITimeoutError"}:
        return CallFailed(f"The language model did not answer within {seconds:.0f} s.", 408)
    status = getattr(error, "status_code", None)
    status = status if isinstance(status, int) else None
    too_long = kind == "ContextWindowExceededError"
    if too_long:
        return CallFailed("The question is longer than the model's context.", status, too_long=True)
    sentence = _SENTENCES.get(status or 0)
    if sentence is None:
        what = f"answered {status}" if status else "could not be reached"
        sentence = f"The model provider {what} ({kind}: {_first_line(error)})."
    return CallFailed(sentence, status, _retry_after(error))


def _retry_after(error: Exception) -> float | None:
    """Seconds from the Retry-After header, which may also be a date."""
    headers = getattr(error, "litellm_response_headers", None) or getattr(getattr(error, "response", None), "headers", None) or {}
    lowered = {str(k).lower(): str(v) for k, v in dict(headers).items()}
    written = lowered.get("retry-after")
    if written is None:
        return None
    try:
        seconds = float(written)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(written).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return seconds if 0 <= seconds < float("inf") else None


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].removeprefix(f"litellm.{type(error).__name__}: ")[:160]
