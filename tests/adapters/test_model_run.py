"""One run's spending and journal, shared by threads, processes and a resumed run."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import BaseModel

from tasks.adapters.language_model import ModelLimits
from tasks.adapters.model_call import load_litellm
from tasks.adapters.model_ledger import Ledger
from tasks.adapters.model_run import ModelRun
from tests.openai_server import ok, serve


class Opinion(BaseModel):
    text: str


LIMITS = ModelLimits(seconds_per_call=10, seconds_per_agent=15, answer_tokens=500, max_tokens_per_run=1_500)


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    load_litellm()


def test_agents_side_by_side_share_one_ceiling(tmp_path):
    """Each opens its own model, as Prefect's tasks do; one answer takes 120 tokens and reserves over 500."""
    run = ModelRun(tmp_path, "run")
    with serve(ok({"text": "fine"}, hang=0.3)) as server, ThreadPoolExecutor(8) as pool:

        def ask(_: int) -> bool:
            return run.open_model("openai/test", "k", server.base, LIMITS).ask("s", "q", Opinion).opinion is not None

        answered = sum(pool.map(ask, range(8)))
    assert answered == len(server.requests) == 2
    assert run.spent().tokens == 240 and run.spent().fallbacks == 6


def test_the_last_agent_still_has_what_the_others_left(tmp_path):
    """A share of an eighth each would have refused every one of these."""
    run = ModelRun(tmp_path, "run")
    with serve(ok({"text": "fine"})) as server:
        answers = [run.open_model("openai/test", "k", server.base, LIMITS).ask("s", "q", Opinion) for _ in range(8)]
    assert all(a.opinion for a in answers)


def _spend(path, times):
    ledger = Ledger(10_000, 1.0, path)
    for _ in range(times):
        if not ledger.reserve(100, 0.001):
            ledger.settle(100, 0.001, 100, 0.001)


def test_processes_count_together_and_stop_together(tmp_path):
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_spend, args=(tmp_path / "ledger.json", 40)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    spent = Ledger(10_000, 1.0, tmp_path / "ledger.json").spent
    assert (spent.tokens, spent.calls, spent.pending_tokens) == (10_000, 100, 0)
    assert spent.cost_usd == pytest.approx(0.1)


def test_a_resumed_run_goes_on_counting_and_what_was_under_way_counts_as_spent(tmp_path):
    first = Ledger(1_000, 1.0, tmp_path / "ledger.json")
    assert first.reserve(600, None) == ""  # and the process is killed
    assert "limit of 1000 tokens" in Ledger(1_000, 1.0, tmp_path / "ledger.json").reserve(600, None)
    assert Ledger(1_000, 1.0, tmp_path / "ledger.json").reserve(400, None) == ""


def test_a_record_of_spending_that_cannot_be_read_stops_spending(tmp_path):
    (tmp_path / "ledger.json").write_text('{"tokens": "many"}')
    assert "cannot be read" in Ledger(1_000, 1.0, tmp_path / "ledger.json").reserve(1, None)


def test_the_journal_keeps_whole_calls_in_order(tmp_path):
    run = ModelRun(tmp_path, "run/with:odd name")
    for number in range(3):
        run.record({"agent": str(number)})
    with open(run.folder / "calls.jsonl", "a") as file:
        file.write('\n{"agent": "half')
    run.record({"agent": "3"})
    assert [call["agent"] for call in ModelRun(tmp_path, "run/with:odd name").calls()] == ["0", "1", "2", "3"]
    assert ModelRun(tmp_path, "other").calls() == []


def test_a_run_that_is_over_is_forgotten_and_old_ones_with_it(tmp_path):
    runs = {name: ModelRun(tmp_path, name) for name in ("over", "old", "running")}
    for run in runs.values():
        run.record({"agent": "x"})
    week = time.time() - 8 * 86_400
    os.utime(runs["old"].folder, (week, week))
    runs["over"].forget()
    assert {name: len(run.calls()) for name, run in runs.items()} == {"over": 0, "old": 0, "running": 1}


def test_calls_become_traces_of_the_run(axiom_home):
    from tasks.adapters.tracking import log_model_calls, record_run

    run = ModelRun(axiom_home, "run")
    with serve(ok({"text": "fine"})) as server:
        run.open_model("openai/test", "k", server.base, LIMITS).ask("s", "q", Opinion, agent="retraining")
    tracked = record_run(axiom_home, "axiom/analysis", "key", "name", {"score": 1.0}, {}, ())
    assert log_model_calls(axiom_home, tracked.run_id, run.calls()) == 1
    assert json.dumps(run.calls()[0])
