from tasks.evidence.training.checkpoints import read_checkpoints


def lines(places):
    return [p.line for p in places]


def test_a_deep_loop_its_checkpoint_and_its_early_stop_are_seen(snapshot):
    code = "import torch\nfor e in range(9):\n    loss.backward()\n    torch.save({'state': net.state_dict()}, 'ckpt.pt')\n"
    found = read_checkpoints(snapshot(train_py=code))
    assert (lines(found.deep), lines(found.checkpoints), lines(found.fits)) == ([3], [4], [3])


def test_keras_callbacks_are_seen(snapshot):
    code = "from keras.callbacks import EarlyStopping, ModelCheckpoint\ncb = [EarlyStopping(), ModelCheckpoint('m')]\n"
    found = read_checkpoints(snapshot(train_py=code))
    assert lines(found.early_stopping) == lines(found.checkpoints) == [2]


def test_boosting_is_iterative_and_its_stop_may_be_an_argument(snapshot):
    code = "import lightgbm as lgb\nb = lgb.train({}, d, early_stopping_rounds=5)\n"
    found = read_checkpoints(snapshot(train_py=code))
    assert (lines(found.iterative), lines(found.early_stopping), lines(found.deep)) == ([2], [2], [])


def test_a_final_save_is_no_checkpoint(snapshot):
    assert read_checkpoints(snapshot(train_py="import torch\ntorch.save(model, 'model.pt')\n")).checkpoints == []
