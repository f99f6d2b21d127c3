"""Which files are data a model could use: by ending, folder, role of the name, and what the code loads."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict

from tasks.evidence.snapshot import Snapshot

FORMATS = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "parquet": "parquet", "pq": "parquet", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl",
    "xlsx": "xlsx", "xls": "xls", "arrow": "arrow", "feather": "arrow", "txt": "text", "data": "text", "dat": "text",
}  # fmt: skip
TEXT_LEAST_BYTES = 10_000
"""A text file nobody loads is a corpus only from this size on, in a data folder or under a corpus name."""
SOURCE_LINE_LIMIT = 2_000

_NOT_DATA_FOLDERS = frozenset(
    [
        "tests",
        "testing",
        "fixtures",
        "__tests__",
        "testdata",
        "test_data",
        "catboost_info",
        "lightning_logs",
        "mlruns",
        "wandb",
        ".dvc",
        ".github",
        ".vscode",
        ".idea",
        "node_modules",
        ".ipynb_checkpoints",
        "locale",
        "locales",
        "i18n",
        "translations",
        "lang",
        "__pycache__",
        ".cache",
        "tb_logs",
        "tensorboard",
        "logs",
        ".zenml",
        "site-packages",
        "great_expectations",
        "snapshots",
        "__snapshots__",
        "cassettes",
    ]
)
_DATA_FOLDERS = re.compile(r"(?i)^(data|datasets?|input|inputs|raw|corpus|corpora|\d\d_raw)$")
_OUTPUT_NAME = re.compile(
    r"(?i)(^|[_\-. ])(sub|subs|submit|submissions?|predictions?|preds?|predicted|metrics?|results?|scores?|history|logs?|learn_error|time_left|"
    r"leaderboard|benchmarks?|progress|losses|loss|oof|importances?|hyperparameters?|params|cv_results|trials|report|confusion_matrix|runs)([_\-. ]|\d|$)"
)
_DESCRIPTION_NAME = re.compile(
    r"(?i)(^|[_\-. ])(schemas?|codebook|data_?dictionary|dictionary|description|descriptions|readme|licen[cs]e|requirements?|vocab\w*|merges|stop_?words|"
    r"manifest|config|configuration|settings|package|lock|tokenizer\w*|labels_map|class_names|classes|label_map|cmakelists|robots|"
    r"changelog|notes|todo|environment|constraints|names|index_to_name|llms|contributors|authors|humans|sources)([_\-. ]|$)"
)
_WEB_FOLDERS = frozenset(["static", "public", "assets", "frontend", "web", "client", "ui", "components", "src-tauri", "templates"])
_LOADERS = re.compile(
    r"(?i)(read_csv|read_table|read_fwf|read_json|read_excel|read_parquet|read_feather|loadtxt|genfromtxt|open|load_dataset|scan_csv|fread|"
    r"TextLoader|CSVLoader|read_text|textFile|csv|load_data|TextLineDataset|read_lines|from_csv|read\.\w+)\s*\("
)
_QUOTED_FILE = re.compile(r"[\"']([^\"'\n]{1,200}\.(?:csv|tsv|tab|txt|json|jsonl|ndjson|parquet|xlsx?|feather|arrow|data|dat|gz))[\"']")
_CODE_SUFFIXES = (".r", ".rmd", ".qmd", ".jl", ".lua", ".scala", ".sh", ".yml", ".yaml", ".toml", ".cfg", ".ini")


class DataFile(BaseModel):
    """A candidate, before it is opened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    format: str
    gzip: bool = False
    size: int = 0
    loaded: bool = False
    """Some code or configuration names it."""


class LoadedFile(BaseModel):
    """A data file that a line of code names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    file: str
    line: int
    reads: bool = False
    """The line calls a function that reads."""


def find_data_files(snapshot: Snapshot, loaded: tuple[LoadedFile, ...]) -> tuple[DataFile, ...]:
    """Candidates in path order; whether the content is really records is decided on reading."""
    names = {PurePosixPath(item.name.replace("\\", "/")).name.lower() for item in loaded}
    found = []
    for path in snapshot.own:
        kind, is_gzip = format_of(path)
        if not kind or not snapshot.size(path):
            continue
        file = DataFile(path=path, format=kind, gzip=is_gzip, size=snapshot.size(path), loaded=PurePosixPath(path).name.lower() in names)
        if is_candidate(file):
            found.append(file)
    return tuple(found)


def format_of(path: str) -> tuple[str | None, bool]:
    """Format by ending, and whether gzip is around it."""
    name = path.rsplit("/", 1)[-1].lower()
    is_gzip = name.endswith(".gz")
    suffix = (name[:-3] if is_gzip else name).rsplit(".", 1)
    return (FORMATS.get(suffix[1]) if len(suffix) == 2 else None), is_gzip


def is_candidate(file: DataFile) -> bool:
    """Whether folder, name and size speak for data that a model could use."""
    *folders, name = file.path.split("/")
    lowered = [f.lower() for f in folders]
    if not _NOT_DATA_FOLDERS.isdisjoint(lowered) or (lowered and lowered[0] == "test") or name.startswith("."):
        return False
    stem = name.split(".", 1)[0]
    if _DESCRIPTION_NAME.search(stem) or (_OUTPUT_NAME.search(stem) and not file.loaded):
        return False
    in_data = any(_DATA_FOLDERS.match(f) for f in folders)
    if file.format == "text":
        return file.loaded or (file.size >= TEXT_LEAST_BYTES and (in_data or stem.lower() in ("input", "corpus", "train", "text")))
    if file.format in ("json", "jsonl") and not file.loaded and not in_data:
        return file.format == "jsonl" or _WEB_FOLDERS.isdisjoint(lowered)
    return True


def find_loaded_files(snapshot: Snapshot) -> tuple[LoadedFile, ...]:
    """Data file names in code and configuration, first mention of each per file."""
    found: dict[tuple[str, str], LoadedFile] = {}
    for path, text in code_texts(snapshot):
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > SOURCE_LINE_LIMIT:
                continue
            for match in _QUOTED_FILE.finditer(line):
                item = LoadedFile(name=match[1], file=path, line=number, reads=bool(_LOADERS.search(line)))
                found.setdefault((path, match[1]), item)
    return tuple(found[key] for key in sorted(found))


def code_texts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Code and configuration as text: notebooks by their code cells, R, Julia, Lua, shell and YAML as they are."""
    texts = []
    for path in snapshot.own:
        lowered = path.lower()
        if lowered.endswith(".ipynb"):
            source = snapshot.source(path)
            if source and source.notebook:
                texts.append((path, source.notebook.code))
        elif lowered.endswith((".py", ".pyw", *_CODE_SUFFIXES)):
            text = snapshot.text(path)
            if text:
                texts.append((path, text))
    return texts
