"""The model that leaves: refitted with the sealed rows where time allows, saved without pickle, ready to predict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.modelling.finish.champion import OpenChampion, make_predictor
from tasks.modelling.finish.sealed import Tested
from tasks.modelling.runtime.predictor import Predictor
from tasks.rules.building.schedule import writing_seconds

if TYPE_CHECKING:
    from tasks.modelling.session import Session
    from tasks.rules.building.result import Export


@dataclass(frozen=True)
class MadeModel:
    """What was written below `final/`."""

    folder: Path
    refitted: bool
    exports: tuple[Export, ...]


def write_model(session: Session, champion: OpenChampion, tested: Tested) -> MadeModel:
    """Refit, save, and the files around the model. The sealed score is of the model before the refit, and the result says so."""
    from tasks.modelling.export.package import finalize_files

    predictor, refitted = _refit(session, champion, tested)
    out = session.workspace / "final"
    d = session.development
    exports = finalize_files(
        predictor, d.raw, d.frame, out, deadline=session.written_by,
        about={"score": tested.facts.estimate.model_dump(), "seed": session.request.seed},
    )  # fmt: skip
    return MadeModel(out, refitted, exports)


def _refit(session: Session, champion: OpenChampion, tested: Tested) -> tuple[Predictor, bool]:
    """The members fitted again with the sealed rows added; the fold models themselves where that takes too long."""
    from tasks.modelling.training.refit import refit

    until = session.written_by - writing_seconds(session.profile.rows)
    again = refit(
        champion.data, tested.sealed.frame, tested.sealed.y, champion.members, champion.folder, until, tested.sealed.groups,
        session.request.jobs,
    )  # fmt: skip
    if again is None:
        return champion.predictor, False
    views, parts = again
    return make_predictor(session, views, parts, champion.decision), True
