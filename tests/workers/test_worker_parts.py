"""The worker's parts without a server and without an engine: what it says, what it shows, what it takes."""

import inspect
import json
import re
from pathlib import Path

import pytest

from tasks.adapters.container.job_folder import held, noted_jobs, read_job, read_outcome, write_job, write_note
from tasks.errors import SettingError
from tasks.rules.sandbox.job import Job, JobOutcome

ROOT = Path(__file__).parents[2]


def make_job(job_id="job-12345678", **changes):
    return Job(**{"id": job_id, "run": "x", "role": "train", "image": "i", "command": ("true",), "tree": "/tree"} | changes)


@pytest.mark.parametrize(
    ("outcome", "type_", "name", "words"),
    [
        ({"status": "succeeded", "exit_code": 0, "seconds": 12.3}, "COMPLETED", "Completed", "Exit code 0 after 12 s"),
        ({"status": "failed", "cause": "code", "exit_code": 3}, "FAILED", "Failed", "exit code 3"),
        ({"status": "failed", "cause": "oom", "detail": "It used more than 64 MB."}, "FAILED", "Failed", "oom: It used more"),
        ({"status": "failed", "cause": "timeout", "detail": "limit of 4 s"}, "FAILED", "TimedOut", "limit of 4 s"),
        ({"status": "failed", "cause": "cancelled"}, "CANCELLED", "Cancelled", "the container was removed"),
        ({"status": "failed", "cause": "engine", "detail": "gone"}, "CRASHED", "Crashed", "engine: gone"),
        ({"status": "failed", "cause": "infrastructure", "detail": "worker died"}, "CRASHED", "Crashed", "worker died"),
    ],
)
def test_the_state_tells_the_commands_failure_from_ours(outcome, type_, name, words):
    from workers.states import state_of

    state = state_of(JobOutcome(**outcome))
    assert (state.type.value, state.name) == (type_, name)
    assert words in state.message


def test_a_bug_becomes_one_sentence_and_a_file(axiom_home):
    from workers.states import trouble_state

    state = trouble_state(ExceptionGroup("several", [ZeroDivisionError("division by zero")]))
    assert state.type.value == "CRASHED"
    assert "ZeroDivisionError" in state.message and "Traceback" not in state.message
    assert "division by zero" in Path(state.message.rsplit(" ", 1)[1]).read_text()


def test_a_job_comes_back_as_it_was_written_without_its_old_outcome(tmp_path):
    job = make_job()
    folder = write_job(tmp_path, job)
    (folder / "outcome.json").write_text(JobOutcome(status="succeeded").model_dump_json())
    assert write_job(tmp_path, job) == folder
    assert read_job(tmp_path, job.id) == job
    assert read_outcome(tmp_path, job.id) is None


@pytest.mark.parametrize("job_id", ["../../etc/passwd", "a/b/c/d/e/f/g", "", "short", "UPPERCASE-ID", "x" * 65, "abcdefgh\n"])
def test_an_id_that_is_none_names_no_folder(tmp_path, job_id):
    with pytest.raises(SettingError, match="not the id of a job"):
        read_job(tmp_path, job_id)


@pytest.mark.parametrize("text", ["{", "[]", '{"id": "job-12345678"}', make_job("another-job-1").model_dump_json()])
def test_a_broken_or_foreign_job_is_refused_in_one_line(tmp_path, text):
    folder = tmp_path / "jobs" / "job-12345678"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(text)
    with pytest.raises(SettingError) as refused:
        read_job(tmp_path, "job-12345678")
    assert "\n" not in str(refused.value)


def test_a_job_is_claimed_by_one_worker_at_a_time(tmp_path):
    from workers.claims import claimed

    job = make_job()
    write_job(tmp_path, job)
    with claimed(tmp_path, job.id, {"flow_run": "1", "pool": "p"}) as taken:
        assert taken == job
        with pytest.raises(SettingError, match="being run already"), claimed(tmp_path, job.id, {}):
            pass


def test_a_claim_is_found_again_by_workers_of_its_pool_until_it_is_forgotten(tmp_path):
    from workers.claims import claimed, forget_claim, orphans

    job = make_job()
    write_job(tmp_path, job)
    claim = {"flow_run": "1", "pool": "mine", "worker": "w"}
    with claimed(tmp_path, job.id, claim):
        pass
    assert orphans(tmp_path, "mine") == [(job.id, claim)]
    assert orphans(tmp_path, "another") == []
    forget_claim(tmp_path, job.id)
    assert orphans(tmp_path, "mine") == []


def test_the_job_of_a_living_worker_is_left_alone(tmp_path):
    from workers.claims import end_orphan

    with held(tmp_path, "job-12345678") as ours:
        assert ours
        assert end_orphan(tmp_path, "job-12345678", "me") is None


def test_an_orphan_that_had_ended_keeps_its_outcome(tmp_path):
    from workers.claims import end_orphan

    job = make_job()
    folder = write_job(tmp_path, job)
    outcome = JobOutcome(status="succeeded", exit_code=0)
    (folder / "outcome.json").write_text(outcome.model_dump_json())
    assert end_orphan(tmp_path, job.id, "me") == outcome


def test_notes_of_other_folders_are_not_taken_for_jobs(tmp_path):
    write_note(tmp_path, "job-12345678", "owner.json", {"flow_run": "1"})
    (tmp_path / "jobs" / "..x").mkdir()
    (tmp_path / "jobs" / "..x" / "owner.json").write_text("{}")
    assert noted_jobs(tmp_path, "owner.json") == ["job-12345678"]


def test_the_pools_template_takes_a_jobs_id_and_nothing_else():
    template = json.loads((ROOT / "workers" / "sandbox-pool.json").read_text())
    (variable,) = template["variables"]["properties"].items()
    assert variable[0] == "job_id"
    assert template["variables"]["required"] == ["job_id"]
    assert template["variables"]["additionalProperties"] is False
    assert template["job_configuration"] == {"job_id": "{{ job_id }}"}
    # The server, the folder's guard and the job's model mean the same ids.
    from tasks.adapters.container.job_folder import JOB_ID

    assert variable[1]["pattern"] == Job.model_json_schema()["properties"]["id"]["pattern"] == f"^{JOB_ID.pattern}$"


def test_a_pool_made_by_hand_gets_the_locked_template():
    from workers.sandbox import SandboxWorker

    assert set(SandboxWorker.get_default_base_job_template()["variables"]["properties"]) == {"job_id"}


def test_nothing_that_prefect_hands_to_containers_is_left_in_the_configuration():
    from uuid import uuid4

    from prefect.client.schemas.objects import FlowRun

    from workers.sandbox import SandboxJobConfiguration

    configuration = SandboxJobConfiguration(job_id="job-12345678", env={"SECRET": "x"}, volumes=["/:/host"], privileged=True)
    configuration.prepare_for_flow_run(FlowRun(flow_id=uuid4(), name="r"), None, None, None, "w")
    assert configuration.env == {} and configuration.volumes == []
    assert configuration.command is None and configuration.privileged is False


def test_prefect_docker_makes_containers_in_one_place_only_and_that_one_is_closed():
    """The contract with prefect-docker's private methods: whatever of it we did not override cannot start a container."""
    from prefect_docker import worker

    from workers.sandbox import SandboxWorker

    source = inspect.getsource(worker.DockerWorker)
    creating = re.findall(r"containers\.(?:create|run)\(", source)
    callers = [
        n for n, f in inspect.getmembers(worker.DockerWorker, inspect.isfunction) if "self._create_container(" in inspect.getsource(f)
    ]
    assert len(creating) == 1
    assert callers == ["_create_and_start_container"]
    with pytest.raises(NotImplementedError, match="no container but those of its jobs"):
        SandboxWorker._create_and_start_container(None)


def test_the_worker_overrides_what_prefect_still_calls():
    from prefect.workers.base import BaseWorker

    from workers.sandbox import SandboxWorker

    for name in ("run", "kill_infrastructure", "_initialize_after_sync", "get_default_base_job_template"):
        assert name in vars(SandboxWorker) and hasattr(BaseWorker, name)
    assert "self._initialize_after_sync" in inspect.getsource(BaseWorker.sync_with_backend)
    assert BaseWorker.get_worker_class_from_type("docker-sandbox") is SandboxWorker


def test_the_flow_of_the_sandbox_pool_says_that_it_is_never_executed():
    from flows.training import training

    with pytest.raises(SettingError, match="not run as a flow"):
        training.fn()
