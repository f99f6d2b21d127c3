"""Data that is named by an address or a loader call and not stored in the repository."""

from __future__ import annotations

import re

from tasks.evidence.dataset.facts import DatasetReference
from tasks.evidence.place import place_in
from tasks.evidence.redaction import redact
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

REFERENCES_LIMIT = 200
LINE_LIMIT = 2_000
AT_RUN_TIME = "named at run time"
_TESTS = re.compile(r"(?:^|/)(?:tests?|testing|__tests__)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_DATA_URL = re.compile(
    r"https?://[^\s\"'<>()\[\]{}|\\^`,]{4,300}?\.(?:csv|tsv|jsonl?|ndjson|parquet|zip|tgz|tar\.gz|tar|gz|bz2|xz|7z|data|xlsx?|txt|"
    r"npz|npy|h5|hdf5|mat|arff|feather|arrow|pkl|db|sqlite)"
    r"(?![\w/-])(?:\?[^\s\"'<>)]{0,100})?",
    re.I,
)
_NOT_DATA_URL = re.compile(
    r"(?i)requirements|\.whl|/releases/download/[^/]*/[^/]*(?:linux|darwin|windows|amd64)|LICENSE|package|/archive/|get\.|install|"
    r"robots\.txt|spark-|hadoop|\.jar|weights|checkpoint|models?/"
)
_TEXT_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("kaggle", re.compile(r"kaggle\s+competitions\s+download\s+(?:-c\s+)?([\w-]{2,80})")),
    ("kaggle", re.compile(r"kaggle\s+datasets\s+download\s+(?:-d\s+)?([\w-]{2,60}/[\w-]{2,80})")),
    ("kaggle", re.compile(r"kaggle\.com/(?:c|competitions)/([\w-]{2,80})")),
    ("kaggle", re.compile(r"kaggle\.com/(?:datasets/)?((?!code|kernels|learn|docs|discussion|models|settings|c/|competitions|"
        r"static|api|me/|account|datasets/?$)[\w-]{2,60}/[\w-]{3,80})")),
    ("kaggle", re.compile(r"(?:dataset_download|competition_download|dataset_load)\(\s*[\"']([\w/-]{2,120})[\"']")),
    ("kaggle", re.compile(r"/kaggle/input/([\w-]{2,80})")),
    ("hf_dataset", re.compile(r"huggingface\.co/datasets/([\w.-]{1,60}(?:/[\w.-]{1,80})?)")),
    ("hf_dataset", re.compile(r"hf://datasets/([\w.-]{1,60}/[\w.-]{1,80})")),
    ("s3", re.compile(r"\bs3[an]?://([^\s\"'`<>(){}]{3,200})")),
    ("gcs", re.compile(r"\b(?:gs|gcs)://([^\s\"'`<>(){}]{3,200})")),
    ("azure_blob", re.compile(r"\b(?:wasbs?|abfss?|azureml|adl)://([^\s\"'`<>(){}]{3,200})")),
    ("gdrive", re.compile(r"(?:drive|docs)\.google\.com/(?:uc\?|file/d/|drive/folders/|open\?)([\w=&?./-]{5,120})")),
    ("zenodo", re.compile(r"zenodo\.org/(?:records?|api/records)/(\d{4,12})")),
    ("openml", re.compile(r"openml\.org/(?:d|search\?type=data[^\s]{0,60}id=)/?(\d{1,7})")),
)  # fmt: skip
_IN_PROSE = frozenset({"kaggle", "hf_dataset", "zenodo", "openml"})
"""Kinds that a README names as reliably as code does."""
_DATA_ADDRESS = re.compile(
    r"(?i)data|train|raw|input|corpus|images?|\.(?:csv|tsv|jsonl?|parquet|zip|gz|npz|h5|txt)\b|read_|(?:^|\W)(?:load|fetch|download|cp|sync)"
)
_MODEL_ADDRESS = re.compile(
    r"(?i)^tensorflow-datasets|models?(?:[/_-]|$)|checkpoint|artifact|mlflow|mlruns|weights|state|terraform|backup|logs?/|\.pt$|\.pkl$|\.onnx$|\.npz$"
)

_LOADERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("hf_dataset", re.compile(r"^datasets\.(?:load_dataset|load_dataset_builder)$|^datasets\.load\.load_dataset$")),
    ("torchvision", re.compile(r"^torchvision\.datasets\.(?!ImageFolder$|DatasetFolder$|folder|utils|vision|"
        r"FakeData$)(?:\w+\.)*([A-Z]\w+)$")),
    ("torchtext", re.compile(r"^torchtext\.(?:legacy\.)?datasets\.(\w+)(?:\.splits)?$")),
    ("torchaudio", re.compile(r"^torchaudio\.datasets\.([A-Z]\w+)$")),
    ("torch_geometric", re.compile(r"^torch_geometric\.datasets\.([A-Z]\w+)$")),
    ("keras_builtin", re.compile(r"^(?:tensorflow\.)?keras\.(?:api\.)?datasets\.(\w+)\.load_data$|"
        r"^tensorflow\.python\.keras\.datasets\.(\w+)\.load_data$")),
    ("sklearn_builtin", re.compile(r"^sklearn\.datasets\.((?:load|fetch)_(?!svmlight|files|openml)\w+)$")),
    ("openml", re.compile(r"^sklearn\.datasets\.(fetch_openml)$|^openml\.datasets\.(get_dataset)$")),
    ("sklearn_generated", re.compile(r"^sklearn\.datasets\.(make_\w+)$")),
    ("tfds", re.compile(r"^tensorflow_datasets\.(?:load|builder|data_source)$")),
    ("seaborn", re.compile(r"^seaborn\.load_dataset$")),
    ("statsmodels", re.compile(r"^statsmodels\.(?:api\.)?datasets\.(\w+)\.load(?:_pandas)?$|"
        r"^statsmodels\.(?:api\.)?datasets\.(get_rdataset)$")),
    ("nltk", re.compile(r"^nltk\.download$")),
    ("uci", re.compile(r"^ucimlrepo\.fetch_ucirepo$")),
    ("ogb", re.compile(r"^ogb\.\w+\.(\w*Dataset)$")),
    ("vega", re.compile(r"^vega_datasets\.data\.(\w+)$")),
    ("gdrive", re.compile(r"^gdown\.(?:download|download_folder|cached_download)$")),
    ("yahoo_finance", re.compile(r"^yfinance\.(?:download|Ticker)$")),
    ("sql", re.compile(r"^pandas\.read_sql(?:_query|_table)?$")),
    ("bigquery", re.compile(r"^pandas(?:_gbq)?\.read_gbq$")),
    ("azureml", re.compile(r"(?:^|\.)Dataset\.get_by_name$|^azureml\.opendatasets\.(\w+)$")),
    ("roboflow", re.compile(r"^roboflow\.Roboflow$")),
    ("shap_builtin", re.compile(r"^shap\.datasets\.(\w+)$")),
)  # fmt: skip
_NAMED = frozenset({"hf_dataset", "tfds", "seaborn", "nltk", "uci", "openml", "azureml", "gdrive", "yahoo_finance"})
"""Loaders whose first argument is the data's name."""
_QUERIES = frozenset({"sql", "bigquery"})
"""Loaders whose first argument is a query, which is text of the repository."""
_CHECKSUM = re.compile(r"(?i)sha-?(?:1|256|512)|md5|checksum|known_hash|hashlib")


def find_references(snapshot: Snapshot, texts: list[tuple[str, str]]) -> tuple[DatasetReference, ...]:
    """Each kind and reference once, at its first place, calls before addresses; tests left out."""
    found: dict[tuple[str, str], DatasetReference] = {}
    for source in snapshot.sources:
        if not _TESTS.search(source.path):
            for kind, ref, line in _by_calls(source):
                _add(found, snapshot, kind, ref, source.path, line, False)
    for path, text in [*texts, *_prose(snapshot)]:
        if _TESTS.search(path) or path.endswith("pyproject.toml") or path.startswith(".github") or len(found) >= REFERENCES_LIMIT:
            continue
        checked = bool(_CHECKSUM.search(text))
        for kind, ref, line in _by_addresses(text, prose=path.lower().endswith((".md", ".rst"))):
            _add(found, snapshot, kind, ref, path, line, checked)
    return tuple(sorted(found.values(), key=lambda r: (r.kind, r.ref))[:REFERENCES_LIMIT])


def _add(found: dict, snapshot: Snapshot, kind: str, ref: str, path: str, line: int, checked: bool) -> None:
    ref = redact(ref)[:200]
    if ref.startswith("<"):
        return
    if (kind, ref) not in found:
        found[kind, ref] = DatasetReference(kind=kind, ref=ref, place=place_in(snapshot, path, line), checked=checked)


def _prose(snapshot: Snapshot) -> list[tuple[str, str]]:
    paths = [p for p in snapshot.own if p.count("/") <= 1 and p.lower().endswith((".md", ".rst")) and "readme" in p.lower()]
    return [(p, text) for p in paths[:50] if (text := snapshot.text(p))]


def _by_calls(source: SourceFile) -> list[tuple[str, str, int]]:
    found = []
    for call in source.calls:
        for kind, pattern in _LOADERS:
            if match := pattern.search(call.name):
                name = next((g for g in match.groups() if g), "") if match.groups() else ""
                ref = (
                    _argument(call, kind) if kind in _NAMED else name or (_argument(call, kind) if kind not in _QUERIES else call.attribute)
                )
                if ref is not None and (ref or kind not in _NAMED):
                    found.append((kind, ref or call.attribute, call.line))
                break
    return found


def _argument(call: Call, kind: str) -> str | None:
    """Names given as literals, joined; a local file format (`csv`, `json`) is no reference."""
    literals = [a.strip("'\"") for a in call.args[:2] if a[:1] in ("'", '"')]
    if not literals:
        names = ("path", "name", "id", "data_id", "url", "tickers", "dataset_name")
        keyword = next((call.keywords[k] for k in names if k in call.keywords), "")
        return keyword.strip("'\"") if keyword[:1] in ("'", '"') or keyword.isdigit() else AT_RUN_TIME
    if kind == "hf_dataset" and literals[0] in ("csv", "json", "text", "parquet", "arrow", "imagefolder", "audiofolder", "pandas"):
        return None
    return "/".join(literals) if kind == "hf_dataset" else literals[0]


def _by_addresses(text: str, prose: bool) -> list[tuple[str, str, int]]:
    if "://" not in text and "kaggle" not in text and "google.com" not in text:
        return []
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_LIMIT or not ("://" in line or "kaggle" in line or ".co" in line):
            continue
        for kind, pattern in _TEXT_PATTERNS:
            if prose and kind not in _IN_PROSE:
                continue
            for match in pattern.finditer(line):
                ref = match[1].rstrip("/.,;:")
                if re.search(r"[$]|your|example|<|bucket_?name", ref, re.I):
                    continue
                if kind not in ("s3", "gcs", "azure_blob") or (_DATA_ADDRESS.search(line) and not _MODEL_ADDRESS.search(ref)):
                    found.append((kind, ref, number))
        if not prose and not line.lstrip().startswith(("#", "//")):
            found += [("url", m[0], number) for m in _DATA_URL.finditer(line) if not _NOT_DATA_URL.search(m[0])]
    return found
