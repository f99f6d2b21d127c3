"""training: what the deployment of the sandbox pool points at. It is a name and a place in the UI, and is never executed.

The worker of that pool (`workers/sandbox.py`) starts no Python of ours: the run's container holds the untrusted command
of one job, with no Prefect in it. The execution flow writes the job and starts the run: it cannot be started by hand.
"""

from __future__ import annotations

from prefect import flow

from tasks.errors import SettingError


@flow(name="training")
def training() -> None:
    """A command of a repository in its sandbox; started by the execution flow, run by a worker of type docker-sandbox."""
    raise SettingError(
        "The training flow is not run as a flow", "Start the execution flow: its commands run on a work pool of type docker-sandbox."
    )
