"""Drawing a planned split: nothing of a group, a moment or a rare class ends where it must not."""

import numpy as np
import pandas as pd
import pytest

from tasks.modelling.split import draw_split
from tasks.rules.building.contract import Contract
from tasks.rules.building.split_plan import SplitPlan


def _contract(task: str = "binary", target: str = "y") -> Contract:
    return Contract(objective="", target=target, task=task, metric="roc_auc", direction="higher")


def _plan(kind: str = "iid", column: str | None = None, **changes: object) -> SplitPlan:
    return SplitPlan(**{"kind": kind, "column": column, "stratified": True, "test_share": 0.2, "folds": 5, "reasons": (), **changes})


def _frame(n: int = 1000, positives: float = 0.1) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"x": rng.normal(size=n), "g": rng.integers(0, 90, n), "t": rng.integers(0, 60, n).astype(float)})
    return frame.assign(y=(np.arange(n) < positives * n).astype(float))


def test_every_part_has_its_share_of_each_class() -> None:
    frame = _frame()
    split = draw_split(frame, _contract(), _plan(), 0)
    assert split.sealed.sum() == 200
    assert frame.y[split.sealed].sum() == 20
    left = frame.y[~split.sealed].to_numpy()
    assert [left[split.folds == f].sum() for f in range(5)] == [16] * 5


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    one, same, other = (draw_split(_frame(), _contract(), _plan(), s) for s in (1, 1, 2))
    assert (one.sealed == same.sealed).all() and (one.folds == same.folds).all()
    assert (one.sealed != other.sealed).any()


def test_numbers_are_spread_evenly_over_the_parts() -> None:
    frame = _frame().assign(y=np.random.default_rng(0).lognormal(0, 2, 1000))
    split = draw_split(frame, _contract("regression"), _plan(stratified=False), 0)
    highest = frame.y >= frame.y.quantile(0.9)
    assert highest[split.sealed].sum() == 20


def test_a_class_of_one_row_is_only_trained_on_and_told() -> None:
    frame = _frame(200).assign(y=["a"] * 100 + ["b"] * 97 + ["rare"] * 2 + ["single"])
    split = draw_split(frame, _contract("multiclass"), _plan(), 0)
    left = frame.y[~split.sealed].to_numpy()
    assert split.folds[left == "single"].tolist() == [-1]
    assert len(set(split.folds[left == "rare"])) == 2
    assert any("'single' has one row" in n for n in split.notes) and any("'rare' has 2 rows" in n for n in split.notes)


def test_no_group_is_on_both_sides_and_classes_stay_even() -> None:
    frame = _frame()
    split = draw_split(frame, _contract(), _plan("group", "g"), 0)
    assert not set(frame.g[split.sealed]) & set(frame.g[~split.sealed])
    left = frame[~split.sealed].reset_index(drop=True)
    assert all(not set(left.g[split.folds == f]) & set(left.g[split.folds != f]) for f in range(5))
    assert abs(split.sealed.mean() - 0.2) < 0.03
    assert abs(frame.y[split.sealed].sum() - 20) <= 3


def test_rows_without_a_group_are_groups_of_their_own() -> None:
    frame = _frame()
    frame.loc[:299, "g"] = np.nan
    split = draw_split(frame, _contract(), _plan("group", "g"), 0)
    assert 0 < split.sealed[:300].sum() < 300
    assert any("300 rows without g" in n for n in split.notes)


def test_many_groups_are_dealt_quickly_and_whole() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"g": rng.integers(0, 30_000, 60_000), "y": rng.integers(0, 2, 60_000).astype(float)})
    split = draw_split(frame, _contract(), _plan("group", "g"), 0)
    assert not set(frame.g[split.sealed]) & set(frame.g[~split.sealed])
    assert abs(split.sealed.mean() - 0.2) < 0.01


def test_the_future_is_sealed_and_folds_only_look_back() -> None:
    frame = _frame()
    split = draw_split(frame, _contract(), _plan("time", "t"), 0)
    assert frame.t[split.sealed].min() > frame.t[~split.sealed].max()
    left = frame.t[~split.sealed].to_numpy()
    assert set(split.folds) == {-1, 0, 1, 2, 3, 4}
    for fold in range(5):
        assert left[split.folds == fold].min() > left[split.folds < fold].max()
    assert abs(split.sealed.mean() - 0.2) < 0.03


def test_rows_without_a_moment_are_only_trained_on() -> None:
    frame = _frame()
    frame.loc[::50, "t"] = np.nan
    split = draw_split(frame, _contract(), _plan("time", "t"), 0)
    assert not split.sealed[::50].any()
    left = frame.t[~split.sealed].to_numpy()
    assert set(split.folds[np.isnan(left)]) == {-1}


def test_without_a_column_the_order_of_the_rows_is_time() -> None:
    split = draw_split(_frame(100), _contract(), _plan("time"), 0)
    assert split.sealed.tolist() == [False] * 80 + [True] * 20


def test_few_moments_give_fewer_folds_and_that_is_told() -> None:
    frame = _frame(200).assign(t=np.repeat([2001.0, 2002, 2003, 2004], 50))
    split = draw_split(frame, _contract(), _plan("time", "t"), 0)
    assert frame.t[split.sealed].unique().tolist() == [2004.0]
    assert sorted(set(split.folds)) == [-1, 0, 1]
    assert any("2 folds instead of 5" in n for n in split.notes)


@pytest.mark.parametrize(
    ("frame", "plan", "message"),
    [
        (_frame(8), _plan(), "too few"),
        (_frame(50).assign(y=np.nan), _plan(), "must be dropped"),
        (_frame(50).assign(g=1), _plan("group", "g"), "three are needed"),
        (_frame(50).assign(t=5.0), _plan("time", "t"), "too few moments"),
    ],
)
def test_what_cannot_be_kept_apart_is_said(frame: pd.DataFrame, plan: SplitPlan, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_split(frame, _contract(), plan, 0)
