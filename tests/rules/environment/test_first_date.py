"""The first day that works is found within a week, in few trials."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.environment.first_date import find_first_date

LAST = date(2026, 11, 1)
days = st.dates(date(2010, 1, 1), LAST)


@given(start=days, first=days)
def test_the_first_day_is_found_within_a_week_and_never_before_it(start, first):
    tried = []

    def works(day):
        tried.append(day)
        return day >= first

    found = find_first_date(start, LAST, works)
    assert found is not None and works(found) and found >= start
    assert found - max(start, first) <= timedelta(days=7)
    assert len(tried) < 25


def test_a_start_that_works_is_taken_at_once():
    assert find_first_date(date(2022, 9, 30), LAST, lambda day: True) == date(2022, 9, 30)


def test_what_never_works_has_no_day():
    assert find_first_date(date(2022, 9, 30), LAST, lambda day: False) is None


def test_a_start_in_the_future_is_today():
    assert find_first_date(LAST + timedelta(days=9), LAST, lambda day: day <= LAST) == LAST
