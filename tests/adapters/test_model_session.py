from pydantic import BaseModel

from tasks.adapters.language_model import ModelLimits
from tasks.adapters.model_session import open_model, read_calls
from tests.openai_server import ANSWER_TOKENS, PROMPT_TOKENS, ok, serve

LIMITS = ModelLimits(max_tokens_per_run=20_000, seconds_per_agent=60)


class Word(BaseModel):
    word: str


def ask(server, run, calls, limits=LIMITS, agent="report"):
    model = open_model("openai/test", run, calls, limits, api_key="test", api_base=server.base)
    return model, model.ask("system", "question", Word, agent=agent)


def test_agents_of_one_run_share_its_ceiling(tmp_path):
    with serve(ok({"word": "yes"})) as server:
        first, answer = ask(server, "run-1", tmp_path / "calls")
        second, _ = ask(server, "run-1", tmp_path / "calls")
        assert answer.opinion == Word(word="yes")
        assert first.ledger is second.ledger
        assert second.ledger.tokens == 2 * (PROMPT_TOKENS + ANSWER_TOKENS)


def test_another_run_starts_at_zero(tmp_path):
    with serve(ok({"word": "yes"})) as server:
        ask(server, "run-2", tmp_path / "calls")
        other, _ = ask(server, "run-3", tmp_path / "calls")
        assert other.ledger.calls == 1


def test_calls_are_kept_in_order_and_a_half_written_one_is_left_out(tmp_path):
    calls = tmp_path / "folder" / "calls"
    with serve(ok({"word": "yes"})) as server:
        ask(server, "run-4", calls, agent="dataset_analysis")
        ask(server, "run-4", calls, agent="report")
    with open(calls, "a") as file:
        file.write('{"agent": "cut')
    assert [c["agent"] for c in read_calls(calls)] == ["dataset_analysis", "report"]
    assert read_calls(tmp_path / "nowhere") == []
