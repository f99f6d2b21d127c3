"""Untrusted code in real containers: what it tries, what stops it, and what is said about it."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from tasks.adapters.container import engine as container_engine
from tasks.adapters.container import running as adapter
from tasks.adapters.container import settings as container_settings
from tasks.adapters.container.running import engine_status, kill_job, reap, run_job
from tasks.errors import SandboxRefused
from tasks.rules.sandbox.job import FolderCopy, Job, Limits

IMAGE = "python:3.11-slim"
MIB = 1024**2
SMALL = {"timeout_seconds": 30, "memory_bytes": 128 * MIB, "workspace_bytes": 64 * MIB, "workspace_files": 2000, "pids": 64}
COMMITTED = {"metrics.json": '{"accuracy": 0.99}', "model.pkl": "weights", "data/train.csv": "a,b\n1,2\n"}


@pytest.fixture
def make_job(engine, tmp_path):
    tree = tmp_path / "tree"
    for name, text in COMMITTED.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)

    def make(code, limits=None, **fields):
        settings = Limits(**(SMALL | {"file_bytes": 32 * MIB} | (limits or {})))
        command = ("python", "-c", textwrap.dedent(code))
        values = {"id": f"test-{os.urandom(5).hex()}", "run": "tests", "role": "probe", "image": IMAGE, "command": command}
        return Job(**(values | {"tree": str(tree), "limits": settings} | fields))

    return make


@pytest.fixture
def run(make_job, tmp_path):
    """Run a program in the sandbox; nothing of the job may be left behind, whatever came of it."""

    def go(code, limits=None, on_line=None, cancelled=None, **fields):
        job = make_job(code, limits, **fields)
        try:
            return run_job(job, tmp_path / "home", on_line, cancelled)
        finally:
            assert left_of(job.id) == []

    return go


def left_of(job_id):
    with container_engine.connect() as client:
        containers = client.api.containers(all=True, filters={"label": f"axiom.job={job_id}"})
        volumes = client.api.volumes(filters={"label": f"axiom.job={job_id}"})["Volumes"] or []
    return [c["Names"][0] for c in containers] + [v["Name"] for v in volumes]


def outputs_of(outcome):
    root = Path(outcome.outputs)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


PROBES = """
import json, os, socket, ctypes
found = {"env": dict(os.environ), "uid": [os.getuid(), os.getgid()], "groups": os.getgroups()}
def reaches(address, port, kind=socket.SOCK_STREAM):
    try:
        s = socket.socket(socket.AF_INET, kind); s.settimeout(2); s.connect((address, port)); s.send(b"x"); return True
    except OSError:
        return False
found["reached"] = [a for a in ("8.8.8.8", "169.254.169.254", "172.17.0.1", "1.1.1.1") for p in (53, 80, 4200, 5000) if reaches(a, p)]
found["udp"] = reaches("8.8.8.8", 53, socket.SOCK_DGRAM)
try:
    found["dns"] = socket.getaddrinfo("github.com", 443)[0][4][0]
except OSError:
    found["dns"] = None
found["interfaces"] = sorted(name for _, name in socket.if_nameindex())
found["sockets"] = [p for p in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock") if os.path.exists(p)]
def opens(path, mode="rb"):
    try:
        with open(path, mode) as f:
            return f.read(1).hex() if "r" in mode else "written"
    except OSError as e:
        return e.strerror
found["writes"] = {p: opens(p, "w") for p in ("/etc/x", "/usr/x", "/opt/x", "/x", "/proc/sys/kernel/core_pattern", "/sys/x")}
found["shadow"] = opens("/etc/shadow")
found["init_environment"] = open("/proc/1/environ", "rb").read().decode() if os.access("/proc/1/environ", os.R_OK) else ""
found["status"] = {k: v.strip() for k, _, v in (l.partition(":") for l in open("/proc/self/status"))}
libc = ctypes.CDLL(None, use_errno=True)
found["mount"] = libc.mount(b"none", b"/tmp", b"tmpfs", 0, None)
found["unshare"] = libc.unshare(0x10000000)
found["setuid"] = libc.setuid(0)
found["mounts"] = [l.split()[:4] for l in open("/proc/mounts")]
found["pid_1"] = open("/proc/1/comm").read().strip()
found["processes"] = len([p for p in os.listdir("/proc") if p.isdigit()])
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def probed(engine, tmp_path_factory):
    """What code in the sandbox finds, with secrets in the environment and proxies in the user's Docker configuration."""
    folder = tmp_path_factory.mktemp("probed")
    (folder / "tree").mkdir()
    (folder / "config.json").write_text('{"proxies": {"default": {"httpProxy": "http://user:CANARY@10.0.0.1"}}}')
    job = Job(
        id="test-probes-in-one",
        run="tests",
        role="probe",
        image=IMAGE,
        command=("python", "-c", PROBES),
        tree=str(folder / "tree"),
        env={"MLFLOW_TRACKING_URI": "sqlite:////work/axiom/mlflow.db"},
        limits=Limits(**SMALL),
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DOCKER_CONFIG", str(folder))
        environment.setenv("PREFECT_API_AUTH_STRING", "CANARY")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "CANARY")
        outcome = run_job(job, folder / "home")
    text = Path(outcome.log).read_text()
    assert outcome.status == "succeeded", text
    return json.loads(text) | {"outcome": outcome, "text": text}


def test_no_network_is_reached_not_even_the_gateway_or_metadata(probed):
    assert probed["reached"] == []
    assert probed["udp"] is False
    assert probed["dns"] is None
    assert probed["interfaces"] == ["lo"]


def test_nothing_of_the_hosts_environment_is_seen(probed):
    assert "CANARY" not in probed["text"]
    assert not [name for name in probed["env"] if "PROXY" in name.upper() or name.startswith(("PREFECT", "AWS", "AXIOM", "DOCKER"))]
    assert probed["env"]["HOME"] == "/work/home"
    assert probed["env"]["MLFLOW_TRACKING_URI"] == "sqlite:////work/axiom/mlflow.db"


def test_there_is_no_socket_of_an_engine_and_no_mount_of_the_host(probed):
    assert probed["sockets"] == []
    real = {
        m[1]: m[2] for m in probed["mounts"] if m[2] not in ("proc", "sysfs", "mqueue", "devpts", "cgroup", "cgroup2", "overlay", "tmpfs")
    }
    # The engine's own three files of names and its init, and nothing else.
    assert {place for place in real if "init" not in place} <= {"/etc/hosts", "/etc/hostname", "/etc/resolv.conf"}


def test_code_is_nobody_without_capabilities_or_a_way_back(probed):
    assert probed["uid"] == [65534, 65534]
    assert set(probed["groups"]) <= {65534}
    status = probed["status"]
    assert {int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh")} == {0}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert (probed["mount"], probed["unshare"], probed["setuid"]) == (-1, -1, -1)


def test_only_the_workspace_and_a_small_tmp_can_be_written(probed):
    assert "written" not in probed["writes"].values()
    assert probed["shadow"] == "Permission denied"
    options = {m[1]: m[3].split(",") for m in probed["mounts"]}
    assert {"nosuid", "nodev", "size=65536k", "nr_inodes=2000"} <= set(options["/work"])
    assert {"nosuid", "nodev", "size=32768k"} <= set(options["/tmp"])


def test_init_is_the_first_process_and_others_of_the_host_are_not_seen(probed):
    assert probed["pid_1"] in ("docker-init", "tini", "init")
    assert probed["processes"] <= 4


def test_outcome_tells_level_and_settings_in_force(probed):
    isolation = probed["outcome"].isolation
    assert isolation["level"] in ("container", "gvisor", "microvm")
    assert isolation["network"] == "none"
    assert "ALL" in isolation["capabilities"]


def test_a_fork_bomb_is_held_at_the_limit_and_ended_in_time(run):
    began = time.monotonic()
    outcome = run("import os\nwhile True:\n try: os.fork()\n except OSError: pass", {"timeout_seconds": 2})
    assert (outcome.status, outcome.cause) == ("failed", "timeout")
    assert "limit of 64" in outcome.detail
    assert time.monotonic() - began < 12


def test_a_refused_process_is_named_as_such(run):
    outcome = run("import subprocess\nall = [subprocess.Popen(['sleep', '60']) for _ in range(200)]")
    assert (outcome.cause, outcome.exit_code) == ("pids", 1)


def test_filled_memory_ends_the_command(run):
    outcome = run("all = [bytearray(2**20) for _ in range(1000)]")
    assert (outcome.cause, outcome.oom, outcome.exit_code) == ("oom", True, 137)
    assert outcome.peak_memory_bytes is None or outcome.peak_memory_bytes <= (128 + 64) * MIB


def test_a_child_killed_for_memory_is_told_though_its_parent_returns_zero(run):
    code = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'all = [bytearray(2**20) for _ in range(1000)]'])\nprint('done')"
    outcome = run(code)
    assert (outcome.status, outcome.cause, outcome.exit_code, outcome.oom) == ("failed", "oom", 0, True)


def test_a_full_workspace_is_named_and_what_was_written_before_is_kept(run):
    outcome = run("""
        open("weights.bin", "wb").write(b"w" * 1000)
        for n in range(9):
            with open(f"fill-{n}", "wb", buffering=0) as f:
                for _ in range(30):
                    f.write(bytes(2**20))
    """)
    assert outcome.cause == "disk"
    assert "64 MiB" in outcome.detail
    assert outputs_of(outcome)["weights.bin"] == b"w" * 1000


def test_too_many_files_are_a_full_disk(run):
    outcome = run("import itertools\nfor n in itertools.count(): open(f'n{n}', 'wb').close()")
    assert outcome.cause == "disk"
    assert "2,000 files" in outcome.detail


def test_a_giant_of_holes_is_refused_and_smaller_ones_are_not_read(run):
    outcome = run("""
        import os
        open("ok.txt", "w").write("ok")
        for n in range(60):
            os.truncate(os.open(f"sparse-{n}.h5", os.O_CREAT | os.O_RDWR), 30 * 2**20)
        os.truncate(os.open("model.pkl", os.O_RDWR), 10 * 2**30)
    """)
    assert outcome.cause == "disk"
    assert "32 MiB" in outcome.detail
    assert outputs_of(outcome) == {"ok.txt": b"ok"}
    assert "holes" in outcome.skipped["sparse-7.h5"]


def test_a_flood_of_lines_is_bounded_and_counted(run):
    seen = []

    def slow(line):
        seen.append(line)
        time.sleep(0.2 if len(seen) < 5 else 0)

    flood = "import os\nwhile True: os.write(1, b'spam and eggs\\n' * 4000)"
    outcome = run(flood, {"timeout_seconds": 2, "log_bytes": 100_000}, slow)
    assert outcome.cause == "timeout"
    assert outcome.log_dropped_bytes > 1_000_000
    assert 90_000 < Path(outcome.log).stat().st_size < 101_000
    assert any("lines are not shown" in line for line in seen)


def test_an_endless_line_is_bounded(run):
    seen = []
    outcome = run("import os\nwhile True: os.write(1, b'x' * 65536)", {"timeout_seconds": 2, "log_bytes": 100_000}, seen.append)
    assert outcome.cause == "timeout"
    assert Path(outcome.log).stat().st_size < 101_000
    assert [len(line) for line in seen] == [2048]


def test_binary_and_terminal_output_is_made_harmless(run):
    seen = []
    code = r"""
        import os
        os.write(1, b"\x1b]0;title\x07\x1b[31mred\x1b[0m \x1b[2J\xff\xfe half \xc3\n")
        os.write(1, bytes(range(256)) + b"\nepoch 1\repoch 2\r\nlast")
    """
    outcome = run(code, on_line=seen.append)
    text = Path(outcome.log).read_text()
    assert seen[0] == "red \ufffd\ufffd half \ufffd"
    assert seen[-1] == "last"
    assert not [c for c in text if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160]


def test_what_hides_from_the_end_is_ended_with_it(run):
    outcome = run(
        """
        import os, signal, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.execvp("sleep", ["sleep", "86399.25"])
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        open("so_far.txt", "w").write("epoch 3")
        print("started", flush=True)
        time.sleep(600)
        """,
        {"timeout_seconds": 2},
    )
    assert (outcome.cause, outcome.exit_code) == ("timeout", None)
    assert 2 <= outcome.seconds < 5
    assert outputs_of(outcome) == {"so_far.txt": b"epoch 3"}
    assert not [p for p in Path("/proc").glob("[0-9]*/cmdline") if b"86399.25" in p.read_bytes()]


def test_killing_its_parent_ends_it_and_init_cannot_be_killed(run):
    outcome = run("import os, time\nos.kill(1, 9)\nprint('init lives', flush=True)\nos.kill(os.getppid(), 9)\ntime.sleep(30)")
    assert (outcome.cause, outcome.exit_code) == ("code", 137)
    assert "init lives" in Path(outcome.log).read_text()
    assert outcome.seconds < 10


def test_only_new_and_changed_regular_files_come_back(run):
    outcome = run(
        r"""
        import os
        os.symlink("/etc/shadow", "shadow.txt"); os.symlink("/work/repo", "loop"); os.symlink("/etc", "data/etc")
        os.mkfifo("pipe")
        open("suid.sh", "w").write("#!/bin/sh"); os.chmod("suid.sh", 0o6755)
        open("a.txt", "w").write("a"); os.link("a.txt", "same as a.txt")
        open("metrics.json", "w").write('{"accuracy": 0.99}')
        open("model.pkl", "w").write("better")
        os.remove("data/train.csv")
        os.makedirs("__pycache__"); open("__pycache__/a.pyc", "w").write("x")
        os.makedirs("/work/axiom/runs", exist_ok=True); open("/work/axiom/runs/db", "w").write("db")
        open("../beside.txt", "w").write("beside")
        os.makedirs(".axiom"); open(".axiom/forged", "w").write("x")
        open(b"evil\n\x1b[31m.txt", "w").write("x"); open(b"latin-\xe9.txt", "w").write("x")
        open("a\u202egnp.txt", "w").write("x"); open("<img src=x>.txt", "w").write("markup"); open("n" * 250, "w").write("long")
        open("..\\..\\windows.txt", "w").write("w"); open("..hidden", "w").write("dots")
        deep = "/".join(["d"] * 60); os.makedirs(deep); open(deep + "/x", "w").write("x")
        """
    )
    assert outcome.status == "succeeded", Path(outcome.log).read_text()
    assert outputs_of(outcome) == {
        "suid.sh": b"#!/bin/sh",
        "a.txt": b"a",
        "model.pkl": b"better",
        ".axiom/runs/db": b"db",
        ".axiom/work/beside.txt": b"beside",
        "<img src=x>.txt": b"markup",
        "n" * 250: b"long",
        "..\\..\\windows.txt": b"w",
        "..hidden": b"dots",
    }
    assert outcome.changed == ("model.pkl",)
    kinds = {stat.S_IMODE(p.lstat().st_mode) for p in Path(outcome.outputs).rglob("*") if p.is_file()}
    assert kinds == {0o600}
    assert not [p for p in Path(outcome.outputs).rglob("*") if p.is_symlink()]
    reasons = " ".join(outcome.skipped.values())
    for words in ("symbolic link", "named pipe", "hard link", "control characters", "not UTF-8", "too long", "our own files"):
        assert words in reasons
    assert all(name.isprintable() for name in outcome.skipped)


@pytest.mark.parametrize("moved", [False, True], ids=["in place", "a folder was moved"])
def test_of_a_large_repository_only_what_was_touched_is_read_back(run, tmp_path, monkeypatch, moved):
    read, genuine = [], adapter.harvest
    monkeypatch.setattr(adapter, "harvest", lambda stream, *rest: genuine((read.append(len(c)) or c for c in stream), *rest))
    monkeypatch.setattr(adapter, "LARGE_BYTES", 1)
    (tmp_path / "tree" / "data" / "images.bin").write_bytes(os.urandom(5 * MIB))
    code = f"""
        import os
        before = os.stat("model.pkl")
        open("model.pkl", "w").write("WEIGHTS")
        os.utime("model.pkl", ns=(before.st_atime_ns, before.st_mtime_ns))
        os.rename("metrics.json", "renamed.json")
        open("data/images.bin", "rb").read(1)
        if {moved}:
            os.rename("data", "raw")
    """
    outcome = run(code)
    expected = {"model.pkl", "renamed.json"} | ({"raw/train.csv", "raw/images.bin"} if moved else set())
    assert set(outputs_of(outcome)) == expected
    assert (sum(read) > 5 * MIB) == moved


def test_a_folder_that_became_a_link_leads_nowhere(run):
    outcome = run("import os, shutil\nos.chdir('/work')\nshutil.rmtree('repo')\nos.symlink('/etc', 'repo')")
    assert outputs_of(outcome) == {}
    assert "symbolic link" in " ".join(outcome.skipped.values())


def test_committed_results_are_no_outputs_of_a_run_that_makes_none(run):
    outcome = run("print('training finished')")
    assert (outcome.status, outputs_of(outcome), outcome.changed) == ("succeeded", {}, ())


def test_workspace_holds_tree_overlays_copies_and_folders(run, tmp_path):
    first = tmp_path / "first"
    (first / ".axiom").mkdir(parents=True)
    (first / "model.pkl").write_text("trained")
    (first / ".axiom" / "mlflow.db").write_text("runs")
    (first / "link").symlink_to("/etc/hostname")
    code = """
        import os
        print(os.getcwd(), open("../model.pkl").read(), open("/work/axiom/mlflow.db").read(), open("../data\\\\\\\\train.csv").read()[:3])
        print(os.path.isdir("../out/plots"), os.path.lexists("../link"), os.access("../data", os.W_OK))
        open("../out/plots/loss.png", "w").write("png")
    """
    outcome = run(
        code,
        workdir="src",
        overlays=(str(first),),
        folders=("out/plots",),
        copies=(FolderCopy(source="data/train.csv", target="data\\\\train.csv"),),
    )
    assert Path(outcome.log).read_text().split("\n")[:2] == ["/work/repo/src trained runs a,b", "True False True"]
    assert outputs_of(outcome) == {"out/plots/loss.png": b"png"}


def test_cancelling_ends_it_within_seconds_and_keeps_what_was_written(run):
    started = threading.Event()
    code = "import time\nopen('epoch.txt', 'w').write('1')\nprint('started', flush=True)\ntime.sleep(600)"
    began = time.monotonic()
    outcome = run(code, on_line=lambda _: started.set(), cancelled=started.is_set)
    assert (outcome.cause, outcome.exit_code) == ("cancelled", None)
    assert outputs_of(outcome) == {"epoch.txt": b"1"}
    assert time.monotonic() - began < 8


def test_what_is_cancelled_while_it_is_prepared_does_not_start(run, tmp_path):
    outcome = run("print('started')", cancelled=lambda: True)
    assert (outcome.cause, outcome.log) == ("cancelled", "")
    asked = []
    killed = run("print('started')", cancelled=lambda: asked.append(kill_job("test-in-preparation")), id="test-in-preparation")
    assert (killed.cause, killed.log) == ("cancelled", "")
    assert asked[0] is True


def test_a_job_is_ended_by_its_id_while_another_goes_on(make_job, tmp_path):
    outcomes, ready = {}, threading.Barrier(3)

    def work(name, code):
        jobs[name] = make_job(code)
        outcomes[name] = run_job(jobs[name], tmp_path / "home", lambda line: ready.wait(20) if line == "ready" else None)

    jobs = {}
    programs = {
        "long": "import time\nprint('ready', flush=True)\ntime.sleep(600)",
        "short": "import time\nprint('ready', flush=True)\ntime.sleep(1.5)\nopen('own.txt', 'w').write('short')",
    }
    threads = [threading.Thread(target=work, args=item) for item in programs.items()]
    for thread in threads:
        thread.start()
    ready.wait(20)
    assert kill_job(jobs["long"].id) is True
    for thread in threads:
        thread.join(30)
    assert outcomes["long"].cause == "cancelled"
    assert (outcomes["short"].status, outputs_of(outcomes["short"])) == ("succeeded", {"own.txt": b"short"})
    assert left_of(jobs["long"].id) + left_of(jobs["short"].id) == []
    assert kill_job(jobs["long"].id) is False


def test_a_job_whose_container_is_removed_from_outside_was_cancelled(run, tmp_path):
    code = "import time\nprint('started', flush=True)\ntime.sleep(600)"
    outcome = run(code, on_line=lambda _: reap(tmp_path / "home", "test-removed"), id="test-removed")
    assert (outcome.status, outcome.cause) == ("failed", "cancelled")


def test_an_engine_that_goes_away_is_the_cause_and_what_it_holds_is_removed_later(make_job, tmp_path, monkeypatch):
    job = make_job("import time\nprint('epoch 1', flush=True)\ntime.sleep(600)")
    genuine = container_engine.engine_address().removeprefix("unix://")
    if not genuine.startswith("/"):
        pytest.skip("the engine is not behind a local socket")
    monkeypatch.chdir(tmp_path)
    with Between(Path("between.sock"), genuine) as between:
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/between.sock")
        outcome = run_job(job, tmp_path / "home", lambda _: between.close())
    assert (outcome.status, outcome.cause) == ("failed", "engine")
    assert Path(outcome.log).read_text().startswith("epoch 1\n")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{genuine}")
    assert len(left_of(job.id)) == 3
    assert len(reap(tmp_path / "home")) >= 3
    assert left_of(job.id) == []


class Between:
    """Passes bytes between a client and the engine until it is closed."""

    def __init__(self, path, engine):
        self._engine, self._open = engine, []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(50)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            engine = socket.socket(socket.AF_UNIX)
            engine.connect(self._engine)
            self._open += [client, engine]
            for pair in ((client, engine), (engine, client)):
                threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def close(self):
        for opened in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            opened.close()


def test_an_open_network_is_only_there_when_asked_for_and_is_told(run):
    outcome = run("import socket\nprint([name for _, name in socket.if_nameindex()])", {"network": "bridge"})
    assert "eth0" in Path(outcome.log).read_text()
    assert outcome.isolation["network"] == "bridge"
    assert "network open" in outcome.isolation["not_protected"]


def test_an_interruption_leaves_nothing_behind(run):
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("import time\ntime.sleep(600)", cancelled=interrupt)


def test_after_kill_9_the_container_ends_by_itself_and_the_reaper_removes_all(make_job, tmp_path):
    job = make_job("import time\nprint('started', flush=True)\ntime.sleep(600)", {"timeout_seconds": 4})
    script = (
        "import sys\nfrom pathlib import Path\nfrom tasks.adapters.container import running as container\nfrom tasks.rules.sandbox.job import Job\n"
        "container.SELF_GRACE_SECONDS = 0\n"
        "container.run_job(Job.model_validate_json(sys.argv[1]), Path(sys.argv[2]), lambda line: print(line, flush=True))"
    )
    arguments = [sys.executable, "-c", script, job.model_dump_json(), str(tmp_path / "home")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as ours:
        assert ours.stdout.readline() == "started\n"
        assert reap(tmp_path / "home") == []
        os.kill(ours.pid, signal.SIGKILL)
    assert len(left_of(job.id)) == 3
    deadline = time.monotonic() + 15
    while _runs(job.id) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not _runs(job.id)
    assert len(reap(tmp_path / "home")) >= 3
    assert left_of(job.id) == []


def _runs(job_id):
    with container_engine.connect() as client:
        return [c for c in client.containers.list(filters={"label": f"axiom.job={job_id}"}) if c.labels["axiom.role"] != "keeper"]


def test_a_missing_image_is_the_engines_lack_not_the_codes(run):
    outcome = run("print(1)", image="axiom-no-such-image:never")
    assert (outcome.status, outcome.cause) == ("failed", "engine")
    assert "axiom-no-such-image:never" in outcome.detail


def test_a_command_that_does_not_exist_is_the_codes_failure(run):
    outcome = run("", command=("no-such-command",))
    assert (outcome.cause, outcome.exit_code) == ("code", 127)
    assert "not found" in outcome.detail


@pytest.mark.parametrize(
    ("fields", "cause", "words"),
    [
        ({"folders": ("../../etc",)}, "input", "does not lie in the repository"),
        ({"copies": (FolderCopy(source="nothing.csv", target="x.csv"),)}, "input", "nothing.csv"),
        ({"limits": {"workspace_files": 1000, "workspace_bytes": 16 * MIB}}, "size", "16 MiB"),
    ],
)
def test_a_workspace_that_cannot_be_filled_starts_nothing(run, tmp_path, fields, cause, words):
    with open(tmp_path / "tree" / "giant.bin", "wb") as giant:
        giant.truncate(20 * MIB)
    outcome = run("print(1)", **fields)
    assert (outcome.status, outcome.cause) == ("failed", cause)
    assert words in outcome.detail


@pytest.mark.parametrize(
    "weakened",
    [{"NetworkMode": "bridge"}, {"SecurityOpt": []}, {"CapDrop": []}, {"Privileged": True}, {"PidMode": "host"}, {"PidsLimit": 0}],
    ids=lambda w: next(iter(w)),
)
def test_what_the_engine_made_otherwise_is_not_started(run, monkeypatch, weakened):
    genuine = container_settings.host_settings
    monkeypatch.setattr(container_settings, "host_settings", lambda limits: genuine(limits) | weakened)
    outcome = run("print('started')")
    assert outcome.cause == "policy"
    assert next(iter(weakened)) in outcome.detail
    assert outcome.log == ""


def test_without_an_engine_it_is_refused_with_the_remedy(make_job, tmp_path, monkeypatch):
    job = make_job("print(1)")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(SandboxRefused, match=r"none\.sock.*no such file.*Start Docker"):
        run_job(job, tmp_path / "home")


def test_an_engine_of_the_users_own_is_found_where_the_usual_one_is_missing(tmp_path, monkeypatch):
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(container_engine, "DEFAULT_SOCKET", f"unix://{tmp_path}/usual.sock")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert container_engine.engine_address() == f"unix://{tmp_path}/usual.sock"
    (tmp_path / "docker.sock").touch()
    assert container_engine.engine_address() == f"unix://{tmp_path}/docker.sock"
    (tmp_path / "usual.sock").touch()
    assert container_engine.engine_address() == f"unix://{tmp_path}/usual.sock"
    monkeypatch.setenv("DOCKER_HOST", "tcp://elsewhere:2376")
    assert container_engine.engine_address() == "tcp://elsewhere:2376"


def test_an_engine_that_never_answers_is_refused_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(container_engine, "ANSWER_SECONDS", 0.5)
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind("silent.sock")
        silent.listen()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/silent.sock")
        began = time.monotonic()
        with pytest.raises(SandboxRefused, match="timed out"):
            engine_status()
        assert time.monotonic() - began < 5


def test_an_engine_that_isolates_less_than_a_container_is_refused(make_job, tmp_path, monkeypatch):
    from tasks.rules.sandbox.isolation import read_status

    monkeypatch.setattr(container_engine, "read_status", lambda info, version: read_status(info | {"SecurityOptions": []}, version))
    with pytest.raises(SandboxRefused, match="no seccomp filter"):
        run_job(make_job("print(1)"), tmp_path / "home")
    assert adapter.engine_status().level == "weak"
