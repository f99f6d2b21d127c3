"""Resolving as of a date, on the real index: metadata only, nothing is installed."""

from datetime import date

import pytest

from tasks.adapters.environment.cpu import cpu_wheels
from tasks.adapters.environment.index import IndexSettings, read_index_settings
from tasks.adapters.environment.resolve import Resolution
from tasks.adapters.environment.uv import Answer, Question, Resolver
from tasks.rules.environment.resolver_words import Complaint
from tasks.rules.environment.wanted_packages import Wanted


@pytest.fixture(scope="module")
def resolver(tmp_path_factory):
    return Resolver("3.11", "x86_64-unknown-linux-gnu", tmp_path_factory.mktemp("uv"), read_index_settings())


@pytest.fixture(scope="module")
def resolve(resolver):
    def run(*wanted, as_of=None):
        return Resolution(resolver, list(wanted), as_of, say=lambda line: None).run()

    return run


def test_the_first_date_with_wheels_is_taken(resolve):
    resolved = resolve(Wanted("scikit-learn"), as_of=date(2022, 9, 30))
    assert "scikit-learn==1.1.3" in resolved.pinned
    # 1.1.3, the first with wheels for 3.11, was uploaded on 2022-10-26.
    assert date(2022, 10, 26) <= resolved.as_of <= date(2022, 11, 2)
    assert any("first date from 2022-09-30" in note for note in resolved.notes)


def test_a_date_that_has_wheels_is_kept(resolve):
    resolved = resolve(Wanted("numpy"), as_of=date(2023, 3, 1))
    assert (resolved.pinned, resolved.as_of, resolved.notes) == (("numpy==1.24.2",), date(2023, 3, 1), ())


def test_a_pin_without_a_wheel_is_loosened_and_told(resolve):
    resolved = resolve(Wanted("numpy", "==1.17.3"), as_of=date(2023, 3, 1))
    assert resolved.pinned == ("numpy==1.24.2",)
    assert any("numpy==1.17.3 does not go with Python 3.11" in note for note in resolved.notes)


def test_a_release_candidate_is_not_taken_in_place_of_an_older_release_of_another(resolver):
    # On this day uv's own choice is tensorflow 2.13.0rc2, for the sake of a newer numpy.
    answer = resolver.ask(Question(("tensorflow-cpu", "numpy"), date(2023, 10, 3)))
    assert answer.version("tensorflow-cpu") == "2.13.1"


def test_a_package_with_nothing_but_pre_releases_can_be_had(resolve):
    resolved = resolve(Wanted("opentelemetry-sdk"), as_of=date(2025, 1, 15))
    assert {"opentelemetry-sdk==1.29.0", "opentelemetry-semantic-conventions==0.50b0"} <= set(resolved.pinned)


def test_an_exact_pin_counts_more_than_the_date(resolve):
    assert "six==1.17.0" in resolve(Wanted("six", "==1.17.0"), as_of=date(2020, 1, 1)).pinned


def test_a_guess_that_is_no_package_is_left_out_and_a_declared_one_is_not(resolve):
    guessed = resolve(Wanted("axiom-no-such-package", guessed=True), Wanted("six"))
    assert [pin.split("==")[0] for pin in guessed.pinned] == ["six"]
    assert guessed.notes == ("axiom-no-such-package left out: imported, but no package of that name exists",)
    declared = resolve(Wanted("axiom-no-such-package"), Wanted("six"))
    assert isinstance(declared, Complaint) and declared.packages == ("axiom-no-such-package",)


def test_what_has_no_wheel_at_all_is_left_for_the_container_with_its_pin(resolve):
    resolved = resolve(Wanted("docopt", "==0.6.2"), Wanted("six", "==1.16.0"))
    assert (resolved.pinned, resolved.sources) == (("six==1.16.0",), ("docopt==0.6.2",))


class Calendar:
    """An index on which each package has wheels from a day on."""

    python, platform = "3.11", "linux"

    def __init__(self, **first):
        self.first = {"numpy": date(2022, 9, 10)} | first

    def ask(self, question):
        days = {name: date.fromisoformat(day) for name, day in question.exempt.items()}
        missing = [n for n in question.lines if question.as_of and days.get(n, question.as_of) < self.first[n]]
        if missing:
            return Answer(complaint=Complaint("wheels", tuple(missing)))
        return Answer(pinned=tuple(f"{name}==1" for name in question.lines))


def test_one_late_package_does_not_drag_the_others_along():
    index = Calendar(early=date(2022, 11, 1), late=date(2023, 5, 15))
    resolved = Resolution(index, [Wanted("early"), Wanted("late")], date(2021, 3, 1), say=lambda line: None).run()
    assert date(2022, 11, 1) <= resolved.as_of <= date(2022, 11, 8)
    assert [note for note in resolved.notes if note.startswith("late as of 2023-05-")]


def test_several_late_packages_each_have_their_own_date():
    index = Calendar(early=date(2022, 11, 1), late=date(2023, 5, 15), later=date(2023, 7, 1))
    resolved = Resolution(index, [Wanted("early"), Wanted("late"), Wanted("later")], date(2021, 3, 1), say=lambda line: None).run()
    assert date(2022, 11, 1) <= resolved.as_of <= date(2022, 11, 8)
    assert sorted(note.split(":")[0][:-3] for note in resolved.notes if "no usable wheel" in note) == [
        "late as of 2023-05",
        "later as of 2023-07",
    ]


def test_a_package_is_not_late_because_its_python_is_young():
    resolved = Resolution(
        Calendar(one=date(2022, 11, 1), pure=date(2001, 1, 1)), [Wanted("one"), Wanted("pure")], date(2021, 3, 1), say=print
    ).run()
    assert date(2022, 11, 1) <= resolved.as_of <= date(2022, 11, 8)


def test_packages_that_are_late_together_have_one_date():
    index = Calendar(one=date(2022, 11, 1), two=date(2022, 12, 1))
    resolved = Resolution(index, [Wanted("one"), Wanted("two")], date(2021, 3, 1), say=lambda line: None).run()
    assert date(2022, 12, 1) <= resolved.as_of <= date(2022, 12, 8)
    assert not any(note.startswith(("one as of", "two as of")) for note in resolved.notes)


def test_an_index_that_is_away_is_a_network_complaint(tmp_path):
    away = Resolver("3.11", "linux", tmp_path, IndexSettings({"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple"}))
    assert away.ask(Question(("six",), patient=False)).complaint.kind == "network"


def test_pip_settings_count_where_uv_has_none(tmp_path):
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://one.example/simple\nextra-index-url = file:///here https://two.example/simple\n")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    found = read_index_settings(
        {"PIP_FIND_LINKS": str(wheels), "AWS_SECRET_ACCESS_KEY": "canary", "HTTPS_PROXY": "http://p:1"}, (str(config),)
    )
    assert found.wheel_folders == (wheels,)
    assert found.variables == {
        "UV_DEFAULT_INDEX": "https://one.example/simple",
        "UV_EXTRA_INDEX_URL": "https://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "HTTPS_PROXY": "http://p:1",
    }


def test_addresses_with_a_password_stay_away_from_foreign_code():
    settings = IndexSettings(
        {"UV_DEFAULT_INDEX": "https://user:secret@one.example/simple", "UV_INDEX": "two=https://t@two.example", "NO_PROXY": "a"}
    )
    assert settings.without_credentials() == {"NO_PROXY": "a"}


def test_cpu_wheels_are_told_by_their_names(tmp_path):
    for name in (
        "torch-2.1.0+cpu-cp311-cp311-linux_x86_64.whl", "torch-2.1.0+cpu-cp310-cp310-linux_x86_64.whl",
        "torch-2.2.0-cp311-cp311-manylinux1_x86_64.whl", "torch-2.1.0+cpu-cp311-cp311-win_amd64.whl", "broken.whl",
    ):  # fmt: skip
        (tmp_path / name).touch()
    assert [(w.name, str(w.version)) for w in cpu_wheels([tmp_path], "3.11", "x86_64")] == [("torch", "2.1.0+cpu")]
