"""Every test has its own `AXIOM_HOME`, no settings of the machine, and no way to a real model."""

import atexit
import os
import shutil
import tempfile

import pytest

_SESSION_HOME = tempfile.mkdtemp(prefix="axiom-tests-")
atexit.register(shutil.rmtree, _SESSION_HOME, ignore_errors=True)
os.environ["AXIOM_HOME"] = _SESSION_HOME
os.environ.pop("PREFECT_API_URL", None)

from flows.environment import prepare_environment  # noqa: E402
from tests.repositories import commit_all, run_git, write_files  # noqa: E402

SANDBOX_IMAGE = "python:3.11-slim"

prepare_environment()


@pytest.fixture(autouse=True)
def axiom_home(tmp_path, monkeypatch):
    """A fresh state folder."""
    home = tmp_path / "axiom-home"
    for name in ("AXIOM_MODEL", "AXIOM_ALLOWED_HOSTS", "AXIOM_LOCAL_ROOT", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AXIOM_HOME", str(home))
    return home


@pytest.fixture
def make_repository(tmp_path):
    """A real git repository with one commit: `make_repository({"train.py": "…"})`."""

    def build(files, name="project"):
        folder = tmp_path / "repositories" / name
        write_files(folder, files)
        run_git(folder, "init", "-q", "-b", "main")
        if files:
            commit_all(folder)
        return folder

    return build


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory):
    """An MLflow database without runs: making one takes seconds."""
    from tasks.adapters.tracking import warm_up

    home = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as environment:
        # MLflow keeps the address another test had set in its own variable.
        environment.delenv("MLFLOW_TRACKING_URI", raising=False)
        warm_up(home)
    return home / "mlflow" / "mlflow.db"


@pytest.fixture
def tracked(axiom_home, empty_store):
    """A state folder in which the embedded MLflow store is already made."""
    (axiom_home / "mlflow").mkdir(parents=True)
    shutil.copyfile(empty_store, axiom_home / "mlflow" / "mlflow.db")


@pytest.fixture(scope="session")
def prefect_api():
    """A real Prefect server for the session, started once; sync flows do not wait for their heartbeat thread."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


@pytest.fixture(scope="session")
def engine():
    """The state of a container engine that has the tests' image; without one the test is skipped, in CI it fails."""
    from docker.errors import DockerException, ImageNotFound

    from tasks.adapters.container.engine import connect, engine_status
    from tasks.errors import SandboxRefused

    try:
        status = engine_status()
        with connect(timeout=300) as client:
            try:
                client.images.get(SANDBOX_IMAGE)
            except ImageNotFound:
                client.images.pull(SANDBOX_IMAGE)
    except (SandboxRefused, DockerException, OSError) as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have a container engine with {SANDBOX_IMAGE}: {error}")
        pytest.skip(str(error))
    return status
