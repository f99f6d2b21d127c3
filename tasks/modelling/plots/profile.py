"""Plots of the table before anything is trained."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tasks.evidence.table.facts import TableProfile
from tasks.modelling.plots.columns import view_table
from tasks.modelling.plots.distributions import draw_histograms, draw_missing, draw_target, draw_target_over_time
from tasks.modelling.plots.drawing import draw_in_turn
from tasks.modelling.plots.plot import Plot
from tasks.modelling.plots.relations import draw_categories, draw_correlations, draw_scatter_matrix, draw_violins
from tasks.modelling.plots.sampling import ROWS
from tasks.rules.building.contract import Contract


def draw_profile_plots(
    frame: pd.DataFrame,
    y: NDArray[np.generic],
    profile: TableProfile,
    contract: Contract,
    folder: Path,
    deadline: float,
    *,
    notes: list[str] | None = None,
) -> list[Plot]:
    """Plots of canonical development rows, `y` as class codes or numbers, written to `folder` before `deadline` (Unix seconds).

    The most important are drawn first; at most 20,000 rows are looked at, and the captions say so. What could not be drawn is
    told in `notes`.
    """
    view = view_table(frame, y, profile, contract, ROWS)
    drawers = (
        draw_target,
        draw_histograms,
        draw_correlations,
        draw_violins,
        draw_categories,
        draw_missing,
        draw_scatter_matrix,
        draw_target_over_time,
    )
    return draw_in_turn([(d.__name__.removeprefix("draw_"), partial(d, view, folder)) for d in drawers], deadline, notes)
