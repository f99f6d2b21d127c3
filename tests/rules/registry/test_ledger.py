import json

import pytest

from tasks.rules.registry.ledger import ENTRY_LIMIT, Entry, Ledger, digest, entry_name, expected_rollback, read_ledger, replay, write_entry


def entry(operation, changes, **more):
    return Entry(seq=0, operation=operation, set=changes, actor="me", reason="", ts="2026-01-01T00:00:00Z", **more)


def registration(version, key=""):
    return entry("register", {version: "candidate"}, key=key or f"k{version}", source=f"models:/m-{version}")


def chain(*entries):
    """Written as a writer does: numbered, each with the hash of the text before."""
    params, head = {}, ""
    for seq, each in enumerate(entries, 1):
        text = write_entry(each.model_copy(update={"seq": seq, "previous": head}))
        params[entry_name(seq)] = text
        head = digest(text)
    return params


def moves(*steps):
    return [entry("transition", dict(step)) for step in steps]


TWO_PRODUCTIONS = [
    registration("1"), registration("2"), *moves({"1": "approved"}, {"1": "production"}, {"2": "approved"}),
    entry("transition", {"2": "production", "1": "archived"}),
]  # fmt: skip


def test_states_are_the_fold_of_the_entries():
    ledger = read_ledger(chain(*TWO_PRODUCTIONS))
    assert ledger.states == {"1": "archived", "2": "production"}
    assert (ledger.production, ledger.previous_production, ledger.length, ledger.void) == ("2", "1", 6, ())
    assert (ledger.keys, ledger.sources) == ({"k1": "1", "k2": "2"}, {"1": "models:/m-1", "2": "models:/m-2"})


def test_exported_decisions_replay_to_the_same_states():
    ledger = read_ledger(chain(*TWO_PRODUCTIONS))
    exported = json.loads(json.dumps([e.model_dump(mode="json") for e in ledger.entries]))
    assert replay([Entry.model_validate(e) for e in exported]) == ledger.states
    with pytest.raises(ValueError, match="is not registered"):
        replay(ledger.entries[2:])


def test_a_second_production_beside_the_first_counts_for_nothing():
    ledger = read_ledger(chain(*TWO_PRODUCTIONS[:-1], *moves({"2": "production"})))
    assert ledger.states == {"1": "production", "2": "approved"}
    assert "two versions in production" in ledger.void[0]


@pytest.mark.parametrize(
    "bad",
    [
        entry("transition", {"1": "production"}),
        entry("transition", {"9": "approved"}),
        entry("transition", {"1": "approved", "2": "rejected"}),
        entry("register", {"3": "production"}, key="k3"),
        entry("register", {"3": "candidate"}, key="k1"),
        entry("register", {"1": "candidate"}, key="k3"),
        entry("rollback", {"1": "production"}),
        entry("lost", {"1": "production"}),
        entry("lost", {}),
        entry("repair", {"1": "archived"}),
    ],
)
def test_an_entry_the_lifecycle_forbids_is_void_and_told(bad):
    ledger = read_ledger(chain(registration("1"), registration("2"), bad))
    assert ledger.states == {"1": "candidate", "2": "candidate"}
    assert (ledger.length, len(ledger.void)) == (3, 1)


def test_an_entry_changed_afterwards_breaks_the_chain_from_there():
    params = chain(*TWO_PRODUCTIONS)
    params["t000003"] = params["t000003"].replace('"actor":"me"', '"actor":"you"')
    ledger = read_ledger(params)
    assert "entry 4 counts for nothing: it does not follow" in ledger.void[0]
    assert ledger.states["1"] == "approved"


def test_an_entry_left_out_hides_what_comes_after_and_is_told():
    params = chain(*TWO_PRODUCTIONS)
    del params["t000002"]
    ledger = read_ledger(params | {"by hand": "x"})
    assert (ledger.length, ledger.states) == (1, {"1": "candidate"})
    assert len(ledger.void) == 5


@pytest.mark.parametrize("text", ["", "{}", "not json", "null", '{"seq": 1e999}'])
def test_nonsense_counts_for_nothing_and_the_ledger_goes_on_after_it(text):
    first = read_ledger({"t000001": text})
    assert (first.length, first.states, first.head) == (1, {}, digest(text))
    good = registration("1").model_copy(update={"seq": 2, "previous": first.head})
    assert read_ledger({"t000001": text, "t000002": write_entry(good)}).states == {"1": "candidate"}


def test_rollback_brings_back_the_version_directly_before_and_goes_on_down_the_line():
    three = [
        *TWO_PRODUCTIONS, registration("3"), *moves({"3": "approved"}), entry("transition", {"3": "production", "2": "archived"}),
    ]  # fmt: skip
    ledger = read_ledger(chain(*three))
    assert expected_rollback(ledger) == {"2": "production", "3": "archived"}
    once = read_ledger(chain(*three, entry("rollback", expected_rollback(ledger))))
    assert (once.production, once.states["3"]) == ("2", "archived")
    assert expected_rollback(once) == {"1": "production", "2": "archived"}
    twice = read_ledger(chain(*three, *(entry("rollback", expected_rollback(x)) for x in (ledger, once))))
    assert (twice.production, expected_rollback(twice)) == ("1", {})


def test_rollback_brings_back_no_other_archived_version():
    bad = entry("rollback", {"1": "production", "3": "archived"})
    three = [*TWO_PRODUCTIONS, registration("3"), *moves({"3": "approved"}), entry("transition", {"3": "production", "2": "archived"})]
    assert read_ledger(chain(*three, bad)).production == "3"


def test_after_archiving_by_hand_rollback_brings_the_same_version_back():
    ledger = read_ledger(chain(*TWO_PRODUCTIONS, *moves({"2": "archived"})))
    assert (ledger.production, expected_rollback(ledger)) == (None, {"2": "production"})


def test_a_lost_version_is_out_of_the_line():
    ledger = read_ledger(chain(*TWO_PRODUCTIONS, entry("lost", {"2": "archived"})))
    assert (ledger.production, ledger.lost, expected_rollback(ledger)) == (None, {"2"}, {"1": "production"})


def test_an_entry_is_cut_to_what_mlflow_keeps():
    long = entry("transition", {"1": "approved"}, evidence={f"e{i}": "x" * 1000 for i in range(40)})
    text = write_entry(long.model_copy(update={"reason": "r" * 9000}))
    kept = Entry.model_validate_json(text)
    assert len(text) <= ENTRY_LIMIT < 6000
    assert len(kept.reason) == 1000 and kept.evidence["dropped"] + len(kept.evidence) - 1 == 40
    assert all(len(v) == 400 for k, v in kept.evidence.items() if k != "dropped")


def test_an_empty_ledger_has_nothing_in_production():
    assert (Ledger().production, Ledger().previous_production, read_ledger({})) == (None, None, Ledger())
