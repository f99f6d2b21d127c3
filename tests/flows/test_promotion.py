"""The flow against a real Prefect server and a real SQLite MLflow."""

from __future__ import annotations

import threading
import time

import pytest

from flows.promotion import promotion
from tasks.errors import SettingError, TransitionRefused, UserError
from tests.adapters.registry.shop import Shop


@pytest.fixture
def shop(prefect_api, axiom_home, tracked, tmp_path):
    return Shop(axiom_home, tmp_path / "outputs")


def artifact(key):
    from prefect.artifacts import Artifact

    return Artifact.get(key)


def test_a_version_goes_up_step_by_step_and_the_gate_is_a_table(shop):
    shop.register()
    first = promotion("churn", "v1", reason="looks good", actor="ann")
    assert (first.before, first.state, first.moved, first.verdict) == ("candidate", "approved", True, "promote_b")
    assert promotion("churn", "1", actor="ann").production == "1"
    last = shop.look().ledger.entries[-1]
    assert (last.actor, last.evidence["verdict"], last.thresholds["alpha"]) == ("ann", "promote_b", 0.05)
    table = artifact("gate-churn-1")
    assert "no critical finding" in table.data and "promote_b" in table.description


def test_the_gate_refuses_and_only_a_reason_overrules_it(shop):
    shop.register("a", accuracy=0.9)
    shop.move("1", "approved", "production")
    shop.move(shop.register("b", accuracy=0.7).version, "approved")
    refused = promotion("churn", "2", to="production")
    assert (refused.moved, refused.verdict, refused.production, shop.look().ledger.states["2"]) == (False, "reject_b", "1", "approved")
    with pytest.raises(SettingError, match="needs a reason"):
        promotion("churn", "2", force=True)
    forced = promotion("churn", "2", force=True, reason="the old one is too slow")
    assert (forced.moved, forced.forced, forced.production) == (True, True, "2")
    assert shop.look().ledger.entries[-1].evidence["forced"] is True
    assert shop.look().ledger.entries[-1].actor.startswith("flow run promotion · churn 2")
    back = promotion("churn", to="rollback")
    assert (back.version, back.before, back.state, back.production) == ("1", "archived", "production", "1")


def test_what_the_lifecycle_forbids_is_not_overruled(shop):
    shop.register()
    with pytest.raises(TransitionRefused, match="Legal moves from candidate"):
        promotion("churn", "1", to="production", force=True, reason="please")
    with pytest.raises(UserError, match="no version 7"):
        promotion("churn", "7")
    with pytest.raises(TransitionRefused, match="no earlier production"):
        promotion("churn", to="rollback")


def resume_when_paused(decision):
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType

    paused = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=["PAUSED"])))
    with get_client(sync_client=True) as client:
        for _ in range(300):
            if runs := client.read_flow_runs(flow_run_filter=paused):
                client.resume_flow_run(runs[0].id, run_input={"decision": decision, "name": "Bo", "reason": "not today"})
                return
            time.sleep(0.1)


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_a_person_decides_where_asked(shop, decision):
    shop.register()
    person = threading.Thread(target=resume_when_paused, args=(decision,))
    person.start()
    try:
        if decision == "approve":
            assert promotion("churn", "1", actor="ann", approve=True).moved
            assert shop.look().ledger.entries[-1].actor == "Bo"
        else:
            with pytest.raises(UserError, match="refused by Bo: not today"):
                promotion("churn", "1", actor="ann", approve=True)
            assert shop.look().ledger.states == {"1": "candidate"}
    finally:
        person.join()


def test_champion_and_challenger_are_set_side_by_side_and_nothing_is_moved(shop):
    from flows.comparison import model_comparison

    shop.register("a", accuracy=0.9)
    shop.move("1", "approved", "production")
    shop.register("b", accuracy=0.7)
    outcome = model_comparison("churn", "1", "2")
    assert outcome.verdict == "reject_b" and outcome.reasons
    assert '"delta": "-0.2"' in artifact("model-comparison").data
    assert "reject_b" in artifact("gate").description
    assert shop.look().ledger.states == {"1": "production", "2": "candidate"}
