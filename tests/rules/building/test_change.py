"""The closed set of changes."""

from typing import get_args

from tasks.rules.building.change import CHANGES, ROUTES, Change, ChangeKind


def test_every_kind_has_a_route_and_its_words():
    assert set(CHANGES) == set(get_args(ChangeKind))
    assert all(route in ROUTES and route != "finalize" and words for route, words in CHANGES.values())


def test_a_change_is_the_same_whatever_its_words_and_order():
    a = Change(kind="drop_columns", columns=("a", "b"), sentence="one")
    b = Change(kind="drop_columns", columns=("b", "a"), sentence="two")
    assert a.key == b.key and a.route == "refine_features"
    assert a.key != Change(kind="drop_columns", columns=("a",), sentence="one").key
