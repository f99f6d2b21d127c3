import pytest

from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.families.registry import FAMILIES
from tasks.modelling.training.portfolio import baselines, choose_haste, portfolio

SMALL = {
    "binary": Problem("binary", 2, "roc_auc", 600),
    "multiclass": Problem("multiclass", 4, "log_loss", 600),
    "regression": Problem("regression", 0, "rmse", 600, skewed=True, zeros=0.3),
}


@pytest.mark.parametrize("task", SMALL)
def test_at_least_five_families_and_no_configuration_twice(task):
    made = portfolio(SMALL[task], "r", SearchOptions())
    assert len({one.family for one in made}) >= 8
    assert len({one.id for one in made}) == len(made)


def test_the_dummy_comes_first():
    assert [one.family for one in baselines(SMALL["binary"], "r")] == ["dummy", "logistic", "tree"]


def test_families_that_compare_all_rows_are_left_out_of_large_tables():
    large = {one.family for one in portfolio(Problem("regression", 0, "rmse", 100_000), "r", SearchOptions())}
    assert not large & {"gaussian_process", "support_vectors", "neighbours"} and "lightgbm" in large


def test_only_a_skewed_target_is_transformed_and_only_one_with_zeros_gets_a_hurdle():
    plain = portfolio(Problem("regression", 0, "rmse", 600), "r", SearchOptions())
    assert not any("target" in one.params or one.family == "hurdle" for one in plain)
    made = portfolio(SMALL["regression"], "r", SearchOptions())
    assert any(one.params.get("target") == "log" for one in made) and any(one.family == "hurdle" for one in made)


def test_a_rare_class_is_weighted_up_only_under_a_metric_of_labels():
    def weighted(metric):
        made = portfolio(Problem("binary", 2, metric, 600, rarest=0.05), "r", SearchOptions())
        return [one for one in made if one.params.get("class_weight")]

    assert weighted("f1") and not weighted("roc_auc")


def test_the_critic_and_a_template_come_first():
    options = SearchOptions(first=(("lightgbm", {"rounds": 7}),), regularise=True)
    made = portfolio(SMALL["binary"], "r", options)
    assert made[0].params == {"rounds": 7} and made[1].origin == "critic"


def test_haste_keeps_rounds_times_rate_where_rounds_are_fixed():
    def product(haste):
        made = next(one for one in portfolio(SMALL["binary"], "r", SearchOptions(), haste) if one.family == "lightgbm")
        return made.params["rounds"] * made.params["learning_rate"]

    assert product(2.0) == pytest.approx(product(1.0), rel=0.02)
    assert choose_haste(1.0, 1000.0) == 1.0 and choose_haste(100.0, 10.0) == 2.5


def test_every_family_of_the_portfolio_guesses_a_cost_and_is_registered():
    from tasks.modelling.training.families.family import Size

    for problem in SMALL.values():
        for one in portfolio(problem, "r", SearchOptions()):
            assert FAMILIES[one.family].seconds(one.params, Size(500, 20, 1)) > 0
