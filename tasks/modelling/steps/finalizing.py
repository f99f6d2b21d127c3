"""Finalizing: the sealed test is opened once, the champion of all loops is scored, its model is written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tasks.modelling.finish.champion import open_champion
from tasks.modelling.finish.model import write_model
from tasks.modelling.finish.pictures import draw_pictures
from tasks.modelling.finish.result import make_result
from tasks.modelling.finish.sealed import score_sealed, write_predictions

if TYPE_CHECKING:
    from tasks.modelling.session import Session


def finalize(session: Session) -> dict[str, Any]:
    """`build.json` without what only the flow knows: the registration and the whole time."""
    marks = {"began": time.time()}
    champion = open_champion(session)
    tested = score_sealed(session, champion)
    marks["sealed test"] = time.time()
    pictures = draw_pictures(session, champion, tested)
    made = write_model(session, champion, tested)
    write_predictions(session, champion, tested)
    marks["model"] = time.time()
    result = make_result(session, champion, tested, made, pictures.collect())
    session.workspace.write("final/build.json", result)
    t = result.test
    told = f"{result.verdict}; {t.metric} {t.value:.4f} [{t.low:.4f}, {t.high:.4f}] on {t.rows:,} sealed rows" if t else result.verdict
    return {"seconds": {k: round(v - marks["began"], 2) for k, v in marks.items() if k != "began"}, "told": told}
