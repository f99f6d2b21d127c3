from train import load


def test_load_gives_as_many_targets_as_rows():
    X, y = load("data/train.csv")
    assert len(X) == len(y)
