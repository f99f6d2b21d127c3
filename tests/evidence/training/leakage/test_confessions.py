from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks

LIST = 'from sklearn.linear_model import Ridge\n\n{name} = [\n    "temp",\n    "registered",  # {comment}\n]\nRidge().fit(X[{name}], y)\n'


def find(tmp_path, name, comment):
    (tmp_path / "models.py").write_text(LIST.format(name=name, comment=comment))
    return [(leak.kind, leak.place.line) for leak in find_leaks(Snapshot.of_folder(tmp_path))]


def test_a_feature_that_is_said_to_give_the_target_away_is_a_leak(tmp_path):
    assert find(tmp_path, "numericals", "too correlated with target") == [("target_in_features", 5)]


def test_the_same_comment_in_a_list_of_dropped_columns_is_none(tmp_path):
    assert find(tmp_path, "columns_to_drop", "too correlated with target") == []


def test_any_other_comment_is_none(tmp_path):
    assert find(tmp_path, "numericals", "users that have an account") == []
