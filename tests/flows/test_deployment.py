"""prefect.yaml: its deployments load and their forms explain themselves. `test_platform.py` deploys and runs them."""

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
    assert flow.name == name
    assert deployment["name"] == {"training": "sandbox"}.get(name, name)
    assert all(p.get("description") for p in flow.parameters.properties.values())
    assert set(deployment.get("parameters", {})) <= set(flow.parameters.properties)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: d["name"])
def test_every_deployment_says_what_it_is_and_holds_back(deployment):
    assert len(deployment["description"]) > 80
    assert "axiom" in deployment["tags"]
    assert deployment["enforce_parameter_schema"] is True
    assert deployment["concurrency_limit"]["limit"] >= 1
    assert deployment["concurrency_limit"]["collision_strategy"] == "ENQUEUE"
    assert deployment["work_pool"]["name"] == ("axiom-sandbox" if deployment["name"] == "sandbox" else "axiom")
