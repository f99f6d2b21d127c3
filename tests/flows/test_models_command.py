"""`axiom models` as a user types it, in this process: what it prints and how it exits."""

from __future__ import annotations

import json
import sys

import pytest

from flows import one_shot
from flows.cli import main
from tests.adapters.registry.shop import Shop


@pytest.fixture
def shop(axiom_home, tracked, tmp_path):
    shop = Shop(axiom_home, tmp_path / "outputs")
    shop.register("a")
    shop.register("b", accuracy=0.7)
    shop.move("1", "approved", "production")
    return shop


@pytest.fixture
def axiom(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["axiom", "models", *arguments])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_models_and_their_versions_are_plain_tables(shop, axiom):
    code, out, _ = axiom("list")
    head, row = out.splitlines()
    assert (code, head.split()[:2], row.split()) == (0, ["model", "production"], ["churn", "1", "1", "0", "0", "0", "no"])
    shop.client.set_model_version_tag("churn", "2", "status", "production")
    code, out, _ = axiom("show", "churn")
    assert code == 0 and "churn: version 1 in production" in out
    assert "1: approved > production" in out
    assert "tag status of version 2 is production, the ledger says candidate" in out
    assert axiom("reconcile", "churn", "--by", "ann")[1].startswith("tag status of version 2")
    assert axiom("reconcile", "churn")[1] == "MLflow shows what the ledger says.\n"


def test_json_is_all_that_is_printed(shop, axiom):
    for arguments in (("list",), ("show", "churn"), ("compare", "churn", "1", "2")):
        _, out, err = axiom(*arguments, "--json")
        assert json.loads(out) and err == ""
    assert json.loads(axiom("show", "churn", "--json")[1])["versions"] == {"1": "production", "2": "candidate"}


def test_versions_are_compared_metric_by_metric_with_a_verdict(shop, axiom):
    code, out, _ = axiom("compare", "churn", "1", "2")
    assert code == 0
    assert out.splitlines()[1].split() == ["test_accuracy", "higher", "0.9", "*", "0.7", "-0.2", "worse"]
    assert out.splitlines()[-1].startswith("reject_b: only point metrics were compared")


MISTAKES = [
    (("show", "chrn"), "Models are: churn."),
    (("promote", "churn", "9"), "Versions are: 1 (production), 2 (candidate)."),
    (("promote", "churn", "1"), "Legal moves from production: archived."),
    (("promote", "churn", "2", "--to", "production"), "Legal moves from candidate: approved, rejected."),
    (("archive", "churn", "2"), "Legal moves from candidate: approved, rejected."),
    (("reject", "churn", "1"), "Legal moves from production: archived."),
    (("rollback", "churn"), "no earlier production version"),
    (("promote", "churn", "2", "--force"), "--force needs --reason"),
    (("compare", "churn", "1", "1"), "cannot be compared with itself"),
    (("compare", "churn", "1", "2", "--metric", "nonsense"), "Measured were: test_accuracy."),
]


def test_a_users_mistake_is_one_line_and_exit_code_two(shop, axiom):
    for arguments, words in MISTAKES:
        code, out, err = axiom(*arguments)
        assert (code, out, len(err.splitlines())) == (2, "", 1), arguments
        assert words in err


def test_a_refusal_of_the_gate_is_exit_code_three_and_nothing_is_moved(shop, axiom, prefect_api, monkeypatch):
    shop.move("2", "approved")
    monkeypatch.setattr(one_shot, "prefect_api", one_shot_in_this_harness)
    code, out, err = axiom("promote", "churn", "2", "--by", "ann")
    assert (code, out) == (3, "")
    assert "the gate refuses version 2 of churn: reject_b: only point metrics" in err
    code, out, _ = axiom("promote", "churn", "2", "--by", "ann", "--force", "--reason", "drill")
    assert (code, out) == (0, "Version 2 of churn: approved > production, the gate overruled (decision 6).\n")
    code, out, _ = axiom("rollback", "churn", "--by", "ann", "--json")
    assert (code, json.loads(out)["production"]) == (0, "1")
    code, out, _ = axiom("archive", "churn", "1")
    assert (code, out) == (0, "Version 1 of churn: production > archived (decision 8).\n")


def one_shot_in_this_harness(quiet=False):
    """The session's server instead of one of the command's own."""
    from contextlib import nullcontext
    from types import SimpleNamespace

    return nullcontext(SimpleNamespace(wait=lambda: None))
