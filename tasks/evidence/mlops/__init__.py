"""How the repository is kept: what it depends on, what checks it, what it records, and what must not be in it.

One file per question; nothing here runs a tool of the repository or asks a network.
"""

from __future__ import annotations

from tasks.evidence.mlops.facts import MlopsFacts
from tasks.evidence.snapshot import Snapshot


def collect(snapshot: Snapshot) -> MlopsFacts:
    """The MLOps facts of a repository."""
    from tasks.evidence.mlops.ci import find_pipelines
    from tasks.evidence.mlops.containers import find_compose_files, find_dockerfiles
    from tasks.evidence.mlops.dependencies import find_dependency_files
    from tasks.evidence.mlops.install_commands import find_installed
    from tasks.evidence.mlops.large_files import find_large_files
    from tasks.evidence.mlops.licence import find_licences
    from tasks.evidence.mlops.lock import find_locks
    from tasks.evidence.mlops.model_card import find_model_cards
    from tasks.evidence.mlops.python_version import find_python_versions
    from tasks.evidence.mlops.readme import read_readme
    from tasks.evidence.mlops.registry import find_registrations
    from tasks.evidence.mlops.secrets import find_secrets
    from tasks.evidence.mlops.tests import read_tests
    from tasks.evidence.mlops.tracking import find_trackers

    trackers = find_trackers(snapshot)
    return MlopsFacts(
        dependencies=find_dependency_files(snapshot),
        installed=find_installed(snapshot),
        locks=find_locks(snapshot),
        python=find_python_versions(snapshot),
        ci=find_pipelines(snapshot),
        dockerfiles=find_dockerfiles(snapshot),
        compose=find_compose_files(snapshot),
        tests=read_tests(snapshot),
        trackers=trackers,
        registrations=find_registrations(snapshot, trackers),
        licences=find_licences(snapshot),
        secrets=find_secrets(snapshot),
        large_files=find_large_files(snapshot),
        readme=read_readme(snapshot),
        model_cards=find_model_cards(snapshot),
        environments=snapshot.environments,
    )
