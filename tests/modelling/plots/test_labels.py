"""Names and numbers in a plot."""

from tasks.modelling.plots.labels import drawable_signs, label, labels, number, percent, spelled


def test_a_label_is_one_visible_line_of_bounded_length():
    assert label("a\n\tb\u202e\x00c") == "a bc"
    assert label(" ") == "(blank)"
    assert len(label("x" * 500, 26)) == 26


def test_names_cut_to_the_same_label_stay_apart():
    made = labels(["x" * 30 + "y" + "x" * 30, "x" * 30 + "z" + "x" * 30], 20)
    assert len(set(made)) == 2
    assert all(len(text) <= 20 for text in made)


def test_signs_without_a_glyph_are_written_as_their_code_points():
    missing = next(c for c in map(chr, range(0x5217, 0x9FFF)) if ord(c) not in drawable_signs()) if 0x5217 not in drawable_signs() else None
    if missing is not None:
        assert f"{ord(missing):x}" in spelled(f"a{missing}b")
    assert spelled("Größe") == "Größe"


def test_numbers_are_short_at_every_size():
    assert [number(v) for v in (0.0, 0.000123456, 12.345, 9999.0, 12345.0, 2.5e9, float("nan"))] == [
        "0", "0.000123", "12.3", "9,999", "12.3k", "2.5G", "–",
    ]  # fmt: skip


def test_a_small_share_is_not_rounded_to_nothing():
    assert [percent(v) for v in (0.0, 0.0001, 0.05, 0.5, 0.999)] == ["0 %", "< 0.1 %", "5.0 %", "50 %", "99.9 %"]
