"""The command as a user types it: a real process with its own home."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

AXIOM = [sys.executable, "-m", "flows.cli"]
TRAIN = """import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
data = pd.read_csv("data.csv")
X_train, X_test, y_train, y_test = train_test_split(data[["x"]], data["label"], random_state=0)
model = LogisticRegression(random_state=0).fit(X_train, y_train)
print("accuracy", model.score(X_test, y_test))
"""
DATA = "x,label\n" + "".join(f"{i},{i % 2}\n" for i in range(60))


def axiom(home, *arguments, **options):
    environment = os.environ | {"AXIOM_HOME": str(home), "PREFECT_HOME": str(home / "prefect"), **options.pop("env", {})}
    environment.pop("PREFECT_API_URL", None)
    return subprocess.run([*AXIOM, *arguments], capture_output=True, text=True, timeout=280, env=environment, **options)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("analyze", "http://169.254.169.254/latest/meta-data"), "AXIOM_ALLOWED_HOSTS"),
        (("analyze", "https://user:secret@github.com/a/b"), "credential"),
        (("analyze", "ext::sh -c whoami"), "https"),
        (("analyze", "./nowhere-to-be-found"), "nowhere-to-be-found"),
        (("analyze", ".", "--fail-on", "bogus"), "bogus"),
        (("analyze", ".", "--fail-under", "11"), "fail-under"),
        (("nonsense",), "nonsense"),
        (("analyze", ""), "address"),
        (("analyze", __file__), "is a file"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_two(axiom_home, tmp_path, arguments, words):
    result = axiom(axiom_home, *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert words in result.stderr
    assert "secret" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_settings_in_the_analysed_folder_are_not_ours(axiom_home, make_repository, tmp_path):
    """`axiom analyze .` inside a repository that would send us to its own server, and brings modules named as ours."""
    hostile = {
        "prefect.toml": '[api]\nurl = "http://127.0.0.1:9/api"\n',
        "uvicorn.py": "raise SystemExit(3)\n",
        "train.py": TRAIN,
        "data.csv": DATA,
    }
    folder = make_repository(hostile)
    command = [str(Path(sys.executable).with_name("axiom")), "analyze", ".", "--out", str(tmp_path / "out")]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {"AXIOM_HOME": str(axiom_home)}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out" / "report.html").exists()


def test_json_on_stdout_progress_on_stderr_and_a_missed_gate_is_three(axiom_home, make_repository, tmp_path):
    folder = make_repository({"train.py": TRAIN, "data.csv": DATA})
    result = axiom(axiom_home, "analyze", str(folder), "--json", "--fail-under", "10", cwd=tmp_path)
    assert result.returncode == 3, result.stderr
    report = json.loads(result.stdout)
    assert report["facts"]["train_entrypoints"][0]["file"] == "train.py"
    assert "gate missed: score" in result.stderr
    assert (tmp_path / "axiom-out" / "project" / "report.html").exists()


def test_kill_9_in_the_middle_and_a_rerun_give_the_report_of_an_undisturbed_run_and_one_mlflow_run(axiom_home, make_repository, tmp_path):
    folder = make_repository({"train.py": TRAIN, "data.csv": DATA})
    _kill_in_the_middle(axiom_home, folder, tmp_path)
    again = axiom(axiom_home, "analyze", str(folder), "--json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    undisturbed = axiom(tmp_path / "other-home", "analyze", str(folder), "--json", cwd=tmp_path)
    assert _without_times(again.stdout) == _without_times(undisturbed.stdout)
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{axiom_home}/mlflow/mlflow.db")
    assert len(client.search_runs([client.get_experiment_by_name("axiom/analysis").experiment_id])) == 1


def _kill_in_the_middle(home: Path, folder: Path, cwd: Path) -> None:
    environment = os.environ | {"AXIOM_HOME": str(home), "PREFECT_HOME": str(home / "prefect")}
    process = subprocess.Popen(
        [*AXIOM, "analyze", str(folder)], env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not list(home.glob("cache/clones/*/facts/*/*.json")):
        time.sleep(0.1)
    assert process.poll() is None, "it ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def _without_times(text: str) -> dict:
    report = json.loads(text)
    report.pop("timings")
    return report


def test_a_home_that_cannot_be_is_a_users_mistake(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    result = axiom(blocked / "home", "analyze", ".", cwd=tmp_path)
    assert (result.returncode, len(result.stderr.strip().splitlines())) == (2, 1)
    assert "AXIOM_HOME" in result.stderr


def test_what_would_fail_at_the_end_fails_at_the_start(axiom_home, make_repository, tmp_path):
    folder = make_repository({"train.py": TRAIN})
    (tmp_path / "file").write_text("")
    unwritable = axiom(axiom_home, "analyze", str(folder), "--out", str(tmp_path / "file" / "out"), cwd=tmp_path)
    assert (unwritable.returncode, "--out" in unwritable.stderr) == (2, True)
    unknown = axiom(axiom_home, "analyze", str(folder), "--model", "nonsense/model", cwd=tmp_path)
    assert (unknown.returncode, "nonsense/model" in unknown.stderr) == (2, True)
    unreachable = subprocess.run(
        [*AXIOM, "analyze", str(folder)],
        env=os.environ | {"AXIOM_HOME": str(axiom_home), "PREFECT_API_URL": "http://127.0.0.1:9/api"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (unreachable.returncode, "PREFECT_API_URL" in unreachable.stderr) == (2, True)
    assert not list(axiom_home.glob("reports/*"))
