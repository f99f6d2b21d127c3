import pytest

from tasks.evidence.drift.multiple_testing import adjusted_p_values


def test_adjusted_values_of_the_hand_computed_case():
    assert adjusted_p_values([0.01, 0.02, 0.03, 0.5]) == pytest.approx([0.04, 0.04, 0.04, 0.5], abs=1e-9)


def test_order_does_not_matter_and_nothing_exceeds_one():
    assert adjusted_p_values([0.5, 0.03, 0.01, 0.02]) == pytest.approx([0.5, 0.04, 0.04, 0.04], abs=1e-9)
    assert adjusted_p_values([0.9, 1.0]) == [1.0, 1.0]
    assert adjusted_p_values([]) == []
