"""compose.yaml and the Dockerfile, read: who is reachable, who reaches what. They are not started here."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"] == "axiom-mlops")
SOCKET = "/var/run/docker.sock:/var/run/docker.sock"


def test_every_published_port_is_on_loopback():
    published = {port for service in SERVICES.values() for port in service.get("ports", ())}
    assert published == {"127.0.0.1:4200:4200", "127.0.0.1:5000:5000"}


def test_only_the_services_of_execution_reach_the_container_engine():
    assert {name for name, s in SERVICES.items() if SOCKET in s.get("volumes", ())} == {"execution", "sandbox"}
    assert not any("docker.sock" in str(volume) for s in SERVICES.values() for volume in s.get("volumes", ()) if volume != SOCKET)


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_rights_they_do_not_need(name):
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"] and service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged") and service.get("network_mode") in (None, "none")


def test_servers_database_and_sandbox_worker_have_no_way_out_but_loopback():
    assert COMPOSE["networks"]["platform"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["sandbox"]["networks"] == ["platform"]


def test_the_prefect_server_asks_for_a_login_and_trusts_only_its_own_pages():
    environment = SERVICES["prefect"]["environment"]
    assert environment["PREFECT_SERVER_API_AUTH_STRING"] == "${AXIOM_LOGIN}"
    assert environment["PREFECT_SERVER_CSRF_PROTECTION_ENABLED"] == "true"
    assert "*" not in environment["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"]
    assert environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"].startswith("postgresql+asyncpg://")


def test_mlflow_answers_to_its_names_only():
    command = SERVICES["mlflow"]["command"]
    assert "--allowed-hosts=mlflow:5000,127.0.0.1:5000,localhost:5000" in command
    assert "--workers=1" in command


def test_no_secret_stands_in_the_file_and_a_missing_one_is_named():
    text = (ROOT / "compose.yaml").read_text()
    for name in ("AXIOM_LOGIN", "AXIOM_DATABASE_PASSWORD", "DOCKER_GROUP"):
        assert f"${{{name}:?write {name}" in text
    assert not re.search(r"(?i)password: *[a-z0-9]", text)


def test_every_pool_and_queue_of_prefect_yaml_has_a_worker():
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    wanted = {(d["work_pool"]["name"], d["work_pool"].get("work_queue_name", "default")) for d in deployments}
    served = set()
    for service in SERVICES.values():
        command = service.get("command", [])
        if command[:3] == ["prefect", "worker", "start"]:
            pool = command[command.index("--pool") + 1]
            served.add((pool, command[command.index("--work-queue") + 1] if "--work-queue" in command else "default"))
    assert wanted == served


def test_what_a_service_waits_for_exists():
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        named = {v.split(":")[0] for v in service.get("volumes", ()) if not v.startswith("/")}
        assert named <= set(COMPOSE["volumes"])


def test_the_image_holds_what_the_workers_import_and_is_not_run_by_root():
    text = (ROOT / "Dockerfile").read_text()
    for folder in ("blocks", "flows", "tasks", "workers"):
        assert f"COPY {folder} {folder}" in text
        assert f"!{folder}" in (ROOT / ".dockerignore").read_text()
    assert re.findall(r"^USER (\w+)", text, re.MULTILINE)[-1] == "axiom"
    assert "ARG BASE_IMAGE=" in text
