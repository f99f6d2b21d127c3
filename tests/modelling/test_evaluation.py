"""Facts of a loop from made predictions: what is known exactly is told exactly."""

import numpy as np
import pytest

from tasks.evidence.scores.facts import Candidate
from tasks.evidence.scores.metrics import score
from tasks.evidence.scores.paired import compare_models
from tasks.modelling.evaluation import evaluate_loop
from tasks.rules.building.contract import Clause
from tests.modelling.predictions import contract, probabilities, search_outcome, training_data


def loop(folder, metric="roc_auc", best="boosting", n=800, previous=None, made=None, groups=None, **changes):
    random = np.random.default_rng(0)
    y = (random.random(n) < 0.3).astype(int)
    predictions = {
        "dummy": np.tile([0.7, 0.3], (n, 1)),
        "logistic": probabilities(y, 0.8, random),
        "boosting": probabilities(y, 1.5, random),
        "forest": probabilities(y, 1.3, random),
    }
    data = training_data(y, made or contract(metric), groups=groups)
    outcome = search_outcome(folder, y, predictions, metric, best, **changes)
    return y, predictions, evaluate_loop(data, outcome, previous, folder=folder)


def test_the_champion_and_its_baselines_are_scored_out_of_fold(tmp_path):
    y, predictions, facts = loop(tmp_path)
    assert facts.estimate.value == pytest.approx(score("roc_auc", y, predictions["boosting"]), abs=1e-9)
    assert facts.baseline_names == ("dummy", "logistic") and facts.baselines[0].value == 0.5
    assert facts.best == "boosting" and facts.folds == 5 and facts.gain is None


def test_noise_is_the_paired_error_between_the_best_and_the_next_family(tmp_path):
    y, predictions, facts = loop(tmp_path)
    paired = compare_models("roc_auc", y, predictions["boosting"], predictions["forest"])
    assert facts.noise == pytest.approx(paired.standard_error, rel=0.01)


def test_the_gap_is_positive_when_training_looks_better(tmp_path):
    higher = loop(tmp_path / "a", train_score=0.99)[2]
    lower = loop(tmp_path / "b", "log_loss", train_score=0.01)[2]
    assert higher.overfit_gap == pytest.approx(0.99 - higher.estimate.value, abs=1e-6) and higher.overfit_gap > 0
    assert lower.overfit_gap > 0


def test_the_calmer_candidate_is_the_best_of_those_with_half_the_gap():
    from tasks.modelling.evaluation import _calmer_lead

    def made(id, score, train):
        return Candidate(
            id=id, loop=1, family=id, view="tree", params={}, origin="portfolio", status="done", score=score, train_score=train
        )

    close, calm, calmest, wild = made("close", 0.80, 1.0), made("calm", 0.79, 0.89), made("calmest", 0.7, 0.7), made("wild", 0.795, 0.9)
    assert _calmer_lead("roc_auc", [close, calm, calmest, wild], close) == pytest.approx(-0.01)
    assert _calmer_lead("roc_auc", [close, wild], close) is None
    lower, other = made("lower", 2.0, 1.0), made("other", 1.9, 1.6)
    assert _calmer_lead("rmse", [lower, other], lower) == pytest.approx(0.1)


def test_gain_is_against_the_loop_before_with_its_paired_noise(tmp_path):
    y, predictions, before = loop(tmp_path / "a", best="forest")
    after = loop(tmp_path / "b", best="boosting", previous=before)[2]
    paired = compare_models("roc_auc", y, predictions["boosting"], predictions["forest"])
    assert after.loop == 2
    assert after.gain == pytest.approx(paired.gain, abs=1e-6)
    assert after.gain_noise == pytest.approx(paired.standard_error, rel=0.01)


def test_without_the_candidates_files_noise_comes_from_the_folds(tmp_path):
    random = np.random.default_rng(0)
    y = (random.random(400) < 0.3).astype(int)
    predictions = {"boosting": probabilities(y, 1.5, random), "forest": probabilities(y, 1.3, random)}
    outcome = search_outcome(tmp_path, y, predictions, "roc_auc", "boosting")
    first, second = outcome.candidates
    outcome = outcome.__class__(
        (first.model_copy(update={"fold_scores": (0.8, 0.9)}), second.model_copy(update={"fold_scores": (0.7, 0.7)})), outcome.members,
        outcome.oof, outcome.score, (),
    )  # fmt: skip
    # Differences 0.1 and 0.2: standard deviation 0.0707, over sqrt(2) folds.
    assert evaluate_loop(training_data(y, contract()), outcome).noise == pytest.approx(0.05)


def test_clauses_are_expected_from_the_rows_out_of_fold(tmp_path):
    clauses = (
        Clause(kind="metric", text="recall at least 0.8", metric="recall", bound=0.8),
        Clause(kind="metric", text="precision at least 0.99", metric="precision", bound=0.99),
        Clause(kind="calibrated", text="calibrated", bound=0.05),
        Clause(kind="latency", text="under 5 ms", bound=5, comparison="at_most"),
    )
    facts = loop(tmp_path, made=contract(clauses=clauses))[2]
    assert [met for *_, met in facts.clauses_expected][1:] == [False, True, True]
    assert facts.clauses_expected[3][1] is None


def test_rows_of_a_group_widen_the_interval(tmp_path):
    groups = np.arange(800) // 200
    alone, grouped = loop(tmp_path / "a")[2], loop(tmp_path / "b", groups=groups)[2]
    assert grouped.estimate.high - grouped.estimate.low > alone.estimate.high - alone.estimate.low


def test_a_regression_in_time_leaves_out_what_was_never_held_out(tmp_path):
    random = np.random.default_rng(2)
    y = random.normal(size=300)
    oof = np.where(np.arange(300) < 60, np.nan, 0.0) + 0.5 * y
    data = training_data(y, contract("rmse", "regression"))
    data = data.__class__(data.frame, y, np.arange(300) // 60 - 1, data.contract)
    (tmp_path / "candidates/ridge").mkdir(parents=True)
    from tasks.evidence.scores.facts import Candidate, Member
    from tasks.modelling.training.data import SearchOutcome

    only = Candidate(id="ridge", loop=1, family="ridge", view="linear", params={}, origin="baseline", status="done", score=0.5)
    facts = evaluate_loop(data, SearchOutcome((only,), (Member(id="ridge", family="ridge", weight=1.0),), oof, 0.5, (only,)))
    assert facts.estimate.rows == 240
    assert facts.estimate.value == pytest.approx(np.sqrt(np.mean((0.5 * y[60:]) ** 2)))
