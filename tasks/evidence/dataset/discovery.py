"""Which files are data a model could use: by ending, folder, role of the name, and what the code loads."""

from __future__ import annotations

import re
from itertools import islice

from pydantic import BaseModel, ConfigDict

from tasks.evidence.snapshot import Snapshot

FORMATS = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "parquet": "parquet", "pq": "parquet", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl",
    "xlsx": "xlsx", "xls": "xls", "arrow": "arrow", "feather": "arrow", "txt": "text", "dat": "text",
    "data": "table", "content": "table", "cites": "table",
}  # fmt: skip
TEXT_LEAST_BYTES = 10_000
"""A text file nobody loads is a corpus only from this size on, in a data folder or under a corpus name."""
TEXT_LOADED_LEAST_BYTES = 300
"""A shorter text that code opens is a message or a setting."""
SOURCE_LINE_LIMIT = 2_000
VARIABLES_LIMIT = 100
"""Variables of one file whose uses are looked up."""

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
    r"(?i)(^|[_\-. ])(sub|subs|submit|submissions?|predictions?|preds?|predicted|metrics?|results?|scores?|history|logs?|"
    r"learn_error|time_left|"
    r"leaderboard|benchmarks?|progress|losses|loss|oof|importances?|hyperparameters?|params|cv_results|trials|report|"
    r"confusion_matrix|runs)([_\-. ]|\d|$)"
)
_TABLES = frozenset({"csv", "tsv", "parquet", "arrow", "xlsx", "xls"})
_DESCRIBING_TABLE = re.compile(
    r"(?i)^(?:\w{0,40}[_\-. ])?(?:codebook|data_?dictionary|dictionary|descriptions?|class_names|label_map|labels_map|"
    r"vocab\w{0,20}|stop_?words|requirements)$|"
    r"^(?:data|table|db|database|column|columns|input|train|training)?_?schemas?$"
)
"""A table that describes another; `diabetes_bad_schema.csv` holds records."""
_LOADED_WORD = re.compile(r"(?i)^(?:names|sources|classes|notes|dictionary)$")
_DESCRIPTION_NAME = re.compile(
    r"(?i)(^|[_\-. ])(schemas?|codebook|data_?dictionary|dictionary|description|descriptions|info|readme|licen[cs]e|requirements?|"
    r"vocab\w*|merges|stop_?words|"
    r"manifest|config|configuration|settings|package|lock|tokenizer\w*|labels_map|class_names|classes|label_map|cmakelists|robots|"
    r"version|versions|prompts?|instructions?|changelog|notes|todo|environment|constraints|names|index_to_name|llms|contributors|authors|humans|sources)([_\-. ]|$)"
)
_OUTPUT_FOLDERS = frozenset(
    [
        "output",
        "outputs",
        "result",
        "results",
        "submission",
        "submissions",
        "predictions",
        "preds",
        "figures",
        "plots",
        "benchmarks",
        "runs",
        "metrics",
    ]
)
_INPUT_NAME = re.compile(r"(?i)train|test|valid|data|raw|input")
"""Data that a pipeline keeps among its outputs."""
_DOCUMENT_FOLDERS = frozenset(["docs", "doc", "documentation", "reports"])
_WEB_FOLDERS = frozenset(["static", "public", "assets", "frontend", "web", "client", "ui", "components", "src-tauri", "templates"])
_LOADERS = re.compile(
    r"(?i)(read_csv|read_table|read_fwf|read_json|read_excel|read_parquet|read_feather|loadtxt|genfromtxt|open|load_dataset|scan_csv|fread|"
    r"TextLoader|CSVLoader|read_text|textFile|csv|load_data|TextLineDataset|read_lines|from_csv|read\.\w+)\s*\("
)
_QUOTED_FILE = re.compile(r"[\"']([^\"'\n]{1,200}\.(?:csv|tsv|tab|txt|json|jsonl|ndjson|parquet|xlsx?|feather|arrow|data|dat|gz))[\"']")
_BARE_FILE = re.compile(
    r"^\s*(?:-\s+)?(?:[\w.-]{1,60}\s*:\s+)?([\w./-]{1,200}\.(?:csv|tsv|txt|json|jsonl|parquet|xlsx|feather)(?:\.gz)?)\s*(?:#.{0,200})?$"
)
_WRITERS = re.compile(
    r"(?i)(?:\bto_(?:csv|json|parquet|excel|feather)|\bsavetxt|\bwrite[\w.]{0,20}|\bsave\w{0,20}|\bdump\w{0,10}|\bsink|\bfwrite|"
    r"\bDictWriter|urlretrieve|download\w{0,20}|"
    r"log_artifact|FileHandler|basicConfig)\s*\(|open\([^)]{0,160},\s*(?:mode\s*=\s*)?[\"'][wax]|\.open\(\s*[\"'][wax]|\bcurl\b|\bwget\b"
)
_DEFAULT = re.compile(r"^\s*(?:async\s+)?def\s|^\s*(?:parser\w{0,10}|\w{1,12})\.add_argument\(|@click\.option\(|typer\.Option\(")
_FOR_OUTPUT = re.compile(r"(?i)out(?:put|file|_|-|\b)|save|dest|write|pred|result|submission|metric|export|log")
_ASSIGNS_NAME = re.compile(r"^\s*(?:self\.)?([A-Za-z_]\w{0,60})\s*(?::\s*[\w.]{1,30})?\s*=\s*[^=]")
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
    """The line calls a function that reads, or assigns a name that such a call takes."""
    writes: bool = False
    """The line calls a function that writes."""


def find_data_files(snapshot: Snapshot, loaded: tuple[LoadedFile, ...]) -> tuple[DataFile, ...]:
    """Candidates in path order; whether the content is really records is decided on reading."""
    names = {base_name(item.name) for item in loaded if item.reads or not item.writes}
    found = []
    for path in snapshot.own:
        kind, is_gzip = format_of(path)
        if not kind or (not snapshot.size(path) and kind in ("text", "table", "json")):
            continue
        file = DataFile(path=path, format=kind, gzip=is_gzip, size=snapshot.size(path), loaded=base_name(path) in names)
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
    if _is_description(file, stem) or (_OUTPUT_NAME.search(stem) and not file.loaded):
        return False
    in_data = any(_DATA_FOLDERS.match(f) for f in folders)
    if not file.loaded and not in_data and not _DOCUMENT_FOLDERS.isdisjoint(lowered):
        return False
    if not file.loaded and not _OUTPUT_FOLDERS.isdisjoint(lowered) and not _INPUT_NAME.search(stem):
        return False
    if file.format == "text":
        return (file.loaded and file.size >= TEXT_LOADED_LEAST_BYTES) or (
            file.size >= TEXT_LEAST_BYTES and (in_data or stem.lower() in ("input", "corpus", "train", "text"))
        )
    if file.format in ("json", "jsonl") and not file.loaded and not in_data:
        return file.format == "jsonl" or _WEB_FOLDERS.isdisjoint(lowered)
    return True


def base_name(path: str) -> str:
    """The last part, lower case, for either slash."""
    return path.replace("\\", "/").rsplit("/", 1)[-1].strip().lower()


def _is_description(file: DataFile, stem: str) -> bool:
    """A text that code loads may be called `names.txt`; a licence is never data."""
    if file.format in _TABLES:
        return bool(_DESCRIBING_TABLE.match(stem))
    return bool(_DESCRIPTION_NAME.search(stem)) and not (file.loaded and file.format == "text" and _LOADED_WORD.match(stem))


def find_loaded_files(texts: list[tuple[str, str]]) -> tuple[LoadedFile, ...]:
    """Data file names in code and configuration: first mention of each per file, reading and writing told apart."""
    found: dict[tuple[str, str], LoadedFile] = {}
    for path, text in texts:
        before, uses = "", _Uses(text)
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) <= SOURCE_LINE_LIMIT:
                for name in _file_names(path, line):
                    item = _loaded(name, path, number, line, before, uses)
                    old = found.get((path, name))
                    if old is None or (item.reads and not old.reads):
                        writes = item.writes or bool(old and old.writes)
                        found[path, name] = item.model_copy(update={"writes": writes})
                    elif item.writes and not old.writes:
                        found[path, name] = old.model_copy(update={"writes": True})
            before = line if line.strip() else before
    return tuple(found[key] for key in sorted(found))


def _file_names(path: str, line: str) -> list[str]:
    if line.lstrip().startswith(("#", "//")):
        return []
    names = _QUOTED_FILE.findall(line) if "." in line and ("'" in line or '"' in line) else []
    if not names and path.lower().endswith((".yml", ".yaml")) and not path.startswith(".github") and (match := _BARE_FILE.search(line)):
        names = [match[1]]
    return names


def _loaded(name: str, path: str, number: int, line: str, before: str, uses: _Uses) -> LoadedFile:
    writes = bool(_WRITERS.search(line)) or (before.rstrip().endswith("(") and bool(_WRITERS.search(before)))
    default = bool(_DEFAULT.search(line)) and not _FOR_OUTPUT.search(line)
    reads = not writes and (default or bool(_LOADERS.search(line)) or (before.rstrip().endswith("(") and bool(_LOADERS.search(before))))
    variable = _ASSIGNS_NAME.match(line)
    if variable and not reads and not writes:
        reads, writes = uses.of(variable[1])
    return LoadedFile(name=name, file=path, line=number, reads=reads, writes=writes)


class _Uses:
    """Whether calls that take a variable of one text read or write, each variable looked up once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, tuple[bool, bool]] = {}

    def of(self, variable: str) -> tuple[bool, bool]:
        if variable not in self.known:
            self.known[variable] = self._find(variable) if len(self.known) < VARIABLES_LIMIT else (False, False)
        return self.known[variable]

    def _find(self, variable: str) -> tuple[bool, bool]:
        called = re.compile(
            rf"\b(\w{{1,60}})\s{{0,5}}\(\s{{0,200}}(?:[\w.]{{1,40}}\s{{0,5}}/\s{{0,5}}|os\.path\.join\([^()]{{0,80}},\s{{0,5}})?"
            rf"(?:self\.)?{re.escape(variable)}\b([^()\n]{{0,60}})"
        )
        calls = [f"{m[1]}(x{m[2]}" for m in islice(called.finditer(self.text), 20)]
        return any(_LOADERS.search(c) and not _WRITERS.search(c) for c in calls), any(_WRITERS.search(c) for c in calls)


def code_texts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Code and configuration as text: notebooks by their code cells, R, Julia, Lua, shell and YAML as they are."""
    texts = []
    for path in snapshot.own:
        lowered = path.lower()
        if lowered.endswith(".ipynb"):
            source = snapshot.source(path)
            if source and source.notebook:
                texts.append((path, source.notebook.code or "\n".join(c.source for c in source.notebook.code_cells)))
        elif lowered.endswith((".py", ".pyw", *_CODE_SUFFIXES)):
            text = snapshot.text(path)
            if text:
                texts.append((path, text))
    return texts
