from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks

PREPARE = """import pandas as pd
from sklearn.preprocessing import MinMaxScaler

frame = pd.read_csv("data/raw.csv")
frame[["a"]] = MinMaxScaler().fit_transform(frame[["a"]])
frame.to_csv("./data/clean.csv", index=False)
"""
TRAIN = """import pandas as pd
from sklearn.model_selection import train_test_split

train, test = train_test_split(pd.read_csv("../data/{name}.csv"))
"""


def test_what_was_learnt_before_writing_is_reported_where_the_reader_splits(tmp_path):
    (tmp_path / "z_prepare.py").write_text(PREPARE)
    (tmp_path / "train.py").write_text(TRAIN.format(name="clean"))
    (leak,) = find_leaks(Snapshot.of_folder(tmp_path))
    assert (leak.kind, leak.place.file, leak.place.line) == ("scaler_or_imputer_fit_before_split", "z_prepare.py", 5)


def test_another_file_carries_nothing(tmp_path):
    (tmp_path / "z_prepare.py").write_text(PREPARE)
    (tmp_path / "train.py").write_text(TRAIN.format(name="raw"))
    assert find_leaks(Snapshot.of_folder(tmp_path)) == ()
