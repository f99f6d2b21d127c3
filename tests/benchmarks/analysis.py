"""Cold start to written report, without a model, against a cold no-op Prefect flow plus `git clone`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.repositories import commit_all, run_git

ROOT = Path(__file__).parents[2]
SIZES = (100, 1_000, 10_000)
REPEATS = 3
NOOP = "from prefect import flow\n\n\n@flow\ndef noop():\n    return 1\n\n\nif __name__ == '__main__':\n    noop()\n"
MODULE = '''"""Part {i} of a made-up package."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler


def prepare_{i}(frame: pd.DataFrame) -> pd.DataFrame:
    """Scale the numeric columns."""
    numeric = frame.select_dtypes("number")
    scaled = StandardScaler().fit_transform(numeric)
    return pd.DataFrame(scaled, columns=numeric.columns)


def score_{i}(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    return float(np.mean(y_true == y_pred))
'''
TRAIN = """import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

data = pd.read_csv("data/train.csv")
X_train, X_test, y_train, y_test = train_test_split(data[["a", "b"]], data["label"], random_state=0)
model = LogisticRegression(random_state=0).fit(X_train, y_train)
print(model.score(X_test, y_test))
"""


def make_repository(folder: Path, files: int) -> Path:
    """A repository of so many files, one in twenty of them data."""
    for i in range(files - 2):
        part = folder / f"part_{i // 50:03}"
        part.mkdir(parents=True, exist_ok=True)
        if i % 20 == 0:
            (part / f"notes_{i}.csv").write_text("a,b,label\n" + "".join(f"{j},{j * i % 7},{j % 2}\n" for j in range(50)))
        else:
            (part / f"module_{i}.py").write_text(MODULE.format(i=i))
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "train.csv").write_text("a,b,label\n" + "".join(f"{j},{j % 7},{j % 2}\n" for j in range(1000)))
    (folder / "train.py").write_text(TRAIN)
    run_git(folder, "init", "-q", "-b", "main")
    commit_all(folder)
    return folder


class Cost(NamedTuple):
    """What a command and all it started took."""

    seconds: float
    cpu: float
    """Seconds of processor time."""
    megabytes: float
    """Peak resident memory of the largest process."""


def run(command: list[str], home: Path, cwd: Path) -> Cost:
    """Run a command with a home of its own and none of this machine's settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "AXIOM_", "MLFLOW_"))}
    environment |= {"AXIOM_HOME": str(home), "PREFECT_HOME": str(home / "prefect"), "HOME": str(home), "DO_NOT_TRACK": "1"}
    environment |= {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    home.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def bench_analysis() -> None:
    """One line for each size: the floor, a cold run, their ratio; then a second run from the cache and each agent's time."""
    print(f"\nCold start to written report against a cold no-op Prefect flow plus git clone (minimum of {REPEATS}, seconds)")
    print(f"{'files':>6} {'MB read':>8} {'floor':>7} {'axiom':>7} {'ratio':>6} {'CPU':>6} {'ratio':>6} {'peak MB':>8} {'again':>7}")
    for files in SIZES:
        with tempfile.TemporaryDirectory(prefix="axiom-bench-") as folder:
            _bench(files, Path(folder))


def _bench(files: int, folder: Path) -> None:
    repository = make_repository(folder / "repository", files)
    (folder / "noop.py").write_text(NOOP)
    floors, colds, agains = [], [], []
    analyze = [sys.executable, "-m", "flows.cli", "analyze", str(repository), "--out", str(folder / "out")]
    for turn in range(REPEATS):
        noop = run([sys.executable, "noop.py"], folder / f"noop-{turn}", folder)
        clone = run(["git", "clone", "-q", "--depth", "1", repository.as_uri(), str(folder / f"clone-{turn}")], folder, folder)
        floors.append(Cost(noop.seconds + clone.seconds, noop.cpu + clone.cpu, noop.megabytes))
        colds.append(run(analyze, folder / f"home-{turn}", ROOT))
        agains.append(run(analyze, folder / f"home-{turn}", ROOT))
    floor, cold = min(floors), min(colds)
    read = sum(f.stat().st_size for f in repository.rglob("*") if f.is_file() and ".git" not in f.parts) / 1e6
    print(
        f"{files:>6} {read:>8.1f} {floor.seconds:>7.1f} {cold.seconds:>7.1f} {cold.seconds / floor.seconds:>6.2f} {cold.cpu:>6.1f} "
        f"{cold.cpu / floor.cpu:>6.2f} {max(c.megabytes for c in colds):>8.0f} {min(agains).seconds:>7.1f}"
    )
    timings = json.loads((folder / "out" / "report.json").read_text())["timings"]
    print("       " + "  ".join(f"{name} {seconds:.2f}" for name, seconds in timings.items()))
