"""Python 2 and templates: what is rewritten, by hand."""

import ast

import pytest

from tasks.evidence.older_python import modernised


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print 'a', b", "print('a', b)"),
        ("if a: print 'x'  # why", "if a: print('x')  # why"),
        ("print >>log, 'x'; go()", "print(log, 'x'); go()"),
        ("print('a')", "print('a')"),
        ("except (A, B), e:", "except (A, B) as e:"),
        ("x = 0644L", "x = 644"),
        ("if a <> b: pass", "if a != b: pass"),
        ("from {{ cookiecutter.name }} import nodes", "from _template_ import nodes"),
        ("{% if cookiecutter.tests %}", ""),
        ("!pip install x", "pass  # !pip install x"),
    ],
)
def test_a_line_in_older_python_becomes_todays(old, new):
    assert modernised(old) == new


def test_a_print_over_several_lines_is_closed_where_it_ends():
    code = "print 'a %s (' % (\n    b,\n    c)\nx = 1"
    assert [type(n).__name__ for n in ast.parse(modernised(code)).body] == ["Expr", "Assign"]


def test_a_print_that_never_ends_is_left_alone():
    code = "print '''a\n" + "b\n" * 200
    assert modernised(code) == code


def test_hostile_lines_cost_no_time():
    assert modernised("print " + "(" * 100_000 + "\n" + "raise a" * 20_000)
