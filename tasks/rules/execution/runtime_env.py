"""The environment of a command in the sandbox: as many threads as processors, no display, stores of its own, nobody's account."""

from __future__ import annotations

from tasks.rules.sandbox.job import Limits

HOME = "/work/home"
STORE = "/work/axiom"
"""Folder beside the repository's copy for what the platform asks the code to write: its MLflow store, executed notebooks."""
MLFLOW_URI = f"sqlite:///{STORE}/mlflow.db"
ACCOUNT = "axiom"
_WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}
"""Threads that wait sleep: spinning, they use up the time the container has, and a step of 20 ms takes 400 on a busy machine."""
_THREADS = (
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS",
    "BLIS_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "LOKY_MAX_CPU_COUNT", "TF_NUM_INTRAOP_THREADS",
)  # fmt: skip
_FIXED = {
    "HOME": HOME, "TMPDIR": "/tmp", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC",
    "USER": ACCOUNT, "USERNAME": ACCOUNT, "LOGNAME": ACCOUNT,
    "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONFAULTHANDLER": "1",
    "MPLBACKEND": "Agg", "QT_QPA_PLATFORM": "offscreen", "SDL_VIDEODRIVER": "dummy", "PLOTLY_RENDERER": "json",
    "MPLCONFIGDIR": f"{HOME}/.config/matplotlib", "XDG_CACHE_HOME": f"{HOME}/.cache", "NUMBA_CACHE_DIR": f"{HOME}/.cache/numba",
    "MLFLOW_TRACKING_URI": MLFLOW_URI, "MLFLOW_REGISTRY_URI": MLFLOW_URI, "MLFLOW_ALLOW_FILE_STORE": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1", "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true", "GIT_PYTHON_REFRESH": "quiet",
    "WANDB_MODE": "disabled", "WANDB_SILENT": "true", "WANDB_DIR": STORE, "WANDB_API_KEY": "0" * 40,
    "COMET_MODE": "disabled", "COMET_AUTO_LOG_DISABLE": "1", "NEPTUNE_MODE": "offline", "CLEARML_OFFLINE_MODE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0", "TF_NUM_INTEROP_THREADS": "1", "CUDA_VISIBLE_DEVICES": "",
    "TOKENIZERS_PARALLELISM": "false", "KMP_AFFINITY": "disabled", "RAY_USAGE_STATS_ENABLED": "0",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_HOME": f"{HOME}/.prefect", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    "KEDRO_DISABLE_TELEMETRY": "1", "DVC_NO_ANALYTICS": "1", "METAFLOW_USER": ACCOUNT, "METAFLOW_DEFAULT_DATASTORE": "local",
    "METAFLOW_DEFAULT_METADATA": "local", "JUPYTER_PLATFORM_DIRS": "1", "COLUMNS": "120",
}  # fmt: skip
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "PIP_NO_INDEX": "1"}
"""Without a network a library that knows of it fails at once instead of trying again for minutes."""


def runtime_env(limits: Limits) -> dict[str, str]:
    """Variables of every command under these limits.

    More threads than processors make a search of a minute one of ten; less than one processor still is one thread.
    """
    threads = str(max(1, int(limits.cpus)))
    env = dict.fromkeys(_THREADS, threads) | _WAITING | _FIXED
    return env | _OFFLINE if limits.network == "none" else env
