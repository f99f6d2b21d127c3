"""The steps of one build: each once, and what a later loop is told of the earlier ones."""

import pytest

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.modelling.session import Session
from tasks.modelling.steps import STEPS
from tasks.modelling.workspace import Workspace
from tasks.rules.building.change import Change
from tasks.rules.building.request import BuildRequest
from tasks.rules.building.result import Loop


def drop(column):
    return Change(kind="drop_columns", sentence=f"{column} gives the target away.", columns=(column,))


@pytest.fixture
def open_session(tmp_path):
    def opened(**said):
        workspace = Workspace(tmp_path)
        workspace.write("request.json", BuildRequest(data=("/d.csv",), objective="predict y", **said))
        events = []
        session = Session(workspace, 0.0, events.append)
        return session, events

    return opened


def judged(session, loop, change):
    told = Loop(loop=loop, route="refine_features" if change else "finalize", reasons=(), change=change, score=0.5)
    session.workspace.finish(f"judged#{loop}", {"loop": told.model_dump(mode="json"), "best": loop})


def test_a_step_is_made_once_over_all_processes_and_told_once(open_session, monkeypatch):
    made = []
    monkeypatch.setitem(STEPS, "count", lambda session, n: made.append(n) or {"n": n, "told": "counted"})
    session, events = open_session()
    assert session.run("count", "count#1", {"n": 1}) == {"n": 1}
    later, later_events = open_session()
    assert later.run("count", "count#1", {"n": 1}) == {"n": 1} and later.run("count", "count#2", {"n": 2}) == {"n": 2}
    assert made == [1, 2]
    assert [(e["name"], e["note"]) for e in events + later_events] == [("count#1", "counted"), ("count#2", "counted")]
    assert all("seconds_left" in e for e in events)


def test_a_step_that_fails_is_made_again(open_session, monkeypatch):
    def fail(session):
        raise ValueError("no")

    session, _ = open_session()
    monkeypatch.setitem(STEPS, "fail", fail)
    with pytest.raises(ValueError, match="no"):
        session.run("fail", "fail", {})
    assert session.workspace.finished("fail") is None


def test_a_loop_makes_all_changes_asked_before_it_the_templates_first(open_session):
    richer = Change(kind="richer_features", sentence="It underfits.")
    session, _ = open_session(changes=(richer, Change(kind="bag", sentence="Few rows.", amount=3.0)))
    judged(session, 1, drop("late"))
    judged(session, 2, None)
    assert [c.kind for c in session.changes(1)] == ["richer_features", "bag"]
    assert [c.kind for c in session.changes(2)] == [c.kind for c in session.changes(3)] == ["richer_features", "bag", "drop_columns"]


def test_certain_leaks_are_out_from_the_first_loop_and_the_critics_from_the_next(open_session):
    session, _ = open_session()
    leaks = [
        LeakSuspect(columns=(c,), kind="missingness", score=1.0, evidence="", certain=certain) for c, certain in (("a", True), ("b", False))
    ]
    session.workspace.finish("split", {"leaks": [leak.model_dump(mode="json") for leak in leaks]})
    judged(session, 1, drop("late"))
    assert (session.dropped(1), session.dropped(2)) == (("a",), ("a", "late"))
