"""What is known of a model when it is registered, and when two models are the same version."""

from tasks.evidence.outputs.facts import Artifact
from tasks.rules.registry.candidate import data_hash, kept_files, model_facts, model_files, model_key
from tests.readiness import evidence
from tests.rendering.executions import claim, execution, metric


def artifact(path, kind="model", sha256="a" * 64, **changes):
    return Artifact(path=path, type=kind, format="pickle", size=9, sha256=sha256, **changes)


def test_checkpoints_are_the_model_only_where_there_is_no_finished_one():
    both = [artifact("last.ckpt", "checkpoint"), artifact("model.pkl"), artifact("plot.png", "plot")]
    assert [a.path for a in model_files(both)] == ["model.pkl"]
    assert [a.path for a in model_files(both[:1])] == ["last.ckpt"]
    assert model_files([artifact("eval.pkl", phase="evaluation")]) == []


def test_the_same_bytes_of_the_same_commit_have_one_key_whatever_their_order():
    one, other = artifact("a.pkl"), artifact("b.pkl", sha256="b" * 64)
    key = model_key("me/it", "c0ffee", "env", [one, other])
    assert model_key("me/it", "c0ffee", "env", [other, one]) == key
    assert model_key("me/it", "c0ffee", "other", [one, other]) != key
    assert model_key("me/it", "c0ffee", "env", [one, artifact("b.pkl", sha256="c" * 64)]) != key


def test_facts_hold_final_metrics_claims_and_the_scores_of_that_moment():
    run = execution(metrics=[metric("r2", 0.8), metric("r2", 0.7, is_final=False)], claims=[claim()])
    facts = model_facts(evidence(), run, [], "me/it", "c0ffee", {"data.csv": "d" * 64})
    assert [(m.name, m.value) for m in facts.metrics] == [("r2", 0.8)]
    assert [(c.name, c.verdict) for c in facts.claims] == [("r2", "reproduced")]
    assert facts.readiness_score is not None and 0 <= facts.readiness_score <= 10
    assert facts.held_out == data_hash({"data.csv": "d" * 64}) != data_hash({"data.csv": "e" * 64})


def test_data_that_is_not_here_has_no_identity():
    assert data_hash({}) == ""


def test_predictions_of_the_run_are_kept_beside_the_model_for_later_comparison():
    files = [
        artifact("model.pkl"),
        artifact("out/test_predictions.csv", "data"),
        artifact("predictor.csv", "data"),
        artifact("data.csv", "data"),
    ]
    assert [a.path for a in kept_files(files)] == ["model.pkl", "out/test_predictions.csv"]
    assert kept_files(files[1:]) == []


def test_a_percentage_and_a_proportion_are_the_same_number_to_a_gate():
    run = execution(metrics=[metric("accuracy", 93.2, unit="%")])
    assert model_facts(evidence(), run, [], "me/it", None, {}).metrics[0].value == 0.932
