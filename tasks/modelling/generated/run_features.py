"""Runs inside the sandbox container: the generated `fit` and `transform` on tables without a target, in the order asked.

python run_features.py STEPS.json

Nothing it writes is believed: rows, names, sizes and values are checked outside, and another container must give the same.
"""

import json
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent))
from plain_table import read_table, write_table

FAILED = 3


def main() -> None:
    steps = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    here = Path.cwd()
    np.random.seed(0)
    try:
        code = (here / "generated_features.py").read_text(encoding="utf-8")
        module: dict[str, Any] = {"__name__": "generated_features"}
        exec(compile(code, "generated_features.py", "exec"), module)
        for step in steps:
            run(module, step, here)
    except BaseException:
        Path(here / "out").mkdir(exist_ok=True)
        (here / "out" / "error.txt").write_text(traceback.format_exc(limit=-4)[-1500:], encoding="utf-8")
        raise SystemExit(FAILED) from None


def run(module: dict[str, Any], step: dict[str, str], here: Path) -> None:
    rows = read_table(here / step["table"])
    (here / "out").mkdir(exist_ok=True)
    if "fit" in step:
        state = module["fit"](rows.copy()) if "fit" in module else {}
        (here / step["fit"]).write_text(json.dumps({} if state is None else state, default=plain), encoding="utf-8")
        return
    state = json.loads((here / step["state"]).read_text(encoding="utf-8"))
    made = module["transform"](rows.copy(), state)
    if not isinstance(made, pd.DataFrame):
        raise TypeError(f"transform must return a DataFrame, not {type(made).__name__}")
    write_table(made.reset_index(drop=True)[[c for c in made.columns if c not in set(rows.columns)]], here / step["out"])


def plain(value: Any) -> Any:
    """numpy and pandas values of a state as JSON."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, pd.Series):
        return value.to_dict()
    raise TypeError(f"the state holds a {type(value).__name__}, which is no JSON")


if __name__ == "__main__":
    main()
