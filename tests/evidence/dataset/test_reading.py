from __future__ import annotations

import gzip
import zipfile

import pytest

from tasks.evidence.dataset import counting, limits
from tasks.evidence.dataset.counting import count_table
from tasks.evidence.dataset.discovery import find_data_files
from tasks.evidence.dataset.reading import read_table
from tasks.evidence.dataset.records import count_pieces
from tasks.evidence.snapshot import Snapshot


@pytest.fixture
def read(tmp_path):
    def build(name: str, content: bytes | str):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        snapshot = Snapshot.of_folder(tmp_path)
        file = next(f for f in find_data_files(snapshot, ()) if f.path == name)
        return read_table(snapshot, file)

    return build


def test_a_line_break_inside_quotes_is_no_row(read):
    table = read("a.csv", 'id,text\n1,"two\nlines"\n2,"a ""quoted"" word"\n')
    assert (table.rows, list(table.frame.columns), table.problem) == (2, ["id", "text"], "")


def test_numbers_in_the_first_line_mean_no_header(read):
    table = read("a.csv", "0.5,1.5,0\n" * 12)
    assert (table.rows, table.header, table.frame.shape) == (12, False, (12, 3))


def test_spaces_separate_columns(read):
    assert read("a.csv", "1.5 2.5  0\n" * 12).frame.shape == (12, 3)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1", "utf-8-sig"])
def test_encodings_are_told_from_the_bytes(read, encoding):
    table = read("a.csv", "città,y\nMálaga,1\nJosé,0\n".encode(encoding))
    assert (table.rows, list(table.frame.columns)) == (2, ["città", "y"])


def test_blank_lines_and_old_mac_line_ends_are_no_rows(read):
    assert read("a.csv", "\n\na,b\n1,2\n\n3,4\n").rows == 2


def test_old_mac_line_ends(read):
    assert read("a.csv", b"a,b\r1,2\r3,4\r").rows == 2


@pytest.mark.parametrize(("content", "problem"), [
    (b"", "empty"), (b"\n\n", "empty"), (b"<!DOCTYPE html><html>404</html>", "web page"), (bytes(range(256)) * 20, "binary"), (b"PAR1....", "another format"),
    (b"a,b\n1,2\n1,2,3\n", "1 of 2 rows"),
])  # fmt: skip
def test_what_is_no_table_is_a_problem_in_words(read, content, problem):
    assert problem in read("a.csv", content).problem


def test_a_header_alone_is_a_table_without_rows(read):
    assert (read("a.csv", "a,b,c\n").rows, read("a.csv", "a,b,c\n").problem) == (0, "")


def test_a_pointer_is_not_a_dataset(read):
    assert read("a.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n") is None


def test_gzip_is_read_through_and_a_torn_one_is_said(read):
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 40)
    assert read("a.csv.gz", packed).rows == 40
    assert "ends early" in read("a.csv.gz", packed[:-12]).problem


def test_a_gzip_that_expands_beyond_the_limit_is_read_in_part(read, monkeypatch):
    monkeypatch.setattr(limits, "WHOLE_FILE_BYTES", 1_000)
    monkeypatch.setattr(limits, "EXPANDED_BYTES", 2_000)
    table = read("a.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 5_000))
    assert table.rows is None and table.sampled and "expands beyond 1,000" in table.why
    assert len(table.frame) > 100


def test_a_workbook_that_expands_too_far_is_refused(read, tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 4_000_000)
    assert "expands from" in read("a.xlsx", (tmp_path / "b.zip").read_bytes()).problem


def test_a_large_file_is_counted_exactly_and_sampled_over_its_length(read, monkeypatch):
    monkeypatch.setattr(limits, "WHOLE_FILE_BYTES", 10_000)
    monkeypatch.setattr(limits, "SAMPLE_ROWS", 500)
    table = read("a.csv", "i,text\n" + "".join(f'{i},"a, b"\n' for i in range(20_000)))
    assert table.rows == 20_000 and table.sampled and "sampled over the whole file" in table.why
    assert 250 <= len(table.frame) <= 500 and table.frame["i"].max() > 19_000


def test_records_and_json_lines(read):
    assert read("a.json", '[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3}, {"a": 4, "b": "z"}, {"a": 5, "b": "z"}]').rows == 5


def test_a_configuration_in_json_is_not_a_dataset(read):
    assert read("a.json", '{"name": "x", "version": 1}') is None


def test_broken_json_lines_are_counted(read):
    table = read("a.jsonl", '{"a": 1}\n{"a": 2}\nnot json\n')
    assert table.rows == 3 and table.problem == "1 lines are not JSON"


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.xlsx"])
def test_noise_under_a_binary_ending_is_not_readable(read, name):
    assert read(name, b"noise" * 100).problem.startswith("not readable as")


def test_parquet_tells_its_rows_from_the_footer(tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"a": range(70), "nested": [[1]] * 70}), tmp_path / "a.parquet")
    snapshot = Snapshot.of_folder(tmp_path)
    (file,) = find_data_files(snapshot, ())
    assert read_table(snapshot, file).rows == count_table(snapshot, file).rows == 70


@pytest.mark.parametrize(("text", "records"), [
    (b"a,b\n1,2\n", 2), (b"a,b\r\n\r\n1,2", 2), (b'a\n"x\n\ny"\n', 2), (b'a\n"x ""\n"" y"\nz', 3), (b'a\n5" pipe\nb\n', 3), (b"", 0), (b"\n\n", 0),
])  # fmt: skip
@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_records_do_not_depend_on_where_the_pieces_are_cut(text, records, size):
    assert count_pieces([text[i : i + size] for i in range(0, len(text), size)]) == records


def test_an_ending_of_its_own_needs_a_table(read):
    assert read("cora.cites", "35\t1033\n35\t103482\n" * 10).rows == 20
    assert read("story.data", "some words\nand more of them\n" * 40) is None


def test_counting_stops_at_the_limit():
    assert count_pieces([b"a\n"] * 10, limit=5) is None


def test_the_listing_counts_as_the_profile_does(read, tmp_path):
    read("a.csv", 'id,text\n1,"two\nlines"\n2,x\n')
    snapshot = Snapshot.of_folder(tmp_path)
    (file,) = find_data_files(snapshot, ())
    assert count_table(snapshot, file) == counting.Counted("csv", 2, 2)
