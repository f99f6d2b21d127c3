import pytest

from tasks.rules.execution.runtime_env import runtime_env
from tasks.rules.sandbox.job import Limits


@pytest.mark.parametrize(("cpus", "threads"), [(0.5, "1"), (1.0, "1"), (2.9, "2"), (8.0, "8")])
def test_threads_never_exceed_the_processors(cpus, threads):
    env = runtime_env(Limits(cpus=cpus))
    assert {env[n] for n in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")} == {threads}


def test_the_codes_mlflow_writes_to_a_store_of_its_own():
    assert runtime_env(Limits())["MLFLOW_TRACKING_URI"] == "sqlite:////work/axiom/mlflow.db"


def test_only_without_a_network_are_hubs_told_to_stay_away():
    assert runtime_env(Limits())["HF_HUB_OFFLINE"] == "1"
    assert "HF_HUB_OFFLINE" not in runtime_env(Limits(network="bridge"))


def test_nothing_of_the_host_is_handed_on(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "host-secret")
    env = runtime_env(Limits())
    assert "host-secret" not in env.values() and env["USERNAME"] == "axiom"
