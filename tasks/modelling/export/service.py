"""A service folder that stands for itself: model, runtime, app, Dockerfile, README."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from tasks.modelling.export.vendoring import requirements_text, vendor_runtime
from tasks.modelling.runtime.saving import MANIFEST, NEEDED
from tasks.modelling.runtime.versions import installed

HERE = Path(__file__).parent
_DOCKERFILE = """\
ARG BASE_IMAGE=python:{python}-slim
FROM ${{BASE_IMAGE}}
{system}WORKDIR /service
COPY requirements.txt .
RUN pip install --no-cache-dir --only-binary :all: -r requirements.txt
COPY runtime runtime
COPY app.py .
COPY model model
RUN python -m compileall -q runtime app.py && useradd --no-create-home --uid 10001 service
USER service
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1 HOME=/tmp
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \\
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["uvicorn", "app:create_app", "--factory", "--host", "0.0.0.0", "--port", "8000", "--no-server-header"]
"""
_GOMP = """\
# LightGBM needs the OpenMP runtime, which slim images may lack.
RUN ldconfig -p | grep -q libgomp.so.1 \\
 || (apt-get update && apt-get install --yes --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*)
"""


def export_service(model_folder: Path, out: Path) -> Path:
    """Write the service of a saved model into `out`, without the documents that hold rows of the training data."""
    out.mkdir(parents=True, exist_ok=True)
    model = out / "model"
    model.mkdir(exist_ok=True)
    for name in (*NEEDED, MANIFEST):
        shutil.copyfile(model_folder / name, model / name)
    versions = json.loads((model / MANIFEST).read_text(encoding="utf-8"))["versions"]
    vendor_runtime(out)
    shutil.copyfile(HERE / "app.py", out / "app.py")
    shutil.copyfile(HERE / "service.md", out / "README.md")
    (out / "requirements.txt").write_text(requirements_text(versions, installed(("fastapi", "uvicorn"))), encoding="utf-8")
    system = _GOMP if "lightgbm" in versions else ""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    (out / "Dockerfile").write_text(_DOCKERFILE.format(python=python, system=system), encoding="utf-8")
    (out / ".dockerignore").write_text("**/__pycache__\n", encoding="utf-8")
    return out
