from tasks.evidence.mlops.large_files import LARGE_BYTES, find_large_files, kind_of


def test_file_at_the_limit_counts_and_one_below_does_not(repository):
    files = {"a.pkl": b"x" * LARGE_BYTES, "b.csv": b"x" * (LARGE_BYTES + 1), "c.bin": b"x" * (LARGE_BYTES - 1)}
    assert [(f.file, f.kind) for f in find_large_files(repository(files))] == [("b.csv", "data"), ("a.pkl", "model")]


def test_kind_is_told_by_the_ending():
    assert [kind_of(p) for p in ("m.safetensors", "a.tar.gz", "x.db", "e.npy", "i.PNG", "n.ipynb", "core")] == [
        "model", "archive", "database", "array", "media", "data", "binary",
    ]  # fmt: skip
