"""`axiom up` as a user starts it: real servers, real workers, real containers; one platform for all of these tests.

They stand in the order of its life: the last one ends it.
"""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from tests.repositories import commit_all, run_git, write_files

ROOT = Path(__file__).parents[2]
IMAGE = "python:3.11-slim"
LONG = "import time\nfor second in range(300): print('second', second); time.sleep(1)"
TRAIN = """
import json
rows = [2 * x for x in range(100)]
for epoch in range(3):
    print(f"epoch {epoch} train_loss: {1 / (epoch + 1):.3f}")
mean = sum(rows[:80]) / 80
mae = sum(abs(y - mean) for y in rows[80:]) / 20
print("MAE:", mae)
json.dump({"mae": mae}, open("metrics.json", "w"))
"""
"""It predicts the mean: of 0, 2, …, 158 that is 79; the others are 160, …, 198, on average 100 away."""
README = "# Mean\n\nTest MAE: 100.0\n\n    python train.py\n"
ENDLESS = """
import time
step = 0
while True:
    step += 1
    print("step", step, "loss:", 1 / step, flush=True)
    time.sleep(0.2)
"""
PROBE = '''
import os
from prefect import flow, task
from tasks.adapters.store import axiom_home
from tasks.rules.sandbox.job import Job
from tasks.sandbox_run import reap_on_end, run_sandboxed

@task
def train(job):
    return run_sandboxed(job, axiom_home(), print)

@flow(on_cancellation=[reap_on_end], on_crashed=[reap_on_end], on_failure=[reap_on_end])
def probe(job: Job):
    """A flow that waits for a job in its own process, beside its main thread, where no signal is heard."""
    os.environ.pop("AXIOM_SANDBOX_POOL")
    return train.submit(job).result().status
'''


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Running:
    """The platform under test."""

    def __init__(self, home):
        self.home = home
        self.port, self.mlflow_port = free_port(), free_port()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "MLFLOW_TRACKING", "AXIOM_"))}
        self.environment = kept | {"AXIOM_HOME": str(home), "AXIOM_LOCAL_ROOT": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "up", "--port", str(self.port), "--mlflow-port", str(self.mlflow_port)],
            cwd=home, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Ctrl-C"):
                break
        logs = "".join(f"{p.name}:\n{p.read_text(errors='replace')[-2000:]}\n" for p in (home / "platform").glob("*.log"))
        assert self.process.poll() is None and "Ctrl-C" in self.said, self.said + logs

    def axiom(self, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "flows.cli", *arguments],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    @property
    def api(self):
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def login(self):
        return (self.home / "platform" / "login").read_text().strip()

    def start_job(self, code, **limits):
        """A job of the sandbox pool: its id and its flow run."""
        from prefect.deployments import run_deployment

        from tasks.adapters.container.job_folder import write_job

        job = self.make_job(code, **limits)
        write_job(self.home, job)
        return job.id, run_deployment("training/sandbox", timeout=0, as_subflow=False, job_variables={"job_id": job.id})

    def make_job(self, code, **limits):
        from tasks.rules.sandbox.job import Job, Limits

        (self.home / "tree").mkdir(exist_ok=True)
        small = Limits(
            **({"timeout_seconds": 120, "memory_bytes": 128 << 20, "workspace_bytes": 64 << 20, "workspace_files": 2000} | limits)
        )
        command = ("python", "-uc", code)
        return Job(
            id=f"test-{uuid4().hex[:8]}", run="x", role="train", image=IMAGE, command=command, tree=str(self.home / "tree"), limits=small
        )

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()


@pytest.fixture(scope="module")
def platform(engine, tmp_path_factory):
    from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

    running = Running(tmp_path_factory.mktemp("platform"))
    try:
        with temporary_settings({PREFECT_API_URL: running.api, PREFECT_API_AUTH_STRING: running.login}):
            yield running
    finally:
        running.end()


@pytest.fixture
def client(platform):
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        yield client


def wait_until(ask, seconds=60):
    """What `ask` gives once it gives something."""
    deadline = time.monotonic() + seconds
    while not (found := ask()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert found, f"not so within {seconds} s"
    return found


def final_state(client, run, seconds=60):
    return wait_until(lambda: (state := client.read_flow_run(run.id).state).is_final() and state, seconds)


def containers_of(job_id):
    import docker

    return docker.from_env().api.containers(all=True, filters={"label": f"axiom.job={job_id}"})


def log_lines(client, run):
    from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId

    return [log.message for log in client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run.id])))]


def answer_to(address, **headers):
    """Status and headers of a GET."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def test_it_says_where_everything_is_and_how_to_log_in_but_not_the_login(platform):
    assert f"http://127.0.0.1:{platform.port}" in platform.said
    assert f"http://127.0.0.1:{platform.mlflow_port}/#/experiments?workflowType=machine_learning" in platform.said
    assert str(platform.home / "platform" / "login") in platform.said
    assert platform.login.partition(":")[2] not in platform.said


def test_nobody_gets_in_without_the_login_which_only_its_owner_can_read(platform):
    assert answer_to(f"{platform.api}/admin/version")[0] == 401
    assert stat.S_IMODE((platform.home / "platform" / "login").stat().st_mode) == 0o600
    assert stat.S_IMODE((platform.home / "platform").stat().st_mode) == 0o700


def test_pages_of_others_may_not_ask_the_api(platform, client):
    _, evil = answer_to(f"{platform.api}/health", Origin="http://evil.example")
    _, own = answer_to(f"{platform.api}/health", Origin=f"http://127.0.0.1:{platform.port}")
    assert evil.get("access-control-allow-origin") is None
    assert own.get("access-control-allow-origin") == f"http://127.0.0.1:{platform.port}"
    with urllib.request.urlopen(f"http://127.0.0.1:{platform.port}/ui-settings", timeout=10) as answer:
        assert json.load(answer)["api_url"] == platform.api
    assert answer_to(f"http://127.0.0.1:{platform.port}/dashboard", Accept="text/html")[0] == 200


def test_both_servers_listen_on_loopback_only(platform):
    tables = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    for port in (platform.port, platform.mlflow_port):
        listening = re.findall(rf"\d+: (\w+):{port:04X} \w+:0000 0A ", tables)
        assert set(listening) == {"0100007F"}


def test_every_deployment_of_the_file_is_there_with_its_pool_and_limit(client):
    wanted = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    made = {d.name: d for d in client.read_deployments()}
    assert set(made) == {d["name"] for d in wanted}
    for deployment in wanted:
        found = made[deployment["name"]]
        assert found.work_pool_name == deployment["work_pool"]["name"]
        assert found.global_concurrency_limit.limit == deployment["concurrency_limit"]["limit"]
        assert found.enforce_parameter_schema and found.description and "axiom" in found.tags


def test_status_tells_servers_and_workers(platform):
    said = platform.axiom("status").stdout
    assert said.count("  answers") + said.count(" answers  ") >= 2
    assert len(re.findall(r"1 worker online", said)) == 2


def test_a_second_platform_says_that_one_runs_already(platform):
    again = platform.axiom("up")
    assert again.returncode == 2
    assert "runs already" in again.stderr and str(platform.process.pid) in again.stderr


def test_a_port_in_use_is_named_with_the_option_that_changes_it(platform, tmp_path):
    platform.environment["AXIOM_HOME"] = str(tmp_path)
    try:
        refused = platform.axiom("up", "--detach", "--port", str(free_port()), "--mlflow-port", str(platform.mlflow_port))
    finally:
        platform.environment["AXIOM_HOME"] = str(platform.home)
    assert refused.returncode == 2
    assert re.fullmatch(rf"axiom: Port {platform.mlflow_port} cannot be used: .*--mlflow-port\.\n", refused.stderr)


def test_a_command_finds_the_platform_without_being_told(platform, monkeypatch):
    from flows.local_platform.address import use_platform

    names = ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING", "MLFLOW_TRACKING_URI", "AXIOM_STORE_SERVER")
    for name in names:
        monkeypatch.setenv(name, "")  # so that what is set below is undone
        monkeypatch.delenv(name)
    monkeypatch.setenv("AXIOM_HOME", str(platform.home))
    assert use_platform().pid == platform.process.pid
    assert [os.environ[n] for n in names] == [platform.api, platform.login, *[f"http://127.0.0.1:{platform.mlflow_port}"] * 2]
    monkeypatch.setenv("PREFECT_API_URL", "https://a.server.of.ones.own/api")
    assert use_platform() is None


def test_jobs_end_in_true_states_with_their_logs_in_the_api(platform, client):
    from prefect.deployments import run_deployment

    job_id, good = platform.start_job("import os; print('environment', sorted(os.environ)); open('metrics.json', 'w').write('{}')")
    _, failing = platform.start_job("raise SystemExit(3)")
    _, endless = platform.start_job("while True: pass", timeout_seconds=2)
    nothing = run_deployment("training/sandbox", timeout=0, as_subflow=False, job_variables={"job_id": "no-such-job"})
    runs = (good, failing, endless, nothing)
    states = [final_state(client, run) for run in runs]
    assert [s.name for s in states] == ["Completed", "Failed", "TimedOut", "Refused"], states[0].message
    assert "code 3" in states[1].message and "limit of 2 s" in states[2].message and "no-such-job" in states[3].message
    printed = wait_until(lambda: [line for line in log_lines(client, good) if line.startswith("| environment")], 15)
    assert not re.search("PREFECT|MLFLOW|AXIOM", printed[0])
    assert not any("Traceback" in line for run in runs for line in log_lines(client, run))
    assert (platform.home / "jobs" / job_id / "outputs" / "metrics.json").read_text() == "{}"
    assert json.loads((platform.home / "jobs" / job_id / "outcome.json").read_text())["status"] == "succeeded"
    assert not containers_of(job_id)


@pytest.mark.parametrize("variables", [{}, {"job_id": "../../etc"}, {"job_id": "test-12345", "privileged": True}])
def test_a_run_can_say_nothing_to_the_sandbox_but_a_jobs_id(platform, variables):
    from prefect.deployments import run_deployment
    from prefect.exceptions import PrefectHTTPStatusError

    with pytest.raises(PrefectHTTPStatusError, match="422"):
        run_deployment("training/sandbox", timeout=0, as_subflow=False, job_variables=variables)


def test_a_cancelled_job_and_one_whose_worker_is_killed_leave_nothing_running(platform, client):
    from prefect.states import Cancelling

    (unwanted, cancelled), (left, orphaned) = platform.start_job(LONG), platform.start_job(LONG)
    for run in (cancelled, orphaned):
        wait_until(lambda run=run: any("second" in line for line in log_lines(client, run)))
    client.set_flow_run_state(cancelled.id, Cancelling())
    assert final_state(client, cancelled, 10).is_cancelled()
    assert not containers_of(unwanted)
    (worker,) = [pid for pid in processes_with(platform.home) if "worker start --pool axiom-sandbox" in command_of(pid)]
    os.kill(worker, signal.SIGKILL)
    state = final_state(client, orphaned, 60)
    assert state.is_crashed() and "died" in state.message
    assert not containers_of(left)


def processes_with(home):
    """Processes of the platform, its guards aside."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"AXIOM_HOME={home}\0".encode() in (entry / "environ").read_bytes() and "local_platform.guard" not in command_of(entry.name):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


@pytest.fixture(scope="module")
def executions(platform, tmp_path_factory):
    """Two runs of the execution deployment at once, and a flow that waits for a job beside its main thread: `trained, endless, probe, job`."""
    from prefect import flow
    from prefect.deployments import run_deployment

    folder = tmp_path_factory.mktemp("probe")
    (folder / "probe.py").write_text(PROBE)
    flow.from_source(str(folder), "probe.py:probe").deploy("probe", work_pool_name="axiom", print_next_steps=False, ignore_warnings=True)

    def start(name, train, **parameters):
        write_files(platform.home / name, {"train.py": train, "README.md": README, "requirements.txt": ""})
        run_git(platform.home / name, "init", "-q", "-b", "main")
        commit_all(platform.home / name)
        wanted = {"repository": str(platform.home / name), "entrypoint": "python train.py", "disk": "256m", "memory": "512m"}
        return run_deployment("execution/execution", timeout=0, as_subflow=False, parameters=wanted | parameters)

    trained = start("mean", TRAIN, approve=True)
    endless = start("endless", ENDLESS)
    job = platform.make_job(LONG)
    probe = run_deployment("probe/probe", timeout=0, as_subflow=False, parameters={"job": job.model_dump(mode="json")})
    return trained, endless, probe, job


@pytest.fixture
def mlflow(platform):
    from mlflow import MlflowClient

    return MlflowClient(f"http://127.0.0.1:{platform.mlflow_port}")


def runs_of(mlflow, run):
    """The execution's run in MLflow as "", and those below it by their names."""
    found = mlflow.get_experiment_by_name("axiom/execution")
    runs = mlflow.search_runs([found.experiment_id]) if found else []
    for parent in (r for r in runs if r.data.tags.get("flow_run") == str(run.id)):
        below = [r for r in runs if r.data.tags.get("mlflow.parentRunId") == parent.info.run_id]
        return {"": parent} | {r.info.run_name: r for r in below}
    return {}


def recorded(mlflow, run):
    """The metrics of these runs."""
    return {name: found.data.metrics for name, found in runs_of(mlflow, run).items()}


def artifacts(client, run):
    """Data of the run's artifacts in the Prefect UI, by their keys."""
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    found = client.read_artifacts(artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id])))
    return {artifact.key: artifact.data for artifact in found}


def children(client, run):
    """The trainings below an execution; the loading of its model is another run of the pool."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterParentFlowRunId

    below = client.read_flow_runs(flow_run_filter=FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run.id])))
    return [child for child in below if child.name.startswith("train")]


def approve(client, run):
    wait_until(lambda: client.read_flow_run(run.id).state.is_paused(), 120)
    client.resume_flow_run(run.id, run_input={"decision": "approve", "name": "Ada", "reason": "looks good"})


def test_a_flow_shows_metrics_while_it_trains_and_cancelling_it_ends_its_container(executions, platform, client, mlflow):
    from prefect.states import Cancelling

    _, endless, probe, job = executions
    (child,) = wait_until(lambda: children(client, endless), 150)
    wait_until(lambda: "loss" in recorded(mlflow, endless).get("training #1", {}), 60)
    wait_until(lambda: any(line.startswith("» loss") for line in log_lines(client, endless)), 15)
    wait_until(lambda: len(containers_of(job.id)) > 1, 60)
    training = child.name.split(" · ")[1]
    assert containers_of(training) and not child.state.is_final()
    for run in (endless, probe):
        client.set_flow_run_state(run.id, Cancelling())
    wait_until(lambda: not containers_of(training) and not containers_of(job.id), 15)
    assert all(final_state(client, run, 30).is_cancelled() for run in (endless, child, probe))
    wait_until(lambda: {r.info.status for r in runs_of(mlflow, endless).values()} == {"KILLED"}, 30)


def test_an_approved_execution_is_trained_on_the_pool_and_recorded_everywhere(executions, platform, client, mlflow):
    run = executions[0]
    wait_until(lambda: client.read_flow_run(run.id).state.is_paused(), 120)
    assert not children(client, run)
    approve(client, run)
    # Nothing is trained before the first answer, and nothing registered before the second.
    (child,) = wait_until(lambda: client.read_flow_run(run.id).state.is_paused() and children(client, run), 120)
    assert child.state.is_completed() and child.work_pool_name == "axiom-sandbox"
    approve(client, run)
    state = final_state(client, run, 120)
    assert state.is_completed(), state.message
    wait_until(lambda: "| epoch 2 train_loss: 0.333" in log_lines(client, child), 15)
    # Each line is stored once: the flow's own log has what was measured.
    told = log_lines(client, run)
    assert "» train_loss 0.333 (step 2)" in told and not any(line.startswith("| ") for line in told)
    runs = recorded(mlflow, run)
    assert (runs[""]["final/mae"], runs["training #1"]["train_loss"]) == (100.0, 0.333)
    assert {"plan", "report", "claims", "metrics"} <= artifacts(client, run).keys()
    assert "reproduced" in json.dumps(artifacts(client, run)["claims"])


def test_down_ends_all_of_it(platform):
    job_id, _ = platform.start_job(LONG)
    wait_until(lambda: len(containers_of(job_id)) > 1)
    down = platform.axiom("down")
    assert (down.returncode, down.stdout) == (0, "Everything has ended.\n")
    assert platform.process.wait(10) == 0
    assert processes_with(platform.home) == []
    assert not containers_of(job_id)
    for port in (platform.port, platform.mlflow_port):
        socket.create_server(("127.0.0.1", port)).close()
    assert "does not run" in platform.axiom("status").stdout
