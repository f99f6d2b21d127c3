"""What a repository declares and imports, for whoever builds an environment.

Readers of single formats are `tasks.evidence.mlops`; here their findings get one dialect (PEP 440, names of PyPI), and
every Python file its imports, so that what one entry file needs can be followed. No file of the repository is executed.
"""

from __future__ import annotations

from tasks.evidence.requirements.facts import RequirementFacts
from tasks.evidence.snapshot import Snapshot


def collect(snapshot: Snapshot) -> RequirementFacts:
    """The requirement facts of a repository."""
    from tasks.evidence.requirements.imports import read_imports
    from tasks.evidence.requirements.lists import find_lists
    from tasks.evidence.requirements.locks import read_locks
    from tasks.evidence.requirements.python import find_declared_python

    files, left_out = read_imports(snapshot)
    return RequirementFacts(
        lists=find_lists(snapshot),
        locks=read_locks(snapshot),
        python=find_declared_python(snapshot),
        files=files,
        files_left_out=left_out,
    )
