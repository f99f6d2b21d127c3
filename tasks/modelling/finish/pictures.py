"""Pictures of the champion, drawn by a process beside the writing of the model."""

from __future__ import annotations

import json
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.modelling.beside import work_beside
from tasks.modelling.finish.champion import OpenChampion, loops_of
from tasks.modelling.finish.sealed import Tested
from tasks.modelling.plots.plot import Plot
from tasks.modelling.workspace import replace

if TYPE_CHECKING:
    from tasks.modelling.plots.view import EvaluationView
    from tasks.modelling.session import Session

EXPLAINED_ROWS = 300
ASSEMBLING_SECONDS = 0.3
"""For copying what was drawn; pictures that are not there by then are left out."""
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Pictures:
    """Plots on their way."""

    folder: Path
    until: float

    def collect(self) -> tuple[Plot, ...]:
        """Those of the data and those of the champion, waiting for what is being drawn."""
        found: list[Plot] = []
        for name in ("profile", "evaluation"):
            file = self.folder / f"{name}.json"
            while not file.exists() and time.time() < self.until + 1.0:
                time.sleep(LOOK_SECONDS)
            if file.exists():
                found += [Plot.model_validate(p) for p in json.loads(file.read_bytes())]
        return tuple(found)


def draw_pictures(session: Session, champion: OpenChampion, tested: Tested) -> Pictures:
    """Begin to draw in a forked process."""
    folder = session.workspace / "plots"
    until = session.written_by - ASSEMBLING_SECONDS
    (folder / "evaluation.json").unlink(missing_ok=True)
    work_beside(lambda: _draw(session, champion, tested, folder, until))
    return Pictures(folder, until)


def _draw(session: Session, champion: OpenChampion, tested: Tested, folder: Path, until: float) -> None:
    """In the forked process."""
    plots: list[dict[str, Any]] = []
    try:
        from tasks.modelling.plots.evaluation import draw_evaluation_plots

        view = _view(session, champion, tested)
        plots = [p.model_dump(mode="json") for p in draw_evaluation_plots(view, folder, until)]
    except Exception:  # pictures never cost the build
        replace(session.workspace / "errors/pictures.txt", traceback.format_exc().encode())
    finally:
        replace(folder / "evaluation.json", json.dumps(plots).encode())


def _view(session: Session, champion: OpenChampion, tested: Tested) -> EvaluationView:
    from tasks.modelling.plots.view import EvaluationView

    return EvaluationView(
        contract=session.contract, y=tested.sealed.y, prediction=tested.prediction, rows_are="sealed test rows",
        threshold=champion.predictor.threshold, candidates=champion.outcome.candidates,
        loops=[loop.facts for loop in loops_of(session) if loop.facts is not None], test=tested.facts,
        explanation=_explain(champion),
    )  # fmt: skip


def _explain(champion: OpenChampion) -> Any:
    """SHAP values of the heaviest boosted member on rows it was not fitted on; None where they are not cheap."""
    from tasks.modelling.explaining import explain_member
    from tasks.modelling.training.store import Store

    return explain_member(Store(champion.folder), champion.candidates, champion.data, EXPLAINED_ROWS)
