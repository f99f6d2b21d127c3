"""What the user asks of an execution: limits in words a person types, checked before anything is done."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, ValidationError

from tasks.errors import SettingError
from tasks.rules.sandbox.job import Limits, Network

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


class ExecutionRequest(BaseModel):
    """Validated; small JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entrypoint: str | None = None
    """Command typed by the user, instead of the one the analysis found."""
    limits: Limits = Limits()


def read_request(
    entrypoint: str | None, timeout_seconds: int, memory: str, cpus: float, disk: str, network: Network, processors: int
) -> ExecutionRequest:
    """The request of a command line or a run form; raises `SettingError` that names the option.

    `processors` is what the engine has: asking for more is met with all of them.
    """
    try:
        limits = Limits(
            timeout_seconds=timeout_seconds,
            memory_bytes=read_size(memory, "memory"),
            cpus=min(cpus, float(processors)),
            workspace_bytes=read_size(disk, "disk"),
            file_bytes=read_size(disk, "disk"),
            network=network,
        )
    except ValidationError as error:
        raise _refuse(error) from error
    return ExecutionRequest(entrypoint=(entrypoint or "").strip() or None, limits=limits)


def _refuse(error: ValidationError) -> SettingError:
    """In the user's words; of two limits that one option sets, the one that asks for more."""
    first = max(error.errors(), key=lambda e: float((e.get("ctx") or {}).get("ge", 0)))
    field, least = str(first["loc"][0]), (first.get("ctx") or {}).get("ge")
    option = "disk" if field in ("workspace_bytes", "file_bytes") else field.partition("_")[0]
    if field.endswith("_bytes") and least is not None:
        return SettingError(f"--{option} is too small", f"Give it at least {least // _UNITS['m']}m.")
    return SettingError(f"--{option}: {first['msg'].lower()}", "See `axiom execute --help`.")


def read_size(text: str, option: str) -> int:
    """Bytes of a size such as `512m` or `4g`, in binary units.

    >>> read_size("4g", "memory")
    4294967296
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise SettingError(f"--{option} is {text[:40]!r}", "Write a size such as 512m or 4g.")
    return int(float(match[1]) * _UNITS[match[2].lower()])
