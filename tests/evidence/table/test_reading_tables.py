"""The same table comes out of every format, compression, delimiter and encoding."""

import gzip
import hashlib
import json

import numpy as np
import pandas as pd
import pytest

from tasks.evidence.table import limits
from tasks.evidence.table.parsing import apply_schema, infer_schema
from tasks.evidence.table.profiling import profile_table
from tasks.evidence.table.reading import read_tables

ROWS = 60
TABLE = pd.DataFrame(
    {
        "name": [f"Zoë, the {i}th “x”" for i in range(ROWS)],
        "n": range(ROWS),
        "x": [i / 7 for i in range(ROWS)],
        "level": ["low", "high", None] * (ROWS // 3),
    }
)


def read(path, **options):
    return read_tables([path], **options)


def assert_same(frame):
    assert list(frame.columns) == list(TABLE.columns)
    assert frame["name"].tolist() == TABLE["name"].tolist()
    assert frame["n"].tolist() == TABLE["n"].tolist()
    np.testing.assert_allclose(frame["x"], TABLE["x"])
    assert frame["level"].isna().tolist() == TABLE["level"].isna().tolist()


WRITERS = {
    "csv": lambda p: TABLE.to_csv(p, index=False),
    "csv.gz": lambda p: TABLE.to_csv(p, index=False, compression="gzip"),
    "csv.bz2": lambda p: TABLE.to_csv(p, index=False, compression="bz2"),
    "csv.xz": lambda p: TABLE.to_csv(p, index=False, compression="xz"),
    "csv.zst": lambda p: _zstd(p, TABLE.to_csv(index=False)),
    "zip": lambda p: TABLE.to_csv(p, index=False, compression="zip"),
    "tsv": lambda p: TABLE.to_csv(p, index=False, sep="\t"),
    "semicolon": lambda p: TABLE.to_csv(p, index=False, sep=";"),
    "pipe": lambda p: TABLE.to_csv(p, index=False, sep="|"),
    "cr": lambda p: TABLE.to_csv(p, index=False, lineterminator="\r\n"),
    "mark": lambda p: TABLE.to_csv(p, index=False, encoding="utf-8-sig"),
    "utf16": lambda p: TABLE.to_csv(p, index=False, encoding="utf-16"),
    "windows": lambda p: TABLE.to_csv(p, index=False, encoding="cp1252"),
    "parquet": lambda p: TABLE.to_parquet(p),
    "parquet.gz": lambda p: p.write_bytes(gzip.compress(_parquet())),
    "feather": lambda p: TABLE.to_feather(p),
    "records": lambda p: TABLE.to_json(p, orient="records"),
    "columns": lambda p: TABLE.to_json(p, orient="columns"),
    "index": lambda p: TABLE.rename(index=lambda i: f"row{i}").to_json(p, orient="index"),
    "split": lambda p: TABLE.to_json(p, orient="split"),
    "table": lambda p: TABLE.to_json(p, orient="table", index=False),
    "lists": lambda p: p.write_text(json.dumps({k: v.astype(object).where(v.notna(), None).tolist() for k, v in TABLE.items()})),
    "jsonl": lambda p: TABLE.to_json(p, orient="records", lines=True),
    "xlsx": lambda p: TABLE.to_excel(p, index=False),
}


def _zstd(path, text):
    import pyarrow as pa

    with pa.CompressedOutputStream(path, "zstd") as stream:
        stream.write(text.encode())


def _parquet():
    return TABLE.to_parquet()


@pytest.mark.parametrize("form", WRITERS)
def test_the_table_is_the_same_whatever_the_file_is_called(tmp_path, form):
    path = tmp_path / "data"
    named = path if not form.startswith(("xlsx", "zip")) else tmp_path / f"data.{form}"
    WRITERS[form](named)
    reading = read(named)
    assert_same(reading.frame)
    assert (reading.rows_in_files, reading.sampled, len(reading.sources)) == (ROWS, False, 1)


def test_the_source_says_what_was_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("größe;ort\n1,5;Köln\n2,5;Bonn\n".encode("latin-1"))
    source = read(path).sources[0]
    assert (source.format, source.encoding, source.rows, source.columns) == ("csv", "cp1252", 2, 2)
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "not UTF-8; read as cp1252" in source.notes


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "имя,x\nИван Петров,1\nМария,2\n"),
        ("cp1250", "a,b\nŁódź,1\nŻółw,2\nświęto ąćęłńóśźż,4\n"),
        ("gb18030", "姓名,x\n北京市朝阳区,1\n上海,2\n"),
    ],
)
def test_other_alphabets_are_read_by_their_letters(tmp_path, encoding, text):
    path = tmp_path / "a.csv"
    path.write_bytes((text * 20).encode(encoding))
    assert read(path).frame.iloc[0, 0] == text.splitlines()[1].split(",")[0]


def test_line_breaks_and_delimiters_inside_quotes_belong_to_the_cell(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,"b\nc"\n1,"x, ""y""\nz"\n2,w\n')
    frame = read(path).frame
    assert list(frame.columns) == ["a", "b c"]
    assert frame["b c"].tolist() == ['x, "y"\nz', "w"]


def test_codes_with_leading_zeros_and_numbers_too_long_for_a_float_stay_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("zip,card,n\n" + "".join(f"0{1000 + i},{4 * 10**19 + i},{i}\n" for i in range(30)))
    frame = read(path).frame
    assert frame["zip"][0] == "01000"
    assert frame["card"][29] == "40000000000000000029"
    assert frame["n"].dtype.kind == "i"


def test_a_table_without_a_header_keeps_its_first_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("".join(f"{i},{i * 2.5},{i % 3}\n" for i in range(1, 40)))
    reading = read(path)
    assert list(reading.frame.columns) == ["column_1", "column_2", "column_3"]
    assert len(reading.frame) == 39
    assert any("no header" in note for note in reading.notes)


def test_row_names_without_a_header_of_their_own_are_left_out_and_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('"a","b"\n' + "".join(f'"{i}",{i * 2},{i % 3}\n' for i in range(1, 40)))
    reading = read(path)
    assert reading.frame["a"].tolist() == [i * 2 for i in range(1, 40)]
    assert any("row names" in note for note in reading.notes)


def test_objects_are_flattened_one_level_and_lists_kept_as_text(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": i, "user": {"age": i, "home": {"city": "x"}}, "tags": [i]}) + "\n" for i in range(5)))
    reading = read(path)
    assert list(reading.frame.columns) == ["id", "user.age", "user.home", "tags"]
    assert reading.frame["user.home"][0] == '{"city": "x"}'
    assert "objects flattened one level: user" in reading.notes


def test_the_largest_sheet_is_read_below_its_title_and_the_others_named(tmp_path):
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame({"note": ["see data"]}).to_excel(writer, sheet_name="readme", index=False)
        TABLE.to_excel(writer, sheet_name="data", index=False, startrow=3)
        writer.sheets["data"]["A1"] = "Customers 2024"
    reading = read(path)
    assert_same(reading.frame)
    assert reading.notes[0] == "sheet `data`, the largest; not read: readme"


def test_structures_and_decimals_of_parquet_become_plain_columns(tmp_path):
    import decimal

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "s": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}],
            "d": pa.array([decimal.Decimal("1.50"), None]),
            "l": [[1, 2], [3]],
            "c": pa.array(["u", "v"]).dictionary_encode(),
            "t": pa.array([0, 86_400_000], pa.date64()),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    frame = read(tmp_path / "a.parquet").frame
    assert list(frame.columns) == ["s.a", "s.b", "d", "l", "c", "t"]
    assert frame["d"][0] == 1.5
    assert frame["l"][0] == "[1, 2]"
    assert frame["t"].dtype.kind == "M"


def test_more_rows_than_allowed_are_a_seeded_uniform_sample_in_their_order(tmp_path):
    path = tmp_path / "a.csv"
    pd.DataFrame({"n": range(10_000), "m": 1}).to_csv(path, index=False)
    first, again, other = read(path, max_rows=1000), read(path, max_rows=1000), read(path, max_rows=1000, seed=1)
    assert first.frame.equals(again.frame)
    assert not first.frame.equals(other.frame)
    assert first.frame["n"].is_monotonic_increasing
    assert (len(first.frame), first.rows_in_files, first.sampled) == (1000, 10_000, True)
    assert abs(first.frame["n"].mean() - 5000) < 4 * 2887 / 1000**0.5
    assert len(read(path, max_cells=500).frame) == 250


@pytest.mark.parametrize("form", ["csv", "csv.gz", "jsonl", "parquet"])
def test_a_table_larger_than_memory_is_counted_whole_and_sampled(tmp_path, monkeypatch, form):
    monkeypatch.setattr(limits, "IN_MEMORY_BYTES", 2**17)
    path = tmp_path / f"big.{form}"
    rows = 20_000
    frame = pd.DataFrame({"n": range(rows), "level": ["a", "b", "c", None] * (rows // 4), "x": np.linspace(0, 1, rows)})
    writers = {"csv": frame.to_csv, "csv.gz": frame.to_csv, "jsonl": frame.to_json, "parquet": frame.to_parquet}
    writers[form](path, **({"index": False} if "csv" in form else {"orient": "records", "lines": True} if form == "jsonl" else {}))
    reading, again = read(path, max_rows=500), read(path, max_rows=500)
    assert reading.frame.equals(again.frame)
    assert (len(reading.frame), reading.rows_in_files, reading.sampled) == (500, rows, True)
    assert abs(reading.frame["n"].mean() / rows - 0.5) < 4 * 0.289 / 500**0.5
    schema = infer_schema(reading.frame)
    profile = profile_table(reading, schema, apply_schema(reading.frame, schema))
    assert profile.column("level").nulls == pytest.approx(0.25, abs=0.001)
    assert profile.column("n").distinct == pytest.approx(rows, rel=0.1)


def test_rows_of_another_width_in_a_large_file_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "IN_MEMORY_BYTES", 2**10)
    path = tmp_path / "big.csv"
    path.write_text("a,b\n" + "1,2\n" * 2000 + "1,2,3\n" + "3\n")
    reading = read(path)
    assert reading.rows_in_files == 2000
    assert "2 rows have another number of fields than the header and were left out" in reading.notes
