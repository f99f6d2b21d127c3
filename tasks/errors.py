"""Every error a user can meet, on one page.

AxiomError                    the base: says what happened and what to do
├── UserError                 exit 2: the input is at fault, one line with cause and remedy
│   ├── SourceRefused         the repository's address is not allowed
│   ├── CloneFailed           missing, private, too slow or too large
│   ├── SettingError          a setting or option cannot be used
│   ├── SandboxRefused        no engine answers, or it does not isolate as well as is required
│   ├── DataRefused           a table cannot be read, or nothing can be built from it
│   └── TransitionRefused     a model cannot go from its state to the one wanted, or somebody was faster
└── InfrastructureError       exit 1: our side or a service of ours failed
"""

from __future__ import annotations


class AxiomError(Exception):
    """Cause and remedy in one line; `str(error)` is what the user reads."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        self.cause = cause
        self.remedy = remedy
        super().__init__(f"{cause.rstrip('.')}. {remedy}" if remedy else cause)


class UserError(AxiomError):
    """The user's input is at fault."""


class SourceRefused(UserError):
    """The repository's address is not allowed."""


class CloneFailed(UserError):
    """The repository could not be brought here: missing, private, too slow, too large."""


class SettingError(UserError):
    """A setting or an option cannot be used."""


class SandboxRefused(UserError):
    """Untrusted code is not run here: no engine answers, or its isolation is below what is required."""


class DataRefused(UserError):
    """A table cannot be read or joined, or holds nothing a model could be built from."""


class TransitionRefused(UserError):
    """The lifecycle does not allow the move, or somebody else made one first; the remedy names the legal moves."""


class InfrastructureError(AxiomError):
    """Our side, or a service of ours, failed."""
