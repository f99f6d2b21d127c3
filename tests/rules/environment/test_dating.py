from datetime import date

import pytest

from tasks.evidence.mlops.facts import PythonDeclaration
from tasks.evidence.place import Place
from tasks.evidence.requirements.facts import RequirementFacts
from tasks.rules.environment.dating import plausible_date


def facts(version):
    return RequirementFacts(python=(PythonDeclaration(version=version, source="kernel", place=Place(file="a.ipynb")),))


@pytest.mark.parametrize(
    ("committed", "used"),
    [
        (date(2026, 1, 1), date(2021, 10, 4)),
        (date(2024, 10, 8), date(2021, 10, 4)),
        (date(2024, 10, 7), date(2024, 10, 7)),
        (date(2020, 5, 1), date(2020, 5, 1)),
        (None, None),
    ],
)
def test_a_commit_after_the_end_of_the_kernels_python_is_not_the_day_it_was_written(committed, used):
    assert plausible_date(committed, facts("3.8.5"), "a.ipynb") == used


def test_a_living_python_and_another_file_say_nothing():
    assert plausible_date(date(2026, 1, 1), facts("3.12"), "a.ipynb") == date(2026, 1, 1)
    assert plausible_date(date(2026, 1, 1), facts("3.8"), "train.py") == date(2026, 1, 1)
