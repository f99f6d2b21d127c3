"""The self-test's probes: what each shows, and whether what was seen inside the sandbox means that the limit holds.

After the conformance tests that inspect_ai asks of every sandbox provider. What a probe could not see does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from tasks.rules.sandbox.job import Job, JobOutcome, Limits
from tasks.rules.sandbox.policy import FIXED_ENV, scratch_bytes

MIB = 1024**2
PROBE_LIMITS = Limits(
    timeout_seconds=60, memory_bytes=256 * MIB, cpus=0.5, pids=64, open_files=256, file_bytes=64 * MIB, workspace_bytes=64 * MIB,
    workspace_files=2000, log_bytes=256 * 1024,
)  # fmt: skip
"""Small, so that each is met within a second or two."""
CPU_TOLERANCE = 1.35
"""The scheduler grants its share per tenth of a second; over two seconds it may be exceeded by so much."""
ENVIRONMENT = frozenset({*FIXED_ENV, "PATH", "HOSTNAME", "LC_CTYPE", "PWD"})
CERTIFICATES = frozenset(
    {"SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "GPG_KEY", "PYTHON_VERSION", "PYTHON_SHA256", "PYTHON_PIP_VERSION"}
)
"""Variables that images of Python bring along."""


class Probe(BaseModel):
    """One promise, and whether it holds on this engine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    promise: str
    holds: bool
    seen: str
    """What came of trying it."""


Seen = Mapping[str, Any]
Check = Callable[[Seen], bool]
_REFUSED = ("EPERM", "EACCES", "EROFS", "ENOSYS", "refused")


def _failed(name: str) -> Check:
    return lambda seen: seen.get(name) not in (None, "connected", "written", "made", "allowed") and "." not in str(seen.get(name))


def _is(name: str, wanted: Any) -> Check:
    return lambda seen: name in seen and seen[name] == wanted


def _within(name: str, low: float, high: float) -> Check:
    return lambda seen: isinstance(seen.get(name), (int, float)) and low <= seen[name] <= high


def _zero_hex(name: str) -> Check:
    return lambda seen: bool(seen.get(name)) and int(seen[name], 16) == 0


INSIDE: tuple[tuple[str, str, str, Check], ...] = (
    ("internet", "no way to the internet", "internet", _failed("internet")),
    ("metadata", "no cloud metadata", "metadata", _failed("metadata")),
    ("dns", "no name is resolved", "dns", _failed("dns")),
    ("interfaces", "no network interface but loopback", "interfaces", _is("interfaces", ["lo"])),
    ("environment", "nothing of the host's environment", "environment",
     lambda seen: "environment" in seen and set(seen["environment"]) <= ENVIRONMENT | CERTIFICATES),
    ("engine socket", "no socket of the engine", "socket", _is("socket", [])),
    ("user", "not root", "uid", lambda seen: seen.get("uid", 0) != 0),
    ("capabilities", "no capability in force", "CapEff", _zero_hex("CapEff")),
    ("capability bound", "no capability can be gained", "CapBnd", _zero_hex("CapBnd")),
    ("no new privileges", "setuid programs give nothing", "NoNewPrivs", _is("NoNewPrivs", "1")),
    ("system call filter", "seccomp filters system calls", "Seccomp", _is("Seccomp", "2")),
    ("root file system", "the root file system is read-only", "root_write", _failed("root_write")),
    ("system files", "system files cannot be changed", "etc_write", _failed("etc_write")),
    ("kernel settings", "kernel settings cannot be changed", "sysctl_write", _failed("sysctl_write")),
    ("mounts", "nothing can be mounted", "mount", lambda seen: seen.get("mount") in _REFUSED),
    ("namespaces", "no user namespace can be made", "unshare", lambda seen: seen.get("unshare") in _REFUSED),
    ("keyrings", "no kernel keyring", "keyring", lambda seen: seen.get("keyring") in _REFUSED),
    ("devices", "no device can be made", "device", _failed("device")),
    ("device files", "only harmless devices are there", "devices",
     lambda seen: "devices" in seen and set(seen["devices"]) <= {"full", "null", "random", "tty", "urandom", "zero"}),
    ("processes", "no process of the host is seen", "processes", _within("processes", 1, 6)),
    ("open files", "open files are limited", "open_files", _is("open_files", PROBE_LIMITS.open_files)),
    ("core dumps", "no core dumps", "core", _is("core", 0)),
    ("temporary folder", "the temporary folder is bounded", "tmp_bytes", _within("tmp_bytes", 1, scratch_bytes(PROBE_LIMITS))),
    ("process limit", "a fork bomb stops", "forks", _within("forks", 1, PROBE_LIMITS.pids)),
    ("file size", "a sparse giant is refused", "sparse", _is("sparse", "EFBIG")),
    ("disk quota", "the workspace is bounded in bytes", "fill", _within("fill", 1, PROBE_LIMITS.workspace_bytes)),
    ("file quota", "the workspace is bounded in files", "many_files", _within("many_files", 1, PROBE_LIMITS.workspace_files)),
    ("orphans", "orphaned processes are reaped", "zombies", _is("zombies", 0)),
    ("processors", "processor time is limited", "cpu", _within("cpu", 0.01, PROBE_LIMITS.cpus * CPU_TOLERANCE)),
)  # fmt: skip
"""Name, promise, what is looked at, and when it holds."""


def read_inside(seen: Seen) -> list[Probe]:
    """The probes that ran inside, from the one line of JSON they printed."""
    return [
        Probe(name=name, promise=promise, holds=check(seen), seen=_short(seen.get(key, "nothing was seen")))
        for name, promise, key, check in INSIDE
    ]


def read_outside(look: JobOutcome, memory: JobOutcome, linger: JobOutcome, kept_log: int, left: Sequence[str], outputs: Sequence[str], reaped: bool) -> list[Probe]:  # fmt: skip
    """The probes seen from outside: what became of the jobs and what they left."""

    def probe(name: str, promise: str, holds: bool, seen: object) -> Probe:
        return Probe(name=name, promise=promise, holds=holds, seen=_short(seen))

    return [
        probe("memory", "memory is limited, and told when the program says 0", memory.oom and memory.cause == "oom",
              f"{memory.cause or 'no cause'}, exit code {memory.exit_code}"),
        probe("time limit", "a time-out ends all, also children that ignore signals", linger.cause == "timeout" and not left,
              f"{linger.cause or 'no cause'} after {linger.seconds:.1f} s, left over: {', '.join(left) or 'nothing'}"),
        probe("log volume", "the log is bounded", 0 < kept_log <= 2 * PROBE_LIMITS.log_bytes and linger.log_dropped_bytes > 0,
              f"{kept_log:,} bytes kept, {linger.log_dropped_bytes:,} dropped"),
        probe("outputs", "only regular files are taken out", list(outputs) == ["honest.txt"] and {"link", "fifo"} <= set(look.skipped),
              f"taken {', '.join(outputs) or 'nothing'}; left {', '.join(sorted(look.skipped)) or 'nothing'}"),
        probe("after a crash", "what our own crash leaves is removed", reaped, "removed" if reaped else "still there"),
    ]  # fmt: skip


def probe_job(name: str, run: str, image: str, tree: str) -> Job:
    """The job of one probe script in `tree`."""
    limits = PROBE_LIMITS.model_copy(update={"timeout_seconds": 5}) if name == "linger" else PROBE_LIMITS
    return Job(id=f"{run}-{name}", run=run, role="probe", image=image, command=("python3", f"{name}.py"), limits=limits, tree=tree)


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text[:100] or "nothing"
