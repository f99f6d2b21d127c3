"""Sequences of row numbers: `np.random.permutation(len(X))`, `list(range(n))`, and slices of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.values import Data, RowNumbers, Unknown

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

_SHUFFLED = frozenset(["permutation", "randperm"])
_PLAIN = frozenset(["range", "arange"])


def row_numbers(last: str, arguments: Arguments) -> RowNumbers | None:
    """All row numbers in some order, for the calls that make them; None for any other call."""
    inner = arguments.values[0] if arguments.values else None
    if last in _SHUFFLED and isinstance(inner, RowNumbers):
        return inner
    if last not in _SHUFFLED | _PLAIN or len(arguments.node.args) != 1 or isinstance(inner, Data):
        return None
    is_all = last in _SHUFFLED or _is_length(arguments.node.args[0], inner)
    return RowNumbers(arguments.node.lineno) if is_all else None


def _is_length(node: ast.expr, value: Any) -> bool:
    """`len(X)`, `X.shape[0]`, or a name that holds a length."""
    return value == Unknown("len") or (isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(".shape"))


def as_index(numbers: RowNumbers) -> Data:
    """Row numbers as rows of their own, for a split that divides them."""
    return Data(frozenset([f"i{numbers.line}{_letters(numbers.part)}:full"]), is_index=True, line=numbers.line)


def part_text(numbers: RowNumbers) -> str:
    """A name for the rows that part of the numbers stands for."""
    return f"i{numbers.line},{numbers.part}"


def _letters(part: str) -> str:
    return "".join(c for c in part if c.isalnum())
