"""The image that generated code runs in: the versions of numpy, pandas and the rest that this installation has, made once."""

from __future__ import annotations

import importlib.metadata
import threading
from collections.abc import Callable
from pathlib import Path

from tasks.adapters.environment.image import build_environment, find_environment
from tasks.errors import AxiomError, SandboxRefused
from tasks.rules.execution.plan import BuildFailure, BuiltEnvironment, EnvironmentPlan, Requirement

LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "matplotlib")
PYTHON = "3.11"


def plan_environment() -> EnvironmentPlan:
    """Exact versions, so that a feature is computed in the sandbox as it is beside the model."""
    wanted = tuple(Requirement(name=n, specifier=f"=={importlib.metadata.version(n)}", source="generated code") for n in LIBRARIES)
    return EnvironmentPlan(python=PYTHON, python_reason="for generated code", requirements=wanted)


def image_within(home: Path, seconds: float, say: Callable[[str], None] | None = None) -> str:
    """Id of the image, found or made in so many seconds. Raises SandboxRefused with the remedy when there is none by then."""
    plan = plan_environment()
    found = find_environment(plan)
    if found is not None:
        return found.image
    made: list[BuiltEnvironment | BuildFailure | AxiomError] = []
    worker = threading.Thread(target=_build, args=(plan, home, say, made), daemon=True)
    worker.start()
    worker.join(max(0.0, seconds))
    result = made[0] if made else None
    if isinstance(result, BuiltEnvironment):
        return result.image
    if isinstance(result, AxiomError):
        raise result
    if isinstance(result, BuildFailure):
        raise SandboxRefused(f"The sandbox's image could not be made: {result.detail}", "Look at the package index it installs from.")
    raise SandboxRefused("The sandbox's image is not ready yet: it is made once", "Give a larger budget, or try again in a minute.")


def _build(
    plan: EnvironmentPlan, home: Path, say: Callable[[str], None] | None, made: list[BuiltEnvironment | BuildFailure | AxiomError]
) -> None:
    try:
        made.append(build_environment(plan, home, say))
    except AxiomError as error:
        made.append(error)
