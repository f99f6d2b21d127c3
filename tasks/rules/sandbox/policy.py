"""The settings every sandbox container must have, and which of them one does not have.

The adapter makes a container from `host_settings` and, before it starts, holds what the engine says it made against
`check_settings`: a setting that an engine, a client library or a proxy dropped on the way is found there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tasks.rules.sandbox.job import GIB, Limits

USER = "65534:65534"
WORKSPACE = "/work"
HOSTNAME = "sandbox"
KEEPER_MEMORY_BYTES = 64 * 1024**2
KEEPER_PIDS = 32
SMALLEST_MEMORY = 64 * 1024**2
SMALLEST_WORKSPACE = 16 * 1024**2
TMP_BYTES = GIB
"""Bound of `/tmp` and `/dev/shm`, each, where the memory limit allows so much: both live in memory and count as such."""
OOM_SCORE_ADJ = 500
"""When the host itself runs out of memory, the sandbox goes first."""
LOG_OPTIONS = {"max-size": "5m", "max-file": "2"}
"""The engine's own copy of the log, so that a flood does not fill the host's disk."""
NAMESPACES = ("PidMode", "UTSMode", "UsernsMode")
FIXED_ENV = {"HOME": f"{WORKSPACE}/home", "TMPDIR": "/tmp", "LANG": "C.UTF-8"}


def memory_limit(limits: Limits) -> int:
    """Bytes for the container's group: what is written to the workspace is charged to it like any memory."""
    return limits.memory_bytes + limits.workspace_bytes


def scratch_bytes(limits: Limits) -> int:
    """Size of `/tmp` and of `/dev/shm`: a quarter of the memory, at most `TMP_BYTES`."""
    return min(TMP_BYTES, limits.memory_bytes // 4)


def keeper_limits(limits: Limits) -> Limits:
    """What the container that keeps the workspace alive may use: next to nothing, and no network in any case."""
    small = {
        "memory_bytes": KEEPER_MEMORY_BYTES,
        "workspace_bytes": SMALLEST_WORKSPACE,
        "cpus": 1.0,
        "pids": KEEPER_PIDS,
        "network": "none",
    }
    return limits.model_copy(update=small)


def fit_engine(limits: Limits, memory_bytes: int, cpus: int) -> Limits:
    """The same limits, lowered to what the engine's machine has: a limit beyond it would never hold. 0: not known."""
    update: dict[str, Any] = {}
    if cpus:
        update["cpus"] = min(limits.cpus, float(cpus))
    if memory_bytes:
        workspace = max(SMALLEST_WORKSPACE, min(limits.workspace_bytes, memory_bytes // 2))
        update["workspace_bytes"] = workspace
        update["memory_bytes"] = max(SMALLEST_MEMORY, min(limits.memory_bytes, memory_bytes * 9 // 10 - workspace))
    return limits.model_copy(update=update)


def volume_options(limits: Limits) -> dict[str, str]:
    """Options of the workspace: bounded in bytes and files. Executable like `/tmp`, since training may build extensions or
    unpack and load them; whoever may run Python gains nothing by it."""
    options = f"size={limits.workspace_bytes},nr_inodes={limits.workspace_files},mode=1777,uid=65534,gid=65534,nosuid,nodev"
    return {"type": "tmpfs", "device": "tmpfs", "o": options}


def host_settings(limits: Limits) -> dict[str, Any]:
    """The engine's `HostConfig` fields that a sandbox container must have, in the engine's own names and units."""
    memory = memory_limit(limits)
    return {
        "NetworkMode": limits.network,
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges:true"],
        "Init": True,
        "Memory": memory,
        "MemorySwap": memory,
        "NanoCpus": round(limits.cpus * 1e9),
        "PidsLimit": limits.pids,
        "OomScoreAdj": OOM_SCORE_ADJ,
        "ShmSize": scratch_bytes(limits),
        "IpcMode": "private",
        "CgroupnsMode": "private",
        "Tmpfs": {"/tmp": f"rw,exec,nosuid,nodev,mode=1777,size={scratch_bytes(limits)}"},
        "Ulimits": ulimits(limits),
        "LogConfig": {"Type": "json-file", "Config": LOG_OPTIONS},
        "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
    }


def ulimits(limits: Limits) -> list[dict[str, Any]]:
    """Limits of each process."""
    bounds = {"fsize": limits.file_bytes, "nofile": limits.open_files, "core": 0}
    return [{"Name": name, "Soft": bound, "Hard": bound} for name, bound in bounds.items()]


def check_settings(
    inspect: Mapping[str, Any], limits: Limits, volume: str, env: Iterable[str] = (), swap_limited: bool = True
) -> list[str]:
    """What the container that `inspect` describes lacks of the policy; empty when it may start.

    `volume` is the one mount it may have; `env` the names of variables it may have.
    An engine that says it cannot limit swap (`swap_limited`) is not held to it: that is told as not protected.
    """
    host = inspect.get("HostConfig") or {}
    wanted = host_settings(limits)
    if not swap_limited:
        del wanted["MemorySwap"]
    violations = [f"{key} is {host.get(key)!r}, not {want!r}" for key, want in wanted.items() if not _equal(host.get(key), want)]
    violations += _opened(host) + _mounts(inspect, volume)
    config = inspect.get("Config") or {}
    if config.get("User") != USER:
        violations.append(f"User is {config.get('User')!r}, not {USER!r}")
    if config.get("Tty") or config.get("OpenStdin"):
        violations.append("a terminal or standard input is attached")
    names = {entry.partition("=")[0] for entry in config.get("Env") or ()}
    extra = sorted(names - set(env) - set(FIXED_ENV))
    if extra:
        violations.append(f"variables that nobody asked for: {', '.join(extra[:5])}")
    return violations


def _equal(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return sorted(map(_text, found or ())) == sorted(map(_text, wanted))
    if isinstance(wanted, dict):
        return {k: v for k, v in (found or {}).items() if k in wanted} == wanted
    return bool(found == wanted)


def _text(item: Any) -> str:
    return repr(sorted(item.items())) if isinstance(item, dict) else str(item)


def _opened(host: Mapping[str, Any]) -> list[str]:
    """Doors that the policy never opens and an engine must not have opened."""
    doors = ("Privileged", "CapAdd", "Devices", "DeviceRequests", "DeviceCgroupRules", "GroupAdd", "VolumesFrom", "PortBindings")
    opened = [f"{door} is set" for door in (*doors, "PublishAllPorts", "Binds", "Links", "ExtraHosts", "OomKillDisable") if host.get(door)]
    opened += [f"{paths} is empty" for paths in ("MaskedPaths", "ReadonlyPaths") if host.get(paths) == []]
    return opened + [f"{name} is {host.get(name)!r}" for name in NAMESPACES if host.get(name)]


def _mounts(inspect: Mapping[str, Any], volume: str) -> list[str]:
    mounts = inspect.get("Mounts") or ()
    found = [(m.get("Type"), m.get("Name"), m.get("Destination")) for m in mounts if m.get("Type") != "tmpfs"]
    return [] if found == [("volume", volume, WORKSPACE)] else [f"mounts are {found}"]


def describe_settings(inspect: Mapping[str, Any], asked: Limits, limits: Limits) -> dict[str, str]:
    """The settings in force, as the engine says, in words for a report; and which limits had to be lowered."""
    host = inspect.get("HostConfig") or {}
    settings = {
        "network": str(host.get("NetworkMode")),
        "user": str((inspect.get("Config") or {}).get("User")),
        "capabilities": f"dropped: {', '.join(host.get('CapDrop') or ['none'])}",
        "security": ", ".join(host.get("SecurityOpt") or ()),
        "root": "read-only" if host.get("ReadonlyRootfs") else "writable",
        "memory": f"{_gib(host.get('Memory', 0))}, {_gib(limits.workspace_bytes)} of it for the workspace",
        "cpus": f"{host.get('NanoCpus', 0) / 1e9:g}",
        "processes": str(host.get("PidsLimit")),
        "runtime": str(host.get("Runtime") or ""),
    }
    if limits != asked:
        settings["lowered"] = f"asked for {_gib(asked.memory_bytes)} and {asked.cpus:g} CPUs; this engine's machine has less"
    return settings


def _gib(size: int) -> str:
    return f"{size / 2**30:.4g} GiB"
