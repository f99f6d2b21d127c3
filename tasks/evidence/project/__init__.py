"""The project agent's room: what a repository is, in which languages and libraries, how one trains with it, what it claims.

`collect` reads every own file at most once as text. What prose says is a claim (`claims`), never a fact about the code.
"""

from __future__ import annotations

from tasks.evidence.project.facts import ProjectFacts
from tasks.evidence.snapshot import Snapshot

_WITHOUT_SETTINGS = frozenset(["non_ml", "data_collection", "awesome_list", "readme_only", "empty"])
"""Kinds whose command line or settings are not those of a model."""


def collect(snapshot: Snapshot) -> ProjectFacts:
    """All facts of the project section."""
    from tasks.evidence.deployment.services import find_services
    from tasks.evidence.project.claims import find_claims
    from tasks.evidence.project.config_styles import find_config_styles
    from tasks.evidence.project.entrypoints import find_entrypoints
    from tasks.evidence.project.fitting import find_fits
    from tasks.evidence.project.foreign import foreign_files
    from tasks.evidence.project.frameworks import find_frameworks
    from tasks.evidence.project.kinds import Seen, judge
    from tasks.evidence.project.languages import find_languages
    from tasks.evidence.project.layout import Layout
    from tasks.evidence.project.learning_tasks import find_tasks_of_projects
    from tasks.evidence.project.orchestrators import find_orchestrators
    from tasks.evidence.project.presence import has_training, is_ml
    from tasks.evidence.project.subprojects import describe, find_row

    foreign, fits = tuple(foreign_files(snapshot)), find_fits(snapshot)
    frameworks, layout = find_frameworks(snapshot, foreign), Layout(snapshot)
    orchestrators, services = find_orchestrators(snapshot, foreign), find_services(snapshot)
    row = find_row(layout, fits)
    seen = Seen(snapshot, layout, fits, frameworks, orchestrators, services, row)
    kind, reasons = judge(seen)
    trains, entries = has_training(kind, seen), find_entrypoints(snapshot)
    ml, train = is_ml(kind, seen), entries.train if trains else ()
    return ProjectFacts(
        is_ml=ml,
        has_training=trains,
        kind=kind,
        kind_reasons=reasons,
        languages=find_languages(snapshot),
        tasks=find_tasks_of_projects(snapshot, foreign, frameworks, trains, row, seen.fitting_notebooks)
        if ml or kind == "ml_app_no_training"
        else (),
        frameworks=frameworks.names,
        framework_places=frameworks.places,
        train_entrypoints=train,
        eval_entrypoints=entries.eval if ml else (),
        serve_entrypoints=entries.serve,
        config=() if kind in _WITHOUT_SETTINGS else find_config_styles(snapshot, orchestrators, foreign, bool(frameworks.apis)),
        orchestrator=orchestrators,
        projects=describe(row, kind, frameworks, train, fits),
        claimed_metrics=find_claims(snapshot),
    )
