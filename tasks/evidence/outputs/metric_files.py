"""Metrics in files: which files are looked at, and which reader each one has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from tasks.evidence.outputs.files import OutputFile, open_regular
from tasks.evidence.outputs.log_reader import LogReader
from tasks.evidence.outputs.metric_data import Records, values_of_json, values_of_yaml
from tasks.evidence.outputs.metric_tables import values_of_table
from tasks.evidence.outputs.naming import split_of
from tasks.evidence.outputs.seen import Seen
from tasks.evidence.outputs.tensorboard import read_events

MAX_BYTES = 64_000_000
"""Of a file that is named as one of metrics; others are looked into up to the bound below."""
MAX_OTHER_BYTES = 2_000_000
MAX_TEXT_LINES = 100_000
MAX_METRIC_FILES = 300
_NAMED = re.compile(
    r"(?:^|/|[_.-])(?:metrics?|scores?|results?|evaluation|eval|history|performance|trainer_state|summary|report|learn_error|test_error|"
    r"accuracy|losses|loss|benchmark|leaderboard)(?:[/_.\d-]|$)",
    re.IGNORECASE,
)
_DATA = (".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".csv", ".tsv", ".txt", ".md", ".log", ".out")
_NEVER = re.compile(
    r"(?:^|/)(?:package(?:-lock)?|tsconfig|tokenizer(?:_config)?|vocab|special_tokens_map|requirements[^/]*|conda|python_env|MLmodel|manifest|setup|"
    r"environment)\.[a-z]{2,5}$|(?:^|/)(?:\.metaflow|\.zen|mlruns|__pycache__|\.ipynb_checkpoints)/",
    re.IGNORECASE,
)
_LOGS = re.compile(r"(?:^|/)logs?/|\.(?:log|out)$", re.IGNORECASE)


def is_metrics_name(path: str) -> bool:
    """Whether a data file is named as one that holds metrics: `metrics.json`, `results/run1.csv`."""
    return path.lower().endswith(_DATA) and len(path) < 400 and bool(_NAMED.search(path))


class FileValues:
    """What the files say, what could not be read, and how many values were left out."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.problems: dict[str, str] = {}
        self.dropped = 0


def read_metric_files(files: Sequence[OutputFile], excluded: dict[str, str], announce: Callable[[str], None]) -> FileValues:
    """Values of every file that holds metrics, in path order; `announce` hears each before it is opened."""
    values = FileValues()
    readers = 0
    for file in files:
        reader = _reader_of(file)
        if reader is None or file.path in excluded or readers >= MAX_METRIC_FILES:
            continue
        readers += 1
        announce(file.path)
        try:
            for seen in _of_split(reader(file, values), file.name):
                if len(values.seen) < MAX_METRIC_FILES * 200:
                    values.seen.append(seen)
                else:
                    values.dropped += 1
        except (OSError, ValueError, RecursionError, MemoryError) as error:
            values.problems[file.path] = f"not read as metrics: {_one_line(error)}"
    return values


def _of_split(found: Iterator[Seen], file_name: str) -> Iterator[Seen]:
    """Values of `test_results.json` are of the test set, unless they say otherwise themselves."""
    split = split_of(file_name.split(".")[0].replace("evaluation", ""))
    for seen in found:
        yield seen._replace(name=f"{split}_{seen.name}") if split and not split_of(seen.name) else seen


def _reader_of(file: OutputFile) -> Callable[[OutputFile, FileValues], Iterator[Seen]] | None:
    if ".tfevents." in file.name:
        return lambda f, values: read_events(f)
    if _NEVER.search(file.path) or file.suffix not in _DATA:
        return None
    named = is_metrics_name(file.path)
    if file.size > (MAX_BYTES if named else MAX_OTHER_BYTES):
        return None
    if file.suffix in (".json", ".jsonl", ".ndjson", ".yaml", ".yml"):
        return _data
    if file.suffix in (".csv", ".tsv"):
        return _table
    return _text if named or _LOGS.search(file.path) else None


def _data(file: OutputFile, values: FileValues) -> Iterator[Seen]:
    with open_regular(file.full) as stream:
        text = stream.read(MAX_BYTES).decode("utf-8", errors="replace")
    records = Records(file.path, declared=is_metrics_name(file.path))
    found = values_of_yaml(text, records) if file.suffix in (".yaml", ".yml") else values_of_json(text, records)
    yield from found
    values.dropped += records.dropped
    if records.repeated:
        values.problems[file.path] = f"keys that occur twice in one object, the last value counts: {', '.join(sorted(records.repeated))}"


def _table(file: OutputFile, values: FileValues) -> Iterator[Seen]:
    with open_regular(file.full) as stream:
        yield from values_of_table(stream, file.path, declared=is_metrics_name(file.path))


def _text(file: OutputFile, values: FileValues) -> Iterator[Seen]:
    reader = LogReader()
    with open_regular(file.full) as stream:
        for number in range(1, MAX_TEXT_LINES + 1):
            line = stream.readline(1 << 16)
            if not line:
                return
            for seen in reader.read(line.decode("utf-8", errors="replace").rstrip("\r\n")):
                if seen.name:
                    yield seen._replace(place=f"{file.path}:{number}", origin=file.path)


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())[:160]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
