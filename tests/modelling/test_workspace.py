"""A build's folder and its clock, over all processes that worked on it."""

import pytest

from tasks.modelling.workspace import Clock, Workspace


@pytest.fixture
def now(monkeypatch):
    """The time, which a test sets."""
    time = [1000.0]
    monkeypatch.setattr("tasks.modelling.workspace.time.time", lambda: time[0])
    return time


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def test_a_finished_step_is_found_by_the_next_process_and_one_cut_short_is_not(workspace, tmp_path):
    workspace.finish("train#1", {"score": 0.5})
    (tmp_path / "steps" / "train#2.json").write_text('{"score"')
    again = Workspace(tmp_path)
    assert (again.finished("train#1"), again.finished("train#2"), again.finished("train#3")) == ({"score": 0.5}, None, None)


def test_a_new_build_has_its_whole_budget(workspace, now):
    clock = Clock(workspace, budget=60.0, began=990.0)
    assert (clock.deadline, clock.spent) == (1050.0, 10.0)


def test_a_build_taken_up_later_has_what_was_left(workspace, now):
    Clock(workspace, budget=60.0, began=990.0).keep()
    now[0] = 5000.0
    later = Clock(workspace, budget=60.0, began=4998.0)
    assert (later.spent_before, later.spent, later.deadline) == (10.0, 12.0, 5048.0)


def test_another_process_of_the_same_command_does_not_count_its_time_twice(workspace, now):
    Clock(workspace, budget=60.0, began=990.0).keep()
    now[0] = 1005.0
    again = Clock(workspace, budget=60.0, began=990.0)
    assert (again.spent, again.deadline) == (15.0, 1050.0)


def test_time_used_up_is_a_deadline_in_the_past(workspace, now):
    Clock(workspace, budget=60.0, began=900.0).keep()
    now[0] = 2000.0
    assert Clock(workspace, budget=60.0, began=2000.0).deadline == 1960.0


def test_waiting_for_a_person_moves_the_deadline_and_costs_nothing(workspace, now):
    clock = Clock(workspace, budget=60.0, began=990.0)
    clock.hold()
    now[0] = 1400.0
    assert (clock.spent, clock.deadline) == (10.0, 1450.0)
    clock.go_on()
    now[0] = 1405.0
    assert (clock.spent, clock.deadline) == (15.0, 1450.0)


@pytest.mark.parametrize(("began", "spent"), [(9000.0, 10.0), (990.0, 8010.0 - 390.0)])
def test_a_build_killed_while_a_person_was_waited_for_did_not_spend_that_time(workspace, now, began, spent):
    """Taken up by another command, or by another process of the same one."""
    clock = Clock(workspace, budget=60.0, began=990.0)
    clock.hold()
    now[0] = 1390.0
    clock.keep()
    now[0] = 9000.0
    assert Clock(workspace, budget=60.0, began=began).spent == pytest.approx(spent)


@pytest.mark.parametrize("torn", ["", "{", "[1]", '{"spent": null}'])
def test_a_clock_that_cannot_be_read_is_a_new_one(workspace, now, tmp_path, torn):
    (tmp_path / "clock.json").write_text(torn)
    assert Clock(workspace, budget=60.0, began=1000.0).spent_before == 0.0
