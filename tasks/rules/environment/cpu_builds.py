"""What GPU packages become on a machine without one: the CPU build of the same library, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.rules.environment.wanted_packages import Wanted

CPU_BUILD = {
    "tensorflow-gpu": "tensorflow",
    "tf-nightly-gpu": "tensorflow",
    "faiss-gpu": "faiss-cpu",
    "faiss-gpu-cu11": "faiss-cpu",
    "faiss-gpu-cu12": "faiss-cpu",
    "onnxruntime-gpu": "onnxruntime",
    "paddlepaddle-gpu": "paddlepaddle",
    "onnxruntime-training": "onnxruntime",
}
"""Same modules, same versions, no GPU."""
GPU_ONLY = re.compile(
    r"(?:nvidia-.+|cupy(?:-.+)?|pycuda|cudf(?:-.+)?|cuml(?:-.+)?|cugraph(?:-.+)?|dask-cudf(?:-.+)?|rmm(?:-.+)?|numba-cuda|gpustat|pynvml|"
    r"flash-attn|apex|tensorrt(?:-.+)?|torch-tensorrt|nvitop|py3nvml|cuda-python|triton)"
)
"""Without use, or not installable, where there is no GPU."""
CUDA_NAME = re.compile(r"(?P<name>mxnet|dgl|spconv|jaxlib)-(?:cu|cuda)\d*")
CUDA_EXTRA = re.compile(r"(?:and-)?(?:cuda|gpu|cu)\d*(?:-.+)?")
TORCH_FAMILY = ("torch", "torchvision", "torchaudio", "torchtext", "torchdata")
NCCL = ("nvidia-nccl-cu11", "nvidia-nccl-cu12", "nvidia-nccl-cu13")
"""300 MB that xgboost depends on and loads only for training on several GPUs."""


def prefer_cpu(wanted: Sequence[Wanted]) -> tuple[list[Wanted], list[str]]:
    """The wishes without GPU packages, and a note for each change."""
    kept: list[Wanted] = []
    notes: list[str] = []
    for wish in wanted:
        changed = _cpu_form(wish)
        if changed != wish:
            notes.append(
                f"{wish.line()} left out: needs a GPU" if changed is None else f"{wish.line()} replaced by {changed.line()}: no GPU here"
            )
        if changed is not None and changed not in kept:
            kept.append(changed)
    return kept, notes


def _cpu_form(wish: Wanted) -> Wanted | None:
    if GPU_ONLY.fullmatch(wish.name):
        return None
    if match := CUDA_NAME.fullmatch(wish.name):
        return replace(wish, name=match["name"])
    name = CPU_BUILD.get(wish.name, wish.name)
    # `torch==1.7.1+cu110` is the version 1.7.1 with a build that is of no use here.
    specifier = re.sub(r"\+(?:cu|cpu|rocm)[\w.]*", "", wish.specifier)
    extras = tuple(extra for extra in wish.extras if not CUDA_EXTRA.fullmatch(extra))
    return replace(wish, name=name, specifier=specifier, extras=extras)
