"""How well an engine isolates: the level, told by what the engine reports, and what it does not protect from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tasks.rules.sandbox.job import Network

Level = Literal["microvm", "gvisor", "container", "weak"]
"""From the strongest down. `weak` is an engine whose containers lack something that the level `container` stands for."""
LEVELS: tuple[Level, ...] = ("microvm", "gvisor", "container", "weak")
MICROVM_RUNTIMES = ("kata", "firecracker", "krun")
GVISOR_RUNTIMES = ("runsc",)
FIRST_ENGINE_WITHOUT_IO_URING = 25
"""Docker's default seccomp profile refuses io_uring from this version on."""
SENTENCES: dict[Level, str] = {
    "microvm": "each run has a virtual machine of its own; an escape needs a fault of the hypervisor.",
    "gvisor": "system calls are answered by a kernel in user space; an escape needs a fault of it and of the host's kernel.",
    "container": "the code shares the host's kernel; a fault of that kernel lets it escape.",
    "weak": "this engine lacks a protection that containers normally have.",
}


class EngineStatus(BaseModel):
    """The container engine that answered, as it describes itself."""

    model_config = ConfigDict(frozen=True)

    version: str
    os: str
    """`linux`: the only kind on which the policy holds."""
    arch: str
    runtime: str
    seccomp: bool
    cgroup_version: str
    storage_driver: str
    rootless: bool = False
    user_namespace: bool = False
    memory_bytes: int = 0
    cpus: int = 0
    swap_limited: bool = True
    level: Level
    problems: tuple[str, ...] = ()
    """Why the level is `weak`."""


def read_status(info: Mapping[str, Any], version: str) -> EngineStatus:
    """The engine's state and level from its `info`."""
    options = " ".join(info.get("SecurityOptions") or ())
    runtime = str(info.get("DefaultRuntime") or "")
    status: dict[str, Any] = {
        "version": version,
        "os": str(info.get("OSType") or ""),
        "arch": str(info.get("Architecture") or ""),
        "runtime": runtime,
        "seccomp": "name=seccomp" in options and "profile=unconfined" not in options,
        "cgroup_version": str(info.get("CgroupVersion") or "1"),
        "storage_driver": str(info.get("Driver") or ""),
        "rootless": "name=rootless" in options,
        "user_namespace": "name=userns" in options,
        "memory_bytes": int(info.get("MemTotal") or 0),
        "cpus": int(info.get("NCPU") or 0),
        "swap_limited": bool(info.get("SwapLimit")),
    }
    level, problems = _level(info, status)
    return EngineStatus(**status, level=level, problems=tuple(problems))


def _level(info: Mapping[str, Any], status: Mapping[str, Any]) -> tuple[Level, list[str]]:
    """The level, and what is missing where it is `weak`. A runtime is told by its program, since its name is free to choose."""
    limits = {"no memory limit": "MemoryLimit", "no limit on processes": "PidsLimit", "no CPU limit": "CpuCfsQuota"}
    missing = [problem for problem, flag in limits.items() if not info.get(flag)]
    if status["os"] != "linux":
        missing.append("containers are not Linux containers")
    known = (info.get("Runtimes") or {}).get(status["runtime"]) or {}
    program = str(known.get("path") or status["runtime"]).rpartition("/")[2]
    if not missing and any(name in program for name in MICROVM_RUNTIMES):
        return "microvm", []
    if not missing and any(name in program for name in GVISOR_RUNTIMES):
        return "gvisor", []
    if not status["seccomp"]:
        missing.append("no seccomp filter")
    return ("weak" if missing else "container"), missing


def not_protected(status: EngineStatus, network: Network) -> list[str]:
    """What stays open, for the report."""
    open_doors = []
    if status.level == "container" and not (status.rootless or status.user_namespace):
        open_doors.append("no user namespace: a fault of the kernel or engine gives root on the host")
    major = status.version.partition(".")[0]
    if status.level == "container" and major.isdigit() and int(major) < FIRST_ENGINE_WITHOUT_IO_URING:
        open_doors.append(f"io_uring is not filtered before Docker {FIRST_ENGINE_WITHOUT_IO_URING}")
    if not status.swap_limited:
        open_doors.append("swap is not limited by this kernel")
    if network != "none":
        open_doors.append("network open: the internet, other containers, services of this host beyond loopback, cloud metadata")
    return [*open_doors, "side channels of shared processors"]


def describe_isolation(status: EngineStatus, network: Network) -> dict[str, str]:
    """Level, one honest sentence and what is not protected, as every execution stores them."""
    return {
        "level": status.level,
        "means": SENTENCES[status.level],
        "not_protected": "; ".join(not_protected(status, network)),
        "engine": f"{status.version} {status.runtime} {status.os}/{status.arch}, cgroup v{status.cgroup_version}, {status.storage_driver}",
    }
