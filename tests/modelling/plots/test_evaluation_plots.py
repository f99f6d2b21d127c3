"""The champion and the search drawn; captions against numbers computed by hand."""

import time

import numpy as np
import pytest

from tasks.evidence.scores.facts import SliceScore
from tasks.modelling.plots.choice import choose_three
from tasks.modelling.plots.evaluation import draw_evaluation_plots
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.view import CurvePoint, EvaluationView, Explanation
from tasks.rules.building.contract import Clause
from tests.modelling.plots.tables import LONG, MARKUP, MATHTEXT, UNKNOWN_SIGNS, contract
from tests.rendering.builds import build, candidate, loop_facts

SOON = 120.0


def draw(view, folder):
    notes = []
    plots = {p.name: p for p in draw_evaluation_plots(view, folder, time.time() + SOON, notes=notes)}
    assert notes == []
    return plots


def binary_view(**changes):
    y = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    p = np.array([0.1, 0.2, 0.3, 0.35, 0.6, 0.7, 0.8, 0.9])
    values = {"contract": contract("binary", ("no", "yes"), positive="yes"), "y": y, "prediction": p, "threshold": 0.5}
    return EvaluationView(**values | changes)


def test_the_confusion_matrix_says_how_many_are_right(tmp_path):
    plots = draw(binary_view(), tmp_path)
    assert plots["confusion_matrix"].caption.startswith("75 % of 8 out-of-fold predictions are right at threshold 0.5")
    assert "ROC AUC is 0.938" in plots["roc"].caption  # 15 of 16 pairs in the right order
    assert "it finds 75 % and is right in 75 % of its calls" in plots["precision_recall"].caption


def test_the_positive_class_may_be_the_first_one(tmp_path):
    view = binary_view(contract=contract("binary", ("no", "yes"), positive="no"))
    assert view.called.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_predicted_numbers_are_set_beside_true_ones(tmp_path):
    y = np.arange(1.0, 21.0)
    view = EvaluationView(contract=contract("regression"), y=y, prediction=y + np.tile([1.0, -1.0], 10), rows_are="sealed test rows")
    plots = draw(view, tmp_path)
    assert set(plots) == {"predicted_and_true", "residuals"}
    assert "Half of 20 sealed test rows are less than 1 off" in plots["predicted_and_true"].caption
    assert "50 % are too high" in plots["residuals"].caption


def test_hostile_names_and_every_part_of_the_search_are_drawn(tmp_path):
    names = [MATHTEXT, MARKUP, LONG, UNKNOWN_SIGNS]
    rng = np.random.default_rng(0)
    loops = [loop_facts(1), loop_facts(2, 0.91, importances=tuple((n, 0.25) for n in names))]
    slices = tuple(SliceScore(column=n, level=n, rows=9, estimate=loops[0].estimate, beyond_noise=True) for n in names)
    view = binary_view(
        contract=contract("binary", (MARKUP, LONG), MATHTEXT, positive=LONG, cost_ratio=5.0), loops=loops,
        candidates=[candidate(i, family=names[i % 4], origin="tuned") for i in range(9)],
        test=build().test.facts.model_copy(update={"slices": slices}),
        learning_curve=[CurvePoint(100, 0.9, 0.7), CurvePoint(200, 0.9, 0.8, 0.01)],
        explanation=Explanation(names, rng.normal(size=(40, 4)), np.where(rng.random((40, 4)) < 0.1, np.nan, 1.0)),
    )  # fmt: skip
    assert set(draw(view, tmp_path)) >= {
        "thresholds",
        "importances",
        "candidates",
        "shap",
        "loops",
        "slices",
        "learning_curve",
        "search_history",
    }


def test_one_class_two_rows_and_nothing_at_all_are_no_fault(tmp_path):
    assert "roc" not in draw(binary_view(y=np.zeros(8, dtype=int)), tmp_path)
    assert draw(binary_view(y=np.array([0, 1]), prediction=np.array([0.2, 0.9])), tmp_path)
    assert draw(EvaluationView(contract=contract("binary", ("no", "yes"))), tmp_path) == {}


def plot(name, rank=5):
    return Plot(name=name, title=name, caption="", file_light="a", file_dark="b", rank=rank, kind="errors")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        (contract("binary", ("a", "b")), "roc"),
        (contract("binary", ("a", "b"), cost_ratio=5.0), "thresholds"),
        (contract("binary", ("a", "b"), clauses=(Clause(kind="calibrated", text="calibrated", bound=0.05),)), "calibration"),
        (contract("multiclass", ("a", "b", "c")), "confusion_matrix"),
        (contract("regression"), "predicted_and_true"),
    ],
)
def test_the_contract_chooses_the_plot_that_comes_first(asked, first):
    plots = [plot(n) for n in ("roc", "thresholds", "calibration", "confusion_matrix", "predicted_and_true", "importances", "class_counts")]
    assert choose_three(plots, asked)[0].name == first


def test_three_are_shown_by_rank_when_those_that_matter_are_not_there():
    plots = [plot("histograms", 4), plot("class_counts", 1), plot("violins", 6), plot("missing_values", 7)]
    assert [p.name for p in choose_three(plots, contract("regression"))] == ["class_counts", "histograms", "violins"]
