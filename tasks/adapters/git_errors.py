"""What git says when it fails, as cause and remedy.

Its words may come from a hostile server: they are matched, and of an unknown error only one clipped, printable line is
shown.
"""

from __future__ import annotations

import re

from tasks.adapters.git_process import CloneLimits, GitFailed, GitStopped
from tasks.errors import AxiomError, CloneFailed, InfrastructureError
from tasks.rules.source_policy import Source

REDIRECTED = re.compile(r"returned error: 30[12378]\b")
_PRIVATE = re.compile(r"returned error: (?:401|403)\b|Authentication failed|could not read (?:Username|Password)|Permission denied")
_MISSING = re.compile(
    r"returned error: (?:404|410)\b|[Rr]epository .*not found|does not appear to be a git repository|not a git repository|"
    r"/info/refs not valid|/info/refs not found|Could not read from remote repository"
)
_UNREACHABLE = re.compile(
    r"Failed to connect|Connection (?:refused|reset|timed out)|Couldn't connect|No route to host|Network is unreachable"
)
_CERTIFICATE = re.compile(r"SSL certificate|certificate verif|SSL: |gnutls_handshake|Host key verification failed|No \w+ host key is known")
_BUSY = re.compile(r"returned error: (429|5\d\d)\b")
_SLOW = re.compile(r"Operation too slow|Operation timed out")
_BROKEN_OFF = re.compile(r"early EOF|hung up unexpectedly|unexpected disconnect|RPC failed|transfer closed|Empty reply|invalid index-pack")
TOO_LARGE = re.compile(r"died of signal 25|File too large")
"""SIGXFSZ: the kernel's limit on a file's size."""
_DISK = re.compile(r"No space left on device|Disk quota exceeded|unable to write file|write error")
_MEMORY = re.compile(r"[Oo]ut of memory|memory exhausted|malloc failed")


def explain_failure(error: GitFailed, source: Source) -> AxiomError:
    """The error a user reads when git failed on this source."""
    text, at = error.text, source.host or source.url
    if _DISK.search(text):
        return disk_full()
    if source.kind == "local":
        return _explain_local(text, source)
    known: tuple[tuple[re.Pattern[str], str, str], ...] = (
        (_MEMORY, f"What {at} sent does not fit in the memory a clone may use", "Analyse a smaller repository."),
        (_CERTIFICATE, f"{at} could not prove who it is", "Check its certificate or host key (SSL_CERT_FILE, known_hosts)."),
        (
            _PRIVATE,
            f"{source.name} on {at} is private or does not exist",
            "Clone it yourself and analyse the folder, or use ssh.",
        ),
        (_MISSING, f"There is no repository {source.name} on {at}", "Check the address; a private one must be cloned first."),
        (_SLOW, f"{at} sends too slowly", "Try again later, or clone it yourself and analyse the folder."),
        (_UNREACHABLE, f"{at} does not answer", "Check the address and the network, then try again."),
        (_BROKEN_OFF, f"{at} broke off while sending", "Try again; if it stays, clone it yourself and analyse the folder."),
    )
    busy = _BUSY.search(text)
    if busy:
        return CloneFailed(f"{at} answered with error {busy[1]}", "Try again later.")
    for pattern, cause, remedy in known:
        if pattern.search(text):
            return CloneFailed(cause, remedy)
    return CloneFailed(f"git could not read {source.name} on {at}: {_last_line(text)}", "Check it with `git ls-remote`.")


def _explain_local(text: str, source: Source) -> AxiomError:
    if _MISSING.search(text):
        return CloneFailed(
            f"{source.url} is not a git repository", "Name its top folder, or make it one: git init && git add -A && git commit -m first"
        )
    if _MEMORY.search(text):
        return CloneFailed(f"{source.url} does not fit in the memory a clone may use", "Analyse a smaller repository.")
    return CloneFailed(f"git could not read {source.url}: {_last_line(text)}", "Check it with `git fsck`.")


def explain_stop(error: GitStopped, source: Source, limits: CloneLimits) -> CloneFailed:
    """The error a user reads when a limit was reached."""
    if error.limit == "bytes":
        return CloneFailed(
            f"{source.name} is larger than {limits.clone_bytes:,} bytes", "Analyse a smaller repository, or a smaller branch with --ref."
        )
    return CloneFailed(
        f"{source.host or source.url} took too long (limit {limits.answer_seconds:g} s to answer, {limits.seconds:g} s in all)",
        "Try again later, or clone it yourself and analyse the folder.",
    )


def disk_full() -> InfrastructureError:
    """There is no room for the clone."""
    return InfrastructureError("The disk under AXIOM_HOME is full", "Free space, or set AXIOM_HOME to a folder on another disk.")


def _last_line(text: str) -> str:
    """git's own last complaint, printable and short; lines a server sent begin with `remote:`."""
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n")]
    ours = [line for line in lines if line.startswith(("fatal:", "error:"))] or ["no reason given"]
    printable = "".join(c for c in ours[-1] if c.isprintable())
    return re.sub(r"//[^/\s@]*@", "//", printable.removeprefix("fatal:").removeprefix("error:")).strip()[:200]
