"""One drawing, two variants: the dark one is computed."""

import numpy as np

from tasks.modelling.plots.theme import HUES, SEQUENTIAL, TEXT, dark_colour, darkened, theme_for


def luminance(colour):
    """Relative luminance, WCAG 2.1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_ground_and_text_become_those_of_the_dark_report():
    assert (dark_colour("#ffffff"), dark_colour(TEXT)) == ("#14181e", "#e3e8ee")


def test_a_mixture_of_two_colours_is_mapped_to_the_mixture_of_their_maps():
    ground, blue = np.array([255, 255, 255]), np.array([53, 97, 143])
    half = darkened(((ground + blue) / 2).round().astype(np.uint8)[None])[0].astype(int)
    expected = (darkened(ground.astype(np.uint8)[None])[0].astype(int) + darkened(blue.astype(np.uint8)[None])[0]) / 2
    assert np.abs(half - expected).max() <= 1.5


def test_every_hue_stands_out_from_both_grounds():
    assert min(contrast(hue, "#ffffff") for hue in HUES) > 2
    assert min(contrast(dark_colour(hue), "#14181e") for hue in HUES) > 3


def test_the_first_two_hues_differ_in_lightness_for_readers_who_see_no_hue():
    assert contrast(HUES[0], HUES[1]) > 1.5
    assert contrast(dark_colour(HUES[0]), dark_colour(HUES[1])) > 1.3


def test_the_scale_runs_away_from_the_ground_in_both_variants():
    light = [luminance(c) for c in SEQUENTIAL]
    dark = [luminance(dark_colour(c)) for c in SEQUENTIAL]
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


def test_the_theme_for_another_process_holds_no_light_colour_in_its_dark_form():
    light, dark = theme_for(), theme_for(dark=True)
    assert light["rc"]["figure.facecolor"] == "#ffffff"
    assert dark["rc"]["figure.facecolor"] == "#14181e"
    assert light["rc"]["figure.dpi"] == dark["rc"]["figure.dpi"] == 150
    assert not set(light["hues"]) & set(dark["hues"])
