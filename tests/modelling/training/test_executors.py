"""The same search on a real small Dask cluster and a real Ray."""

import os
import time

import pytest

from tasks.modelling.training.data import SearchOptions
from tasks.modelling.training.search import search

FAMILIES = ("naive_bayes",)


@pytest.fixture
def own_path(monkeypatch):
    """Workers import our modules from here."""
    monkeypatch.setenv("PYTHONPATH", os.getcwd())


def told(outcome):
    return {c.id: c.score for c in outcome.candidates}, outcome.members, outcome.score


def test_a_cluster_finds_the_same_champion_as_processes(make_data, recipe, tmp_path, own_path):
    data = make_data(rows=90)
    options = {"families": FAMILIES, "max_candidates": 4, "jobs": 1}
    here, *there = (
        search(data, tmp_path / executor / "x", 1, recipe, SearchOptions(executor=executor, **options), time.time() + 120)
        for executor in ("processes", "dask", "ray")
    )
    assert [told(outcome) for outcome in there] == [told(here), told(here)]
