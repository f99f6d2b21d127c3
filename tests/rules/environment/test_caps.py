from datetime import date

import pytest

from tasks.rules.environment.caps import CAPS, cap_for


@pytest.mark.parametrize(
    ("name", "specifier", "day", "bound"),
    [
        ("pandas", "", date(2025, 12, 1), "<3"),
        ("pandas", "", date(2026, 6, 1), ""),
        ("pandas", "", None, "<3"),
        ("pandas", "==1.5.3", date(2022, 1, 1), ""),
        ("pandas", ">=1.0", date(2022, 1, 1), "<3"),
        ("pandas", ">=3.0", date(2022, 1, 1), ""),
        ("pandas", "<2", date(2022, 1, 1), ""),
        ("numpy", "", date(2024, 6, 15), "<2"),
        ("numpy", "", date(2024, 6, 16), ""),
        ("scikit-learn", "", date(2022, 9, 29), "<1.2"),
        ("scikit-learn", "", None, ""),
        ("setuptools", "", None, "<81"),
        ("setuptools", ">=83", None, ""),
        ("tqdm", "", date(2015, 1, 1), ""),
    ],
)
def test_bounds_hold_for_code_written_before(name, specifier, day, bound):
    assert cap_for(name, specifier, day)[0] == bound


def test_every_bound_says_why():
    assert all(cap.reason for cap in CAPS)
