"""Each broken input is one line with cause and remedy, or an outcome that is told; never a traceback."""

import gzip
import io
import json
import os
import pickle
import random
import sqlite3
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tasks.errors import DataRefused
from tasks.evidence.table import limits
from tasks.evidence.table.parsing import apply_schema, infer_schema
from tasks.evidence.table.profiling import profile_table
from tasks.evidence.table.reading import read_tables

GOOD = pd.DataFrame({"x": range(300), "y": ["a", "b", "c"] * 100})


def refusal(*paths):
    """The one line a refused file gives."""
    with pytest.raises(DataRefused) as caught:
        read_tables(paths)
    line = str(caught.value)
    assert "\n" not in line
    assert caught.value.remedy
    return line


def profiled(path):
    reading = read_tables([path])
    schema = infer_schema(reading.frame)
    return profile_table(reading, schema, apply_schema(reading.frame, schema))


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_that_is_not_there(tmp_path):
    assert "There is no file" in refusal(tmp_path / "none.csv")


def test_no_file_at_all():
    assert "No data file" in refusal()


def test_a_folder(tmp_path):
    assert "is a folder" in refusal(tmp_path)


def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "not a regular file" in refusal(tmp_path / "pipe.csv")


def test_a_device_is_refused():
    assert "not a regular file" in refusal("/dev/zero")


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf"], ids=["nothing", "blank lines", "only a mark"])
def test_an_empty_file(tmp_path, content):
    refusal(write(tmp_path / "empty.csv", content))


@pytest.mark.parametrize("content", ["a,b\n", "a,b", "[]", '{"a": [], "b": []}', '{"columns": ["a"], "data": []}'])
def test_no_rows(tmp_path, content):
    line = refusal(write(tmp_path / "header.csv", content))
    assert "no rows" in line or "no records" in line or "no table" in line or "without fields" in line


def test_a_parquet_file_without_rows(tmp_path):
    GOOD.head(0).to_parquet(tmp_path / "none.parquet")
    assert "no rows" in refusal(tmp_path / "none.parquet")


@pytest.mark.parametrize("seed", range(3))
def test_binary_rubbish(tmp_path, seed):
    line = refusal(write(tmp_path / "rubbish.csv", random.Random(seed).randbytes(20_000)))
    assert "binary" in line or "no text" in line


def test_formats_that_are_no_tables_are_named_with_what_to_do(tmp_path):
    sqlite3.connect(tmp_path / "a.db").execute("CREATE TABLE t (x)").connection.commit()
    assert "SQLite" in refusal(tmp_path / "a.db")
    assert "run code" in refusal(write(tmp_path / "a.csv", pickle.dumps({"a": 1})))
    assert "web page" in refusal(write(tmp_path / "b.csv", "<!DOCTYPE html><html></html>"))
    assert "PDF" in refusal(write(tmp_path / "c.csv", b"%PDF-1.7 ..."))
    assert "git lfs pull" in refusal(write(tmp_path / "d.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"))


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zst", "zip"])
def test_a_compressed_file_that_was_cut_off(tmp_path, ending):
    whole = tmp_path / f"t.csv.{ending}"
    text = pd.DataFrame({"x": np.random.default_rng(0).normal(size=5000)}).to_csv(index=False)
    if ending == "zst":
        with pa.CompressedOutputStream(whole, "zstd") as stream:
            stream.write(text.encode())
    else:
        pd.read_csv(io.StringIO(text)).to_csv(whole, index=False)
    line = refusal(write(tmp_path / f"cut.csv.{ending}", whole.read_bytes()[: whole.stat().st_size // 2]))
    assert "ends early" in line or "damaged" in line


@pytest.mark.parametrize("ending", ["parquet", "feather", "xlsx"])
def test_a_binary_table_that_was_cut_off(tmp_path, ending):
    whole = tmp_path / f"t.{ending}"
    {"parquet": GOOD.to_parquet, "feather": GOOD.to_feather, "xlsx": GOOD.to_excel}[ending](whole)
    line = refusal(write(tmp_path / f"cut.{ending}", whole.read_bytes()[:-700]))
    assert "damaged" in line or "cut-off" in line


def test_a_gzip_bomb_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "IN_MEMORY_BYTES", 2**20)
    monkeypatch.setattr(limits, "EXPANDED_BYTES", 2**22)
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000))
    assert "expands to more than 4,194,304 bytes" in refusal(tmp_path / "bomb.csv.gz")


def test_a_workbook_that_expands_without_end_is_refused_before_it_is_parsed(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert "expands from" in refusal(tmp_path / "bomb.xlsx")


def test_a_hundred_thousand_columns_are_refused_with_the_number(tmp_path):
    header = ",".join(f"c{i}" for i in range(100_000))
    row = ",".join("1" for _ in range(100_000))
    assert "100,000 columns" in refusal(write(tmp_path / "wide.csv", f"{header}\n{row}\n{row}\n"))


def test_an_archive_of_several_files_names_them(tmp_path):
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.writestr("a.csv", "x\n1\n")
        archive.writestr("b.csv", "x\n1\n")
    assert "a.csv, b.csv" in refusal(tmp_path / "both.zip")


@pytest.mark.parametrize("content", ['{"a": 1, "b": ', "[1, 2, 3]", '"text"', "[" * 100_000])
def test_json_that_is_no_table(tmp_path, content):
    refusal(write(tmp_path / "a.json", content))


def test_a_row_in_five_with_other_fields_is_a_wrong_delimiter_not_a_table(tmp_path):
    rows = "".join("1,2,3,4\n" if i % 5 == 0 else "1,2\n" for i in range(100))
    assert "another number of fields" in refusal(write(tmp_path / "a.csv", "a,b\n" + rows))


def test_rows_that_are_left_out_are_counted(tmp_path):
    reading = read_tables([write(tmp_path / "a.csv", "a,b\n" + "1,2\n" * 100 + "1,2,3\n4\n")])
    assert len(reading.frame) == 101
    assert "1 rows have more fields than the header and were left out" in reading.notes
    assert "1 rows have fewer fields than the header: the rest is missing" in reading.notes


def test_names_that_stand_twice_or_nowhere_are_made_unique_and_told(tmp_path):
    reading = read_tables([write(tmp_path / "a.csv", "x,x, ,x.2,x\n" + "1,2,3,4,5\n" * 9)])
    assert list(reading.frame.columns) == ["x", "x.3", "column_3", "x.2", "x.4"]
    assert any("stand twice" in note for note in reading.notes)


def test_infinite_values_are_missing_and_counted(tmp_path):
    profile = profiled(write(tmp_path / "a.csv", "x,y\n" + "".join(f"{i * 1.5},{i % 3}\n" for i in range(30)) + "inf,1\n-Infinity,2\n"))
    column = profile.column("x")
    assert (column.kind, column.infinite, column.nulls) == ("numeric", 2, 2 / 32)
    assert np.isfinite(column.mean)


def test_a_table_of_keys_only_shows_no_predictor(tmp_path):
    rows = "".join(f"{i},{i:08x}-0000-4000-8000-{i:012x},CUST-{i:05d}\n" for i in range(200))
    profile = profiled(write(tmp_path / "a.csv", "id,uuid,customer\n" + rows))
    assert [column.kind for column in profile.columns] == ["identifier"] * 3


def test_types_mixed_in_a_column_are_told(tmp_path):
    records = [{"a": i if i % 2 else f"t{i % 7}", "b": i} for i in range(50)]
    profile = profiled(write(tmp_path / "a.json", json.dumps(records)))
    assert profile.column("a").notes[0] == "mixed types: numbers and text"


def test_a_text_no_encoding_reads_is_refused(tmp_path):
    noise = bytes(random.Random(1).choices([*range(1, 9), *range(14, 32), *range(128, 256)], k=5000))
    assert "no text" in refusal(write(tmp_path / "a.csv", b"a,b\n" + noise))
