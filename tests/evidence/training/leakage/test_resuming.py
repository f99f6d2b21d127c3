from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks

CODE = """import tensorflow as tf

model = tf.estimator.DNNClassifier(
    hidden_units=[10],
    model_dir="model/",
)
model.train(input_fn=read)
"""


def test_training_into_a_committed_checkpoint_is_reported_where_the_folder_is_named(tmp_path):
    (tmp_path / "main.py").write_text(CODE)
    assert find_leaks(Snapshot.of_folder(tmp_path)) == ()
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-10"\n')
    (leak,) = find_leaks(Snapshot.of_folder(tmp_path))
    assert (leak.kind, leak.place.line) == ("continued_training_from_checkpoints", 5)
