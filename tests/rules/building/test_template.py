"""What a good build was configured as, replayed on other data."""

import pytest

from tasks.errors import SettingError
from tasks.rules.building.change import Change
from tasks.rules.building.template import read_template, request_with, save_template
from tests.rendering.builds import build, candidate, ended_build

NEW = ("/data/newer.csv",)


def good_build(**changes):
    made = build()
    champion = made.champion.model_copy(update={"candidates": (candidate(0), candidate(1))})
    return build(champion=champion, **changes)


@pytest.fixture
def template():
    return save_template(good_build())


def test_a_template_holds_the_contract_the_members_and_what_the_critic_asked_before_the_champion(template):
    assert (template.target, template.metric, template.positive, template.group) == ("churn", "roc_auc", "yes", "customer_id")
    assert [(t.family, t.params) for t in template.trials] == [(c.family, c.params) for c in (candidate(0), candidate(1))]
    assert [c.kind for c in template.changes] == ["regularise"]
    assert (template.seed, template.made_from, template.score) == (7, "b0123456789abcdef0123", 0.907)


def test_what_was_asked_after_the_champions_loop_is_not_replayed():
    first = good_build().champion.model_copy(update={"loop": 1})
    assert save_template(build(champion=first)).changes == ()


def test_columns_that_were_forbidden_that_leak_or_that_the_critic_dropped_stay_out(template):
    assert template.forbid == ("cancel_reason", "cancel_date")
    loops = build().loops
    drop = Change(kind="drop_columns", sentence="It gives the target away.", columns=("late",))
    critic = (loops[0].model_copy(update={"change": drop}), loops[1])
    assert save_template(good_build(loops=critic)).forbid == ("cancel_reason", "cancel_date", "late")


def test_a_build_without_a_champion_has_no_template():
    assert save_template(ended_build()) is None


def test_a_replay_needs_no_objective_and_begins_with_the_members_and_the_changes(template, tmp_path):
    file = tmp_path / "template.json"
    file.write_text(template.model_dump_json())
    request = request_with(read_template(file), {"time_budget": 30.0}, NEW)
    assert (request.objective, request.target, request.data) == (template.objective, "churn", NEW)
    assert (request.trials, request.changes, request.seed) == (template.trials, template.changes, 7)


def test_what_the_user_says_wins_and_forbidden_columns_add_up(template):
    request = request_with(template, {"metric": "log_loss", "seed": 0, "forbid": ("tenure",)}, NEW)
    assert (request.metric, request.seed) == ("log_loss", 0)
    assert request.forbid == ("cancel_reason", "cancel_date", "tenure")


@pytest.mark.parametrize(("content", "words"), [(None, "There is no template"), ("{}", "is no template"), ("\xff", "is no template")])
def test_a_file_that_is_no_template_is_told_in_one_line(tmp_path, content, words):
    file = tmp_path / "template.json"
    if content is not None:
        file.write_text(content, encoding="latin-1")
    with pytest.raises(SettingError, match=words):
        read_template(file)


def test_without_template_and_objective_the_remedy_names_both():
    with pytest.raises(SettingError, match=r"--objective .* or give a --template"):
        request_with(None, {"objective": ""}, NEW)


def test_a_value_out_of_range_names_its_option():
    with pytest.raises(SettingError, match="time_budget cannot be used: Input should be greater than or equal to 10"):
        request_with(None, {"objective": "x", "time_budget": 5.0}, NEW)
