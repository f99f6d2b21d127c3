"""Whether to ship, and clauses against the sealed test."""

import pytest

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import Estimate, LoopFacts, TestFacts
from tasks.rules.building.contract import Clause, Contract
from tasks.rules.building.shipping import FEW_ROWS, decide_shipping, is_must, judge_clauses

RECALL = Clause(kind="metric", text="recall at least 0.9", metric="recall", bound=0.9)


def contract(objective="predict churn", clauses=()):
    return Contract(
        objective=objective,
        target="t",
        task="binary",
        classes=("0", "1"),
        positive="1",
        metric="roc_auc",
        direction="higher",
        clauses=clauses,
    )


def sealed_facts(recall=0.92, beats=True, rows=500, **changes):
    values = {
        "estimate": Estimate(metric="roc_auc", value=0.8, low=0.7, high=0.9, confidence_low=0.75, confidence_high=0.85, rows=rows),
        "others": (Estimate(metric="recall", value=recall, confidence_low=recall - 0.05, confidence_high=recall + 0.05, rows=rows),),
        "baselines": (Estimate(metric="roc_auc", value=0.5), Estimate(metric="roc_auc", value=0.79)), "baseline_names": ("dummy", "logistic"),
        "baseline_p_values": (0.001 if beats else 0.3, 0.4), "baseline_gains": (0.3, 0.01), "p_value": 0.001 if beats else 0.3,
        "beats_baseline": beats,
    }  # fmt: skip
    return TestFacts(**(values | changes))


def loop(features_in=3, dropped=()):
    estimate = Estimate(metric="roc_auc", value=0.8)
    return LoopFacts(
        loop=1, candidates=1, best="a", members=(), estimate=estimate, baselines=(), baseline_names=(), overfit_gap=None, fold_spread=None,
        noise=0.01, features_in=features_in, features_dropped=dropped,
    )  # fmt: skip


def test_better_than_the_dummy_ships_and_says_what_it_adds_to_a_simple_model():
    found = decide_shipping(contract(), sealed_facts())
    assert found.verdict == "ship"
    assert found.reasons[0].startswith("better than dummy") and found.reasons[1].startswith("not better beyond noise than logistic")


def test_not_better_than_the_dummy_does_not_ship():
    found = decide_shipping(contract(), sealed_facts(beats=False))
    assert found.verdict == "do_not_ship" and "p = 0.3" in found.reasons[0]
    assert [r for r in found.reasons if "p = 0.3" in r] == [found.reasons[0]]


def test_a_lucky_sealed_test_that_out_of_fold_rows_do_not_bear_out_does_not_ship():
    def out_of_fold(low):
        estimate = Estimate(metric="roc_auc", value=0.55, confidence_low=low, confidence_high=0.6)
        return loop().model_copy(update={"estimate": estimate, "baselines": (Estimate(metric="roc_auc", value=0.48),)})

    lucky = decide_shipping(contract(), sealed_facts(), facts=out_of_fold(0.5))
    assert lucky.verdict == "do_not_ship" and "may be chance" in lucky.reasons[0]
    assert decide_shipping(contract(), sealed_facts(), facts=out_of_fold(0.501)).verdict == "ship"


def test_nothing_left_but_leaks_does_not_ship():
    leak = LeakSuspect(columns=("a",), kind="copy", score=1.0, evidence="a equals t", certain=True)
    found = decide_shipping(contract(), sealed_facts(), leaks=[leak], facts=loop(0, ("a",)))
    assert found.verdict == "do_not_ship" and "gives the target away" in found.reasons[0]
    assert decide_shipping(contract(), None).verdict == "do_not_ship"


@pytest.mark.parametrize(
    ("objective", "verdict"),
    [
        ("predict churn, recall must be at least 0.9", "do_not_ship"),
        ("predict churn with recall at least 0.9", "ship"),
        ("predict churn with recall at least 0.9. It must be quick", "ship"),
        ("We need to catch them: at least 90 % of churners", "do_not_ship"),
    ],
)
def test_an_unmet_demand_stops_the_shipping_only_when_it_is_a_must(objective, verdict):
    asked = contract(objective, (RECALL,))
    clauses = judge_clauses(asked, sealed_facts(recall=0.8))
    found = decide_shipping(asked, sealed_facts(recall=0.8), clauses)
    assert found.verdict == verdict and any("recall at least 0.9" in r for r in found.reasons)


def test_a_must_that_is_met_ships():
    asked = contract("recall must be at least 0.9", (RECALL,))
    assert decide_shipping(asked, sealed_facts(), judge_clauses(asked, sealed_facts())).verdict == "ship"
    assert is_must("probabilities must be calibrated", Clause(kind="calibrated", text="calibrated", bound=0.05))


def test_a_suspect_that_was_kept_and_few_rows_are_told():
    leak = LeakSuspect(columns=("late",), kind="single_column", score=0.95, evidence="late alone has 0.95", certain=False)
    found = decide_shipping(contract(), sealed_facts(rows=FEW_ROWS - 1), leaks=[leak], facts=loop())
    assert found.verdict == "ship" and any("late was kept" in r for r in found.reasons) and any("99 rows" in r for r in found.reasons)
    gone = decide_shipping(contract(), sealed_facts(rows=FEW_ROWS), leaks=[leak], facts=loop(dropped=("late",)))
    assert not any("late" in r or "only" in r for r in gone.reasons)


@pytest.mark.parametrize(("recall", "met", "sure"), [(0.9, True, False), (0.8999, False, False), (0.96, True, True), (0.8, False, True)])
def test_a_metric_clause_is_met_by_its_value_and_the_doubt_is_told(recall, met, sure):
    result = judge_clauses(contract(clauses=(RECALL,)), sealed_facts(recall=recall))[0]
    assert result.met is met and ("other rows may say otherwise" not in result.evidence) is sure


def test_at_most_is_the_other_way_round():
    clause = Clause(kind="metric", text="recall at most 0.5", metric="recall", bound=0.5, comparison="at_most")
    results = [judge_clauses(contract(clauses=(clause,)), sealed_facts(recall=r))[0] for r in (0.5, 0.51, 0.3, 0.7)]
    assert [r.met for r in results] == [True, False, True, False]
    assert ["otherwise" in r.evidence for r in results] == [True, True, False, False]


@pytest.mark.parametrize(("error", "noise", "met"), [(0.04, 0.01, True), (0.06, 0.01, False), (0.06, 0.07, True), (None, None, None)])
def test_calibration_is_judged_by_the_bound_or_by_what_chance_explains(error, noise, met):
    clause = Clause(kind="calibrated", text="calibrated", bound=0.05, comparison="at_most")
    facts = sealed_facts(calibration_error=error, calibration_noise=noise)
    assert judge_clauses(contract(clauses=(clause,)), facts)[0].met is met


@pytest.mark.parametrize(("took", "met"), [(9.9, True), (10.1, False), (None, None)])
def test_latency_is_measured(took, met):
    clause = Clause(kind="latency", text="under 10 ms per row", bound=10, comparison="at_most")
    assert judge_clauses(contract(clauses=(clause,)), sealed_facts(milliseconds_per_row=took))[0].met is met


def test_a_metric_that_could_not_be_computed_is_not_judged():
    clause = Clause(kind="metric", text="r2 at least 0.5", metric="r2", bound=0.5)
    assert judge_clauses(contract(clauses=(clause,)), sealed_facts())[0].met is None
