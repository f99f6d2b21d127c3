import pytest

from tasks.evidence.training.leakage.rows import contains, cut, is_held_out, is_mixed, is_whole, renamed, role_of_atom, role_of_name, uncut


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("X_train", "train"),
        ("dfTest", "test"),
        ("xtest", "test"),
        ("y_va", "valid"),
        ("train_test", None),
        ("latest", None),
        ("data", None),
    ],
)
def test_a_name_tells_the_role_of_its_rows(name, role):
    assert role_of_name(name) == role


def test_a_part_is_contained_in_what_it_was_cut_from():
    whole = frozenset(["o1:full"])
    test = cut(whole, "s2", "test")
    assert test == {"o1:full/s2:test"}
    assert contains(whole, test) and not contains(test, whole)


def test_two_parts_of_one_split_share_no_row():
    train, test = (cut(frozenset(["o1:full"]), "s2", r) for r in ("train", "test"))
    assert not contains(train, test) and not train & test


def test_a_name_changes_the_role_and_not_the_rows():
    assert renamed(frozenset(["o1:full/s2:test"]), "valid") == {"o1:full/s2:valid"}
    assert uncut(frozenset(["o1:full/s2:valid"])) == {"o1:full"}


def test_training_and_test_rows_together_are_mixed_and_not_held_out():
    rows = frozenset(["o1:full/s2:train", "o1:full/s2:test"])
    assert is_mixed(rows) and not is_held_out(rows)


def test_a_file_called_train_is_whole_until_it_is_split():
    assert is_whole("o1:train") and not is_whole("o1:full/s2:train")


def test_the_test_part_of_a_training_part_is_validation():
    assert role_of_atom("o1:full/s2:train/s3:test") == "valid"
    assert role_of_atom("o1:train/s3:test") == "test"
