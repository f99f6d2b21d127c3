import pytest

from tasks.errors import SettingError, TransitionRefused
from tasks.rules.registry.lifecycle import STATES, check_move, check_name, next_promotion

LEGAL = {
    ("candidate", "approved"), ("candidate", "rejected"), ("approved", "production"), ("approved", "rejected"),
    ("production", "archived"),
}  # fmt: skip


@pytest.mark.parametrize("to", STATES)
@pytest.mark.parametrize("state", STATES)
def test_the_design_s_five_moves_are_legal_and_no_other(state, to):
    if (state, to) in LEGAL:
        assert check_move("churn", "1", state, to) == to
    else:
        with pytest.raises(TransitionRefused):
            check_move("churn", "1", state, to)


def test_a_refusal_names_the_legal_moves():
    with pytest.raises(TransitionRefused, match=r"Version 3 of churn is production and cannot become candidate.*: archived\."):
        check_move("churn", "3", "production", "candidate")
    with pytest.raises(TransitionRefused, match="Archived is terminal"):
        check_move("churn", "3", "archived", "production")
    with pytest.raises(TransitionRefused, match=r"'staging' is no state of a model.*: approved, rejected"):
        check_move("churn", "3", "candidate", "staging")
    with pytest.raises(TransitionRefused, match="not in the ledger"):
        check_move("churn", "3", None, "approved")


def test_promotion_goes_one_step():
    assert next_promotion("churn", "1", "candidate") == "approved"
    assert next_promotion("churn", "1", "approved") == "production"
    with pytest.raises(TransitionRefused, match="production already"):
        next_promotion("churn", "1", "production")


@pytest.mark.parametrize("name", ["", "a/b", "..", ".", "x" * 81, "<b>", "a\n", "ü"])
def test_what_cannot_name_a_model_is_refused(name):
    with pytest.raises(SettingError, match="cannot name a model"):
        check_name(name)


def test_names_of_eighty_characters_are_taken():
    assert check_name("a.b_c-D" + "9" * 73)
