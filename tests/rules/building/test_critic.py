"""The critic: each rule from both sides of its threshold, and a change never made twice."""

import pytest

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import Estimate, LoopFacts
from tasks.rules.building import critic_thresholds as limit
from tasks.rules.building.change import CHANGES, Change
from tasks.rules.building.contract import Contract
from tasks.rules.building.critic import best_loop, choose_loop, criticize
from tasks.rules.building.result import Loop
from tasks.rules.building.schedule import LEAST_LOOP_SECONDS

CONTRACT = Contract(objective="", target="t", task="binary", classes=("0", "1"), positive="1", metric="roc_auc", direction="higher")


def facts(loop=1, value=0.8, simple=0.7, **changes):
    """A healthy loop: no symptom."""
    values = {
        "loop": loop, "candidates": 10, "best": "a", "members": (),
        "estimate": Estimate(metric="roc_auc", value=value, standard_error=0.01, rows=3000),
        "baselines": (Estimate(metric="roc_auc", value=0.5), Estimate(metric="roc_auc", value=simple)), "baseline_names": ("dummy", "logistic"),
        "overfit_gap": 0.1, "fold_spread": 0.02, "noise": 0.005, "threshold_spread": 0.05,
    }  # fmt: skip
    return LoopFacts(**(values | changes))


def verdict(*loops, contract=CONTRACT, leaks=(), tried=(), max_loops=3, left=30.0, budget=60.0, **options):
    return criticize(contract, loops, leaks, tried, max_loops, left, budget, **options)


def suspect(certain=False, column="late"):
    return LeakSuspect(columns=(column,), kind="single_column", score=0.97, evidence=f"{column} alone has 0.97", certain=certain)


def test_nothing_trained_ends_it():
    assert verdict().route == "finalize"


def test_a_healthy_first_loop_searches_on():
    found = verdict(facts())
    assert (found.route, found.change.kind, found.allowed) == ("retrain", "larger_search", ("retrain", "finalize"))


def test_the_last_loop_allowed_ends_it():
    assert verdict(facts(), max_loops=2).route == "retrain"
    found = verdict(facts(), max_loops=1)
    assert found.route == "finalize" and "last of 1" in found.reasons[0] and found.allowed == ("finalize",)


def test_too_little_time_ends_it():
    assert verdict(facts(), left=LEAST_LOOP_SECONDS).route == "retrain"
    found = verdict(facts(), left=LEAST_LOOP_SECONDS - 0.1)
    assert found.route == "finalize" and "3.9 s of 60 s" in found.reasons[0]


def test_a_suspect_that_dominates_is_dropped():
    share = limit.LEAST_SUSPECT_IMPORTANCE
    found = verdict(facts(importances=(("late", share), ("x", 1 - share))), leaks=[suspect()])
    assert (found.route, found.change.kind, found.change.columns) == ("refine_features", "drop_columns", ("late",))
    assert found.allowed == ("refine_features",) and "0.97" in found.reasons[0]
    below = verdict(facts(importances=(("late", share - 0.01), ("x", 1.01 - share))), leaks=[suspect()])
    assert below.change.kind == "larger_search"


def test_a_certain_leak_and_one_already_dropped_are_no_suspects():
    strong = facts(importances=(("late", 0.9), ("x", 0.1)))
    assert verdict(strong, leaks=[suspect(certain=True)]).change.kind == "larger_search"
    assert verdict(strong, leaks=[suspect()], dropped=("late",)).change.kind == "larger_search"


def test_a_suspect_that_is_not_acted_upon_for_lack_of_time_is_told():
    found = verdict(facts(importances=(("late", 0.9),)), leaks=[suspect()], left=1.0)
    assert found.route == "finalize" and any("not acted upon: late" in r for r in found.reasons)


def test_what_the_dropped_suspect_was_worth_is_told_and_its_loop_does_not_count():
    drop = Change(kind="drop_columns", columns=("late",), sentence="")
    found = verdict(facts(1, 0.99), facts(2, 0.7, simple=0.6), tried=[drop], max_loops=2)
    assert found.best_loop == 2
    assert any("without late roc_auc is 0.7, with it 0.99" in r for r in found.reasons)


def test_gain_within_noise_ends_it_and_beyond_goes_on():
    tried = [Change(kind="larger_search", amount=1.0, sentence="")]
    noise = 0.004
    stalled = verdict(facts(), facts(2, gain=limit.GAIN_ERRORS * noise, gain_noise=noise), tried=tried)
    assert stalled.route == "finalize" and "within its noise" in stalled.reasons[0]
    going = verdict(facts(), facts(2, gain=limit.GAIN_ERRORS * noise + 1e-6, gain_noise=noise), tried=tried)
    assert going.route == "retrain" and going.change.key != tried[0].key


def test_a_loop_started_afresh_without_a_column_has_no_gain_and_goes_on():
    drop = Change(kind="drop_columns", columns=("late",), sentence="")
    assert verdict(facts(1, 0.99), facts(2, 0.8, gain=None), tried=[drop]).route == "retrain"


def test_an_unmet_clause_weighs_the_positive_class():
    unmet = facts(clauses_expected=(("recall at least 0.9", 0.8, 0.02, False),))
    found = verdict(unmet, contract=CONTRACT.model_copy(update={"cost_ratio": 7.0}))
    assert (found.change.kind, found.change.amount) == ("weight_classes", 7.0) and "recall at least 0.9" in found.reasons[0]
    assert verdict(facts(clauses_expected=(("recall at least 0.9", 0.95, 0.02, True),))).change.kind == "larger_search"


def test_overfit_regularises_then_simplifies():
    edge = limit.OVERFIT_SHARE * 0.3
    assert verdict(facts(overfit_gap=edge - 1e-6, calmer_lead=0.0)).change.kind == "larger_search"
    found = verdict(facts(overfit_gap=edge + 1e-6, calmer_lead=0.0))
    assert found.change.kind == "regularise" and "overfits" in found.reasons[0]
    again = verdict(facts(), facts(2, gain=0.1, overfit_gap=0.3, calmer_lead=0.0), tried=[found.change])
    assert again.change.kind == "simplify"


def test_a_close_fit_that_pays_out_of_fold_is_no_overfit():
    edge = -limit.CALM_ERRORS * 0.005
    assert verdict(facts(overfit_gap=0.5, calmer_lead=edge + 1e-6)).change.kind == "regularise"
    assert verdict(facts(overfit_gap=0.5, calmer_lead=edge - 1e-6)).change.kind == "larger_search"
    assert verdict(facts(overfit_gap=0.5, calmer_lead=None)).change.kind == "larger_search"


def test_underfit_needs_a_simple_baseline_as_good_and_no_gap():
    near = 0.8 - limit.UNDERFIT_ERRORS * 0.005
    found = verdict(facts(simple=near + 1e-6, overfit_gap=0.0))
    assert (found.route, found.change.kind) == ("refine_features", "richer_features")
    assert verdict(facts(simple=near - 1e-6, overfit_gap=0.0)).change.kind == "larger_search"
    assert verdict(facts(simple=near + 1e-6, overfit_gap=0.1)).change.kind == "larger_search"


def test_a_nearly_perfect_model_is_not_underfit():
    assert verdict(facts(value=0.995, simple=0.995, overfit_gap=0.0)).change.kind == "larger_search"


def test_folds_that_disagree_beyond_chance_are_bagged():
    edge = limit.FOLD_RATIO * 0.01 * 5**0.5
    assert verdict(facts(fold_spread=edge + 1e-6)).change.kind == "bag"
    assert verdict(facts(fold_spread=edge - 1e-6)).change.kind == "larger_search"


def test_few_rows_are_bagged():
    def of(rows):
        return verdict(facts(estimate=Estimate(metric="roc_auc", value=0.8, standard_error=0.01, rows=rows)))

    assert of(limit.TINY_ROWS - 1).change.kind == "bag"
    assert of(limit.TINY_ROWS).change.kind == "larger_search"


def test_an_unstable_threshold_matters_only_where_labels_do():
    costly = CONTRACT.model_copy(update={"cost_ratio": 5.0})
    moving = facts(threshold_spread=limit.THRESHOLD_SPREAD + 1e-6)
    assert verdict(moving, contract=costly).change.kind == "bag"
    assert verdict(moving).change.kind == "larger_search"
    assert verdict(facts(threshold_spread=limit.THRESHOLD_SPREAD), contract=costly).change.kind == "larger_search"


def test_lower_is_better_where_the_metric_says_so():
    contract = Contract(objective="", target="t", task="regression", metric="rmse", direction="lower")
    loops = [facts(i, estimate=Estimate(metric="rmse", value=v, rows=900), baselines=()) for i, v in ((1, 3.0), (2, 2.0), (3, 2.5))]
    assert best_loop(contract, loops, []) == 2


@pytest.mark.parametrize("kind", ["weight_classes", "regularise", "bag"])
def test_a_change_the_trainers_cannot_make_is_not_asked_for(kind):
    sick = facts(overfit_gap=0.4, calmer_lead=0.0, fold_spread=0.2, clauses_expected=(("recall", 0.5, 0.1, False),))
    kinds = [c.kind for c in verdict(sick, possible=set(CHANGES) - {kind}).options]
    assert kind not in kinds and kinds


def test_it_never_asks_for_the_same_change_twice():
    tried, loops = (
        [],
        [facts(overfit_gap=0.4, calmer_lead=0.0, fold_spread=0.2, threshold_spread=0.4, clauses_expected=(("recall", 0.5, 0.1, False),))],
    )
    for number in range(2, 12):
        found = verdict(*loops, tried=tried, max_loops=99)
        assert found.change.key not in {c.key for c in tried}
        tried.append(found.change)
        loops.append(loops[0].model_copy(update={"loop": number, "gain": 0.1}))


def test_no_change_left_ends_it():
    assert verdict(facts(), possible=()).route == "finalize"


def test_a_model_may_choose_among_allowed_routes_and_nothing_else():
    found = verdict(facts(overfit_gap=0.3, calmer_lead=0.0, simple=0.8))
    assert found.choosing("finalize").change is None
    assert found.choosing("retrain", "simplify").change.kind == "simplify"
    assert found.choosing("refine_features") is None
    forced = verdict(facts(), max_loops=1)
    assert forced.choosing("retrain") is None


def test_the_loop_that_leaves_is_the_best_since_the_last_drop():
    def loop(number, value, change):
        return Loop(loop=number, route="retrain", reasons=(), change=change, score=value, facts=facts(number, value))

    more, drop = Change(kind="larger_search", amount=1.0, sentence=""), Change(kind="drop_columns", columns=("a",), sentence="")
    assert choose_loop(CONTRACT, [loop(1, 0.9, more), loop(2, 0.8, None)]).loop == 1
    assert choose_loop(CONTRACT, [loop(1, 0.99, drop), loop(2, 0.8, more), loop(3, 0.7, None)]).loop == 2
    with pytest.raises(ValueError, match="no champion"):
        choose_loop(CONTRACT, [])
