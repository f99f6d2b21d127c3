"""A saved model predicts the same to the last bit, in any process; what was changed or could run code is refused."""

import hashlib
import io
import json
import os
import pickle
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import skops.io

from tasks.modelling.runtime.calibration import PlattCalibrator
from tasks.modelling.runtime.saving import ModelRefused, load_model, save_model
from tasks.modelling.training.families.registry import FAMILIES
from tests.modelling.models import ALL, CLASSIFIERS, EACH, REGRESSIONS, fit_predictor, raw_table, run_script

NEW = raw_table(40, seed=7)


def scores(predictor, table=NEW):
    return predictor.predict_proba(table) if predictor.classes else predictor.predict(table)


@pytest.fixture(scope="module")
def predictor():
    made = fit_predictor(["logistic", "extra_trees", "lightgbm", "catboost"], columns=ALL, weights=[0.4, 0.3, 0.2, 0.1])
    return replace(made, calibrator=PlattCalibrator(1.3, -0.2), threshold=0.37, about={"metric": "roc_auc"})


@pytest.fixture
def saved(predictor, tmp_path):
    folder = tmp_path / "model"
    return folder, save_model(predictor, folder, {"signature.json": "{}"})


def test_every_family_is_among_those_tested():
    assert {*CLASSIFIERS, *REGRESSIONS} == set(FAMILIES)


@pytest.mark.parametrize(("family", "task"), EACH)
def test_every_family_predicts_the_same_after_saving(family, task, tmp_path):
    predictor = fit_predictor([family], task, table=raw_table(70))
    save_model(predictor, tmp_path)
    assert np.array_equal(scores(load_model(tmp_path)), scores(predictor))


def test_an_ensemble_on_texts_and_dates_is_whole_again(predictor, saved):
    folder, digest = saved
    again = load_model(folder, digest)
    assert np.array_equal(scores(again), scores(predictor)) and np.array_equal(again.predict(NEW), predictor.predict(NEW))
    assert again.threshold == 0.37 and again.about == {"metric": "roc_auc"} and again.columns == ALL
    assert [(p.name, p.weight) for p in again.parts] == [(p.name, p.weight) for p in predictor.parts]


def test_a_loaded_model_can_be_saved_again(predictor, saved, tmp_path):
    save_model(load_model(saved[0]), tmp_path / "again")
    assert np.array_equal(scores(load_model(tmp_path / "again")), scores(predictor))


def test_another_process_predicts_the_same(predictor, saved, tmp_path):
    NEW.to_pickle(tmp_path / "rows.pkl")
    code = (
        "import sys, pandas; sys.path.insert(0, sys.argv[1]); from tasks.modelling.runtime.saving import load_model; "
        "print(load_model(sys.argv[2]).predict_proba(pandas.read_pickle(sys.argv[3]))[:, 1].tolist())"
    )
    done = run_script("-W", "ignore", "-c", code, os.getcwd(), saved[0], tmp_path / "rows.pkl")
    assert json.loads(done.stdout) == scores(predictor)[:, 1].tolist(), done.stderr


@pytest.mark.parametrize("name", ["state.skops", "parts.zip", "schema.json", "signature.json"])
def test_a_file_with_one_other_byte_is_refused_by_name(saved, name):
    path = saved[0] / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelRefused, match=f"{name} is not the file"):
        load_model(saved[0])


def test_a_manifest_that_was_changed_with_its_files_is_told_by_the_digest(saved):
    folder, digest = saved
    retold(folder, "schema.json", (folder / "schema.json").read_bytes() + b" ")
    assert load_model(folder).target == "bought"
    with pytest.raises(ModelRefused, match="not the one that was registered"):
        load_model(folder, digest)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": "other"}, "no model of ours"),
        ({"format_version": 99}, "has format 99"),
        ({"files": {}}, "does not list"),
        ({"versions": {"scikit-learn": "0.1.0"}}, "scikit-learn"),
        ({"versions": {"no-such-library": "1.0"}}, "not installed"),
    ],
)
def test_a_manifest_of_something_else_is_refused(saved, changes, told):
    path = saved[0] / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(ModelRefused, match=told):
        load_model(saved[0])


def test_a_folder_without_a_model_says_what_to_give(tmp_path):
    with pytest.raises(ModelRefused, match=r"holds no model\.json\. Give the folder"):
        load_model(tmp_path)


def test_a_manifest_cannot_name_files_elsewhere(saved):
    path = saved[0] / "model.json"
    told = json.loads(path.read_text())
    told["files"]["../outside"] = told["files"]["schema.json"]
    path.write_text(json.dumps(told))
    with pytest.raises(ModelRefused, match="outside the model"):
        load_model(saved[0])


# What an attacker who may write the whole folder, hashes included, gets: nothing run.


def retold(folder, name, content):
    """The file replaced, and the manifest made to agree."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "model.json").read_text())
    manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "model.json").write_text(json.dumps(manifest))


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, mark):
        self.mark = str(mark)

    def __reduce__(self):
        return os.mkdir, (self.mark,)


def renamed(content, old, new):
    """A skops file whose schema names another type."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == "schema.json" else data)
    return made.getvalue()


def test_a_pickle_in_place_of_the_state_never_runs(saved, tmp_path):
    retold(saved[0], "state.skops", pickle.dumps(Trap(tmp_path / "ran")))
    with pytest.raises(ModelRefused, match="not a skops file"):
        load_model(saved[0])
    assert not (tmp_path / "ran").exists()


def test_a_pickle_in_place_of_an_array_never_runs(saved, tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(saved[0] / "parts.zip") as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            trapped = io.BytesIO()
            np.save(trapped, np.array([Trap(tmp_path / "ran")], dtype=object), allow_pickle=True)
            target.writestr(name, trapped.getvalue() if name.endswith(".npy") else source.read(name))
    retold(saved[0], "parts.zip", made.getvalue())
    with pytest.raises(ModelRefused, match="allow_pickle"):
        load_model(saved[0])
    assert not (tmp_path / "ran").exists()


def test_a_skops_file_that_calls_a_function_never_runs(saved, tmp_path):
    innocent = skops.io.dumps({"views": {}, "estimators": [], "calibrator": np.mean})
    for module, function in (("os", "mkdir"), ("subprocess", "run"), ("tasks.modelling.runtime.saving", "load_model")):
        trapped = renamed(innocent, b'"__class__": "mean"', f'"__class__": "{function}"'.encode())
        trapped = renamed(trapped, b'"__module__": "numpy"', f'"__module__": "{module}"'.encode())
        assert trapped != innocent
        retold(saved[0], "state.skops", trapped)
        with pytest.raises(ModelRefused, match=f"{function}, which is not on the list"):
            load_model(saved[0])


def test_a_type_outside_the_list_is_refused_also_when_saving(predictor, tmp_path):
    with pytest.raises(ModelRefused, match="Stranger, which is not on the list"):
        save_model(replace(predictor, calibrator=Stranger()), tmp_path)


class Stranger:
    """Of a type nobody knows."""


def test_trees_that_point_outside_themselves_are_refused_before_they_are_walked(saved):
    made = io.BytesIO()
    with zipfile.ZipFile(saved[0] / "parts.zip") as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("nodes/left_child.npy"):
                array = np.load(io.BytesIO(data)).astype(np.int64)
                array[array >= 0] = 10**6
                changed = io.BytesIO()
                np.save(changed, array)
                data = changed.getvalue()
            target.writestr(name, data)
    retold(saved[0], "parts.zip", made.getvalue())
    with pytest.raises(ModelRefused, match="points outside itself"):
        load_model(saved[0])
