"""What a pickle would import, from its opcodes. Nothing is loaded.

Joblib writes raw arrays between opcodes, where a disassembly ends; the bytes behind are searched for imports by their shape.
"""

from __future__ import annotations

import io
import pickletools
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MAX_OPCODES = 2_000_000
SEARCH_BYTES = 256 * 1024**2
_CHUNK, _OVERLAP = 8 * 1024**2, 512
_GLOBAL = re.compile(rb"c([a-zA-Z_][\w.]{0,80})\n([a-zA-Z_][\w.]{0,80})\n")
_SHORT = re.compile(
    rb"\x8c[\x01-\x60]((?:os|posix|nt|subprocess|pty|socket|runpy|webbrowser|ctypes|importlib|shutil|builtins|__builtin__))\x94?\x8c"
)
_MODULES = frozenset(
    [
        "os", "posix", "nt", "subprocess", "pty", "commands", "popen2", "socket", "ssl", "runpy", "webbrowser", "ctypes", "importlib", "shutil",
        "sys", "signal", "code", "codeop", "pip", "requests", "urllib", "http", "httplib", "httpx", "aiohttp", "asyncio", "multiprocessing",
        "ftplib", "smtplib", "telnetlib", "pickle", "_pickle", "marshal", "pdb", "bdb", "timeit", "cProfile", "trace", "platform", "tempfile",
        "pathlib", "imp", "pkgutil", "distutils", "setuptools", "paramiko", "fileinput", "linecache", "ensurepip", "venv",
    ]
)  # fmt: skip
"""Nothing in these belongs to a fitted model."""
_NAMES = frozenset(
    [
        "builtins.eval", "builtins.exec", "builtins.compile", "builtins.open", "builtins.__import__", "builtins.input", "builtins.breakpoint",
        "builtins.globals", "builtins.setattr", "builtins.delattr", "io.open", "_io.open", "io.FileIO", "_io.FileIO", "operator.attrgetter",
        "operator.methodcaller", "_operator.attrgetter", "_operator.methodcaller", "types.CodeType", "types.FunctionType", "torch.hub.load",
        "torch.load", "numpy.load", "joblib.load", "pandas.read_pickle", "pandas.eval", "numpy.testing._private.utils.runstring",
        "numpy.f2py.crackfortran.getlincoef",
    ]
)  # fmt: skip
_HARMLESS = frozenset(["pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath", "pathlib.PureWindowsPath", "pathlib.Path"])
_STRINGS = frozenset(
    ["STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"]
)  # fmt: skip


class PickleScan(NamedTuple):
    globals: tuple[str, ...]
    """What would be imported, sorted."""
    dangerous: tuple[str, ...]
    complete: bool
    """The opcodes were read up to STOP."""
    opcodes: int


def scan_pickle(stream: BinaryIO) -> PickleScan:
    """Imports of the pickle that starts at the stream's position; malformed ones are incomplete, never an error."""
    found: set[str] = set()
    state = _State()
    complete, count = False, 0
    try:
        for opcode, argument, _ in pickletools.genops(stream):
            count += 1
            if (name := state.see(opcode.name, argument)) is not None:
                found.add(name)
            complete = opcode.name == "STOP"
            if count >= MAX_OPCODES:
                break
    except (ValueError, IndexError, KeyError, OverflowError, MemoryError, UnicodeError, TypeError, AttributeError):
        complete = False
    if not complete and stream.seekable():
        found.update(_searched(stream))
    return PickleScan(tuple(sorted(found)), tuple(sorted(n for n in found if is_dangerous(n))), complete, count)


def is_dangerous(name: str) -> bool:
    """Whether an import of that name runs or reaches more than a model needs.

    >>> is_dangerous("posix.system"), is_dangerous("sklearn.linear_model._base.LinearRegression")
    (True, False)
    """
    name = name.replace("__builtin__.", "builtins.", 1)
    return name not in _HARMLESS and (name in _NAMES or name.split(".")[0] in _MODULES or name.startswith("?"))


class _State:
    """The last strings on the stack and in the memo: what STACK_GLOBAL puts together."""

    def __init__(self) -> None:
        self._recent: list[str] = []
        self._memo: dict[int, str] = {}
        self._memoized = 0
        self._last: str | None = None

    def see(self, opcode: str, argument: object) -> str | None:
        """The import that the opcode asks for, if it does; `?` when its name is computed."""
        if opcode in ("GLOBAL", "INST"):
            self._last = None
            return str(argument).replace(" ", ".", 1)[:200]
        if opcode == "STACK_GLOBAL":
            self._last = None
            return ".".join(self._recent[-2:])[:200] if len(self._recent) >= 2 else "?"
        if opcode in _STRINGS:
            self._push(str(argument)[:100])
        elif opcode in ("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"):
            key = self._memoized if opcode == "MEMOIZE" else int(str(argument))
            if opcode == "MEMOIZE":
                self._memoized += 1
            if self._last is not None:
                self._memo[key] = self._last
        elif opcode in ("GET", "BINGET", "LONG_BINGET"):
            text = self._memo.get(int(str(argument)))
            self._push(text) if text is not None else self._other()
        else:
            self._other()
        return None

    def _push(self, text: str) -> None:
        self._recent = [*self._recent[-3:], text]
        self._last = text

    def _other(self) -> None:
        self._last = None


def _searched(stream: BinaryIO) -> Iterator[str]:
    stream.seek(0)
    tail = b""
    for _ in range(SEARCH_BYTES // _CHUNK):
        chunk = stream.read(_CHUNK)
        if not chunk:
            return
        data = tail + chunk
        for match in _GLOBAL.finditer(data):
            yield f"{match[1].decode()}.{match[2].decode()}"
        for match in _SHORT.finditer(data):
            if match[1] not in (b"builtins", b"__builtin__"):
                yield f"{match[1].decode()}.*"
        tail = data[-_OVERLAP:]


def scan_bytes(data: bytes) -> PickleScan:
    """The same for a pickle in memory."""
    return scan_pickle(io.BytesIO(data))
