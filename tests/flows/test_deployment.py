"""prefect.yaml against a real server: it deploys, its form explains itself, and a worker runs what is started there."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: d["name"])
def test_every_deployment_loads_and_explains_its_parameters(deployment):
    module, name = deployment["entrypoint"].rsplit(".", 1)
    flow = getattr(import_module(module), name)
    assert flow.name == deployment["name"]
    assert all(p.get("description") for p in flow.parameters.properties.values())
    assert set(deployment.get("parameters", {})) <= set(flow.parameters.properties)


def prefect(home, *arguments):
    from prefect.settings import PREFECT_API_URL

    environment = os.environ | {"PREFECT_API_URL": PREFECT_API_URL.value(), "AXIOM_HOME": str(home)}
    command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=240)


def test_a_run_started_at_the_server_is_done_by_a_worker(prefect_api, axiom_home, make_repository, monkeypatch):
    from prefect.deployments import run_deployment

    folder = make_repository({"train.py": "from sklearn.linear_model import Ridge\nRidge().fit([[0.0]], [0.0])\n"})
    monkeypatch.setenv("AXIOM_LOCAL_ROOT", str(folder.parent))
    prefect(axiom_home, "work-pool", "create", "axiom", "--type", "process", "--overwrite")
    prefect(axiom_home, "deploy", "--all")
    run = run_deployment("analysis/analysis", parameters={"repository": str(folder)}, timeout=0)
    prefect(axiom_home, "worker", "start", "--pool", "axiom", "--run-once")
    state = final_state(run.id)
    assert state.type.value == "COMPLETED", state.message
    assert list(axiom_home.glob("reports/*/report.html"))


def final_state(run_id, seconds=150):
    import time

    from prefect.client.orchestration import get_client

    deadline = time.monotonic() + seconds
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            state = client.read_flow_run(run_id).state
            if state.is_final():
                return state
            time.sleep(1)
    return state
