"""`predict.py` with what it needs beside it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tasks.modelling.export.vendoring import PYARROW, requirements_text, vendor_runtime
from tasks.modelling.runtime.versions import installed


def write_predict_script(out: Path, versions: Mapping[str, str]) -> Path:
    """`out/predict.py`, `out/runtime/` and `out/requirements.txt`; the model itself belongs in `out/model/`."""
    out.mkdir(parents=True, exist_ok=True)
    vendor_runtime(out)
    # Only Parquet rows need it.
    (out / "requirements.txt").write_text(requirements_text(versions, installed((PYARROW,))), encoding="utf-8")
    path = out / "predict.py"
    shutil.copyfile(Path(__file__).parent / "predict.py", path)
    return path
