"""A command for the sandbox and what became of it: small JSON, the only thing that crosses to a worker."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Cause = Literal[
    "code", "input", "size", "policy", "timeout", "oom", "pids", "disk", "engine", "network", "model", "cancelled", "infrastructure"
]
"""`code` is the command's own failure; `engine` and `infrastructure` are never the command's."""
Network = Literal["none", "bridge"]
Role = Literal["train", "evaluate", "smoke", "probe", "features"]
GIB = 1024**3


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Value):
    """What one job may use. Every one is enforced by the kernel or the engine, none by the code that runs."""

    timeout_seconds: int = Field(default=3600, ge=1, le=7 * 24 * 3600)
    memory_bytes: int = Field(default=4 * GIB, ge=64 * 1024**2)
    """For the processes; what the workspace holds counts beside it, see `workspace_bytes`."""
    cpus: float = Field(default=2.0, ge=0.05, le=256)
    """Less than a few hundredths, and the container cannot even be started."""
    pids: int = Field(default=512, ge=16)
    open_files: int = Field(default=4096, ge=64)
    file_bytes: int = Field(default=2 * GIB, ge=1024**2)
    """Largest apparent size of one file (`RLIMIT_FSIZE`): a sparse giant is refused too."""
    workspace_bytes: int = Field(default=4 * GIB, ge=16 * 1024**2)
    """Size of the in-memory volume that holds the repository's copy and all output."""
    workspace_files: int = Field(default=200_000, ge=1000)
    log_bytes: int = Field(default=20 * 1024**2, ge=64 * 1024)
    """Log kept: head and tail; what lies between is counted and dropped."""
    network: Network = "none"


class FolderCopy(_Value):
    """A file of the repository that is also wanted under another name, such as a Windows path taken literally."""

    source: str
    target: str


class Job(_Value):
    """One untrusted command. Paths are relative to the repository's root unless said otherwise."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{7,63}$")
    """Unique per attempt; names the job's folder, container and volume."""
    run: str
    """Label of the execution this belongs to, for people and the reaper."""
    role: Role
    image: str
    """Id of a local image; never pulled."""
    command: tuple[str, ...]
    workdir: str = "."
    env: dict[str, str] = {}
    limits: Limits = Limits()
    tree: str
    """Absolute host folder that is copied to `/work/repo`: an export without `.git`."""
    overlays: tuple[str, ...] = ()
    """Absolute host folders copied over it in turn, such as the outputs of training."""
    folders: tuple[str, ...] = ()
    """Folders made before the command starts."""
    copies: tuple[FolderCopy, ...] = ()


class JobOutcome(_Value):
    """What became of a job. An expected bad case is a value here, not an exception."""

    status: Literal["succeeded", "failed"]
    cause: Cause | None = None
    """None when it succeeded."""
    detail: str = ""
    """One sentence for a person: which limit, with its value."""
    exit_code: int | None = None
    """None when the command was ended from outside before it returned."""
    oom: bool = False
    """The kernel killed a process for memory, also when the command went on and returned 0."""
    seconds: float = 0.0
    """From the start of the container to its end."""
    log: str = ""
    """Absolute path of the kept log."""
    log_dropped_bytes: int = 0
    outputs: str = ""
    """Absolute folder with the new and changed regular files, and nothing else."""
    skipped: dict[str, str] = {}
    """Outputs that were not taken, with the reason: links, devices, too large, a name that leads elsewhere."""
    changed: tuple[str, ...] = ()
    """Outputs that replace a file of the repository."""
    peak_memory_bytes: int | None = None
    """Files in the workspace included."""
    workspace_used: float | None = None
    """Proportion 0-1 of the workspace's bytes at the end."""
    isolation: dict[str, str] = {}
    """Settings in force, read back from the engine before the start."""
