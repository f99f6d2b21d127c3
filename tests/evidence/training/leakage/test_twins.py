from tests.benchmarks.twins import TWINS, score_twins, total


def test_leaks_of_the_twins_are_found_and_clean_twins_are_not_accused():
    summed = total(score_twins())
    assert summed.precision >= 0.97, summed.false_alarms
    assert summed.recall >= 0.92, summed.missed


def test_every_leaky_twin_has_a_mark_and_a_clean_twin_without_one():
    for leaky in TWINS.glob("*/*_leaky.*"):
        clean = leaky.with_name(leaky.name.replace("_leaky", "_clean"))
        assert "# LEAK" in leaky.read_text(), leaky
        assert clean.exists() and "# LEAK" not in clean.read_text(), clean


def test_at_least_twelve_kinds_have_ten_pairs():
    kinds = [k for k in TWINS.iterdir() if k.is_dir() and len(list(k.glob("*_leaky.*"))) >= 10]
    assert len(kinds) >= 12
