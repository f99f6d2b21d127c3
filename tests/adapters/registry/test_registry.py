"""Against a real SQLite MLflow."""

from __future__ import annotations

import json

import pytest

from tasks.adapters.registry import models as registry
from tasks.adapters.registry.comparison import compare_versions, judge_version
from tasks.errors import InfrastructureError, SettingError, TransitionRefused, UserError
from tasks.rules.registry.ledger import Entry, replay


def test_a_model_is_kept_as_bytes_and_never_loaded(shop):
    made = shop.register()
    assert (made.model, made.version, made.state) == ("churn", "1", "candidate")
    version = shop.versions()["1"]
    model = shop.client.get_logged_model(version.source.removeprefix("models:/"))
    assert model.tags["mlflow.model.isExternal"] == "true" and str(model.status) == "READY"
    assert version.tags["sha256"] == model.tags["sha256/model.pkl"]
    assert {m.key: m.value for m in model.metrics} == {"final/test_accuracy": 0.9}
    import mlflow

    with pytest.raises(mlflow.MlflowException, match="cannot be loaded"):
        mlflow.pyfunc.load_model(version.source)
    assert not (shop.folder / "pwned").exists()


def test_the_same_key_is_the_same_version_in_its_state_now(shop):
    shop.register("a")
    shop.move("1", "approved")
    again = shop.register("a")
    assert (again.version, again.state, len(shop.versions())) == ("1", "approved", 1)
    assert shop.register("b").version == "2"


def test_a_promotion_archives_the_old_production_in_the_same_entry_and_mlflow_shows_it(shop):
    for key in "ab":
        shop.register(key)
    shop.move("1", "approved", "production")
    shop.move("2", "approved", "production", evidence={"verdict": "promote_b"}, thresholds={"alpha": 0.05})
    assert shop.shown() == ({"1": "archived", "2": "production"}, "2")
    last = shop.look().ledger.entries[-1]
    assert (last.set, last.before) == ({"2": "production", "1": "archived"}, {"2": "approved", "1": "production"})
    assert (last.actor, last.reason, last.evidence, last.thresholds) == ("ann", "because", {"verdict": "promote_b"}, {"alpha": 0.05})


def test_decisions_are_seen_in_mlflow_and_replay_to_the_states(shop):
    shop.register("a")
    shop.move("1", "approved", "production")
    run_id = shop.client.get_registered_model("churn").tags["axiom.ledger"]
    run = shop.client.get_run(run_id)
    assert sorted(run.data.params) == ["t000001", "t000002", "t000003"]
    told = json.loads((shop.home / "mlflow/artifacts/axiom-registry" / run_id / "artifacts/decisions.json").read_text())
    assert replay([Entry.model_validate(e) for e in told]) == {"1": "production"}
    page = (shop.home / "mlflow/artifacts/axiom-registry" / run_id / "artifacts/decisions.md").read_text()
    assert "| ann | transition | 1: approved &gt; production | because |" in page


def test_what_the_lifecycle_forbids_is_refused_and_writes_nothing(shop):
    shop.register()
    with pytest.raises(TransitionRefused, match=r"candidate and cannot become production\. Legal moves from candidate: approved, rejected"):
        shop.move("1", "production")
    shop.move("1", "rejected")
    with pytest.raises(TransitionRefused, match="terminal"):
        shop.move("1", "approved")
    assert shop.look().ledger.length == 2


def test_rollback_brings_back_the_version_before_in_one_step(shop):
    for key in "ab":
        shop.register(key)
        shop.move(shop.register(key).version, "approved", "production")
    ledger = registry.rollback(shop.home, "churn", "ann", "worse in production")
    assert (ledger.states, ledger.entries[-1].operation) == ({"1": "production", "2": "archived"}, "rollback")
    assert shop.shown() == ({"1": "production", "2": "archived"}, "1")
    with pytest.raises(TransitionRefused, match="no earlier production version"):
        registry.rollback(shop.home, "churn", "ann", "again")


def test_unknown_models_name_those_that_exist(shop):
    with pytest.raises(UserError, match=r"No model is registered yet"):
        shop.look()
    shop.register()
    with pytest.raises(UserError, match=r"no governed model named chrn\. Models are: churn\."):
        shop.look("chrn")


def test_a_model_made_by_somebody_else_is_left_alone(shop):
    shop.client.create_registered_model("theirs")
    with pytest.raises(UserError, match="does not govern"):
        shop.register(name="theirs")


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "link", "linked/file", "folder"])
def test_files_that_lead_elsewhere_are_refused(shop, path, tmp_path):
    from tasks.adapters.registry.files import staged
    from tasks.rules.registry.facts import ModelFacts

    (tmp_path / "secret").write_text("s")
    (shop.folder / "link").symlink_to(tmp_path / "secret")
    (shop.folder / "linked").symlink_to(tmp_path)
    (tmp_path / "file").write_text("s")
    (shop.folder / "folder").mkdir()
    with pytest.raises((ValueError, OSError)), staged(shop.home, shop.folder, [path], ModelFacts()):
        pass


def test_keys_and_metrics_that_cannot_be_taken_are_refused_at_the_door(shop):
    with pytest.raises(ValueError, match="a key is"):
        shop.register("it's")
    with pytest.raises(ValueError, match="finite"):
        shop.register(accuracy=float("nan"))
    with pytest.raises(SettingError, match="cannot name a model"):
        shop.register(name="a/b")


def test_the_gate_compares_on_the_same_rows_where_both_kept_predictions(shop):
    truth = [i % 2 for i in range(60)]

    def table(wrong):
        return "id,y_true,y_pred\n" + "".join(f"{i},{t},{1 - t if i < wrong else t}\n" for i, t in enumerate(truth))

    shop.register("a", accuracy=0.5, predictions=table(30))
    shop.register("b", accuracy=0.9, predictions=table(6))
    found = compare_versions(shop.home, "churn", "1", "v2")
    assert (found.gate.verdict, found.gate.paired.n, found.gate.paired.test) == ("promote_b", 60, "mcnemar_exact")
    assert found.gate.paired.p_value == pytest.approx(2 / 2**24)
    assert compare_versions(shop.home, "churn", "2", "1").gate.verdict == "reject_b"
    with pytest.raises(SettingError, match="compared with itself"):
        compare_versions(shop.home, "churn", "1", "v1")
    with pytest.raises(UserError, match=r"no version 9 .* 1 \(candidate\), 2 \(candidate\)"):
        compare_versions(shop.home, "churn", "1", "9")
    with pytest.raises(SettingError, match=r"Measured were: test_accuracy\."):
        compare_versions(shop.home, "churn", "1", "2", "test_f1")


def test_files_changed_in_the_artifact_store_fail_the_gate(shop):
    shop.register()
    kept = next(shop.home.glob("mlflow/artifacts/**/files/model.pkl"))
    assert judge_version(shop.home, shop.look(), "1").verdict == "promote_b"
    kept.write_bytes(b"another model")
    assert judge_version(shop.home, shop.look(), "1").reasons[0] == "file model.pkl is not the one that was registered"
    facts = next(shop.home.glob("mlflow/artifacts/**/model.json"))
    facts.write_text(facts.read_text().replace("0.9", "0.99"))
    with pytest.raises(InfrastructureError, match="cannot be trusted"):
        judge_version(shop.home, shop.look(), "1")
