"""uv on this machine, for nothing but metadata: which versions belong together. It installs, builds and runs nothing here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from packaging.utils import canonicalize_name

from tasks.adapters.environment.index import IndexSettings
from tasks.rules.environment.resolver_words import Complaint, read_complaint

RESOLVE_SECONDS = 120
"""One resolution; with a warm cache it takes well under a second."""
OUTPUT_BYTES = 2_000_000
ANY_DATE = "false"
"""uv's word for: no limit of date for this package."""


@dataclass(frozen=True)
class Question:
    """One resolution."""

    lines: tuple[str, ...]
    as_of: date | None = None
    exempt: Mapping[str, str] = field(default_factory=dict)
    """Date (ISO) or `ANY_DATE` of single packages."""
    excluded: tuple[str, ...] = ()
    """Packages left out wherever they are depended on."""
    no_dependencies: bool = False
    links: tuple[Path, ...] = ()
    """Folders of wheels."""
    torch_backend: str = ""
    unripe: tuple[str, ...] = ()
    """Where there is a date: the packages of which pre-releases count. uv by itself takes a release candidate of one package
    rather than an older release of another."""
    patient: bool = True
    """False: an index that does not answer at once is not asked again."""


@dataclass(frozen=True)
class Answer:
    """`pinned` when it resolved, else the complaint."""

    pinned: tuple[str, ...] = ()
    """`name==version`, sorted."""
    complaint: Complaint | None = None

    @property
    def names(self) -> set[str]:
        return {line.partition("==")[0] for line in self.pinned}

    def version(self, name: str) -> str:
        return next((line.partition("==")[2] for line in self.pinned if line.startswith(f"{name}==")), "")


@dataclass(frozen=True)
class Resolver:
    """uv for one Python and platform, with a cache of metadata below `cache`."""

    python: str
    platform: str
    cache: Path
    index: IndexSettings

    def ask(self, question: Question) -> Answer:
        """The newest versions that belong together, wheels only."""
        with tempfile.TemporaryDirectory(prefix="axiom-resolve-") as folder:
            return self._run(question, Path(folder))

    def _run(self, question: Question, folder: Path) -> Answer:
        (folder / "wanted.in").write_text("\n".join(question.lines) + "\n")
        (folder / "excluded.in").write_text("\n".join(question.excluded) + "\n")
        (folder / "unripe.in").write_text("".join(f"{name}>=0a0\n" for name in question.unripe))
        with open(folder / "said", "wb") as said, open(folder / "answer", "wb") as answer:
            process = subprocess.Popen(
                self._command(question), cwd=folder, env=self._environment(folder, question.patient), stdin=subprocess.DEVNULL, stdout=answer, stderr=said,
                start_new_session=True,
            )  # fmt: skip
            try:
                code = process.wait(RESOLVE_SECONDS)
            except subprocess.TimeoutExpired:
                return Answer(complaint=Complaint("timeout", tail=f"no answer of the package index within {RESOLVE_SECONDS} s"))
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        if code:
            return Answer(complaint=read_complaint(_read(folder / "said")))
        return Answer(pinned=_pins(_read(folder / "answer")))

    def _command(self, question: Question) -> list[str]:
        from uv import find_uv_bin

        command = [find_uv_bin(), "pip", "compile", "wanted.in", "--no-config", "--only-binary", ":all:", "--python-version", self.python]
        command += ["--python", sys.executable, "--python-platform", self.platform, "--no-header", "--no-annotate", "--color", "never"]
        command += ["--excludes", "excluded.in", "--no-progress", "--quiet"]
        command += [part for folder in question.links for part in ("--find-links", str(folder))]
        if question.as_of:
            command += ["--exclude-newer", question.as_of.isoformat(), "--prerelease", "explicit", "--constraints", "unripe.in"]
        command += [part for name, day in sorted(question.exempt.items()) for part in ("--exclude-newer-package", f"{name}={day}")]
        if question.no_dependencies:
            command.append("--no-deps")
        return command + (["--torch-backend", question.torch_backend] if question.torch_backend else [])

    def _environment(self, folder: Path, patient: bool) -> dict[str, str]:
        ours = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
        ours |= {"UV_CACHE_DIR": str(self.cache), "UV_PYTHON_DOWNLOADS": "never", "UV_HTTP_TIMEOUT": "30"}
        if self.index.certificates:
            ours["SSL_CERT_FILE"] = str(self.index.certificates)
        return self.index.variables | ours | ({} if patient else {"UV_HTTP_RETRIES": "0", "UV_HTTP_TIMEOUT": "8"})


def _read(path: Path) -> str:
    with open(path, "rb") as file:
        return file.read(OUTPUT_BYTES).decode(errors="replace")


def _pins(text: str) -> tuple[str, ...]:
    """`name==version` of each line, markers of other platforms aside; names normalised."""
    return tuple(sorted(_pin(line) for line in text.splitlines() if "==" in line and not line.startswith(("#", " ", "-"))))


def _pin(line: str) -> str:
    name, _, version = line.partition(";")[0].strip().partition("==")
    return f"{canonicalize_name(name.partition('[')[0])}=={version.strip()}"
