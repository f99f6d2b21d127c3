import pytest

from tasks.evidence.training.artifacts import read_artifacts


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("import pickle\npickle.dump(model, f)\n", "pickle"),
        ("from joblib import dump\ndump(model, 'm.joblib')\n", "joblib"),
        ("import torch\ntorch.save(net.state_dict(), 'm.pt')\n", "pt"),
        ("import mlflow.sklearn\nmlflow.sklearn.log_model(m, 'model')\n", "mlflow"),
        ("from tensorflow import keras\nmodel = keras.Sequential()\nmodel.save('m.h5')\n", "h5"),
        ("import xgboost as xgb\nb = xgb.train({}, d)\nb.save_model('m.json')\n", "json"),
        ("from catboost import CatBoostClassifier\nm = CatBoostClassifier()\nm.save_model('m.cbm')\n", "cbm"),
        ("from transformers import Trainer\nt = Trainer()\nt.save_model('out')\n", "safetensors"),
        ("import torch\ntorch.onnx.export(net, x, 'm.onnx')\n", "onnx"),
        ("import skops.io as sio\nsio.dump(model, 'm.skops')\n", "skops"),
        ("import tensorflow as tf\nsv = tf.train.Supervisor(logdir=d)\n", "tf_checkpoint"),
        ("import tensorflow as tf\nclassifier.save(out_dir, signatures=s)\n", "saved_model"),
        ("import tensorflow as tf\ns = tf.train.Saver()\ns.restore(x, y)\ns.save(x, z)\n", "tf_checkpoint"),
    ],
)
def test_the_format_a_model_is_written_in(snapshot, code, word):
    assert {a.format for a in read_artifacts(snapshot(train_py=code))} == {word}


def test_data_that_is_pickled_is_no_model(snapshot):
    assert read_artifacts(snapshot(prep_py="import pickle\npickle.dump(train_data, open('data.pkl', 'wb'))\n")) == ()


@pytest.mark.parametrize(
    "code",
    [
        "import pickle\npickle.dump(meta, f)\n",
        "import pickle\npickle.dump(vectorstore, f)\n",
        "import tensorflow as tf\nsaver = tf.train.Saver()\nsaver.restore(s, tf.train.latest_checkpoint(d))\n",
    ],
)
def test_an_index_or_a_model_that_is_only_restored_is_no_artifact(snapshot, code):
    assert read_artifacts(snapshot(use_py=code)) == ()


def test_a_checkpoint_callback_of_a_configuration_counts(snapshot):
    files = {"configs/callbacks/ckpt.yaml": "model_checkpoint:\n  _target_: lightning.pytorch.callbacks.ModelCheckpoint\n"}
    assert [(a.format, a.place.line) for a in read_artifacts(snapshot(**files))] == [("ckpt", 2)]


def test_r_julia_and_lua_models_are_seen(snapshot):
    files = {"a.R": "saveRDS(fit, 'm.rds')\n", "b.jl": '@save "m.bson" model\n', "c.lua": "torch.save(path, m)\n"}
    assert {a.format for a in read_artifacts(snapshot(**files))} == {"rds", "bson", "t7"}


def test_a_committed_model_counts_once_and_a_small_pointer_not(snapshot):
    files = {"models/clf.pkl": b"x" * 500, "models/pointer.onnx": b"version https://git-lfs"}
    assert [(a.format, a.place.file) for a in read_artifacts(snapshot(**files))] == [("pickle", "models/clf.pkl")]
