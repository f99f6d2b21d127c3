"""Which files are tests, of which framework, and what they look at."""

import pytest

from tasks.evidence.mlops.tests import read_tests

UNIT = "import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n    def helper(self):\n        pass\n"


@pytest.mark.parametrize(
    ("name", "text", "framework", "functions"),
    [
        ("tests/test_a.py", "def test_a():\n    pass\nasync def test_b():\n    pass\n", "pytest", 2),
        (
            "src/pkg/model_test.py",
            "from absl.testing import absltest\nclass A(absltest.TestCase):\n    def test_a(self): pass\n",
            "unittest",
            1,
        ),
        ("tests/test_a.py", UNIT, "unittest", 1),
        ("tests/test_a.py", "from unittest.mock import patch\nclass TestA:\n    def test_a(self): pass\n", "pytest", 1),
        ("tests/test_tf.py", "import tensorflow as tf\nclass A(tf.test.TestCase):\n    def test_a(self): pass\n", "unittest", 1),
        ("app/tests.py", "from django.test import TestCase\nclass A(TestCase):\n    def test_a(self): pass\n", "unittest", 1),
        ("tests/test_a.py", "def test_a():\n    def test_inner(): pass\n", "pytest", 1),
        ("tests/test_a.py", "import pytest\n@pytest.mark.parametrize('x', [1, 2])\ndef test_a(x): pass\n", "pytest", 1),
        ("tests/test_empty.py", "", None, 0),
        ("tests/unit/checks.py", "def test_a(): pass\n", "pytest", 1),
        ("tests/testthat/test-quiz.R", 'test_that("a", {})\ntest_that("b", {})\n', "testthat", 2),
        ("test/runtests.jl", 'using Test\n@testset "a" begin\nend\n', "julia", 1),
        ("web/src/app.test.ts", "it('a', () => {})\n", "jest", 1),
    ],
)
def test_file_is_a_test(repository, name, text, framework, functions):
    (file,) = read_tests(repository({name: text})).files
    assert (file.file, file.framework, file.functions) == (name, framework, functions)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tests/conftest.py", "def test_a(): pass\n"),
        ("tests/__init__.py", ""),
        ("tests/helpers.py", "def helper(): pass\n"),
        ("test.py", "import torch\nmodel = torch.load('a')\nprint(model)\n"),
        ("src/test_model.py", "import torch\nprint(torch.load('m.pt'))\n"),
        ("data/test_data.csv", "a,b\n"),
        ("train_test_split.py", "def split(): pass\n"),
        ("latest.py", "x = 1\n"),
    ],
)
def test_file_is_no_test(repository, name, text):
    assert read_tests(repository({name: text})).files == ()


def test_commonest_framework_is_the_suite_s(repository):
    suite = read_tests(repository({"tests/test_a.py": UNIT, "tests/test_b.py": UNIT, "tests/test_c.py": "def test_a(): pass\n"}))
    assert (suite.framework, suite.functions) == ("unittest", 3)


def test_own_modules_are_found_where_they_are(repository):
    files = {
        "src/shop/train.py": "def train(): pass\n",
        "src/shop/__init__.py": "",
        "app.py": "",
        "tests/test_a.py": "import json, numpy\nfrom shop.train import train\nfrom app import app\ndef test_a(): train()\n",
    }
    (file,) = read_tests(repository(files)).files
    assert file.subjects == ("src/shop/train.py", "app.py")
    assert set(file.touches) == {"training", "serving"}


def test_syntax_error_and_python_2_are_no_exception(repository):
    suite = read_tests(
        repository({"tests/test_a.py": "def test_a(:\n", "tests/test_b.py": "print 'x'\n", "tests/test_c.py": b"\xff\xfe\0"})
    )
    assert suite.functions == 0


@pytest.mark.parametrize(("text", "count"), [("test <- function() success('well done')\n", 0), ("test_that('a', {})\n", 1)])
def test_an_r_file_called_test_outside_a_test_folder_must_test(repository, text, count):
    assert len(read_tests(repository({"exercises/test_01.R": text})).files) == count
