"""Expected p-values by hand from the binomial distribution and from R's documentation."""

import numpy as np
import pytest

from tasks.rules.registry.paired import compare_correct, compare_errors


def rows(both=0, only_a=0, only_b=0, neither=0):
    a = [True] * both + [True] * only_a + [False] * only_b + [False] * neither
    b = [True] * both + [False] * only_a + [True] * only_b + [False] * neither
    return np.array(a), np.array(b)


@pytest.mark.parametrize(("only_a", "only_b", "p"), [(0, 5, 0.0625), (0, 6, 0.03125), (6, 0, 0.03125), (2, 8, 0.109375), (5, 5, 1.0)])
def test_exact_mcnemar_is_twice_the_binomial_tail(only_a, only_b, p):
    """0 of 5: 2 / 32; 2 of 10: 2 (1 + 10 + 45) / 1024."""
    assert compare_correct(*rows(80, only_a, only_b, 10)).p_value == pytest.approx(p)


def test_agresti_and_coull_s_example_of_matched_proportions():
    """Approval of the prime minister, Agresti, Categorical Data Analysis: 794, 150, 86, 570; interval of the 0.04 drop."""
    found = compare_correct(*rows(794, 150, 86, 570))
    assert found.difference == pytest.approx(-0.04)
    assert (found.low, found.high) == pytest.approx((-0.0587, -0.0212), abs=2e-4)
    assert found.answer == "a_better"


def test_the_better_classifier_is_named_either_way():
    assert compare_correct(*rows(80, 2, 18)).answer == "b_better"
    assert compare_correct(*rows(80, 18, 2)).answer == "a_better"


def test_no_difference_needs_rows_enough_to_rule_one_out():
    assert compare_correct(*rows(9_000, 40, 42, 1_000)).answer == "no_difference"
    few = compare_correct(*rows(90, 4, 5, 10))
    assert few.answer == "too_few_rows" and "too few rows" in few.sentence
    assert compare_correct(*rows(5_000)).answer == "no_difference"


@pytest.mark.parametrize("n", [0, 1, 19])
def test_under_twenty_rows_nothing_is_decided(n):
    assert compare_correct(np.zeros(n, bool), np.ones(n, bool)).answer == "too_few_rows"
    assert compare_errors(np.ones(n), np.zeros(n)).answer == "too_few_rows"


def test_twenty_rows_all_better_decide():
    assert compare_correct(np.zeros(20, bool), np.ones(20, bool)).answer == "b_better"
    assert compare_errors(np.ones(20), np.zeros(20)).answer == "b_better"


def test_wilcoxon_on_depression_scores():
    """Hollander & Wolfe 1973, p. 29, in R's help of wilcox.test: V = 40, two-sided p = 0.03906."""
    x = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
    y = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
    found = compare_errors(x, y)
    assert found.p_value == pytest.approx(0.03906, abs=1e-5)
    assert found.difference == pytest.approx((x - y).mean() / x.mean())


def test_errors_that_differ_by_noise_are_no_difference():
    random = np.random.default_rng(1)
    base = random.gamma(2.0, 1.0, 20_000)
    other = np.abs(base + random.normal(0, 0.05, 20_000))
    assert compare_errors(base, other).answer == "no_difference"
    assert compare_errors(base, base).answer == "no_difference"
    assert compare_errors(base, base * 0.9).answer == "b_better"
    assert compare_errors(base * 0.9, base).answer == "a_better"
