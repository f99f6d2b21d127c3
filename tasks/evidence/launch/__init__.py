"""How programs are started, for whoever runs them: arguments, folders for imports, recipes, what a run asks of its surroundings.

Read only for an execution, in a reader of its own. Which program trains is told by `tasks.evidence.project`.
"""

from __future__ import annotations

from tasks.evidence.launch.facts import LaunchFacts
from tasks.evidence.snapshot import Snapshot

PROGRAMS_LIMIT = 400
"""Programs described; what reaches a fit comes first."""


def collect(snapshot: Snapshot) -> LaunchFacts:
    """The launch facts of a repository."""
    from tasks.evidence.launch.programs import describe_program
    from tasks.evidence.launch.recipes import read_recipes
    from tasks.evidence.project.entrypoints.ground import Ground
    from tasks.evidence.project.own_modules import OwnModules

    ground, own = Ground(snapshot), OwnModules(snapshot)
    training = [p for p in ground.runnable if ground.fits_in(ground.graph.from_run(p))]
    wanted = list(dict.fromkeys([*training, *ground.runnable]))[:PROGRAMS_LIMIT]
    console = {name: (path, function) for name, (path, function) in ground.console.items()}
    return LaunchFacts(
        programs=tuple(describe_program(ground, own, path) for path in wanted),
        training=tuple(training[:PROGRAMS_LIMIT]),
        recipes=read_recipes(snapshot),
        console={name: f"{_dotted(path)}:{function}" for name, (path, function) in console.items()},
        console_files={name: path for name, (path, _) in console.items()},
        documented={p: tuple(dict.fromkeys(c.text for c in ground.told(p)))[:5] for p in wanted if ground.told(p)},
    )


def _dotted(path: str) -> str:
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(parts[1:] if parts[0] in ("src", "lib", "source") and len(parts) > 1 else parts)
