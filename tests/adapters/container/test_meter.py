"""Counters of a control group, of either version."""

from tasks.adapters.container.meter import Meter, find_folders


class NoEngine:
    """Nothing is asked of it while the kernel's files are there."""


def measure(root, monkeypatch, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.setattr("tasks.adapters.container.meter.find_folders", lambda name: find_folders(name, root))
    meter = Meter(NoEngine(), "abc")
    for _ in range(100):
        if meter.measured.pids_refused is not None:
            break
        meter._thread.join(0.02)
    return meter.stop()


def test_first_version_has_a_folder_for_each_controller(tmp_path, monkeypatch):
    files = {
        "memory/docker/abc/memory.max_usage_in_bytes": "1048576\n",
        "memory/docker/abc/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
        "pids/docker/abc/pids.current": "7\n",
        "pids/docker/abc/pids.events": "max 3\n",
    }
    seen = measure(tmp_path, monkeypatch, files)
    assert (seen.peak_memory, seen.oom_kills, seen.peak_pids, seen.pids_refused) == (1048576, 2, 7, 3)


def test_second_version_has_one_folder(tmp_path, monkeypatch):
    folder = "system.slice/docker-abc.scope"
    files = {
        f"{folder}/memory.peak": "2097152\n",
        f"{folder}/memory.events": "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 0\n",
        f"{folder}/pids.peak": "11\n",
        f"{folder}/pids.events": "max 0\n",
    }
    seen = measure(tmp_path, monkeypatch, files)
    assert (seen.peak_memory, seen.oom_kills, seen.peak_pids, seen.pids_refused) == (2097152, 1, 11, 0)


def test_an_engine_elsewhere_has_no_folder_here(tmp_path):
    assert find_folders("abc", tmp_path) == {}
