"""The jobs of an execution: a step of the plan with the image, the files it starts from and the limits in force."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.rules.execution.plan import ExecutionPlan, Step
from tasks.rules.execution.runtime_env import runtime_env
from tasks.rules.sandbox.job import Job, Limits, Role


def make_job(
    run: str, role: Role, number: int, step: Step, plan: ExecutionPlan, image: str, limits: Limits, tree: str, overlays: Sequence[str] = ()
) -> Job:
    """The job of one attempt. `overlays` are outputs of earlier jobs that this one starts from.

    The id is the same when the same run comes to the same attempt again, so that a crash leaves nothing that a second
    start would not find.
    """
    return Job(
        id=f"{run}-{role}-{number}",
        run=run,
        role=role,
        image=image,
        command=step.command,
        workdir=step.workdir,
        env=runtime_env(limits) | step.env,
        limits=limits,
        tree=tree,
        overlays=tuple(overlays),
        folders=plan.folders,
        copies=plan.copies,
    )
