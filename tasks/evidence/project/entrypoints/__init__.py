"""How a repository is trained, evaluated and served: the file a person runs, and what to type.

Evidence first: a file is an entry because running it comes to a fit, followed through imports and calls. Names,
documentation and places only order what the code has shown. What no command can reach is reported with little confidence.
"""

from __future__ import annotations

from typing import NamedTuple

from tasks.evidence.project.facts import Entrypoint
from tasks.evidence.snapshot import Snapshot


class Entrypoints(NamedTuple):
    train: tuple[Entrypoint, ...] = ()
    eval: tuple[Entrypoint, ...] = ()
    serve: tuple[Entrypoint, ...] = ()


def find_entrypoints(snapshot: Snapshot) -> Entrypoints:
    """The entries of each kind, most confident first; empty where there is nothing to run."""
    from tasks.evidence.project.entrypoints.candidate import ranked
    from tasks.evidence.project.entrypoints.evaluation import evaluation_candidates
    from tasks.evidence.project.entrypoints.ground import Ground
    from tasks.evidence.project.entrypoints.serving import serving_candidates
    from tasks.evidence.project.entrypoints.training import training_candidates

    ground = Ground(snapshot)
    train = ranked(snapshot, training_candidates(ground))
    evaluations = ranked(snapshot, evaluation_candidates(ground, train))
    serve = ranked(snapshot, serving_candidates(ground, train, evaluations))
    return Entrypoints(train, evaluations, serve)
