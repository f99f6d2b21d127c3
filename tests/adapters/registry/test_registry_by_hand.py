"""Clicks in the MLflow UI are found, told, and undone."""

from __future__ import annotations

import shutil
import warnings

import pytest

from tasks.adapters.registry import models as registry
from tasks.errors import TransitionRefused
from tests.adapters.registry.shop import Shop


@pytest.fixture(scope="module")
def made(empty_store, tmp_path_factory):
    """Two versions that were in production one after the other, and a candidate; made once."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "mlflow").mkdir()
    shutil.copyfile(empty_store, folder / "mlflow/mlflow.db")
    with pytest.MonkeyPatch.context() as environment:
        # MLflow keeps the address another test had set in its own variable.
        environment.delenv("MLFLOW_TRACKING_URI", raising=False)
        shop = Shop(folder, folder / "outputs")
        for key in "abc":
            shop.register(key)
        shop.move("1", "approved", "production")
        shop.move("2", "approved", "production")
    return folder


@pytest.fixture
def governed(made, axiom_home, tmp_path):
    """The same in a store of one's own; the artifacts stay where they are."""
    (axiom_home / "mlflow").mkdir(parents=True)
    shutil.copyfile(made / "mlflow/mlflow.db", axiom_home / "mlflow/mlflow.db")
    return Shop(axiom_home, tmp_path / "outputs")


def stage(client):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client.transition_model_version_stage("churn", "3", "Production")


CLICKS = [
    (lambda c: c.set_model_version_tag("churn", "3", "status", "production"), "status of version 3 is production, the ledger says candidate"),
    (lambda c: c.delete_model_version_tag("churn", "2", "status"), "status of version 2 is missing, the ledger says production"),
    (lambda c: c.set_registered_model_alias("churn", "production", "3"), "alias production is version 3, the ledger says version 2"),
    (lambda c: c.delete_registered_model_alias("churn", "production"), "alias production is nothing, the ledger says version 2"),
    (stage, "version 3 was given the stage Production"),
    (lambda c: c.set_model_version_tag("churn", "2", "sha256", "0" * 64), "tag sha256 of version 2 was changed"),
    (lambda c: c.delete_model_version_tag("churn", "2", "axiom.key"), "tag axiom.key of version 2 was deleted"),
    (lambda c: c.set_registered_model_tag("churn", "axiom.ledger", "0" * 32), "does not name its ledger"),
    (lambda c: c.delete_run(c.get_registered_model("churn").tags["axiom.ledger"]), "the ledger's run was deleted"),
    (lambda c: c.create_model_version("churn", "models:/churn/3"), "version 4 was added by hand"),
]  # fmt: skip


def test_each_click_is_told_and_undone_and_leaves_its_trace(governed):
    wanted = governed.shown()
    for number, (click, sentence) in enumerate(CLICKS, 1):
        click(governed.client)
        assert any(sentence in told for told in governed.look().drift), sentence
        registry.reconcile(governed.home, "churn", "ann")
        assert governed.look().drift == (), sentence
        assert [e.operation for e in governed.look().ledger.entries].count("repair") == number
    statuses, alias = governed.shown()
    assert (statuses.pop("4"), statuses, alias) == ("unmanaged", *wanted)
    length = governed.look().ledger.length
    assert registry.reconcile(governed.home, "churn", "ann") == () and governed.look().ledger.length == length


def test_the_next_decision_tells_what_was_changed_and_restores_it(governed):
    governed.client.set_registered_model_alias("churn", "production", "3")
    governed.move("3", "approved")
    assert "alias production is version 3" in governed.look().ledger.entries[-1].evidence["changed_by_hand"][0]
    assert governed.shown() == ({"1": "archived", "2": "production", "3": "approved"}, "2")


def test_a_deleted_production_is_recorded_and_rollback_finds_the_one_before(governed):
    governed.client.delete_model_version("churn", "2")
    assert governed.look().drift == ("version 2 (production) was deleted",)
    registry.reconcile(governed.home, "churn", "ann")
    found = governed.look()
    assert (found.drift, found.ledger.production, found.ledger.lost) == ((), None, {"2"})
    assert registry.rollback(governed.home, "churn", "ann", "").production == "1"
    assert governed.shown() == ({"1": "production", "3": "candidate"}, "1")


def test_a_deleted_version_cannot_be_moved(governed):
    governed.client.delete_model_version("churn", "3")
    with pytest.raises(TransitionRefused, match=r"deleted in MLflow by hand.*reconcile churn"):
        governed.move("3", "approved")


def test_a_number_given_out_again_is_another_version(governed):
    """MLflow numbers from the highest that is left."""
    governed.client.delete_model_version("churn", "3")
    made = governed.register("d")
    assert made.version == "4"
    assert sorted(governed.versions()) == ["1", "2", "4"]
    registry.reconcile(governed.home, "churn", "ann")
    assert governed.look().ledger.states == {"1": "archived", "2": "production", "3": "archived", "4": "candidate"}


def test_a_deleted_model_keeps_its_history(governed):
    governed.client.delete_registered_model("churn")
    assert governed.look().drift == ("the registered model was deleted",)
    assert governed.register("d").version == "4"
    registry.reconcile(governed.home, "churn", "ann")
    found = governed.look()
    assert (found.drift, found.ledger.lost, found.ledger.states["4"]) == ((), {"1", "2", "3"}, "candidate")


def test_an_entry_written_by_hand_counts_for_nothing_and_is_told(governed):
    run_id = governed.client.get_registered_model("churn").tags["axiom.ledger"]
    length = governed.look().ledger.length
    forged = governed.client.get_run(run_id).data.params[f"t{length:06d}"].replace('"2":"production"', '"3":"production"')
    governed.client.log_param(run_id, f"t{length + 1:06d}", forged)
    assert "counts for nothing" in governed.look().drift[0]
    governed.move("3", "approved")
    assert governed.look().ledger.states == {"1": "archived", "2": "production", "3": "approved"}
