"""What a person types as limits, refused in the words of the option it concerns."""

import pytest

from tasks.errors import SettingError
from tasks.rules.execution.request import read_request

ASKED = {
    "entrypoint": " ", "timeout_seconds": 60, "memory": "1.5g", "cpus": 8.0, "disk": "16m", "network": "none", "processors": 2,
}  # fmt: skip


def test_sizes_are_binary_and_more_processors_than_there_are_is_all_of_them():
    limits = read_request(**ASKED).limits
    assert (limits.memory_bytes, limits.cpus, limits.workspace_bytes) == (1_610_612_736, 2.0, 16_777_216)
    assert read_request(**ASKED).entrypoint is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"memory": "1k"}, "--memory is too small. Give it at least 64m."),
        ({"memory": "much"}, "--memory is 'much'. Write a size such as 512m or 4g."),
        ({"disk": "1b"}, "--disk is too small. Give it at least 16m."),
        ({"disk": "15m"}, "--disk is too small. Give it at least 16m."),
        ({"timeout_seconds": 0}, "--timeout: input should be greater than or equal to 1. See `axiom execute --help`."),
        ({"cpus": 0.0}, "--cpus: input should be greater than or equal to 0.05. See `axiom execute --help`."),
    ],
)
def test_a_limit_that_cannot_be_names_the_option_and_what_can(asked, words):
    with pytest.raises(SettingError) as refused:
        read_request(**ASKED | asked)
    assert str(refused.value) == words
