"""The data drawn before training, in both variants, whatever the columns are called."""

import time

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tasks.modelling.plots.columns import level_strength, numeric_strength
from tasks.modelling.plots.profile import draw_profile_plots
from tests.modelling.plots.tables import contract, hostile_frame, profile

SOON = 120.0


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Plots of the hostile table, drawn once, with what was told of them."""
    frame, folder, notes = hostile_frame(), tmp_path_factory.mktemp("plots"), []
    y = (frame.iloc[:, 0] > 0).to_numpy().astype(int)
    asked = contract("binary", ("<i>no$\n", "$yes_$" * 20), "$y_$", positive="$yes_$" * 20, time_column="day")
    return draw_profile_plots(frame, y, profile(frame), asked, folder, time.time() + SOON, notes=notes), folder, notes


def test_hostile_names_and_values_cost_no_plot(hostile):
    plots, _, notes = hostile
    assert notes == []
    assert {p.name for p in plots} == {
        "class_counts", "histograms", "correlations", "violins", "categories", "missing_values", "scatter_matrix", "target_over_time",
    }  # fmt: skip


def test_both_files_have_one_size_150_dpi_and_the_ground_of_their_theme(hostile):
    plots, folder, _ = hostile
    for plot in plots:
        light, dark = Image.open(folder / plot.file_light), Image.open(folder / plot.file_dark)
        assert light.size == dark.size == (plot.width, plot.height)
        assert round(light.info["dpi"][0]) == 150
        assert (light.convert("RGB").getpixel((1, 1)), dark.convert("RGB").getpixel((1, 1))) == ((255, 255, 255), (20, 24, 30))
        assert (folder / plot.file_light).stat().st_size < 120_000


def test_captions_are_one_line_with_numbers(hostile):
    plots, _, _ = hostile
    for plot in plots:
        assert "\n" not in plot.caption
        assert any(c.isdigit() for c in plot.caption)


def test_the_caption_counts_the_classes(tmp_path):
    frame = pd.DataFrame({"a": np.arange(8.0)})
    plots = draw_profile_plots(
        frame, np.array([0] * 6 + [1] * 2), profile(frame), contract("binary", ("no", "yes")), tmp_path, time.time() + SOON
    )
    assert plots[0].caption == "y has 2 classes in 8 development rows: no is the commonest with 75 %, yes the rarest with 25 %."


def test_one_row_no_column_and_sixty_classes_are_drawn(tmp_path):
    nothing = pd.DataFrame(index=range(3))
    one = draw_profile_plots(nothing, np.array([1.0, 2.0, 3.0]), profile(nothing), contract("regression"), tmp_path, time.time() + SOON)
    assert [p.name for p in one] == ["target_histogram"]
    single = pd.DataFrame({"a": [1.0]})
    assert draw_profile_plots(single, np.array([2.0]), profile(single), contract("regression"), tmp_path, time.time() + SOON)
    wide = pd.DataFrame({"a": np.arange(120.0)})
    asked = contract("multiclass", tuple(f"class {i}" for i in range(60)))
    notes = []
    assert len(draw_profile_plots(wide, np.arange(120) % 60, profile(wide), asked, tmp_path, time.time() + SOON, notes=notes)) >= 3
    assert notes == []


def test_nothing_is_drawn_after_the_deadline_and_that_is_told(tmp_path):
    frame, notes = pd.DataFrame({"a": np.arange(9.0)}), []
    assert draw_profile_plots(frame, np.arange(9.0), profile(frame), contract("regression"), tmp_path, time.time(), notes=notes) == []
    assert "want of time: target" in notes[0]


def test_a_copy_of_the_target_is_the_strongest_column_and_a_constant_has_no_strength():
    y = np.arange(50.0)
    assert numeric_strength(y**3, y, "regression") == pytest.approx(1.0)
    assert numeric_strength(np.ones(50), y, "regression") == 0.0
    assert numeric_strength(np.repeat([0.0, 1.0], 25), np.repeat([0.0, 1.0], 25), "binary") == pytest.approx(1.0)


def test_a_level_per_row_explains_nothing():
    assert level_strength(pd.Series([str(i) for i in range(50)]), np.arange(50) % 2, "binary") == 0.0
    assert level_strength(pd.Series(["a", "b"] * 25), np.arange(50) % 2, "binary") == pytest.approx(1.0)
