"""The kept log of a job, with bounds."""

from tasks.evidence.outputs import log_file
from tasks.evidence.outputs.log_file import read_log


def test_a_flood_hides_neither_what_came_before_nor_what_came_after(tmp_path, monkeypatch):
    monkeypatch.setattr(log_file, "MAX_LINES", 10)
    (tmp_path / "log.txt").write_text("RMSE: 1.5\n" + "loss: 3.0\n" * 100 + "RMSE: 0.5\n")
    found = [(s.name, s.value, s.place) for s in read_log(tmp_path / "log.txt")]
    assert found[0] == ("rmse", 1.5, "log:1") and found[-1] == ("rmse", 0.5, "log:102") and len(found) == 10


def test_many_values_keep_the_last(tmp_path, monkeypatch):
    monkeypatch.setattr(log_file, "MAX_SEEN", 5)
    (tmp_path / "log.txt").write_text("".join(f"loss: {i}.5\n" for i in range(40)))
    found = read_log(tmp_path / "log.txt")
    assert found[-1].value == 39.5 and 5 <= len(found) <= 10


def test_an_endless_line_is_read_in_pieces(tmp_path):
    (tmp_path / "log.txt").write_bytes(b"x" * 2_500_000 + b"\nMAE: 2.5\n")
    assert [(s.name, s.value) for s in read_log(tmp_path / "log.txt")] == [("mae", 2.5)]


def test_an_empty_log(tmp_path):
    (tmp_path / "log.txt").touch()
    assert read_log(tmp_path / "log.txt") == []
