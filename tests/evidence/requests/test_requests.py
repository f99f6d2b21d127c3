from tasks.evidence.requests import collect
from tasks.evidence.snapshot import Snapshot


def read(tmp_path, text):
    (tmp_path / ".axiom.yaml").write_text(text)
    return collect(Snapshot.of_folder(tmp_path))


def test_entries_are_read_as_written(tmp_path):
    facts = read(tmp_path, "suppress:\n  - code: OPS004\n    reason: internal\n")
    assert facts.suppress == ({"code": "OPS004", "reason": "internal"},)
    assert facts.error is None


def test_no_file_asks_for_nothing(tmp_path):
    assert collect(Snapshot.of_folder(tmp_path)).suppress == ()


def test_an_alias_bomb_is_refused(tmp_path):
    assert "aliases are not allowed" in read(tmp_path, "a: &a [1]\nsuppress: [*a, *a]\n").error


def test_an_unknown_key_is_refused_by_name_of_the_one_that_is_known(tmp_path):
    assert "suppress" in read(tmp_path, "ignore: []\n").error


def test_broken_yaml_is_an_error_not_an_exception(tmp_path):
    assert read(tmp_path, "suppress: [").error
