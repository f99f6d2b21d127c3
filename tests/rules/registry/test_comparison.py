"""Comparison of runs: hand-made values, so every delta and verdict is known."""

from __future__ import annotations

import pytest

from tasks.errors import SettingError
from tasks.rules.registry.comparison import RunView, better_direction, compare_runs


def run(name, metrics=None, **more):
    return RunView(run_id=name * 8, name=name, metrics=metrics or {}, **more)


def row(compared, name):
    return next(r for r in compared.metrics if r.name == name)


def test_a_lower_loss_and_a_higher_accuracy_are_better():
    compared = compare_runs([run("a", {"loss": 0.5, "accuracy": 0.8}), run("b", {"loss": 0.4, "accuracy": 0.7})])
    loss, accuracy = row(compared, "loss"), row(compared, "accuracy")
    assert (loss.verdicts, loss.best) == (("first", "better"), (1,))
    assert (accuracy.verdicts, accuracy.best) == (("first", "worse"), (0,))
    assert loss.deltas[0] is None and loss.deltas[1] == pytest.approx(-0.1) and loss.relative[1] == pytest.approx(-0.2)
    assert compared.summary == "b: 1 better, 1 worse against a."


def test_a_metric_nobody_knows_the_direction_of_has_deltas_and_no_verdict():
    found = row(compare_runs([run("a", {"iterations": 10}), run("b", {"iterations": 30})]), "iterations")
    assert (found.direction, found.deltas[1], found.verdicts[1], found.best) == ("unknown", 20, "unknown", ())


def test_a_missing_value_is_said_and_never_zero():
    found = row(compare_runs([run("a", {"accuracy": 0.9}), run("b"), run("c", {"accuracy": 0.95})]), "accuracy")
    assert found.values == (0.9, None, 0.95)
    assert (found.deltas[1], found.verdicts, found.best) == (None, ("first", "missing", "better"), (2,))


def test_without_a_value_in_the_first_run_there_is_a_best_and_no_delta():
    found = row(compare_runs([run("a"), run("b", {"rmse": 2.0}), run("c", {"rmse": 1.0})]), "rmse")
    assert (found.deltas, found.verdicts, found.best) == ((None, None, None), ("missing", "unknown", "unknown"), (2,))


def test_ties_are_all_best_and_equal_values_have_none():
    assert row(compare_runs([run("a", {"f1": 0.5}), run("b", {"f1": 0.7}), run("c", {"f1": 0.7})]), "f1").best == (1, 2)
    same = row(compare_runs([run("a", {"f1": 0.7}), run("b", {"f1": 0.1 + 0.6})]), "f1")
    assert (same.verdicts[1], same.best) == ("same", ())


def test_a_delta_to_zero_has_no_proportion():
    assert row(compare_runs([run("a", {"loss": 0.0}), run("b", {"loss": 1.0})]), "loss").relative == (None, None)


def test_only_what_differs_is_listed():
    one = run("a", params={"lr": "0.1", "seed": "1"}, facts={"commit": "c1", "image": "i"})
    other = run("b", params={"lr": "0.2", "seed": "1", "depth": "3"}, facts={"commit": "c2", "image": "i"})
    compared = compare_runs([one, other])
    assert [(r.name, r.values) for r in compared.params] == [("depth", (None, "3")), ("lr", ("0.1", "0.2"))]
    assert [(r.name, r.values) for r in compared.circumstances] == [("commit", ("c1", "c2"))]


def data(name, **hashes):
    return run(name, {"accuracy": 0.9}, facts={f"dataset/{n}.csv": h for n, h in hashes.items()})


def test_other_data_are_warned_of_and_the_same_are_not():
    assert compare_runs([data("a", test="1"), data("b", test="1")]).warnings == ()
    (changed,) = compare_runs([data("a", test="1", train="2"), data("b", test="9", train="2")]).warnings
    assert "test.csv" in changed and "train.csv" not in changed and "not measured on the same held-out data" in changed
    (unknown,) = compare_runs([data("a", test="1"), data("b")]).warnings
    assert "cannot be said" in unknown


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (run("b", {"accuracy": 1.0}, status="FAILED"), "has not finished well"),
        (run("b", {"accuracy": 1.0}, experiment="axiom/analysis"), "different experiments"),
        (run("b", {"accuracy": 1.0}, facts={"repository": "r"}), "different repositories"),
        (run("b", {"loss": 1.0}), "no metric in common"),
    ],
)
def test_what_makes_runs_incomparable_is_said(other, words):
    assert words in " ".join(compare_runs([run("a", {"accuracy": 0.9}), other]).warnings)


@pytest.mark.parametrize("number", [0, 1, 6])
def test_two_to_five_runs_are_compared(number):
    with pytest.raises(SettingError, match="Name 2 to 5"):
        compare_runs([run("abcdef"[i]) for i in range(number)])


def test_five_runs_are_not_too_many_and_one_run_twice_is_refused():
    assert len(compare_runs([run("abcde"[i], {"loss": float(i)}) for i in range(5)]).runs) == 5
    with pytest.raises(SettingError, match="named twice"):
        compare_runs([run("a"), run("b"), run("a")])


def test_a_group_in_front_of_a_name_tells_what_it_is():
    names = ("claimed/accuracy", "section/training", "findings/critical", "system/seconds", "claims/accuracy", "validation_rmse")
    assert [better_direction(n) for n in names] == ["higher", "higher", "lower", "lower", "unknown", "lower"]
