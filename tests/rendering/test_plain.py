"""Text that cannot move a cursor, reverse a line or hide."""

import pytest

from tasks.rendering.plain import plain, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x9b31mb", "a31mb"),
        ("lone\x1b", "lone"),
        ("two\nlines\tand  space ", "two lines and space"),
        ("name\u202egnp.exe", "namegnp.exe"),
        ("zero\u200bwidth\u2066x\u2069", "zerowidthx"),
        ("naïve 日本語 ✓", "naïve 日本語 ✓"),
    ],
)
def test_only_what_prints_is_left(text, expected):
    assert plain(text) == expected


def test_indentation_of_a_snippet_is_kept():
    assert printable("    x = 1") == "    x = 1"


def test_a_long_run_of_escapes_takes_no_time():
    assert plain("\x1b[" * 200_000) == "[" * 200_000
