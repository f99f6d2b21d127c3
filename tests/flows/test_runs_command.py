"""`axiom runs` as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tasks.adapters.tracking import record_run


def axiom(home, *arguments):
    environment = os.environ | {"AXIOM_HOME": str(home), "PREFECT_HOME": str(home / "prefect")}
    return subprocess.run([sys.executable, "-m", "flows.cli", *arguments], capture_output=True, text=True, timeout=200, env=environment)


@pytest.mark.parametrize("references", [(), ("a",), ("a", "b", "c", "d", "e", "f")])
def test_a_wrong_number_of_runs_is_one_line_at_once(axiom_home, references):
    result = axiom(axiom_home, "runs", "compare", *references)
    assert result.returncode == 2 and "Name 2 to 5" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1 and result.stdout == ""
    assert not (axiom_home / "prefect").exists()


def test_runs_are_listed_and_compared_as_json_and_nothing_else(tracked, axiom_home):
    for name, loss in (("a", 0.5), ("b", 0.25)):
        record_run(axiom_home, "axiom/execution", name, name, {"final/loss": loss}, {}, ())
    listed = json.loads(axiom(axiom_home, "runs", "list", "--json").stdout)
    assert [(run["name"], run["metrics"]) for run in listed] == [("b", {"loss": 0.25}), ("a", {"loss": 0.5})]
    result = axiom(axiom_home, "runs", "compare", listed[1]["run_id"][:8], "b", "--json")
    compared = json.loads(result.stdout)
    assert (compared["metrics"][0]["deltas"], compared["metrics"][0]["best"]) == ([None, -0.25], [1])
    assert result.returncode == 0 and result.stderr == ""
