"""The same request on the same data is the same build; whatever would make another model is another one."""

import pytest
from pydantic import ValidationError

from tasks.rules.building.request import BuildRequest, Trial, build_key

HASHES = {"/a/churn.csv": "11"}


def request(**said):
    return BuildRequest(**{"data": ("/a/churn.csv",), "objective": "predict churn"} | said)


def test_a_moved_file_is_the_same_build_and_a_changed_one_is_not():
    moved = request(data=("/b/other.csv",))
    assert build_key(request(), HASHES, "r") == build_key(moved, {"/b/other.csv": "11"}, "r")
    assert build_key(request(), HASHES, "r") != build_key(request(), {"/a/churn.csv": "12"}, "r")


@pytest.mark.parametrize(
    "said",
    [
        {"objective": "predict price"}, {"target": "x"}, {"metric": "rmse"}, {"positive": "no"}, {"task": "regression"}, {"group": "g"},
        {"time": "t"}, {"forbid": ("x",)}, {"time_budget": 61.0}, {"max_loops": 2}, {"seed": 1}, {"jobs": 3}, {"max_candidates": 5},
        {"trials": (Trial(family="linear", view="linear", params={}),)},
    ],
    ids=lambda said: next(iter(said)),
)  # fmt: skip
def test_each_thing_that_is_said_makes_another_build(said):
    assert build_key(request(**said), HASHES, "r") != build_key(request(), HASHES, "r")


def test_other_rules_make_another_build_and_a_key_is_a_name_for_a_folder():
    assert build_key(request(), HASHES, "r") != build_key(request(), HASHES, "s")
    assert build_key(request(), HASHES, "r").isalnum() and len(build_key(request(), HASHES, "r")) == 21


@pytest.mark.parametrize(
    ("name", "bad"), [("time_budget", 9.9), ("max_loops", 0), ("max_loops", 11), ("seed", -1), ("data", ()), ("objective", "")]
)
def test_what_cannot_be_built_is_refused(name, bad):
    with pytest.raises(ValidationError, match=name):
        request(**{name: bad})
