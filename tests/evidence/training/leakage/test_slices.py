import ast

import pytest

from tasks.evidence.training.leakage.slices import is_window, label_of, overlap


def part(key, role):
    return frozenset([f"o1:full/{label_of(key)}:{role}"])


@pytest.mark.parametrize(
    ("train", "test", "shared"),
    [
        (":800", "700:", True),
        (":800", "800:", False),
        ("100:300", "200:400", True),
        ("100:200", "200:400", False),
        (":-100", "-200:", True),
        (":-100", "-100:", False),
        (":800", "-100:", False),  # How many rows there are is not known.
        (":n", "m:", False),
    ],
)
def test_slices_with_plain_numbers_tell_whether_they_overlap(train, test, shared):
    assert overlap(part(train, "train"), part(test, "test")) is shared


def test_slices_of_different_tables_share_nothing():
    assert not overlap(frozenset(["o1:full/m8#0:train"]), frozenset(["o2:full/m7#1:test"]))


@pytest.mark.parametrize(
    ("text", "window"),
    [("x[i : i + 24]", True), ("x[i - 24 : i]", True), ("x[i : len(x) - p + i]", True), ("x[a:b]", False), ("x[:n]", False)],
)
def test_a_window_begins_and_ends_at_one_moving_position(text, window):
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)
    assert is_window(node.slice) is window
