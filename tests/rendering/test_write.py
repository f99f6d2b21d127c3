"""The four files of a report."""

import json

import pytest

from tasks.rendering import write
from tasks.rendering.write import write_report
from tasks.rules.contract import Report
from tests.rendering.hostile import hostile_report
from tests.rendering.reports import report

FILES = {"report.json", "report.md", "report.html", "report.sarif"}


@pytest.mark.parametrize("made", [report, hostile_report])
def test_four_files_are_written_and_json_reads_back_as_the_same_report(tmp_path, made):
    write_report(made(), tmp_path / "new")
    assert {p.name for p in (tmp_path / "new").iterdir()} == FILES
    assert Report.model_validate_json((tmp_path / "new" / "report.json").read_bytes()) == made()


def test_the_same_report_gives_the_same_bytes(tmp_path):
    write_report(report(), tmp_path / "a")
    write_report(report(), tmp_path / "b")
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in FILES)


def test_a_failure_leaves_the_earlier_report_whole(tmp_path, monkeypatch):
    write_report(report(), tmp_path)
    before = (tmp_path / "report.html").read_bytes()
    monkeypatch.setattr(write, "render_sarif", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(report([]), tmp_path)
    assert (tmp_path / "report.html").read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == FILES


def test_a_number_that_json_does_not_know_is_written_as_null(tmp_path):
    write_report(report(facts={"value": float("nan")}), tmp_path)
    json.loads((tmp_path / "report.json").read_text(), parse_constant=lambda c: pytest.fail(f"{c} is not JSON"))
