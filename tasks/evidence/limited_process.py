"""A child of ours that reads hostile input: started without our environment, bounded by the kernel, ended as a group."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

OUTPUT_LIMIT_BYTES = 200_000_000


def start_child(module: str, folder: Path, errors: IO[bytes] | int, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """`python -I -m module` in `folder`; it must call `limit_self` before it reads anything hostile."""
    return subprocess.Popen(
        [sys.executable, "-I", "-m", module],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=errors,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder), "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"},
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> str | None:
    """None when the child ended by itself, else why it did not."""
    try:
        process.communicate(request, timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"no end after {seconds:.0f} s"
    finally:
        end_child(process)
    code = process.returncode
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "CPU time or memory limit"
    return f"signal {-code}" if code < 0 else None


def end_child(process: subprocess.Popen[bytes]) -> None:
    """Kill it with everything it started, if it still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def limit_self(cpu_seconds: int, memory_bytes: int, open_files: int) -> None:
    """The limits of this process, for good. Memory is private memory; address space is bounded at four times that."""
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    limit_memory(memory_bytes)
    _limit(resource.RLIMIT_NOFILE, open_files)
    _limit(resource.RLIMIT_FSIZE, OUTPUT_LIMIT_BYTES)
    _limit(resource.RLIMIT_CORE, 0)


def limit_memory(memory_bytes: int) -> None:
    """Private memory of this process and of each it forks, for good; address space at four times that."""
    _limit(resource.RLIMIT_DATA, memory_bytes)
    _limit(resource.RLIMIT_AS, 4 * memory_bytes)


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (bound, bound))
