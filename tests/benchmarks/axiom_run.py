"""Ours behind the contract of `automl-bench`: the whole command, then `predict.py`, as a user would run both.

Copied beside the peers' adapters by `automl.py`; needs AXIOM_COMMAND, the path of `axiom`, in the environment.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from common import args  # of automl-bench

began = time.perf_counter()
a = args()
work = Path(a.work)
command = Path(os.environ["AXIOM_COMMAND"])
environment = os.environ | {"AXIOM_HOME": os.environ.get("AXIOM_BENCH_HOME", str(work / "home")), "AXIOM_BUILD_JOBS": str(a.jobs)}
told = [str(command), "build", a.train, "--objective", f"Predict {a.target}.", "--target", a.target, "--metric", a.metric]
told += ["--time-budget", str(a.budget), "--seed", str(a.seed), "--out", str(work / "model")]
built = subprocess.run(told, env=environment, check=False)
build_seconds = time.perf_counter() - began
if built.returncode not in (0, 3):
    sys.exit(built.returncode)
predicting = [str(command.with_name("python")), str(work / "model" / "predict.py"), a.test, "--out", str(work / "rows.csv")]
subprocess.run(predicting, check=True)
import pandas  # noqa: E402

rows = pandas.read_csv(work / "rows.csv")
rows.drop(columns=["prediction"], errors="ignore").to_csv(a.out, index=False)
result = json.loads((work / "model" / "build.json").read_text())
Path(a.meta).write_text(
    json.dumps(
        {
            "build_s": round(build_seconds, 2),
            "note": result["champion"]["name"],
            "test": result["test"] and {k: result["test"][k] for k in ("metric", "value", "low", "high")},
            "verdict": result["verdict"],
            "leaks": [leak["columns"] for leak in result["leaks"] if leak["certain"]],
            "loops": len(result["loops"]),
            "total_s": round(time.perf_counter() - began, 2),
        }
    )
)
