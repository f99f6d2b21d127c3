"""What a container costs: the same command in the sandbox and in a plain virtual environment, and how soon a second run trains."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.repositories import commit_all, run_git

ROOT = Path(__file__).parents[2]
REPEATS = 3
REQUIREMENTS = "scikit-learn\n"
TRAIN = """import pickle

from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

X, y = make_classification(20_000, 30, n_informative=12, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = RandomForestClassifier(300, random_state=0, n_jobs=2).fit(X_train, y_train)
print("accuracy:", accuracy_score(y_test, model.predict(X_test)))
pickle.dump(model, open("model.pkl", "wb"))
"""


def bench_execution() -> None:
    """Seconds and their ratio; skipped, and said so, where no engine answers."""
    from tasks.adapters.container.running import engine_status
    from tasks.errors import SandboxRefused

    try:
        engine_status()
    except SandboxRefused as refused:
        print(f"\nExecution: not measured. {refused}")
        return
    with tempfile.TemporaryDirectory(prefix="axiom-bench-") as folder:
        _bench(Path(folder))


def _bench(folder: Path) -> None:
    repository = folder / "repository"
    repository.mkdir()
    (repository / "train.py").write_text(TRAIN)
    (repository / "requirements.txt").write_text(REQUIREMENTS)
    run_git(repository, "init", "-q", "-b", "main")
    commit_all(repository)
    plain = min(_plain(repository, folder) for _ in range(REPEATS))
    boxed = min(_boxed(repository, folder, turn) for turn in range(REPEATS))
    print(f"\nThe same training in the sandbox and in a virtual environment, image cached (minimum of {REPEATS}, seconds)")
    print(f"plain {plain:.1f}  sandbox {boxed:.1f}  ratio {boxed / plain:.2f}  bound 1.1 x plain + 3 = {1.1 * plain + 3:.1f}")
    starts = [_start(repository, folder, turn) for turn in range(1 + REPEATS)]
    print(f"Seconds from the command to the start of training: first {starts[0]:.1f}, second and later at best {min(starts[1:]):.1f}")


def _plain(repository: Path, folder: Path) -> float:
    """The command in a virtual environment of the same packages, made once."""
    environment = folder / "venv"
    if not environment.exists():
        from uv import find_uv_bin

        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
        subprocess.run([find_uv_bin(), "venv", "--no-config", "--python", sys.executable, str(environment)], **quiet)
        subprocess.run(
            [find_uv_bin(), "pip", "install", "--no-config", "--compile-bytecode", "--python", str(environment), "scikit-learn"], **quiet
        )
    started = time.monotonic()
    variables = {"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    subprocess.run([str(environment / "bin" / "python"), "train.py"], cwd=repository, check=True, stdout=subprocess.DEVNULL, env=variables)
    return time.monotonic() - started


def _boxed(repository: Path, folder: Path, turn: int) -> float:
    """The same in a container, from the call to the outputs being here; the image is made before."""
    from tasks.adapters.container.running import run_job
    from tasks.adapters.environment.image import build_environment
    from tasks.rules.execution.plan import BuildFailure, EnvironmentPlan, Requirement
    from tasks.rules.execution.runtime_env import runtime_env
    from tasks.rules.sandbox.job import Job, Limits

    plan = EnvironmentPlan(python="3.11", requirements=(Requirement(name="scikit-learn", source="requirements.txt:1"),))
    built = build_environment(plan, folder / "home")
    assert not isinstance(built, BuildFailure), built
    tree = folder / "tree"
    tree.mkdir(exist_ok=True)
    (tree / "train.py").write_text(TRAIN)
    limits = Limits()
    job = Job(
        id=f"bench-{os.getpid()}-{turn}", run=f"bench-{os.getpid()}", role="train", image=built.image, command=("python", "train.py"),
        env=runtime_env(limits), limits=limits, tree=str(tree),
    )  # fmt: skip
    started = time.monotonic()
    outcome = run_job(job, folder / "home")
    assert outcome.status == "succeeded", outcome
    return time.monotonic() - started


def _start(repository: Path, folder: Path, turn: int) -> float:
    """Seconds until `axiom execute` says that training starts; the command is left to end by itself."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "MLFLOW_"))} | {"AXIOM_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "flows.cli", "execute", str(repository), "--out", str(folder / "out")]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    seconds = float("nan")
    for line in process.stderr:
        if re.match(r"training_execution .*attempt 1", line):
            seconds = time.monotonic() - started
    process.wait()
    return seconds
