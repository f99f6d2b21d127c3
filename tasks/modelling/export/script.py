"""`predict.py` with what it needs beside it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tasks.modelling.export.vendoring import PYARROW, vendor_runtime, write_requirements
from tasks.modelling.runtime.versions import installed


def write_predict_script(out: Path, versions: Mapping[str, str]) -> Path:
    """`out/predict.py`, `out/runtime/` and `out/requirements.txt`; the model itself belongs in `out/model/`."""
    out.mkdir(parents=True, exist_ok=True)
    vendor_runtime(out)
    # Only Parquet rows need it.
    write_requirements(out, versions, installed((PYARROW,)))
    path = out / "predict.py"
    shutil.copyfile(Path(__file__).parent / "predict.py", path)
    return path
