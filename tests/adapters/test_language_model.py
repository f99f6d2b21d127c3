"""Real litellm against a real local server that misbehaves on order."""

from __future__ import annotations

import email.utils
import itertools
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict

from tasks.adapters.language_model import Answer, LanguageModel, ModelLimits
from tasks.adapters.model_call import load_litellm
from tasks.adapters.model_ledger import Ledger
from tasks.adapters.model_run import ModelRun
from tasks.adapters.model_text import unwrap
from tests.openai_server import Step, failure, fenced, ok, serve, truncated


class Opinion(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    choice: Literal["yes", "no"]


GOOD = {"text": "The split is missing.", "choice": "yes"}
QUICK = ModelLimits(seconds_per_call=5, seconds_per_agent=10, first_pause=0.05, retries=2)


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """Importing litellm takes seconds; no test should measure it."""
    load_litellm()


def ask(server: Any, limits: ModelLimits = QUICK, **how: Any) -> Answer:
    objections = how.pop("objections", lambda _: [])
    return LanguageModel("openai/test", api_key="sk-test", api_base=server.base, limits=limits, **how).ask(
        "system", "question", Opinion, objections
    )


def roles(request: dict[str, Any]) -> list[str]:
    return [m["role"] for m in request["messages"]]


def test_a_good_answer_is_an_opinion_with_its_cost_in_tokens() -> None:
    with serve(ok(GOOD)) as server:
        answer = ask(server)
    assert answer == Answer(opinion=Opinion(**GOOD), calls=1, tokens=120)
    assert server.requests[0]["max_tokens"] == QUICK.answer_tokens
    assert server.requests[0]["response_format"]["type"] == "json_schema"


def test_rate_limit_waits_as_long_as_the_provider_says() -> None:
    with serve(failure(429, Retry_After="1"), ok(GOOD)) as server:
        answer = ask(server)
    assert answer.opinion is not None
    assert answer.calls == 2
    assert 1.0 <= server.times[1] - server.times[0] < 2.0


def test_a_wait_beyond_the_time_limit_is_not_begun() -> None:
    started = time.monotonic()
    with serve(failure(429, Retry_After="600")) as server:
        answer = ask(server)
    assert answer.opinion is None
    assert "time limit" in answer.reason
    assert len(server.requests) == 1
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("status", [500, 503])
def test_passing_faults_are_tried_again_and_no_more_often_than_allowed(status: int) -> None:
    with serve(failure(status)) as server:
        answer = ask(server)
    assert len(server.requests) == 1 + QUICK.retries
    assert answer.opinion is None
    assert str(status) in answer.reason


@pytest.mark.parametrize("status", [401, 403, 404])
def test_refused_keys_and_unknown_models_are_tried_once_in_a_run(status: int) -> None:
    with serve(failure(status)) as server:
        model = LanguageModel("openai/test", api_key="sk-test", api_base=server.base, limits=QUICK)
        first = model.ask("s", "q", Opinion)
        second = model.ask("s", "q", Opinion)
    assert len(server.requests) == 1
    assert first.reason == second.reason
    assert first.reason.startswith("The model provider")
    assert (model.usage.calls, model.usage.fallbacks) == (1, 2)


def test_the_key_is_in_no_reason() -> None:
    with serve(Step(status=500, error="bad key sk-very-secret-1")) as server:
        answer = LanguageModel("openai/test", api_key="sk-very-secret-1", api_base=server.base, limits=QUICK).ask("s", "q", Opinion)
    assert answer.reason
    assert "sk-very-secret-1" not in answer.reason


@pytest.mark.parametrize("step", [ok(GOOD, hang=30), ok(GOOD, drip=0.3)], ids=["hang", "drip"])
def test_silence_and_a_dripping_body_end_at_the_limit(step: Step) -> None:
    limits = ModelLimits(seconds_per_call=1, seconds_per_agent=1.2, first_pause=0.5)
    started = time.monotonic()
    with serve(step) as server:
        answer = ask(server, limits)
        taken = time.monotonic() - started
    assert answer.opinion is None
    assert "1 s" in answer.reason
    assert taken < 2.0


def test_a_cancelled_call_closes_its_connection() -> None:
    with serve(ok(GOOD, drip=0.05)) as server:
        ask(server, ModelLimits(seconds_per_call=0.5, seconds_per_agent=0.6, first_pause=1))
        time.sleep(0.5)
    assert server.broken_pipes == 1


def test_a_fence_and_talk_around_the_object_are_taken_off() -> None:
    with serve(fenced(GOOD)) as server:
        assert ask(server).opinion == Opinion(**GOOD)
    assert unwrap('Sure! {"a": 1} Hope this helps.') == '{"a": 1}'


@pytest.mark.parametrize(
    "bad", [truncated(GOOD), ok({"text": "x", "choice": "maybe"}), Step(text=""), Step(text="[1]"), ok({**GOOD, "score": 10})]
)
def test_an_invalid_answer_gets_one_correction_with_the_error(bad: Step) -> None:
    with serve(bad, ok(GOOD)) as server:
        answer = ask(server)
    assert answer.opinion == Opinion(**GOOD)
    assert (answer.calls, answer.corrections, answer.tokens) == (2, 1, 240)
    assert roles(server.requests[1]) == ["system", "user", "assistant", "user"]
    assert "not valid" in server.requests[1]["messages"][-1]["content"]


def test_a_second_invalid_answer_is_the_end() -> None:
    with serve(truncated(GOOD)) as server:
        answer = ask(server)
    assert answer.opinion is None
    assert len(server.requests) == 2
    assert "form" in answer.reason


def test_an_answer_cut_short_gets_twice_the_room_once() -> None:
    with serve(truncated(GOOD, finish="length"), ok(GOOD)) as server:
        assert ask(server).opinion is not None
    assert [r["max_tokens"] for r in server.requests] == [QUICK.answer_tokens, 2 * QUICK.answer_tokens]
    with serve(truncated(GOOD, finish="length")) as server:
        assert "longer than" in ask(server).reason
    assert len(server.requests) == 2


def test_a_refused_response_format_is_asked_for_less_strictly_and_remembered() -> None:
    with serve(failure(400), failure(400), ok(GOOD), ok(GOOD)) as server:
        model = LanguageModel("openai/test", api_key="k", api_base=server.base, limits=QUICK)
        assert model.ask("s", "q", Opinion).opinion is not None
        assert model.ask("s", "q", Opinion).opinion is not None
    assert [r.get("response_format", {}).get("type") for r in server.requests] == ["json_schema", "json_object", None, None]


def test_a_bad_request_in_every_form_is_final() -> None:
    with serve(failure(400)) as server:
        answer = ask(server)
    assert answer.opinion is None
    assert len(server.requests) == 3


def test_objections_go_back_at_most_twice() -> None:
    with serve(ok(GOOD)) as server:
        answer = ask(server, objections=lambda _: ["`text` names '97', which the evidence does not hold."])
    assert (answer.opinion, answer.rejected, answer.corrections, answer.calls) == (None, True, 2, 3)
    assert "97" in server.requests[2]["messages"][-1]["content"]
    assert "critic" in answer.reason


def test_an_opinion_mended_after_an_objection_stands() -> None:
    with serve(ok({**GOOD, "choice": "no"}), ok(GOOD)) as server:
        answer = ask(server, objections=lambda o: ["`choice` must be yes."] if o.choice == "no" else [])
    assert answer.opinion == Opinion(**GOOD)
    assert not answer.rejected
    assert answer.reason == ""


def test_a_refusal_and_a_filter_are_reasons() -> None:
    for step in (Step(refusal="no"), Step(finish="content_filter")):
        with serve(step) as server:
            assert "declined" in ask(server).reason


@pytest.mark.parametrize("body", [b"<html>502</html>", b"", b'{"choices": []}', b"{}", b"null"])
def test_a_body_that_is_no_answer_is_a_reason_and_never_an_error(body: bytes) -> None:
    with serve(Step(body=body)) as server:
        answer = ask(server, ModelLimits(seconds_per_call=3, seconds_per_agent=5, first_pause=0.01, retries=1))
    assert answer.opinion is None
    assert answer.reason


def test_nobody_listening_is_a_reason() -> None:
    model = LanguageModel("openai/test", api_key="k", api_base="http://127.0.0.1:9/v1", limits=QUICK)
    assert "could not be reached" in model.ask("s", "q", Opinion).reason or model.usage.fallbacks == 1


def test_an_unknown_provider_is_a_reason() -> None:
    assert LanguageModel("nobody/none", limits=QUICK).ask("s", "q", Opinion).reason


def test_tokens_of_a_run_have_a_ceiling_all_models_share() -> None:
    ledger = Ledger(max_tokens=2_000, max_usd=1.0)
    with serve(ok(GOOD)) as server:
        answers = [ask(server, ledger=ledger) for _ in range(8)]
    assert [a.opinion is not None for a in answers].index(False) == len(server.requests) > 0
    assert "tokens" in answers[-1].reason
    assert ledger.spent.tokens <= 2_000


def test_money_has_a_ceiling_where_the_price_is_known() -> None:
    with serve(ok(GOOD)) as server:
        model = LanguageModel(
            "openai/gpt-4o", api_key="k", api_base=server.base, limits=ModelLimits(max_usd_per_run=0.017, first_pause=0.01)
        )
        answers = [model.ask("s", "q", Opinion) for _ in range(8)]
    assert answers[0].cost_usd == pytest.approx(100 * 2.5e-6 + 20 * 1e-5)
    assert "US dollars" in answers[-1].reason
    assert model.usage.cost_usd is not None
    assert model.usage.cost_usd <= 0.017


def test_four_threads_share_one_model() -> None:
    answers: list[Answer] = []
    with serve(ok(GOOD, hang=0.3)) as server:
        model = LanguageModel("openai/test", api_key="k", api_base=server.base, limits=QUICK)
        threads = [threading.Thread(target=lambda: answers.append(model.ask("s", "q", Opinion))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [a.opinion is not None for a in answers] == [True] * 4
    assert (model.usage.calls, model.usage.tokens) == (4, 480)
    assert server.times[-1] - server.times[0] < 1.0


def test_secrets_leave_neither_in_the_question_nor_in_a_correction_nor_in_the_trace() -> None:
    secret = "AKIA" + "ABCDEFGHIJKLMNOP"
    calls: list[dict[str, Any]] = []
    with serve(ok({**GOOD, "text": secret}), ok(GOOD)) as server:
        model = LanguageModel("openai/test", api_key="k", api_base=server.base, limits=QUICK, trace=calls.append)
        model.ask("s", f"key = {secret}", Opinion, lambda o: [f"not {o.text}"] if secret in o.text else [])
    assert len(server.requests) == 2
    assert secret not in json.dumps(server.requests)
    assert secret not in json.dumps(calls)
    assert "[redacted: aws_access_key]" in server.requests[0]["messages"][1]["content"]


def test_a_trace_that_fails_and_a_critic_that_fails_do_not_fail_the_question() -> None:
    def broken(_: Any) -> Any:
        raise RuntimeError("broken")

    with serve(ok(GOOD)) as server:
        assert ask(server, trace=broken).opinion is not None
        assert "broken" in ask(server, objections=broken).reason


def test_a_call_that_timed_out_counts_at_its_worst_and_one_that_failed_not_at_all() -> None:
    with serve(ok(GOOD, hang=30)) as server:
        hung = ask(server, ModelLimits(seconds_per_call=0.5, seconds_per_agent=0.6, first_pause=1))
    assert hung.calls == 1 and hung.tokens > QUICK.answer_tokens
    with serve(failure(500)) as server:
        assert ask(server).tokens == 0


def test_many_hangs_cannot_pass_the_ceiling_of_the_run() -> None:
    limits = ModelLimits(seconds_per_call=0.2, seconds_per_agent=0.3, max_tokens_per_run=4_000, first_pause=1)
    with serve(ok(GOOD, hang=30)) as server:
        model = LanguageModel("openai/test", api_key="k", api_base=server.base, limits=limits)
        answers = [model.ask("s", "q", Opinion) for _ in range(6)]
        assert len(server.requests) == 2
    assert "limit of 4000 tokens" in answers[-1].reason
    assert model.usage.tokens <= 4_000


def test_retry_after_may_be_a_date() -> None:
    later = email.utils.formatdate(time.time() + 2, usegmt=True)
    with serve(failure(429, Retry_After=later), ok(GOOD)) as server:
        assert ask(server).opinion is not None
    assert 0.5 < server.times[1] - server.times[0] < 3.5


def test_without_a_header_each_pause_is_longer_than_the_last() -> None:
    with serve(failure(429), failure(429), failure(429), ok(GOOD)) as server:
        assert ask(server, ModelLimits(seconds_per_call=5, seconds_per_agent=20, first_pause=0.2)).calls == 4
    pauses = [after - before for before, after in itertools.pairwise(server.times)]
    assert pauses[0] >= 0.15 and pauses[1] >= 0.3 and pauses[2] >= 0.6


CANARIES = {
    "aws documentation key": "AKIA" + "IOSFODNN7EXAMPLE",
    "aws": "AKIA" + "3K9QPW7ZLM2XVB5T",
    "github": "ghp_" + "a1B2" * 10,
    "gitlab": "glpat-" + "Zx81kLmQ92vBnT0pRs4u",
    "slack": "xoxb-" + "184729104857-abcDEF91kdlw",
    "anthropic": "sk-ant-api03-" + "Zk4mN8" * 10,
    "openai": "sk-proj-" + "Qw7eRt5y" * 6,
    "hugging face": "hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi",
    "groq": "gsk_" + "aB3dE5gH" * 6 + "aB3d",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "database": "kT7vQ2mZ9x",
}


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_no_shape_of_a_secret_leaves_in_any_direction(canary: str, tmp_path: Path) -> None:
    told = f"postgresql://app:{canary}@db.example.org/x" if canary == CANARIES["database"] else f"token = {canary}"
    run = ModelRun(tmp_path, "run")
    with serve(ok({**GOOD, "text": told}), ok(GOOD)) as server:
        model = run.open_model("openai/test", "k", server.base, QUICK)
        answer = model.ask("s", f"evidence: {told}", Opinion, lambda o: [f"not {o.text}"] if canary in o.text else [])
    assert answer.corrections == 1
    for where in (json.dumps(server.requests), json.dumps(run.calls()), answer.reason, str(model.usage.notes)):
        assert canary not in where


def test_litellm_is_imported_only_when_a_model_is_asked() -> None:
    program = (
        "import sys, tasks.agents, tasks.adapters.language_model, tasks.adapters.model_run as m\n"
        "from pathlib import Path\n"
        "m.ModelRun(Path('/nowhere'), 'x')\n"
        "sys.exit('litellm' in sys.modules or 'openai' in sys.modules or 'mlflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_a_form_a_provider_refuses_is_refused_once_for_all_agents() -> None:
    with serve(failure(400), ok(GOOD)) as server:
        for _ in range(3):
            assert ask(server).opinion is not None
    assert [r.get("response_format", {}).get("type") for r in server.requests] == ["json_schema", *["json_object"] * 3]
